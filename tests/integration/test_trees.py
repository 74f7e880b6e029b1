# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installations from a tree on a web server, until the guest runs from its disk."""

from __future__ import annotations

import hashlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain

from .guests import Boot
from .hypervisor import Hypervisor, Result, task_of
from .web_server import Page, WebServer

pytestmark = pytest.mark.usefixtures("no_images")

NAME = "installed"
IMAGES = "/var/lib/libvirt/images"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
BASE: dict[str, t.Any] = {
    "name": NAME,
    "virt_type": "qemu",
    "memory": 192,
    "disk": {"size": 0.01, "format": "raw"},
    "network": "none",
    "graphics": "none",
    "osinfo": "detect=on,name=debian11",
    "extra_args": "console=ttyS0 quiet",
    "state": "running",
    "shutdown": SWITCH_OFF,
}


@pytest.fixture(name="server")
def fixture_server() -> t.Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


@pytest.fixture(name="tree")
def fixture_tree(server: WebServer, boot: Boot) -> str:
    """The URL of a tree with a kernel that boots, and with checksums."""
    kernel, initrd = boot.kernel.read_bytes(), boot.initrd.read_bytes()
    server.pages["/tree/.treeinfo"] = Page(
        "[general]\nfamily = Fedora\nversion = 37\nvariant = Server\narch = x86_64\n"
        "[images-x86_64]\nkernel = boot/vmlinuz\ninitrd = boot/initrd\n"
        f"[checksums]\nboot/vmlinuz = sha256:{hashlib.sha256(kernel).hexdigest()}\n"
        f"boot/initrd = sha256:{hashlib.sha256(initrd).hexdigest()}\n".encode()
    )
    server.pages["/tree/boot/vmlinuz"] = Page(kernel)
    server.pages["/tree/boot/initrd"] = Page(initrd)
    return server.url("/tree")


def task(check: bool = False, **options: t.Any) -> Result:
    done = task_of(domain, check, **{**BASE, **options})
    assert not done.failed, done.msg
    return done


def test_a_tree_with_checksums(hypervisor: Hypervisor, server: WebServer, tree: str) -> None:
    options: dict[str, t.Any] = {"location": tree}
    foreseen = task(True, **options)
    # Only what has to be known: what the tree is, and that its files are there.
    assert server.paths == ["/tree/.treeinfo"]
    assert server.looked_at == ["/tree/boot/vmlinuz", "/tree/boot/initrd"]
    assert NAME not in hypervisor.names()
    done = task(**options)
    assert (foreseen.values["changes"], done.changed) == (done.values["changes"], True)
    assert sorted(server.paths[1:]) == sorted(
        ["/tree/.treeinfo", "/tree/boot/vmlinuz", "/tree/boot/initrd"]
    )
    raw = hypervisor.raw.lookupByName(NAME)
    live = raw.XMLDesc()
    assert f"inst.repo={tree}</cmdline>" in live
    assert "fedoraproject.org/fedora/37" in live
    assert live.count(f">{IMAGES}/sha256-") == 2
    assert "<kernel>" not in hypervisor.definition(NAME)
    asked = len(server.asked) + len(server.looked_at)
    for options_again in (options, {**options, "mode": "exact"}):
        for check in (True, False):
            assert not task(check, **options_again).changed
    assert len(server.asked) + len(server.looked_at) == asked
