# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing a storage pool together with all that is in it."""

from __future__ import annotations

import posixpath
import typing as t

from ..._hypervisor.active_object import Pool
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.file_users import pool_use
from ..._hypervisor.pool_building import redefine
from ..._hypervisor.pool_users import PoolContent, content_of
from ..._hypervisor.pool_volumes import Volume
from ..._hypervisor.volume_removal import as_removable, remove, undeletable, without_images
from ..._rules.amounts import readable
from ..._rules.pool_types import FILE_SYSTEM, PoolType, type_of
from ..absent import Removal
from ..errors import TaskError
from ..outcome import CONFIG, Action

_FOUND = "lost+found"
_REMEDY = "leave delete_data out to remove the pool alone"


class WithData(Removal[Pool]):
    """Deletes the volumes of a pool, and what it is made of, before it is undefined."""

    beside = "data"

    def actions(self, found: Pool) -> tuple[Action, ...]:
        """The volumes that go, and what else.

        :raises TaskError: one is in use, or libvirt can't delete it.
        """
        kind = type_of(found.document().get("type"))
        if not kind.deletes:
            raise TaskError(
                f"delete_data: libvirt can't delete what is in a pool of the type {kind.name}; {_REMEDY}"
            )
        if not found.facts().active:
            raise TaskError(
                "delete_data: the pool is inactive, so that nobody knows what is in it; start it first "
                f"with state=active, or {_REMEDY}"
            )
        content = content_of(found)
        _check(found, content, kind)
        deleted = [
            Action(f"volume {volume.path}", readable(volume.capacity), None, CONFIG)
            for volume in _volumes(content, kind)
        ]
        return (*deleted, *_rest(found, kind))

    def remove(self, found: Pool) -> None:
        """Delete the volumes, then the rest, and undefine the pool.

        :raises TaskError: libvirt refuses in the middle; the message says what is gone.
        """
        kind, deleted = type_of(found.document().get("type")), 0
        if not found.facts().persistent:
            # What is stopped can be deleted only where libvirt still knows it.
            found = redefine(found, found.document())
        try:
            # Those of a table, a group or a zpool go with that.
            for volume in () if kind.loses else _volumes(content_of(found), kind):
                remove(found.connection, as_removable("the pool", volume))
                deleted += 1
            if kind.makes_folder or kind.loses:
                found.stop()
                with found.connection.explained("delete the pool"):
                    found.raw.delete(0)
            found.remove()
        except HypervisorError as error:
            if not deleted and found.fresh().facts().active:
                raise
            raise TaskError(
                f"{error}; {deleted} of its volumes were deleted, and it is still defined; run the task "
                "again when the reason is gone",
                changed=True,
            ) from error.__cause__


def _rest(found: Pool, kind: PoolType) -> t.Iterator[Action]:
    """What else libvirt deletes of a pool (virStorageBackend.deletePool)."""
    document = found.document()
    path = document.value("target/path") or ""
    if kind.makes_folder:
        yield Action(f"folder {path}", "empty", None, CONFIG)
    if kind.loses:
        name = document.value("source/name")
        where = [*([name] if name else []), *_devices(found)]
        yield Action(f"{kind.loses} {', '.join(where)}", "all that is on it", None, CONFIG)


def _volumes(content: PoolContent, kind: PoolType) -> list[Volume]:
    """The volumes that are data: each ext file system has a folder for what was found in repair."""
    return [
        volume
        for volume in content.volumes
        if not (kind.formats == FILE_SYSTEM and posixpath.basename(volume.path) == _FOUND)
    ]


def _devices(found: Pool) -> list[str]:
    return [device.get("path") or "" for device in found.document().findall("source/device")]


def _check(found: Pool, content: PoolContent, kind: PoolType) -> None:
    """Check that all volumes may go.

    :raises TaskError: one may not.
    """
    volumes = _volumes(content, kind)
    files, going = content.files, [volume.path for volume in volumes]
    for volume in volumes:
        answer = without_images(files.use.of(volume.path), files, going)
        reason = undeletable(files, volume) or answer.reason
        if reason is None and volume.kind == "dir":
            reason = "is a folder, whose content libvirt doesn't know"
        if reason is not None:
            raise TaskError(
                f"delete_data: {volume.path} {reason}, and such a volume is never deleted; "
                f"take it out of the pool, or {_REMEDY}"
            )
    others = [name for name in content.others() if name != _FOUND]
    if others:
        raise TaskError(
            f"delete_data: {posixpath.join(content.folder or '', others[0])} is no volume to libvirt, and "
            f"would stay; remove it, or {_REMEDY}"
        )
    for path in _devices(found) if kind.loses else ():
        users = [use for use in files.use.of(path).uses if use.what != pool_use(found.name)]
        if users:
            raise TaskError(
                f"delete_data: {path} is used by {users[0].words}; end that, or {_REMEDY}"
            )
    if content.folder is not None:
        answer = files.use.of(content.folder)
        users = [use for use in answer.uses if use.is_folder]
        if users:
            raise TaskError(
                f"delete_data: {content.folder} is used by {users[0].words}; end that, or {_REMEDY}"
            )
