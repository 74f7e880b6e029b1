# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which system a tree has, and where its kernel is; tests/oracle asks virt-install."""

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.distributions import (
    Medium,
    Recognised,
    View,
    recognised,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.tree import TreeInfo

from .test_install_sources import Tree

_SYSTEMS = {
    "fedora37": "",
    "fedora-unknown": "",
    "rhel8.0": "",
    "rhel8.2": "",
    "sles12": "",
    "sles12sp3": "",
    "opensuse15.4": "",
    "debian11": "<codename>Bullseye</codename>",
    "ubuntu16.04": "<codename>Xenial Xerus</codename>",
    "mageia8": "",
}


@pytest.fixture(name="database")
def fixture_database(tmp_path: pathlib.Path) -> Database:
    folder = tmp_path / "os" / "example.com"
    folder.mkdir(parents=True)
    for name, more in _SYSTEMS.items():
        text = f'<os id="http://example.com/{name}"><short-id>{name}</short-id>{more}</os>'
        (folder / f"{name}.xml").write_text(f"<libosinfo>{text}</libosinfo>")
    return Database([str(tmp_path)])


def described(family: str, version: str, arch: str = "x86_64", name: str = "") -> Tree:
    return Tree(
        _treeinfo=f"[general]\nfamily={family}\nversion={version}\narch={arch}\nname={name}\n"
        f"[images-{arch}]\nkernel=k\ninitrd=i\n[images-xen]\nkernel=xk\ninitrd=xi\n"
    )


def of(database: Database, tree: Tree, url: str = "http://x/", **more: object) -> Recognised:
    return recognised(View(tree, database, url, "x86_64", bool(more.get("xen"))), None, None)


@pytest.mark.parametrize(
    ("tree", "system"),
    [
        (described("Fedora", "37"), "fedora37"),
        (described("Fedora", "99"), "fedora-unknown"),
        (described("Fedora", "Rawhide"), "fedora-unknown"),
        (described("Red Hat Enterprise Linux", "8.2"), "rhel8.2"),
        (described("Red Hat Enterprise Linux", "8.9"), "rhel8.2"),
        (described("Red Hat Enterprise Linux", "8.1"), "rhel8.0"),
        (described("Red Hat Enterprise Linux", "7.1"), None),
        (described("Red Hat Enterprise Linux", "8.999999999"), "rhel8.2"),
        (described("SUSE Linux Enterprise", "12.0", name="SLE 12"), "sles12"),
        (described("openSUSE Leap", "15.6", name="openSUSE Leap"), "opensuse15.4"),
        (described("Another", "1"), None),
    ],
)
def test_described_trees(database: Database, tree: Tree, system: str | None) -> None:
    found = of(database, tree)
    assert (found.system, found.kernels[0]) == (system, ("k", "i"))
    assert of(database, tree, xen=True).kernels[0] == ("xk", "xi")


@pytest.mark.parametrize(
    ("tree", "url", "system", "kernel"),
    [
        (
            Tree(content="LABEL SUSE Linux Enterprise Server 12 SP3\nBASEARCHS i586 x86_64\n"),
            "http://x/",
            "sles12sp3",
            "boot/x86_64/linux",
        ),
        (
            Tree(current__images__MANIFEST="x for Debian\n"),
            "http://x/debian/dists/bullseye/main/installer-arm64/",
            "debian11",
            "current/images/netboot/debian-installer/arm64/linux",
        ),
        (
            Tree(current__images__MANIFEST="x for Debian\n"),
            "http://x/tree",
            None,
            "current/images/netboot/debian-installer/amd64/linux",
        ),
        (
            Tree(current__images__MANIFEST="x for Ubuntu\n"),
            "http://x/dists/xenial/main/installer-s390x",
            "ubuntu16.04",
            "current/images/generic/kernel.ubuntu",
        ),
        (Tree(VERSION="Mageia 8 x\n"), "http://x/", "mageia8", "isolinux/x86_64/vmlinuz"),
        (Tree(VERSION="Mageia 9 x\n"), "http://x/", None, "isolinux/x86_64/vmlinuz"),
    ],
)
def test_trees_by_their_files(
    database: Database, tree: Tree, url: str, system: str | None, kernel: str
) -> None:
    found = of(database, tree, url)
    assert (found.system, found.kernels[0][0]) == (system, kernel)


def test_what_the_database_knows_of_an_image_comes_first(database: Database) -> None:
    view = View(described("Fedora", "37"), database, "/x.iso", "x86_64")
    whole, part = Medium("rhel8.0", "a", "b"), Medium("rhel8.0", None, None)
    assert recognised(view, whole, None)[:1] == ("rhel8.0",)
    assert recognised(view, whole, None).kernels[0] == ("a", "b")
    assert recognised(view, part, None).system == "rhel8.0"
    assert recognised(view, part, None).kernels[0] == ("k", "i")


def test_the_named_distribution_comes_first(database: Database) -> None:
    view = View(Tree(current__images__MANIFEST="of Debian\n"), database, "http://x/", "x86_64")
    for name in ("debian", "ubuntu"):
        assert f"/{name}-installer/" in recognised(view, None, name).kernels[0][0]


def test_checksums_of_a_description() -> None:
    text = f"[checksums]\nimages/K = sha256:{'ab' * 32}\nother = sha9:1\n"
    info = TreeInfo(Tree(_treeinfo=text))
    assert str(info.checksum("images/K")) == f"sha256:{'ab' * 32}"
    assert str(info.checksum("./images/K")) == f"sha256:{'ab' * 32}"
    assert (info.checksum("other"), info.checksum("none")) == (None, None)


def test_a_description_that_is_none() -> None:
    with pytest.raises(OptionError, match=r"^location: \.treeinfo of /tree can't be read: "):
        TreeInfo(Tree(_treeinfo="<html>"))


def test_a_description_that_is_anything() -> None:
    with pytest.raises(OptionError) as caught:
        TreeInfo(Tree(_treeinfo="\0\x1b[31m<html>\ufffd " * 10000))
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 350
    assert message.endswith("…; correct it, or give kernel and initrd")
