# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checking that the entries of one list don't harm each other's files."""

from __future__ import annotations

import posixpath
import typing as t

from ..._file_use.image import BASE
from ..._file_use.names import UnknownName, files_named, is_shared
from ..._file_use.users import PLANNED, FileUse, Keys, Link, Names, Use
from ..._hypervisor.connection import Connection
from ..._hypervisor.file_users import HostNames, files_in_use, uses_in
from ..._hypervisor.nvram import path_of_nvram
from ..._virtinst.storage import NewVolume
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import Outcome


class Entry(t.NamedTuple):
    """One entry: the outcome for its domain, and the volumes that it creates or moves disks to."""

    name: str
    outcome: Outcome
    missing: t.Sequence[NewVolume]
    is_going: bool


def check_agreement(connection: Connection, entries: t.Sequence[Entry]) -> None:
    """Check that no file is made twice, deleted while another needs it, or written by two.

    :raises TaskError: there is such a file.
    """
    names = HostNames(connection.is_local)
    _check_new_volumes_differ(names, entries)
    _check_nobody_needs_what_goes(connection, entries)
    _check_one_writer(connection, names, entries)


def _check_new_volumes_differ(names: Names, entries: t.Iterable[Entry]) -> None:
    users: dict[tuple[object, ...], tuple[str, str]] = {}
    for entry in entries:
        for volume in entry.missing:
            if volume.is_image:
                # Guests share a kernel of the same tree.
                continue
            earlier = _noted(users, names.keys(volume.path), entry.name, volume.path)
            if earlier is not None:
                path, name = earlier
                same = "" if path == volume.path else f", which is {volume.path} too,"
                raise TaskError(
                    f"{path}{same} would be created for {name} and for {entry.name}; nothing was "
                    "done; give each its own path"
                )


def _check_nobody_needs_what_goes(connection: Connection, entries: t.Sequence[Entry]) -> None:
    removed = [
        (path, entry.name)
        for entry in entries
        if entry.is_going
        for path in entry.outcome.deleted_files()
    ]
    if not removed:
        return
    files = files_in_use(connection)
    planned = FileUse(files.use.names, (), (), (), is_planned=True)
    for entry in entries:
        document = entry.outcome.after
        if entry.is_going or document is None:
            continue
        holder = Use("", "", entry.name, document=PLANNED)
        uses, _doubts = uses_in(holder, document, files.volumes)
        links = [link for volume in entry.missing for link in _links(volume)]
        planned = planned.with_uses([use for use, _form in uses], links)
        for path, name in removed:
            answer = planned.of(path)
            if not answer.is_free:
                raise TaskError(
                    f"{path} would be deleted with {name}, and {entry.name} is to use it: it "
                    f"{answer.reason}; nothing was done; give another path, or leave the disk out "
                    "of remove_volumes"
                )


def _links(volume: NewVolume) -> t.Iterator[Link]:
    if volume.backing is None:
        return
    try:
        files = files_named(volume.backing, posixpath.dirname(volume.path))
    except UnknownName:
        return
    for file in files:
        yield Link(volume.path, file, BASE)


def _check_one_writer(connection: Connection, names: Names, entries: t.Iterable[Entry]) -> None:
    """Refuse files that two guests write to, unless both share them, or do so already."""
    users: dict[tuple[object, ...], tuple[str, str]] = {}
    for entry in entries:
        if entry.is_going or not entry.outcome.changes or entry.outcome.after is None:
            continue
        for path in _disks(connection, entry.outcome.after):
            earlier = _noted(users, names.keys(path), entry.name, path)
            if earlier is not None:
                raise TaskError(
                    f"{path} would be a disk of {earlier[1]} and of {entry.name}, and both would "
                    "write to it; nothing was done; give each its own, or make it shareable or "
                    "readonly"
                )
        nvram = path_of_nvram(entry.outcome.after)
        second = None
        if nvram is not None:
            second = _noted(users, names.keys(nvram), entry.name, nvram)
        if second is not None:
            raise TaskError(
                f"{nvram} would be the NVRAM of {entry.name}, and {second[1]} would write to it too; "
                "nothing was done; give each its own, or none"
            )


def _disks(connection: Connection, document: Element) -> t.Iterator[str]:
    """The paths of the files that a guest writes to alone."""
    for disk in document.findall("devices/disk"):
        source = disk.child("source")
        if source is None or is_shared(disk):
            continue
        path = source.get("file") or source.get("dev")
        pool, volume = source.get("pool"), source.get("volume")
        if path is None and pool is not None and volume is not None:
            path = files_in_use(connection).volumes.path_of(pool, volume)
        if path is not None:
            yield path


def _noted(
    users: dict[tuple[object, ...], tuple[str, str]], keys: Keys, name: str, path: str
) -> tuple[str, str] | None:
    """The path and the name of an earlier entry with the same file; else note this one."""
    for key in keys:
        if key in users and users[key][1] != name:
            return users[key]
    users.update(dict.fromkeys(keys, (path, name)))
    return None
