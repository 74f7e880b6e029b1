# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees at a URL, as virt-install takes them."""

from __future__ import annotations

import collections
import os
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import tree_url

from tests.integration.web_server import Page, WebServer

from .trees import TREES, FakeTree

_NAMED = ("detect=on,name=alpinelinux3.17", "debian11", "win10")
_ALWAYS = ["--memory", "3000", "--disk", "size=5"]
_OPTIONS = {"memory": 3000, "disk": [{"size": 5}]}


@pytest.fixture(name="server")
def fixture_server() -> t.Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


def serve(server: WebServer, tree: FakeTree) -> str:
    """The tree's URL."""
    place = tree.place.rstrip("/")
    for name, text in tree.files.items():
        server.pages[f"{place}/{name}"] = Page(text.encode())
    return str(server.url(tree.place))


@pytest.mark.parametrize("name", TREES)
def test_what_it_is_and_how_it_is_booted(
    judge: t.Any, server: WebServer, counts: collections.Counter[str], name: str
) -> None:
    """Where nothing names the system, and where something does, which may be another."""
    os.makedirs("/var/lib/libvirt/boot", exist_ok=True)
    url = serve(server, TREES[name])
    named = _NAMED[list(TREES).index(name) % len(_NAMED)]
    for system in ("detect=on,require=off", named):
        counts["trees"] += 1
        options = {"location": url, "osinfo": system, **_OPTIONS}
        difference = judge.compare(["--osinfo", system, "--location", url, *_ALWAYS], options)
        assert difference is None, f"{system}: {difference}"
    assert any(path.endswith(tuple(TREES[name].files)) for path in server.looked_at)


@pytest.mark.parametrize("name", ["debian bullseye", "ubuntu xenial"])
def test_the_tree_of_one_under_the_name_of_the_other(
    judge: t.Any, server: WebServer, name: str
) -> None:
    url = serve(server, TREES[name])
    verdicts = [
        judge.judged(
            ["--osinfo", system, "--location", url, *_ALWAYS],
            {"location": url, "osinfo": system, **_OPTIONS},
        )
        for system in ("debian11", "ubuntu20.04")
    ]
    assert [verdict.difference for verdict in verdicts] == [None, None]
    # Debian's tree has no files of Ubuntu.
    assert [verdict.is_refused for verdict in verdicts] == [False, name.startswith("debian")]


_SAID_IN_FILES = ("fedora of the future", "centos 7", "leap", "sles 12", "debian's image, mounted")


@pytest.mark.parametrize("kind", ["directory", "image"])
@pytest.mark.parametrize("name", _SAID_IN_FILES)
def test_the_same_without_a_server(
    judge: t.Any, tmp_path: pathlib.Path, name: str, kind: str
) -> None:
    """The database knows the image by nothing, so that it is the tree's own files that count."""
    os.makedirs("/var/lib/libvirt/boot", exist_ok=True)
    # Where nothing else says it, virt-install has the architecture from the name.
    place = tmp_path / "tree-amd64"
    for path, text in TREES[name].files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    if name.startswith("debian"):
        for path in ("install.amd/vmlinuz", "install.amd/initrd.gz"):
            (place / path).parent.mkdir(exist_ok=True)
            (place / path).write_text("x")
    location = str(place)
    if kind == "image":
        location = str(tmp_path / "tree.iso")
        command = ["xorrisofs", "-quiet", "-J", "-r", "-V", "nothing", "-o", location, str(place)]
        subprocess.run(command, check=True)
    system = "detect=on,require=off"
    options = {"location": location, "osinfo": system, "extra_args": "a", **_OPTIONS}
    arguments = ["--osinfo", system, "--location", location, "-x", "a", *_ALWAYS]
    assert judge.compare(arguments, options) is None


def test_the_trees_that_the_database_knows(judge: t.Any) -> None:
    from virtinst import OSDB

    compared = 0
    for system in judge.host.osinfo.all():
        for arch in ("x86_64", "aarch64", "s390x", "i686"):
            for profile in (None, "jeos", "desktop"):
                try:
                    theirs = OSDB.lookup_os(system.short_id).get_location(arch, profile)
                except RuntimeError:
                    theirs = None
                assert tree_url(system, arch, profile) == theirs, (system, arch, profile)
                compared += theirs is not None
    assert compared > 100


def test_a_medium_at_a_url(judge: t.Any, server: WebServer) -> None:
    server.pages["/medium.iso"] = Page(bytes(0x8000) + b"\x01CD001\x01" + bytes(2041))
    url = server.url("/medium.iso")
    arguments = ["--osinfo", "debian11", "--cdrom", url, *_ALWAYS]
    options = {"osinfo": "debian11", "cdrom": url, **_OPTIONS}
    assert judge.compare(arguments, options) is None
