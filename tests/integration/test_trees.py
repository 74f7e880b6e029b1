# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installations from a tree on a web server, until the guest runs from its disk."""

from __future__ import annotations

import hashlib
import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain

from tests.testbed.guest_image import _archive

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


#: A program of the initrd that "installs": it writes onto the disk, and restarts the guest.
_INSTALLER = """\
#!/bin/sh
export PATH=/sbin:/bin:/usr/sbin:/usr/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module; done
word=$(sed -n 's/.*inst.word=\\([^ ]*\\).*/\\1/p' /proc/cmdline)
[ -f /answers ] && word=$word-$(cat /answers)
printf 'installed %s\\n' "$word" | dd of=/dev/vda conv=fsync 2>/dev/null
cat /proc/cmdline | dd of=/dev/vda bs=512 seek=1 conv=fsync 2>/dev/null
reboot -f
"""


@pytest.fixture(name="installer")
def fixture_installer(server: WebServer, tree: str, boot: Boot, tmp_path: pathlib.Path) -> str:
    """The URL of a tree whose installer writes onto the disk and restarts the guest."""
    (tmp_path / "init").write_text(_INSTALLER)
    (tmp_path / "init").chmod(0o755)
    initrd = boot.initrd.read_bytes() + b"".join(_archive(tmp_path))
    server.pages["/installer/.treeinfo"] = Page(
        b"[general]\nfamily = Fedora\nversion = 37\nvariant = Server\narch = x86_64\n"
        b"[images-x86_64]\nkernel = vmlinuz\ninitrd = initrd\n"
    )
    server.pages["/installer/vmlinuz"] = server.pages["/tree/boot/vmlinuz"]
    server.pages["/installer/initrd"] = Page(initrd)
    return server.url("/installer")


def on_disk() -> list[bytes]:
    with open(f"{IMAGES}/{NAME}.img", "rb") as disk:
        return [disk.read(512).partition(b"\n")[0], disk.read(2048).partition(b"\n")[0]]


def test_an_installation_to_its_end(
    hypervisor: Hypervisor, server: WebServer, installer: str, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "answers").write_text("answered")
    options: dict[str, t.Any] = {
        "location": installer,
        "initrd_inject": [str(tmp_path / "answers")],
        "extra_args": ["console=ttyS0", "inst.word=one"],
        "wait": {"timeout": 90},
    }
    foreseen = task(True, **options)
    done = task(**options)
    # Besides, it waits until the installer has ended.
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    assert on_disk()[0] == b"installed one-answered"
    assert on_disk()[1] == f"console=ttyS0 inst.word=one inst.repo={installer}".encode()
    raw = hypervisor.raw.lookupByName(NAME)
    assert raw.isActive()
    assert "<kernel>" not in raw.XMLDesc()
    number, asked = raw.ID(), len(server.asked) + len(server.looked_at)
    for check in (True, False):
        assert not task(check, **options).changed
    assert (raw.ID(), len(server.asked) + len(server.looked_at)) == (number, asked)


def test_a_domain_is_installed_once_more(
    hypervisor: Hypervisor, server: WebServer, installer: str
) -> None:
    options: dict[str, t.Any] = {
        "location": installer,
        "extra_args": ["console=ttyS0", "inst.word=one"],
        "wait": {"timeout": 90},
    }
    task(**options)
    assert on_disk()[0] == b"installed one"
    raw = hypervisor.raw.lookupByName(NAME)
    before = hypervisor.definition(NAME)
    again = {**options, "extra_args": ["console=ttyS0", "inst.word=two"], "reinstall": True}
    # Of a guest that runs only if it may be stopped.
    number = hypervisor.number(NAME)
    for check in (True, False):
        refused = task_of(domain, check, **{**BASE, **again})
        assert refused.failed
        assert "reinstall: the guest runs" in refused.msg
    assert (hypervisor.number(NAME), hypervisor.definition(NAME)) == (number, before)
    again["restart"] = "if_required"
    foreseen = task(True, **again)
    assert (hypervisor.number(NAME), hypervisor.definition(NAME)) == (number, before)
    done = task(**again)
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    told = next(one for one in done.values["changes"] if one["path"] == "installation")
    assert told["after"] == (
        f"from {installer}; the installer may overwrite vda ({IMAGES}/{NAME}.img); the guest that "
        "runs is stopped"
    )
    assert on_disk()[0] == b"installed two"
    assert raw.isActive()
    assert hypervisor.number(NAME) != number
    assert "<kernel>" not in raw.XMLDesc()
    # Never again by the same task, on or off.
    number = hypervisor.number(NAME)
    for check in (True, False):
        assert not task(check, **again).changed
    assert hypervisor.number(NAME) == number
    raw.destroy()
    assert [one["path"] for one in task(**again).values["changes"]] == ["state"]
    assert on_disk()[0] == b"installed two"
    # Another label asks for it once more, off as well.
    raw.destroy()
    again.update(reinstall="2026-11-27", extra_args=["console=ttyS0", "inst.word=three"])
    foreseen, done = task(True, **again), task(**again)
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    assert on_disk()[0] == b"installed three"
    assert not task(**again).changed
