# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backups in a folder: what is complete, and what interrupted tasks have left."""

from __future__ import annotations

import typing as t

from ..._hypervisor.backup_files import Folder
from ..._rules.backup import FULL
from .backup_record import (
    NOTE,
    PART,
    RECORD,
    Backup,
    Note,
    begun_note,
    chain,
    read,
    read_note,
)


class Series:
    """The backups of one domain in a folder, the oldest first; those of its UUID.

    ``broken`` are records whose files are missing, or whose chain is.
    """

    def __init__(self, folder: Folder, uuid: str | None, domain: str | None = None) -> None:
        """``domain`` is its name, by which a note is known that was never completed."""
        names = folder.names()
        there = frozenset(names)
        found = [
            backup
            for name in names
            if name.endswith(RECORD)
            for backup in [read(folder.read(name))]
            if backup is not None and uuid in (None, backup.uuid)
        ]
        found.sort(key=lambda backup: (backup.time, backup.name))
        whole = {
            backup.name: backup
            for backup in found
            if all(disk.file in there for disk in backup.disks)
        }
        self.complete = [backup for backup in whole.values() if chain(backup, whole) is not None]
        self.broken = [backup for backup in found if backup not in self.complete]
        self.unfinished = [
            note
            for name in names
            if name.endswith(NOTE)
            for note in [read_note(folder.read(name))]
            if note is not None and uuid in (None, note.backup.uuid)
        ]
        if domain is not None and uuid is not None:
            # Nothing else was written yet.
            self.unfinished += [
                Note(Backup(found[1], domain, uuid, 0, FULL, ()), "")
                for name in names
                for found in [begun_note(domain).fullmatch(name)]
                if found is not None
            ]

    @property
    def names(self) -> frozenset[str]:
        """The names that are taken."""
        notes = [note.backup.name for note in self.unfinished]
        return frozenset([*(each.name for each in (*self.complete, *self.broken)), *notes])


def files_of(note: Note, series: Series) -> list[str]:
    """The files that an interrupted task may have left, without its note.

    Nothing where the backup was completed: then only its note is left.
    """
    backup = note.backup
    if any(backup.name == each.name for each in (*series.complete, *series.broken)):
        return []
    return files_while_made(backup)


def files_while_made(backup: Backup) -> list[str]:
    """The names that the files of a backup may have until it is complete."""
    found: list[str] = []
    for name in backup.files:
        found += [name + PART, name]
    return [*found, f"{backup.name}{RECORD}.part", f"{backup.name}{NOTE}.part"]


def described(folder: Folder, backup: Backup, known: t.Mapping[str, Backup]) -> dict[str, t.Any]:
    """A backup as modules return it."""
    return {
        "name": backup.name,
        "domain": backup.domain,
        "uuid": backup.uuid,
        "time": backup.time,
        "type": backup.type,
        "base": backup.base,
        "chain": [each.name for each in chain(backup, known) or ()],
        "checkpoint": backup.checkpoint,
        "state": backup.state,
        "quiesced": backup.quiesced,
        "definition": _path(folder, backup.definition),
        "nvram": _path(folder, backup.nvram),
        "tpm": _path(folder, backup.tpm),
        "disks": [
            {
                "target": disk.target,
                "path": folder.at(disk.file),
                "capacity": disk.capacity,
                "allocation": folder.size(disk.file),
            }
            for disk in backup.disks
        ],
    }


def _path(folder: Folder, name: str | None) -> str | None:
    return None if name is None else folder.at(name)
