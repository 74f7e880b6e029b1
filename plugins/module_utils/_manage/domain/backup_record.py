# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of backups, which lie beside their files.

A backup is complete exactly if it has a record: that is written last. Before anything else is
written, a note says which files there will be, so that what an interrupted task has left is known.
"""

from __future__ import annotations

import json
import re
import time
import typing as t

#: The number of the format of records. It grows when older code can't read them any more.
_FORMAT = 1
#: The ends of the names of a record, of a note, and of a file that is being written.
RECORD, NOTE, PART = ".backup.json", ".unfinished.json", ".part"
_STAMP = "%Y%m%dT%H%M%SZ"
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class BackupDisk(t.NamedTuple):
    """A disk in a backup: the name of its file, and its size for the guest in bytes."""

    target: str
    file: str
    capacity: int


class Backup(t.NamedTuple):
    """A complete backup, or one that is being made.

    ``time`` is in seconds since 1970, and so is ``checkpoint_time``, libvirt's of the checkpoint.
    ``base`` is the name of the backup that an incremental one needs. ``definition``, ``nvram`` and ``tpm`` are names of files.
    """

    name: str
    domain: str
    uuid: str
    time: int
    type: str
    disks: tuple[BackupDisk, ...]
    base: str | None = None
    checkpoint: str | None = None
    state: str = ""
    quiesced: bool = False
    definition: str | None = None
    nvram: str | None = None
    tpm: str | None = None
    checkpoint_time: int | None = None

    @property
    def files(self) -> list[str]:
        """The names of its files, without the record."""
        more = (self.definition, self.nvram, self.tpm)
        return [*(disk.file for disk in self.disks), *(name for name in more if name is not None)]

    @property
    def targets(self) -> frozenset[str]:
        """The targets of its disks."""
        return frozenset(disk.target for disk in self.disks)


class Note(t.NamedTuple):
    """A backup that is being made: what it will be, and who makes it.

    ``owner`` identifies the process.
    """

    backup: Backup
    owner: str


def written(backup: Backup) -> bytes:
    """The record of a backup."""
    return _text({"format": _FORMAT, **_as_data(backup)})


def written_note(note: Note) -> bytes:
    """The note of a backup that is being made."""
    return _text({"format": _FORMAT, "owner": note.owner, **_as_data(note.backup)})


def read(content: bytes) -> Backup | None:
    """The backup of a record; ``None`` where it is none, or none that this version knows."""
    found = _data(content)
    return None if found is None else _backup(found)


def read_note(content: bytes) -> Note | None:
    """The same of a note."""
    found = _data(content)
    backup = None if found is None else _backup(found)
    if found is None or backup is None:
        return None
    return Note(backup, str(found.get("owner") or ""))


def _as_data(backup: Backup) -> dict[str, t.Any]:
    return {**backup._asdict(), "disks": [disk._asdict() for disk in backup.disks]}


def _text(data: t.Mapping[str, t.Any]) -> bytes:
    return (json.dumps(data, indent=2) + "\n").encode()


def _data(content: bytes) -> dict[str, t.Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("format") == _FORMAT else None


def _backup(data: t.Mapping[str, t.Any]) -> Backup | None:
    try:
        disks = tuple(
            BackupDisk(_name(disk["target"]), _name(disk["file"]), int(disk["capacity"]))
            for disk in data["disks"]
        )
        fields = {key: data[key] for key in Backup._fields if key in data}
        found = Backup(**{**fields, "disks": disks, "time": int(data["time"])})
        for name in (found.name, *found.files):
            _name(name)
    except (KeyError, TypeError, ValueError):
        return None
    return found


def _name(name: t.Any) -> str:
    """:raises ValueError: it is no name of a file in the folder, where the record has to stay."""
    if not isinstance(name, str) or "/" in name or "\0" in name or name in ("", ".", ".."):
        raise ValueError(name)
    return name


def name_at(domain: str, moment: float) -> str:
    """The name of a backup that is begun at a moment, in seconds since 1970."""
    return f"{domain}.{time.strftime(_STAMP, time.gmtime(moment))}"


def begun_note(domain: str) -> re.Pattern[str]:
    """The names of notes of a domain that are being written; the group is the backup's name."""
    stamp = r"\.\d{8}T\d{6}Z(?:-\d+)?"
    return re.compile(f"({re.escape(domain)}{stamp}){re.escape(NOTE + PART)}", re.ASCII)


def seconds_of(age: str) -> float:
    """The seconds of an age such as ``20h``.

    :raises ValueError: it is none.
    """
    match = _AGE.fullmatch(age.strip())
    if match is None:
        raise ValueError(age)
    return float(match.group(1)) * _SECONDS[match.group(2)]


def chain(backup: Backup, known: t.Mapping[str, Backup]) -> list[Backup] | None:
    """The backup and those that it needs, the full one last; ``None`` where one is missing."""
    found: list[Backup] = [backup]
    while found[-1].base is not None:
        base = known.get(found[-1].base)
        if base is None or base in found:
            return None
        found.append(base)
    return found


def superfluous(
    backups: t.Sequence[Backup],
    keep: int,
    wanted: t.AbstractSet[str] = frozenset(),
    there: t.AbstractSet[str] = frozenset(),
) -> list[Backup]:
    """Those that go if the newest ``keep`` stay, with all that they need.

    Only backups with all of the disks ``wanted`` count. One with another disk that the domain has,
    of those ``there``, stays: what counts doesn't take its place. Each comes before those that it
    needs itself.
    """
    ordered = sorted(backups, key=lambda backup: (backup.time, backup.name), reverse=True)
    known = {backup.name: backup for backup in ordered}
    needed: set[str] = set()
    counted = 0
    for backup in ordered:
        if counted == keep and not (backup.targets & there) - wanted:
            continue
        if counted < keep and backup.targets >= wanted:
            counted += 1
        base: str | None = backup.name
        while base is not None and base in known and base not in needed:
            needed.add(base)
            base = known[base].base
    return [backup for backup in ordered if backup.name not in needed]
