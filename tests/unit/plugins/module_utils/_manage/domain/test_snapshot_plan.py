# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The snapshot that follows from a task and a domain."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_plan import (
    DiskWish,
    SnapshotPlan,
    SnapshotRequest,
    check_same,
    planned,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

QCOW2 = "<disk type='file' device='disk'><driver type='qcow2'/><source file='/i/a.qcow2'/><target dev='vda'/></disk>"
RAW = "<disk type='file' device='disk'><driver type='raw'/><source file='/i/b.img'/><target dev='vdb'/></disk>"
NEW = 11_003_000
SHARED = "<filesystem type='mount'><driver type='virtiofs'/></filesystem>"
DRIVE = "<disk type='file' device='cdrom'><source file='/i/c.iso'/><target dev='sda'/><readonly/></disk>"


def plan(
    devices: str,
    is_active: bool = False,
    chain: t.Collection[str] = (),
    version: int = 9_000_000,
    system: str = "<os/>",
    **options: t.Any,
) -> SnapshotPlan:
    document = parse(f"<domain><name>d</name>{system}<devices>{devices}</devices></domain>")
    request = SnapshotRequest("d", "one", **options)
    return planned(request, document, is_active, version, frozenset(chain))


@pytest.mark.parametrize(
    ("devices", "options", "words"),
    [
        (QCOW2 + DRIVE, {}, "internal snapshot of vda"),
        (QCOW2, {"is_active": True}, "internal snapshot of vda, with memory"),
        (QCOW2 + RAW, {}, "external snapshot of vda, vdb"),
        (QCOW2, {"chain": ["external"]}, "external snapshot of vda"),
        (QCOW2, {"is_active": True, "memory": False}, "external snapshot of vda"),
        (QCOW2, {"is_active": True, "memory_file": "/m"}, "external snapshot of vda, with memory"),
        (QCOW2, {"disks": (DiskWish("vda", None, "/o"),)}, "external snapshot of vda"),
        (QCOW2, {"is_active": True, "system": "<os firmware='efi'/>"}, "external snapshot of vda"),
        # What libvirt can't save, and what it asks QEMU about.
        (QCOW2 + SHARED, {"is_active": True}, "external snapshot of vda"),
        (QCOW2 + SHARED, {}, "internal snapshot of vda"),
        (QCOW2 + SHARED, {"is_active": True, "version": NEW}, "external snapshot of vda"),
        (
            QCOW2 + SHARED,
            {"is_active": True, "version": NEW, "type": "internal"},
            "internal snapshot of vda, with memory",
        ),
        (
            QCOW2 + SHARED,
            {"is_active": True, "version": NEW, "memory": True},
            "internal snapshot of vda, with memory",
        ),
    ],
)
def test_the_type(devices: str, options: dict[str, t.Any], words: str) -> None:
    assert plan(devices, **options).words == words


@pytest.mark.parametrize("devices", [RAW, QCOW2 + RAW])
def test_no_way_back(devices: str) -> None:
    """What would make the internal one possible is told, not that the external one is no use."""
    words = (
        r"type: an internal snapshot needs images in qcow2, and vdb is raw; update libvirt to 9\.9"
    )
    with pytest.raises(TaskError, match=words):
        plan(devices, is_revertible=True)
    with pytest.raises(TaskError, match=r"^revertible: the snapshot would be external"):
        plan(devices, is_revertible=True, type="external")
    assert plan(devices, version=9_009_000, is_revertible=True).taking.kind == "external"
    assert plan(QCOW2, is_revertible=True).taking.kind == "internal"


def test_the_document() -> None:
    found = plan(QCOW2 + DRIVE, True, memory=True, type="external", description="Why")
    assert serialise(found.document, indent=None) == (
        "<domainsnapshot><name>one</name><description>Why</description>"
        "<memory snapshot='external' file='/i/a.one.memory'/><disks>"
        "<disk name='vda' snapshot='external' type='file'><driver type='qcow2'/><source file='/i/a.one'/></disk>"
        "<disk name='sda' snapshot='no'/></disks></domainsnapshot>"
    )
    assert found.files == ("/i/a.one",)
    assert found.memory_file == "/i/a.one.memory"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"type": "internal", "devices": RAW}, "vdb is raw"),
        ({"disks": (DiskWish("vdx"),)}, "no disk vdx; it has vda"),
        ({"chain": ["internal", "external"]}, "has internal snapshots"),
        (
            {"devices": QCOW2 + SHARED, "is_active": True, "chain": ["internal"]},
            "virtiofs; stop the guest, or remove the internal snapshots",
        ),
        (
            {"devices": QCOW2 + SHARED, "is_active": True, "memory": True},
            "virtiofs; set memory to false",
        ),
    ],
)
def test_refused(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(TaskError, match=words):
        plan(**{"devices": QCOW2, **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, None),
        ({"type": "external", "memory": False}, None),
        ({"disks": (DiskWish("vda", "external", "/o"),)}, None),
        ({"type": "internal"}, "type: the snapshot 'one' exists and is external"),
        ({"memory": True}, "memory: the snapshot 'one' exists without memory"),
        ({"memory_file": "/m"}, "memory_file:"),
        ({"disks": (DiskWish("vda", "no"),)}, "vda is external in it"),
        ({"disks": (DiskWish("vda", None, "/p"),)}, "the overlay of vda is /o"),
        ({"disks": (DiskWish("vdb", None, "/p"),)}, "the overlay of vdb is none"),
        ({"disks": (DiskWish("vdz"),)}, "has no disk vdz; it has vda, vdb"),
    ],
)
def test_one_that_exists(options: dict[str, t.Any], words: str | None) -> None:
    document = parse(
        "<domainsnapshot><name>one</name><memory snapshot='no'/><disks>"
        "<disk name='vda' snapshot='external'><source file='/o'/></disk></disks>"
        "<domain><devices><disk><target dev='vda'/></disk><disk><target dev='vdb'/></disk></devices></domain>"
        "</domainsnapshot>"
    )
    request = SnapshotRequest("d", "one", **options)
    if words is None:
        check_same(request, document)
        return
    with pytest.raises(TaskError, match=words):
        check_same(request, document)
