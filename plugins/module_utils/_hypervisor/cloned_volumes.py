# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making the volumes of a clone, and removing them again, of which the clone's metadata has notes.

A file is made under the name of a part, which has the clone's UUID in it. When it is complete it
gets its name by a link, which never replaces a file; then that is noted; then the name of the part
goes. So it is always known whether a file is the clone's: it is noted, or it is one file with its
part. Elsewhere, where a volume can't be renamed, it is noted right before it is created.
"""

from __future__ import annotations

import contextlib
import errno
import os
import posixpath
import typing as t

from .._file_use.users import Answer, Going
from .._rules.name_lengths import LONGEST_FILE
from .._virtinst.clone.origin import MADE, MAKING, Origin, OwnVolume
from .._virtinst.storage import Existing, NewVolume, Pool
from .._xmltree.serialise import serialise
from .connection import Connection
from .domains import Domain
from .errors import HypervisorError, is_code
from .file_users import files_in_use
from .files import allocated_bytes, free_bytes
from .libvirt_import import libvirt
from .volume_creation import Pools
from .volume_document import volume_document

_QCOW2 = "qcow2"
_ADVICE = "make room in its pool, or choose another pool"
_PART = "{name}.{uuid}.part"
#: The longest name of a volume, in bytes, so that its part can have its name too.
LONGEST_VOLUME = LONGEST_FILE - len(_PART.format(name="", uuid="0" * 36))


class Copy(t.NamedTuple):
    """A volume to make: a copy of ``source``, or what is based on it where it has a backing file.

    ``is_reflink``: the blocks are shared until one of both writes them.
    """

    source: Existing
    volume: NewVolume
    is_reflink: bool = False


def own_volume(connection: Connection, volume: NewVolume, clone: str) -> OwnVolume:
    """What is noted of a volume that the clone with the UUID ``clone`` gets."""
    part = None
    folder = posixpath.dirname(volume.path)
    # A user without access to the files leaves them to libvirt.
    if connection.is_local and volume.kind == "file" and os.access(folder, os.W_OK):
        part = _PART.format(name=volume.name, uuid=clone)
    return OwnVolume(volume.path, volume.pool, volume.name, part)


class ClonedVolumes:
    """The work on the volumes of one clone. ``note`` is called with each volume that got further."""

    def __init__(self, connection: Connection, note: t.Callable[[str, str], None]) -> None:
        self._connection = connection
        self._pools = Pools(connection)
        self._note = note

    def make(
        self, copy: Copy, own: OwnVolume, is_empty: bool = False, keeps_part: bool = False
    ) -> None:
        """Make a volume: a copy, or one that ``is_empty``. ``keeps_part``: it keeps that name, too.

        :raises HypervisorError: it can't be made, or something has its name.
        """
        with contextlib.ExitStack() as stack:
            pool = self._pool(stack, copy.volume.pool, copy.volume.path)
            source = None if is_empty else self._source(stack, copy, pool)
            if own.part is None:
                self._note(own.path, MAKING)
                self._created(pool, copy, copy.volume, source)
                self._note(own.path, MADE)
                return
            if os.path.lexists(own.path):
                raise _taken(own.path, os.strerror(errno.EEXIST))
            part = copy.volume._replace(name=own.part, path=part_of(own))
            self._created(pool, copy, part, source)
            try:
                os.link(part.path, own.path)
            except OSError as error:
                raise _taken(own.path, error.strerror) from None
            self._note(own.path, MADE)
            if not keeps_part:
                os.unlink(part.path)
            self._pools.refresh(pool)

    def refresh(self, own: OwnVolume) -> None:
        """Have libvirt see what became of the files of a volume, where its folder has a pool."""
        with contextlib.suppress(HypervisorError, libvirt.libvirtError):
            if own.pool is not None:
                self._pools.refresh(self._connection.raw.storagePoolLookupByName(own.pool))

    def _created(self, pool: t.Any, copy: Copy, volume: NewVolume, source: t.Any) -> None:
        flags = 0
        if volume.format == _QCOW2 and volume.allocation:
            flags |= libvirt.VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA
        document = serialise(volume_document(volume))
        doing = f"copy {copy.source.path} to {volume.path}"
        if source is None:
            with self._connection.explained(f"create the volume {volume.path}", _ADVICE):
                pool.createXML(document, flags)
            return
        if copy.is_reflink:
            flags |= libvirt.VIR_STORAGE_VOL_CREATE_REFLINK
        with self._connection.explained(doing, _ADVICE):
            pool.createXMLFrom(document, source, flags)

    def _pool(self, stack: contextlib.ExitStack, name: str | None, path: str) -> t.Any:
        folder = posixpath.dirname(path)
        if name is not None:
            return self._pools.ready(name, folder, self)
        return stack.enter_context(self._pools.temporary(folder))

    def _source(self, stack: contextlib.ExitStack, copy: Copy, pool: t.Any) -> t.Any:
        """libvirt's object of the source; ``None`` where it is only named as a backing file."""
        source, volume = copy.source, copy.volume
        if volume.backing is not None:
            return None
        folder = posixpath.dirname(source.path)
        if source.pool is not None and source.volume is not None:
            found, name = self._pools.ready(source.pool.name, folder, self), source.volume
        elif volume.pool is None and posixpath.dirname(volume.path) == folder:
            # A folder can have only one pool.
            found, name = pool, posixpath.basename(source.path)
        else:
            found = stack.enter_context(self._pools.temporary(folder))
            name = posixpath.basename(source.path)
        with self._connection.explained(f"look for the volume {source.path}"):
            return found.storageVolLookupByName(name)

    def remove(self, clone: Domain, origin: Origin, is_of_this_task: bool) -> list[str]:
        """Remove the volumes of a clone that is incomplete, of which it is certain that they are its own.

        What this task has just made stays only where something is known to use it, and not where
        that is in doubt. The result has a text for each that stays.
        """
        left = []
        # What is read of the files has to be as new as they are.
        self._connection.cache.clear()
        files = files_in_use(self._connection) if origin.volumes else None
        mine = {own.path for own in origin.volumes}
        for own in origin.volumes:
            if files is None or not self._is_there(own):
                continue
            going = Going(clone.uuid, (None, *_targets(clone)), True)
            paths = [path for path in (part_of(own), own.path) if path and os.path.lexists(path)]
            answers = [files.use.of(path, going) for path in paths or [own.path]]
            if is_of_this_task:
                answers = [answer._replace(doubts=()) for answer in answers]
            why = next(filter(None, (_without(answer, mine).reason for answer in answers)), None)
            why = why or self.not_removed(own)
            if why is not None:
                left.append(f"{own.path} ({why})")
        return left

    def _is_there(self, own: OwnVolume) -> bool:
        if own.part is None:
            return own.stage in (MAKING, MADE)
        return os.path.lexists(part_of(own)) or (own.stage == MADE and os.path.lexists(own.path))

    def not_removed(self, own: OwnVolume) -> str | None:
        """Remove a volume and its part; return the reason if that is impossible."""
        if own.part is not None:
            part = part_of(own)
            try:
                if is_own(own):
                    os.unlink(own.path)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part)
            except OSError as error:
                return error.strerror
            self.refresh(own)
            return None
        try:
            with contextlib.ExitStack() as stack:
                pool = self._pool(stack, own.pool, own.path)
                with self._connection.explained(f"delete the volume {own.path}"):
                    pool.storageVolLookupByName(own.name).delete(0)
        except HypervisorError as error:
            return None if is_code(error.__cause__, "VIR_ERR_NO_STORAGE_VOL") else str(error)
        return None


def part_of(own: OwnVolume) -> str:
    """The path of a volume's part; empty where it has none."""
    return "" if own.part is None else posixpath.join(posixpath.dirname(own.path), own.part)


def is_own(own: OwnVolume) -> bool:
    """Whether the file with a volume's name is the clone's, where it has a part."""
    if own.stage == MADE:
        return os.path.lexists(own.path)
    with contextlib.suppress(OSError):
        return os.path.samefile(part_of(own), own.path)
    return False


def own_paths(origin: Origin) -> set[str]:
    """The paths of an incomplete clone's volumes that are there, and certainly its own."""
    return {
        own.path
        for own in origin.volumes
        if (own.part is None and own.stage in (MAKING, MADE)) or (own.part and is_own(own))
    }


def allocated(connection: Connection, source: Existing) -> int:
    """How many bytes a copy of an image takes at most, without what was never written.

    :raises HypervisorError: it can't be read.
    """
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .chains import known_chain

    total = 0
    for path in (source.path, *(known_chain(connection, source.path) or ())):
        total += _allocated(connection, path)
    return min(total, source.capacity or total)


def room(connection: Connection, folder: str, pool: Pool | None) -> int:
    """The bytes that are free in a folder or a pool now; libvirt knows those of its last refresh."""
    if connection.is_local and (pool is None or pool.volume_kind == "file") and folder:
        found = free_bytes(folder)
        if found is not None:
            return found
    return 0 if pool is None else pool.available


def _allocated(connection: Connection, path: str) -> int:
    if connection.is_local:
        found = allocated_bytes(path)
        if found is not None:
            return found
    with connection.explained(f"look for the volume {path}"):
        try:
            return int(connection.raw.storageVolLookupByPath(path).info()[2])
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                return 0
            raise


def _targets(clone: Domain) -> list[str]:
    disks = clone.document().findall("devices/disk")
    return [disk.value("target/@dev") or "" for disk in disks]


def _without(answer: Answer, mine: t.Collection[str]) -> Answer:
    """The answer without doubts about images of the clone, which are yet to be made, or go too."""
    return answer._replace(doubts=tuple(doubt for doubt in answer.doubts if doubt.path not in mine))


def _taken(path: str, why: str | None) -> HypervisorError:
    return HypervisorError(
        f"{path} was not made: it can't get its name: {why}; give another volume, or remove what is there"
    )
