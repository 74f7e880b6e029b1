# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of backups, and the backup that follows from it and from the domain."""

from __future__ import annotations

import typing as t

from ..._rules.backup import AUTO, FULL, INCREMENTAL, Drive, Situation, no_checkpoint
from ..._rules.domain.disks import disks_by_target
from ..._xmltree.element import Element
from ..errors import TaskError
from .backup_record import Backup, chain

_FILE = "file"


class BackupRequest(t.NamedTuple):
    """The request of a task; the fields are the options of the module, ages in seconds."""

    domain: str
    directory: str | None = None
    pool: str | None = None
    type: str = FULL
    checkpoint: bool | None = None
    disks: tuple[str, ...] = ()
    quiesce: bool = False
    max_age: float | None = None
    keep: int | None = None
    full_every: int = 7
    stall_timeout: float = 300
    socket: str | None = None
    since: str | None = None


class BackupPlan(t.NamedTuple):
    """A backup to be made; ``base`` is the one that an incremental backup continues."""

    drives: tuple[Drive, ...]
    base: Backup | None
    has_checkpoint: bool
    notes: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """``full`` or ``incremental``."""
        return FULL if self.base is None else INCREMENTAL

    @property
    def words(self) -> str:
        """The backup in words, as a change has it."""
        targets = ", ".join(drive.target for drive in self.drives)
        return f"{self.type} backup of {targets}"


class Evidence(t.Protocol):
    """What is known of the checkpoints of a domain, and of the disks of its guest."""

    def lost(self, backup: Backup, targets: t.Sequence[str]) -> str | None:
        """Why the checkpoint of a backup can't be continued; ``None`` if it can be."""

    def capacity(self, target: str) -> int | None:
        """The size of a disk in bytes."""


def selected_disks(names: t.Sequence[str], current: Element) -> list[Element]:
    """The disks of a backup or checkpoint: those that the task names, or else all that can be written.

    :raises TaskError: a disk that is named doesn't exist or can't be backed up, or there is none.
    """
    disks = disks_by_target(current)
    for target in names:
        if names.count(target) > 1:
            raise TaskError(f"disks: {target} is listed twice; list it once")
        if target not in disks:
            raise TaskError(
                f"disks: the domain has no disk {target}; it has {', '.join(filter(None, disks)) or 'none'}"
            )
        why = _left_out(disks[target])
        if why is not None:
            raise TaskError(f"disks: {target} {why}, which libvirt doesn't back up; leave it out")
    chosen = [
        disk
        for target, disk in disks.items()
        if (target in names if names else _left_out(disk) is None)
    ]
    if not chosen:
        raise TaskError("disks: the domain has no disk that can be backed up; give it one")
    return chosen


def targets_of(disks: t.Iterable[Element]) -> list[str]:
    """The targets of disks, such as ``vda``."""
    return [disk.value("target/@dev") or "" for disk in disks]


def others_than(targets: t.Collection[str], current: Element) -> list[str]:
    """The targets of the other disks: libvirt backs up each that its document doesn't name."""
    return [target for target in disks_by_target(current) if target not in targets]


def _left_out(disk: Element) -> str | None:
    """virDomainBackupAlignDisks: what is no part of a backup."""
    if disk.child("source") is None:
        return "is an empty drive"
    if disk.child("readonly") is not None or disk.get("device") in ("cdrom", "floppy"):
        return "is read-only"
    if disk.get("type") == "vhostuser":
        return "belongs to another process"
    return None


def planned(
    request: BackupRequest,
    situation: Situation,
    series: t.Sequence[Backup],
    evidence: Evidence,
) -> BackupPlan:
    """The backup that a task makes. ``series`` are the complete backups of the domain.

    :raises TaskError: what the task asks for is impossible.
    """
    wants = request.type != FULL if request.checkpoint is None else request.checkpoint
    hindered = no_checkpoint(situation)
    if request.checkpoint:
        # A guest that is off has no checkpoint, and no need of one: its next backup is full.
        why = no_checkpoint(situation._replace(is_active=True))
        if why is not None:
            raise TaskError(f"checkpoint: {why}; leave checkpoint out for full backups without one")
    base, why_full = (
        (None, None) if request.type == FULL else _base(request, situation, series, evidence)
    )
    if request.type == INCREMENTAL and base is None:
        raise TaskError(
            f"type: {why_full or hindered}; set type to auto, which makes a full backup then"
        )
    notes = []
    # That a guest is off, or begins a chain, needs no words.
    if request.type == AUTO and base is None and situation.is_active:
        if hindered is not None:
            notes.append(f"each backup is full: {hindered}")
        elif why_full is not None and series:
            notes.append(f"the backup is full: {why_full}")
    return BackupPlan(situation.drives, base, wants and hindered is None, tuple(notes))


def _base(
    request: BackupRequest,
    situation: Situation,
    series: t.Sequence[Backup],
    evidence: Evidence,
) -> tuple[Backup | None, str | None]:
    """The backup to continue, or the reason why there is none."""
    hindered = no_checkpoint(situation)
    if hindered is not None:
        return None, hindered
    known = {backup.name: backup for backup in series}
    with_checkpoint = [backup for backup in series if backup.checkpoint is not None]
    if not with_checkpoint:
        return None, "there is no backup with a checkpoint yet"
    newest = max(with_checkpoint, key=lambda backup: (backup.time, backup.name))
    links = chain(newest, known)
    if links is None:
        return None, f"a backup that {newest.name} needs is missing"
    if len(links) >= request.full_every and request.type == AUTO:
        return None, None
    targets = [drive.target for drive in situation.drives]
    if newest.targets != frozenset(targets):
        return None, f"{newest.name} has other disks"
    for disk in newest.disks:
        if evidence.capacity(disk.target) not in (None, disk.capacity):
            return None, f"{disk.target} has another size than in {newest.name}"
    lost = evidence.lost(newest, targets)
    return (None, lost) if lost is not None else (newest, None)


def job_document(plan: BackupPlan, files: t.Mapping[str, str], others: t.Iterable[str]) -> Element:
    """libvirt's document of a backup that QEMU writes into files, by target.

    ``others`` are the targets of the domain's other disks.
    """
    disks = [
        _disk(target, [Element("target", {"file": path})], {"type": _FILE})
        for target, path in files.items()
    ]
    disks += [Element("disk", {"name": target, "backup": "no"}) for target in others]
    children = [Element("disks", {}, None, disks)]
    if plan.base is not None:
        children.insert(0, Element("incremental", {}, plan.base.checkpoint))
    return Element("domainbackup", {"mode": "push"}, None, children)


def served_document(
    socket: str, scratch: t.Mapping[str, str], others: t.Iterable[str], since: str | None = None
) -> Element:
    """libvirt's document of a backup that others read from a socket.

    ``scratch`` are files by target, in which QEMU keeps what the guest overwrites meanwhile.
    ``since`` is the name of a checkpoint: a bitmap of each disk says what was written since.
    """
    disks = [
        _disk(target, [Element("scratch", {"file": path})], {"type": _FILE, "exportname": target})
        for target, path in scratch.items()
    ]
    disks += [Element("disk", {"name": target, "backup": "no"}) for target in others]
    children = [
        Element("server", {"transport": "unix", "socket": socket}),
        Element("disks", {}, None, disks),
    ]
    if since is not None:
        children.insert(0, Element("incremental", {}, since))
    return Element("domainbackup", {"mode": "pull"}, None, children)


def _disk(target: str, more: list[Element], attributes: t.Mapping[str, str]) -> Element:
    children = [Element("driver", {"type": "qcow2"}), *more]
    return Element("disk", {"name": target, "backup": "yes", **attributes}, None, children)


def checkpoint_document(name: str, targets: t.Iterable[str], others: t.Iterable[str]) -> Element:
    """libvirt's document of a checkpoint of some disks."""
    disks = [Element("disk", {"name": target, "checkpoint": "bitmap"}) for target in targets]
    disks += [Element("disk", {"name": target, "checkpoint": "no"}) for target in others]
    return Element(
        "domaincheckpoint",
        {},
        None,
        [Element("name", {}, name), Element("disks", {}, None, disks)],
    )
