# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backup that follows from a task, a guest and the backups that there are."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.backup_plan import (
    BackupPlan,
    BackupRequest,
    checkpoint_document,
    job_document,
    planned,
    selected_disks,
    served_document,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.backup_record import (
    Backup,
    BackupDisk,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.backup import (
    AUTO,
    FULL,
    INCREMENTAL,
    Drive,
    Situation,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

VDA, RAW = Drive("vda", "/vda", "qcow2", 3), Drive("vdb", "/vdb", "raw")
ON = Situation((VDA,), True)
REQUEST = BackupRequest("web", "/kept")


class Evidence:
    def __init__(self, words: str | None = None, size: int | None = 10) -> None:
        self._words, self._size = words, size

    def lost(self, _backup: Backup, _targets: t.Sequence[str]) -> str | None:
        return self._words

    def capacity(self, _target: str) -> int | None:
        return self._size


def backup(number: int, checkpoint: bool = True, base: int | None = None) -> Backup:
    return Backup(
        f"b{number}",
        "web",
        "",
        number,
        FULL if base is None else INCREMENTAL,
        (BackupDisk("vda", f"b{number}.vda", 10),),
        None if base is None else f"b{base}",
        f"b{number}" if checkpoint else None,
    )


def plan(
    type: str,  # noqa: A002
    *series: Backup,
    situation: Situation = ON,
    evidence: Evidence | None = None,
    **more: t.Any,
) -> BackupPlan:
    request = REQUEST._replace(type=type, **more)
    return planned(request, situation, series, evidence or Evidence())


def test_full() -> None:
    assert plan(FULL, backup(1)) == BackupPlan((VDA,), None, False)
    assert plan(FULL, checkpoint=True).has_checkpoint
    assert plan(FULL).words == "full backup of vda"


def test_auto_begins_and_goes_on() -> None:
    first = plan(AUTO)
    assert (first.type, first.has_checkpoint, first.notes) == (FULL, True, ())
    second = plan(AUTO, backup(1), backup(2, checkpoint=False))
    assert (second.type, second.base, second.has_checkpoint) == (INCREMENTAL, backup(1), True)
    assert not plan(AUTO, backup(1), checkpoint=False).has_checkpoint


def test_a_chain_ends() -> None:
    series = [backup(1), backup(2, base=1), backup(3, base=2)]
    assert plan(AUTO, *series, full_every=4).type == INCREMENTAL
    assert plan(AUTO, *series, full_every=3).type == FULL
    assert plan(INCREMENTAL, *series, full_every=3).type == INCREMENTAL


OTHER = backup(1)._replace(disks=(BackupDisk("vdb", "b1.vdb", 10),))
FULL_AGAIN: dict[str, tuple[Situation, Backup, Evidence]] = {
    "is unknown": (ON, backup(1), Evidence("it is unknown")),
    "b1 has other disks": (ON, OTHER, Evidence()),
    "vda has another size than in b1": (ON, backup(1), Evidence(size=11)),
    "a backup that b1 needs is missing": (ON, backup(1, base=0), Evidence()),
    "the image of vdb is raw": (ON._replace(drives=(VDA, RAW)), backup(1), Evidence()),
    "snapshots one": (ON._replace(snapshots=("one",)), backup(1), Evidence()),
}


@pytest.mark.parametrize("words", FULL_AGAIN)
def test_full_again(words: str) -> None:
    situation, before, evidence = FULL_AGAIN[words]
    found = plan(AUTO, before, situation=situation, evidence=evidence)
    assert found.type == FULL
    assert words in found.notes[0]
    with pytest.raises(TaskError, match=words):
        plan(INCREMENTAL, before, situation=situation, evidence=evidence)


def test_off() -> None:
    off = ON._replace(is_active=False)
    assert plan(AUTO, backup(1), situation=off) == BackupPlan((VDA,), None, False)
    assert plan(FULL, situation=off, checkpoint=True) == BackupPlan((VDA,), None, False)
    with pytest.raises(TaskError, match="the guest is off"):
        plan(INCREMENTAL, backup(1), situation=off)
    with pytest.raises(TaskError, match="checkpoint: the image of vdb is raw"):
        plan(FULL, situation=off._replace(drives=(RAW,)), checkpoint=True)


DOMAIN = parse(
    "<domain><devices>"
    "<disk device='disk'><source file='/a'/><target dev='vda'/></disk>"
    "<disk device='disk'><source file='/b'/><target dev='vdb'/><readonly/></disk>"
    "<disk device='cdrom'><target dev='sda'/></disk>"
    "<disk device='disk'><source file='/c'/><target dev='vdc'/></disk>"
    "</devices></domain>"
)


def test_selected() -> None:
    def targets(*names: str) -> list[str | None]:
        found = selected_disks(names, DOMAIN)
        return [disk.value("target/@dev") for disk in found]

    assert targets() == ["vda", "vdc"]
    assert targets("vdc") == ["vdc"]
    for name, words in (
        ("vdb", "vdb is read-only"),
        ("sda", "sda is an empty drive"),
        ("x", "no disk x; it has vda, vdb, sda, vdc"),
    ):
        with pytest.raises(TaskError, match=words):
            targets(name)
    with pytest.raises(TaskError, match="vda is listed twice"):
        targets("vda", "vda")
    with pytest.raises(TaskError, match="no disk that can be backed up"):
        selected_disks((), parse("<domain><devices/></domain>"))


@pytest.mark.parametrize("since", [None, "c1"])
def test_what_is_served(since: str | None) -> None:
    found = parse(serialise(served_document("/run/s", {"vda": "/kept/x"}, ["sda"], since)))
    assert found.get("mode") == "pull"
    assert found.value("incremental") == since
    assert found.value("server/@socket") == "/run/s"
    assert [disk.get("backup") for disk in found.findall("disks/disk")] == ["yes", "no"]


def test_documents() -> None:
    made = BackupPlan((VDA,), backup(1), True)
    job = parse(serialise(job_document(made, {"vda": "/kept/x"}, ["sda"])))
    assert job.value("incremental") == "b1"
    assert job.value("disks/disk/target/@file") == "/kept/x"
    assert [disk.get("backup") for disk in job.findall("disks/disk")] == ["yes", "no"]
    point = checkpoint_document("b2", ["vda"], ["sda"])
    assert [disk.get("checkpoint") for disk in point.findall("disks/disk")] == ["bitmap", "no"]
