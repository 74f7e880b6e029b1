# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trees, images and kernels to install from."""

from __future__ import annotations

import collections
import pathlib
import subprocess
import typing as t

import pytest

_PLACE = pathlib.Path("/var/lib/libvirt/images")
_TREE = _PLACE / "tree"
_IMAGE = _PLACE / "tree.iso"
_FILES = {
    ".treeinfo": "[general]\nfamily = Fedora\nvariant = Server\nversion = 37\narch = x86_64\n"
    "[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n",
    "images/pxeboot/vmlinuz": "kernel",
    "images/pxeboot/initrd.img": "initrd",
}
_ALL = ("generic", "fedora37", "rhel9.0", "debian11", "ubuntu22.04", "opensuse15.4", "win10")
#: virt-install's arguments, and the same as options.
_SCENARIOS: dict[str, tuple[list[str], dict[str, t.Any]]] = {
    "tree": (
        ["--location", str(_TREE), "-x", "inst.repo=http://x/"],
        {"location": str(_TREE), "extra_args": "inst.repo=http://x/"},
    ),
    "image": (["--location", str(_IMAGE)], {"location": str(_IMAGE)}),
    "image with a drive more": (
        ["--location", str(_IMAGE), "--disk", "device=cdrom", "-x", "a", "-x", "b=c"],
        {"location": str(_IMAGE), "disk": [{"device": "cdrom"}], "extra_args": ["a", "b=c"]},
    ),
    "places": (
        ["--location", f"{_IMAGE},kernel=.treeinfo,initrd=images/pxeboot/vmlinuz"],
        {
            "location": {
                "location": str(_IMAGE),
                "kernel": ".treeinfo",
                "initrd": "images/pxeboot/vmlinuz",
            }
        },
    ),
    "kernel": (
        ["--install", f"kernel={_TREE}/.treeinfo,initrd={_TREE}/.treeinfo,kernel_args=x y"],
        {
            "install": {
                "kernel": f"{_TREE}/.treeinfo",
                "initrd": f"{_TREE}/.treeinfo",
                "kernel_args": "x y",
            }
        },
    ),
    "URL": (
        ["--cdrom", "http://192.0.2.1:8080/live.iso"],
        {"cdrom": "http://192.0.2.1:8080/live.iso"},
    ),
    "boot device": (["--install", "bootdev=network"], {"install": "bootdev=network"}),
    "nothing": (["--install", "no_install=yes"], {"install": {"no_install": True}}),
    "cloud-init and keys": (
        ["--import", "--cloud-init", f"root-password-file={_TREE}/.treeinfo,disable=on"],
        {"import": True, "cloud_init": f"root-password-file={_TREE}/.treeinfo,disable=on"},
    ),
}


@pytest.fixture(scope="module", name="tree")
def fixture_tree(judge: t.Any) -> None:
    for name, text in _FILES.items():
        path = _TREE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    if not _IMAGE.exists():
        subprocess.run(
            ["xorrisofs", "-quiet", "-J", "-r", "-V", "tree", "-o", str(_IMAGE), str(_TREE)],
            check=True,
        )


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("scenario", _SCENARIOS)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], scenario: str
) -> None:
    arguments, options = _SCENARIOS[scenario]
    always = ["--memory", "700", "--disk", "size=5"]
    disks = [{"size": 5}, *options.get("disk", [])]
    for system in _ALL:
        counts["install sources"] += 1
        difference = judge.compare(
            ["--osinfo", system, *always, *arguments],
            {"osinfo": system, "memory": 700, **options, "disk": disks},
        )
        assert difference is None, f"{system}: {difference}"


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("place", [_TREE, _IMAGE], ids=lambda place: place.name)
def test_what_a_tree_installs_is_detected(judge: t.Any, place: pathlib.Path) -> None:
    """The database knows no such image, so it is the tree's own word that counts."""
    options = {"location": str(place), "disk": "size=5", "extra_args": "a"}
    difference = judge.compare(["--location", str(place), "--disk", "size=5", "-x", "a"], options)
    assert difference is None
