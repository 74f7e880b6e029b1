# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a disk moves to, and what keeps it from that."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.moving import planned
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.storage_request import (
    StorageRequest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import (
    Existing,
    Pool,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hosts import Storage

SLOW = Pool("slow", "dir", "/slow", True, 1 << 40, frozenset(["web.qcow2"]))
FAST = Pool("fast", "dir", "/fast", True, 1 << 40, frozenset())
LVM = Pool("vg", "logical", "/dev/vg", True, 1 << 40, frozenset())
IMAGE = Existing("/slow/web.qcow2", "file", "qcow2", 1 << 30, pool=SLOW, volume="web.qcow2")
DISK = (
    "<disk type='file' device='{device}'><driver type='qcow2' cache='none'/>"
    "<source file='/slow/web.qcow2'/><target dev='vda'/>{more}</disk>"
)


class OfTest(Storage):
    def pool(self, name: str) -> Pool:
        return {pool.name: pool for pool in (SLOW, FAST, LVM)}[name]

    def pool_at(self, directory: str) -> Pool | None:
        return {"/slow": SLOW, "/fast": FAST}.get(directory)

    def at(self, path: str) -> Existing | None:
        return IMAGE if path == IMAGE.path else None

    def lacks(self, path: str) -> bool:
        return path not in (IMAGE.path, "/other")

    def real(self, path: str) -> str:
        return path


def move(request: StorageRequest, device: str = "disk", more: str = "") -> object:
    disk = parse(DISK.format(device=device, more=more))
    return planned(OfTest(), request, disk)


@pytest.mark.parametrize(
    ("request_", "path", "form"),
    [
        (StorageRequest(pool="fast"), "/fast/web.qcow2", "qcow2"),
        (StorageRequest(pool="fast", format="raw"), "/fast/web.raw", "raw"),
        (StorageRequest(format="raw"), "/slow/web.raw", "raw"),
        (StorageRequest(pool="fast", volume="x.img"), "/fast/x.img", "qcow2"),
        (StorageRequest(path="/other/../other/x"), "/other/x", "qcow2"),
        (StorageRequest(pool="vg"), "/dev/vg/web.raw", None),
    ],
)
def test_where_it_moves(request_: StorageRequest, path: str, form: str | None) -> None:
    found = planned(OfTest(), request_, parse(DISK.format(device="disk", more="")))
    assert not found.is_met
    assert (found.volume.path, found.volume.format, found.volume.capacity) == (path, form, 1 << 30)
    moved = found.moved(found.disk)
    attribute = "dev" if form is None else "file"
    assert moved.value(f"source/@{attribute}") == path
    assert moved.value("driver/@type") == form or form is None
    assert moved.value("driver/@cache") == "none"


@pytest.mark.parametrize(
    "request_",
    [
        StorageRequest(pool="slow"),
        StorageRequest(pool="slow", volume="web.qcow2"),
        StorageRequest(path="/slow/./web.qcow2"),
        StorageRequest(format="qcow2"),
    ],
)
def test_it_is_there(request_: StorageRequest) -> None:
    found = planned(OfTest(), request_, parse(DISK.format(device="disk", more="")))
    assert found.is_met
    assert found.volume.path == IMAGE.path


@pytest.mark.parametrize(
    ("request_", "device", "more", "words"),
    [
        (StorageRequest(), "disk", "", "isn't said where to"),
        (StorageRequest(pool="fast"), "cdrom", "", "a cdrom drive"),
        (StorageRequest(pool="fast"), "lun", "", "it is a lun"),
        (StorageRequest(pool="fast"), "disk", "<readonly/>", "read-only"),
        (StorageRequest(pool="fast"), "disk", "<shareable/>", "shareable"),
        (StorageRequest(pool="fast"), "disk", "<transient/>", "transient"),
        (StorageRequest(pool="fast"), "disk", "<encryption/>", "encrypted"),
        (StorageRequest(pool="fast", format="vmdk"), "disk", "", "set format to qcow2 or raw"),
        (StorageRequest(pool="vg", format="qcow2"), "disk", "", "a block device has the format"),
        (StorageRequest(path="/none/x"), "disk", "", "there is no folder /none"),
        (StorageRequest(path="nbd://host/x"), "disk", "", "is no path of the host"),
    ],
)
def test_what_keeps_it(request_: StorageRequest, device: str, more: str, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        move(request_, device, more)
