# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating the volumes that a domain needs, and removing them again after a failure.

Existing files are never written to. A volume whose content is made here, such as cloud-init's
data, replaces the one that an earlier domain has left, as soon as it is complete.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import stat
import threading
import typing as t

from .._file_use.users import FileUse
from .._images.request import ImageRequest
from .._virtinst.disk_image import too_small
from .._virtinst.seed_image import BEGINNING, SEED
from .._virtinst.storage import SECTOR, Existing, NewVolume
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .connection import Connection
from .definition_lock import DefinitionLock
from .errors import HypervisorError, is_code, reason
from .files import opened
from .flags import called
from .libvirt_import import libvirt
from .refreshing import refresh
from .temporary_pool import temporary_name
from .volume_content import is_blank, read
from .volume_document import volume_document

if t.TYPE_CHECKING:
    from .image_volumes import Image

_DEFAULT = "default"
#: The ending of a volume's name until it is complete.
_SPARE = ".new"
#: virStorageVolType of directories: DIR and NETDIR.
_DIRECTORIES = (2, 4)
_NOT_OURS = "it has no mark of this module"
#: The part of a volume that is transferred at once, in bytes.
_PIECE = 256 * 1024


class Pools:
    """The pools of a connection, for several threads; each is started and refreshed once.

    Several volumes may be created in a pool at the same time, but libvirt refuses to refresh the
    pool meanwhile.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._ready: dict[str, t.Any] = {}
        #: The volumes of a pool when it was made here, and its users since.
        self._made: dict[str, frozenset[str]] = {}
        self._users: dict[str, set[object]] = {}

    def ready(self, name: str, directory: str, user: object) -> t.Any:
        """The pool of this name, refreshed; a missing pool ``default`` is made.

        ``user`` calls :meth:`take_back` if it doesn't need the pool after all.
        """
        with self._lock:
            self._users.setdefault(name, set()).add(user)
            if name not in self._ready:
                pool, is_made = self._permanent(name, directory)
                # Otherwise a file that libvirt doesn't know yet would be overwritten.
                self._refresh(name, pool)
                if is_made:
                    with self._connection.explained(f"read the storage pool {name}"):
                        self._made[name] = frozenset(pool.listVolumes())
                self._ready[name] = pool
            return self._ready[name]

    def take_back(self, user: object) -> None:
        """Remove the pool that was made for a user alone, if no volume was added to it."""
        with self._lock, contextlib.suppress(libvirt.libvirtError):
            for name, volumes in list(self._made.items()):
                self._users[name].discard(user)
                pool = self._ready[name]
                if not self._users[name] and volumes == frozenset(pool.listVolumes()):
                    del self._made[name], self._ready[name]
                    pool.destroy()
                    pool.undefine()

    @contextlib.contextmanager
    def temporary(self, directory: str) -> t.Iterator[t.Any]:
        """A pool for a directory, which is removed after the block."""
        name = temporary_name(directory)
        with self._lock, DefinitionLock("pool") as lock:
            # A directory can have only one pool.
            lock.acquire(directory)
            raw = self._temporary(name, directory)
            try:
                yield raw
            finally:
                with contextlib.suppress(libvirt.libvirtError):
                    raw.destroy()

    def _temporary(self, name: str, directory: str) -> t.Any:
        raw = self._found(name)
        if raw is not None:
            # An interrupted task has left the pool.
            self._refresh(name, raw)
            return raw
        with self._connection.explained(f"use {directory} as a storage pool"):
            return self._connection.raw.storagePoolCreateXML(_directory_pool(name, directory), 0)

    def _permanent(self, name: str, directory: str) -> tuple[t.Any, bool]:
        """The pool, and whether it was made just now."""
        if name != _DEFAULT:
            with self._connection.explained(f"look for the storage pool {name}"):
                return self._connection.raw.storagePoolLookupByName(name), False
        pool = self._found(name)
        if pool is not None:
            self._ensure_defined(pool)
            return pool, False
        with DefinitionLock("pool") as lock:
            lock.acquire(name)
            # Another task may have been faster.
            pool = self._found(name)
            return (self._made_for(name, directory), True) if pool is None else (pool, False)

    def _found(self, name: str) -> t.Any:
        with self._connection.explained(f"look for the storage pool {name}"):
            try:
                return self._connection.raw.storagePoolLookupByName(name)
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                    return None
                raise

    def _made_for(self, name: str, directory: str) -> t.Any:
        # The pool is active from the beginning, so that others can use it if this task ends.
        build = libvirt.VIR_STORAGE_POOL_CREATE_WITH_BUILD
        raw = self._connection.raw
        with self._connection.explained(f"create the storage pool {name} in {directory}"):
            document = _directory_pool(name, directory)
            pool = called(lambda flags: raw.storagePoolCreateXML(document, flags), 0, build)
            self._keep(pool)
        return pool

    def _ensure_defined(self, pool: t.Any) -> None:
        """Define the pool ``default`` if an interrupted task has left it undefined."""
        with self._connection.explained(f"keep the storage pool {_DEFAULT}"):
            if not pool.isPersistent():
                self._keep(pool)

    def _keep(self, pool: t.Any) -> None:
        """Define a new pool, and let it start with the hypervisor."""
        self._connection.raw.storagePoolDefineXML(pool.XMLDesc(0), 0)
        pool.setAutostart(True)

    def refresh(self, pool: t.Any) -> None:
        """Refresh a pool after changes to its files.

        :raises HypervisorError: libvirt can't.
        """
        self._refresh(pool.name(), pool)

    def _refresh(self, name: str, pool: t.Any) -> None:
        with self._connection.explained(f"refresh the storage pool {name}"):
            refresh(pool)


class Storage:
    """Creates volumes on one connection, and remembers them.

    ``pools`` may be shared with other threads.
    """

    def __init__(self, connection: Connection, pools: Pools | None = None) -> None:
        self._connection = connection
        self._pools = Pools(connection) if pools is None else pools
        self._created: list[NewVolume] = []
        self._done: set[str] = set()
        #: The paths of the images that were made for volumes; they stay whatever happens.
        self.images: list[str] = []

    def create_all(self, volumes: t.Sequence[NewVolume]) -> None:
        """Create the volumes that were not created here yet.

        :raises HypervisorError: as :meth:`create`.
        """
        for volume in volumes:
            if volume.path not in self._done:
                self.create(volume)
                self._done.add(volume.path)

    def create(self, volume: NewVolume) -> None:
        """Create a volume, and a missing pool ``default`` for it.

        :raises HypervisorError: it can't be created, or its name is taken.
        :raises ImageError: its image can't be had or used.
        """
        if volume.fetch is not None:
            content = volume.fetch()
            size = len(content)
            volume = volume._replace(content=content, fetch=None, capacity=size, allocation=size)
        if volume.content is None and not volume.is_image and self._connection.is_local:
            _check_path_free(volume)
        with self._pool(volume) as pool:
            if volume.image is not None and volume.is_image:
                self._keep(pool, volume.image)
            elif volume.image is not None:
                self._make_of_image(pool, volume, volume.image)
            elif volume.content is None:
                self._made(pool, volume)
            elif not self._is_right(volume):
                self._make_with_content(pool, volume, volume.content)
            else:
                # An interrupted task may have left it under both names.
                with contextlib.suppress(HypervisorError):
                    self._pools.refresh(pool)
                    if self._is_left(_spare(volume)):
                        self._delete(pool, _spare(volume))

    def _made(self, pool: t.Any, volume: NewVolume) -> t.Any:
        flags = 0
        if volume.format == "qcow2" and volume.allocation:
            flags = libvirt.VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA
        with self._connection.explained(
            f"create the volume {volume.path}",
            "make room in its pool, or choose another pool, name or size",
        ):
            raw = pool.createXML(serialise(volume_document(volume)), flags)
        self._created.append(volume)
        return raw

    def _keep(self, pool: t.Any, request: ImageRequest) -> Image:
        """The file of a request, which its pool keeps."""
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .image_volumes import kept_image

        refreshed = functools.partial(self._pools.refresh, pool)
        image = kept_image(self._connection, pool, refreshed, request)
        if image.is_new:
            self.images.append(image.path)
        return image

    def _make_of_image(self, pool: t.Any, volume: NewVolume, request: ImageRequest) -> None:
        """Create a volume that is based on an image, or that is a copy of it."""
        image = self._keep(pool, request)
        if volume.capacity and volume.capacity < image.capacity:
            raise HypervisorError(too_small(request, image.capacity, volume.capacity))
        capacity = volume.capacity or -(-image.capacity // SECTOR) * SECTOR
        volume = volume._replace(capacity=capacity, backing=image.path, backing_format=image.form)
        if request.copy:
            self._copy(pool, volume, image.capacity)
        else:
            self._made(pool, volume)

    def _copy(self, pool: t.Any, volume: NewVolume, size: int) -> None:
        """Create a volume that is a copy of its backing file, whose disk has this size."""
        copy = volume._replace(backing=None, backing_format=None)
        # A part of a copy can't be told from the whole, so it gets its name when it is complete.
        has_spare = self._connection.is_local
        spare = _part(copy, str(volume.backing)) if has_spare else copy
        if has_spare and os.path.lexists(copy.path):
            raise HypervisorError(_no_name(copy, os.strerror(errno.EEXIST)))
        if has_spare:
            self._delete_part(pool, spare)
        with self._connection.explained(
            f"copy {volume.backing} to {spare.path}",
            "make room in its pool, or choose another pool, name or size",
        ):
            source = self._connection.raw.storageVolLookupByPath(volume.backing)
            raw = pool.createXMLFrom(serialise(volume_document(spare)), source, 0)
            self._created.append(spare)
            if copy.capacity > size:
                # libvirt makes a qcow2 image that is copied no larger than its source.
                raw.resize(copy.capacity, 0)
        if not has_spare:
            return
        try:
            # Unlike a rename, a link never replaces a file.
            os.link(spare.path, copy.path)
            os.unlink(spare.path)
        except OSError as error:
            raise HypervisorError(_no_name(copy, error.strerror)) from None
        self._created.remove(spare)
        self._created.append(copy)
        self._pools.refresh(pool)

    def _delete_part(self, pool: t.Any, part: NewVolume) -> None:
        """Delete what an interrupted task has left of a copy, which has the name of no other file.

        :raises HypervisorError: something uses it.
        """
        if self._find(part) is None:
            return
        use = _uses(self._connection)
        why = "it is unknown what uses it" if use is None else use.of(part.path).reason
        if why is not None:
            raise _foreign(part, why if use is None else f"it {why}")
        self._delete(pool, part)

    def _make_with_content(self, pool: t.Any, volume: NewVolume, content: bytes) -> None:
        """Create the volume under a spare name; the old volume stays until the new one is complete."""
        self._is_left(volume)
        spare = _spare(volume)
        if self._is_left(spare):
            self._delete(pool, spare)
        self._write(self._made(pool, spare), content)
        if not self._renamed(spare, volume, pool):
            # The volume that is there had room.
            self._delete(pool, spare)
            if self._is_left(volume):
                self._delete(pool, volume)
            self._write(self._made(pool, volume), content)

    def _renamed(self, spare: NewVolume, volume: NewVolume, pool: t.Any) -> bool:
        """Rename the volume in one step, where its file is on this host."""
        if not self._connection.is_local or volume.kind != "file":
            return False
        is_left = self._is_left(volume)
        try:
            if is_left:
                os.rename(spare.path, volume.path)
            else:
                # Unlike a rename, a link never replaces a file.
                os.link(spare.path, volume.path)
                os.unlink(spare.path)
        except FileExistsError:
            raise _foreign(volume, _NOT_OURS) from None
        except OSError:
            return False
        self._created.remove(spare)
        if not is_left:
            self._created.append(volume)
        self._pools.refresh(pool)
        return True

    def _delete(self, pool: t.Any, volume: NewVolume) -> None:
        with self._connection.explained(f"delete the volume {volume.path}"):
            pool.storageVolLookupByName(volume.name).delete(0)
        if volume in self._created:
            self._created.remove(volume)

    def grow(self, volume: Existing, capacity: int) -> None:
        """Make a volume that no running guest uses larger, to a size in bytes.

        :raises HypervisorError: libvirt can't; the volume stays as it is.
        """
        directory, name = os.path.split(volume.path)
        advice = "make room in its pool, or leave its size as it is"
        with contextlib.ExitStack() as stack:
            if volume.pool is None or volume.volume is None:
                pool = stack.enter_context(self._pools.temporary(directory))
            else:
                pool = self._pools.ready(volume.pool.name, directory, self)
                name = volume.volume
            with self._connection.explained(f"make {volume.path} larger", advice):
                pool.storageVolLookupByName(name).resize(capacity, 0)

    @property
    def created(self) -> list[str]:
        """The paths of the volumes that were created here."""
        return [volume.path for volume in self._created]

    def remove_created(self) -> list[str]:
        """Delete the volumes that were created here, and the pool if it was made for them alone.

        A volume in use stays, for example if the guest was started after all. The result has a
        text for each remaining volume, such as "/images/a.qcow2 (is used by vda of the domain a)".
        """
        left = []
        self._done.clear()
        use = _uses(self._connection)
        while self._created:
            volume = self._created.pop()
            why = "it is unknown what uses it" if use is None else use.of(volume.path).reason
            if why is None:
                why = self._not_removed(volume)
            if why is not None:
                left.append(f"{volume.path} ({why})")
        self._pools.take_back(self)
        return left

    def remove(self, volume: NewVolume) -> str | None:
        """Delete a volume that a running guest has opened; return the reason if that is impossible.

        On its host a file stays readable for those who have it open.
        """
        why = self._not_removed(volume)
        self._created = [created for created in self._created if created.path != volume.path]
        return why

    def _not_removed(self, volume: NewVolume) -> str | None:
        """Delete a volume; return the reason if that is impossible."""
        try:
            # The volume may have been created in a temporary pool.
            with self._pool(volume) as pool:
                pool.storageVolLookupByName(volume.name).delete(0)
        except HypervisorError as error:
            return str(error)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                return reason(error)
        return None

    def check_writable(self, volume: NewVolume) -> None:
        """Check that a volume may be written.

        :raises HypervisorError: a file at its path was not made by this module.
        """
        if volume.is_image or (volume.fetch is not None and not volume.mark):
            # Its name says what it has, and what is there is compared when it is made.
            return
        if volume.content is None and volume.fetch is None:
            if self._connection.is_local:
                _check_path_free(volume)
            return
        if self._is_right(volume) or self._is_left(volume):
            return
        if self._connection.is_local and os.path.lexists(volume.path):
            # libvirt doesn't know the file yet, or doesn't take it for a volume.
            beginning = b"?"
            with contextlib.suppress(OSError), opened(volume.path) as file:
                beginning = file.read(BEGINNING)
            if any(beginning) and not _has_mark(volume, beginning):
                raise _foreign(volume, _NOT_OURS)

    def _is_right(self, volume: NewVolume) -> bool:
        """Whether the volume exists with its whole content."""
        raw, content = self._find(volume), volume.content or b""
        if volume.is_temporary and not volume.mark:
            # Other passwords are at its end, where nothing tells that it is complete.
            return False
        if raw is None:
            return self._is_right_file(volume)
        beginning = self._beginning(raw)
        if volume.mark:
            # Other differences, such as the time of its creation, don't count.
            return volume.mark in beginning
        with self._connection.explained(f"read the volume {volume.path}"):
            return bool(raw.info()[1] == len(content)) and beginning == content[:BEGINNING]

    def _is_right_file(self, volume: NewVolume) -> bool:
        """The same for a file that its pool doesn't list since a task was interrupted."""
        path, content = volume.path, volume.content or b""
        if not self._connection.is_local or volume.kind != "file" or not os.path.isfile(path):
            return False
        try:
            with opened(path) as file:
                beginning = file.read(BEGINNING)
        except OSError:
            return False
        if volume.mark:
            return volume.mark in beginning
        return os.path.getsize(path) == len(content) and beginning == content[:BEGINNING]

    def _is_left(self, volume: NewVolume) -> bool:
        """Whether an unused volume exists that was made here earlier.

        :raises HypervisorError: another file is there, or the volume is in use.
        """
        raw = self._find(volume)
        if raw is None:
            return False
        with self._connection.explained(f"read the volume {volume.path}"):
            if raw.info()[0] in _DIRECTORIES:
                raise _foreign(volume, "it is a directory")
        # A blank volume, or a complete one, was made by an interrupted task.
        is_ours = _has_mark(volume, self._beginning(raw)) or self._is_right(volume)
        with self._connection.explained(f"read the volume {volume.path}"):
            is_ours = is_ours or is_blank(self._connection, raw)
        if not is_ours:
            raise _foreign(volume, _NOT_OURS)
        use = _uses(self._connection)
        why = "it is unknown what uses it" if use is None else use.of(volume.path).reason
        if why is not None:
            raise _foreign(volume, f"it {why}" if use is not None else why)
        return True

    @contextlib.contextmanager
    def _pool(self, volume: NewVolume) -> t.Iterator[t.Any]:
        """The pool for a volume; a temporary one if its directory has none."""
        directory = os.path.dirname(volume.path)
        if volume.pool is not None:
            yield self._pools.ready(volume.pool, directory, self)
            return
        with self._pools.temporary(directory) as pool:
            yield pool

    def _find(self, volume: NewVolume) -> t.Any:
        with self._connection.explained(f"look for the volume {volume.path}"):
            try:
                if volume.pool is None:
                    return self._connection.raw.storageVolLookupByPath(volume.path)
                pool = self._connection.raw.storagePoolLookupByName(volume.pool)
                return pool.storageVolLookupByName(volume.name)
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_VOL", "VIR_ERR_NO_STORAGE_POOL"):
                    return None
                raise

    def _write(self, raw: t.Any, content: bytes) -> None:
        """Write the content; its beginning with the mark is written last.

        Until then the beginning has a mark that only shows that this module made it.
        """
        self._upload(raw, 0, SEED.ljust(min(BEGINNING, len(content)), b"\0"))
        self._upload(raw, min(BEGINNING, len(content)), content[BEGINNING:])
        self._upload(raw, 0, content[:BEGINNING])

    def _upload(self, raw: t.Any, offset: int, content: bytes) -> None:
        with self._connection.explained(f"write to the volume {_path(raw)}"):
            if not content or self._connection.is_simulated:
                return
            stream = self._connection.raw.newStream(0)
            raw.upload(stream, offset, len(content), 0)
            view = memoryview(content)
            while view:
                sent = stream.send(bytes(view[:_PIECE]))
                if sent < 0:
                    raise HypervisorError(f"libvirt failed to write to the volume {_path(raw)}")
                view = view[sent:]
            stream.finish()

    def _beginning(self, raw: t.Any) -> bytes:
        with self._connection.explained(f"read the volume {_path(raw)}"):
            return read(self._connection, raw, 0, min(BEGINNING, raw.info()[1]))


def _has_mark(volume: NewVolume, beginning: bytes) -> bool:
    """Whether a volume that begins so was made here, for the same purpose."""
    is_same = volume.is_temporary and volume.content and not volume.mark
    return SEED in beginning or bool(is_same and beginning == (volume.content or b"")[:BEGINNING])


def _spare(volume: NewVolume) -> NewVolume:
    """The volume under its spare name, until it is complete."""
    return volume._replace(name=f"{volume.name}{_SPARE}", path=f"{volume.path}{_SPARE}")


def _part(volume: NewVolume, source: str) -> NewVolume:
    """The volume under the name that it has until it is a complete copy of this file."""
    ending = f".{hashlib.sha256(source.encode()).hexdigest()[:16]}.part"
    return volume._replace(name=volume.name + ending, path=volume.path + ending)


def _no_name(volume: NewVolume, why: str | None) -> str:
    return f"{volume.path} was not made: it can't get its name: {why}; give another path"


def _foreign(volume: NewVolume, why: str) -> HypervisorError:
    return HypervisorError(
        f"{volume.path} exists, and {why}; nothing was written to it; remove or rename it"
    )


def _check_path_free(volume: NewVolume) -> None:
    """Check that nothing is at the volume's path.

    :raises HypervisorError: something is there that libvirt doesn't take for a volume.
    """
    with contextlib.suppress(OSError):
        mode = os.lstat(volume.path).st_mode
        if stat.S_ISLNK(mode) and not os.path.exists(volume.path):
            raise _foreign(volume, f"is a link to {os.readlink(volume.path)}, which is not there")
        if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode) or stat.S_ISLNK(mode)):
            raise _foreign(volume, "it is no file")


def _uses(connection: Connection) -> FileUse | None:
    """The uses of files at this moment; ``None`` where they can't be read.

    What was read a while ago has guests that were being started then, and have failed since.
    """
    # Ansible compiles a module's code anew in each task, and few tasks fail.
    from .file_users import files_in_use

    try:
        return files_in_use(connection.at_one_moment()).use
    except HypervisorError:
        return None


def _path(raw: t.Any) -> str:
    with contextlib.suppress(libvirt.libvirtError):
        return str(raw.path())
    return str(raw.name())


def _directory_pool(name: str, directory: str) -> str:
    target = Element("target", children=[Element("path", text=directory)])
    return serialise(
        Element("pool", {"type": "dir"}, children=[Element("name", text=name), target])
    )
