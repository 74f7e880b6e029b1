# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes at the destination that a domain gets when its disks are copied.

libvirt would make them too, but leaves them behind where the migration fails (9.0), so that the
next one would find them in the way.
"""

from __future__ import annotations

import contextlib
import posixpath
import typing as t

from .._rules.migration.disks import Disk
from .._virtinst.storage import NewVolume
from .._xmltree.serialise import serialise
from .connection import Connection
from .errors import HypervisorError, is_code, reason
from .events import KeepAlive
from .libvirt_import import libvirt
from .refreshing import refresh
from .volume_document import volume_document

#: What is sent at once, in bytes.
_PIECE = 256 * 1024
_ADVICE = "make room in its pool, or choose another destination"


class MigratedVolumes:
    """Makes volumes at the destination, and removes those that it made."""

    def __init__(self, source: Connection, destination: Connection) -> None:
        self._source = source
        self._destination = destination
        #: The paths of the volumes that exist because of this task.
        self.made: list[str] = []

    def make(self, disk: Disk, capacity: int, pool: str) -> None:
        """Make an empty volume for a disk, at the same path. ``capacity`` is in bytes.

        :raises HypervisorError: it can't be made, or something is there.
        """
        self._made(_volume(disk, capacity), pool)

    def _made(self, volume: NewVolume, pool: str) -> t.Any:
        with self._destination.explained(f"create the volume {volume.path}", _ADVICE):
            raw = self._destination.raw.storagePoolLookupByName(pool)
            found = raw.createXML(serialise(volume_document(volume)), 0)
        self.made.append(volume.path)
        return found

    def copy(self, disk: Disk, pool: str) -> int:
        """Make a volume with the content of a disk's image; return the bytes that were sent.

        The guest is off. The image is sent as a file, whatever its format.

        :raises HypervisorError: it can't be copied.
        """
        with contextlib.ExitStack() as stack:
            source = self._volume_at(stack, disk)
            # As a raw file: an image with a header is one too.
            target = self._made(_volume(disk._replace(form="raw"), 0), pool)
            with self._destination.explained(f"copy {disk.path} to the destination", _ADVICE):
                try:
                    sent = self._sent(source, target)
                except _OfSource as error:
                    raise HypervisorError(
                        f"libvirt failed to read {disk.path}: {error}; see the log of libvirt at the source"
                    ) from None
        return sent

    def _volume_at(self, stack: contextlib.ExitStack, disk: Disk) -> t.Any:
        """The volume of an image at the source, in a pool that is made for it where it has none."""
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .volume_creation import Pools

        path = disk.path or ""
        raw = self._source.raw
        with self._source.explained(f"look for the volume {path}"):
            try:
                return raw.storageVolLookupByPath(path)
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    raise
            folder = posixpath.dirname(path)
            for pool in raw.listAllStoragePools(libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE):
                refresh(pool)
            with contextlib.suppress(libvirt.libvirtError):
                return raw.storageVolLookupByPath(path)
            pool = stack.enter_context(Pools(self._source).temporary(folder))
            return pool.storageVolLookupByName(posixpath.basename(path))

    def _sent(self, source: t.Any, target: t.Any) -> int:
        """Send one volume to the other, without its holes.

        :raises libvirtError: the destination fails.
        :raises _OfSource: the source fails.
        """
        reading, writing = self._source.raw.newStream(0), self._destination.raw.newStream(0)
        sparse = libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM
        keep_alive, sent = KeepAlive(), 0
        with _source_fails():
            source.download(reading, 0, 0, sparse)
        try:
            target.upload(writing, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
            while True:
                with _source_fails():
                    piece = reading.recvFlags(_PIECE, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)
                    hole = reading.recvHole() if piece == -3 else 0
                if piece == -3:
                    writing.sendHole(hole)
                elif piece:
                    sent += len(piece)
                    while piece:
                        piece = piece[writing.send(piece) :]
                else:
                    break
                keep_alive.answer()
            with _source_fails():
                reading.finish()
            writing.finish()
        except BaseException:
            for stream in (reading, writing):
                with contextlib.suppress(libvirt.libvirtError):
                    stream.abort()
            raise
        return sent

    def remove(self, paths: t.Iterable[str]) -> list[str]:
        """Delete these volumes; the result has those that stay, with the reasons."""
        left = []
        for path in paths:
            raw = self._destination.raw
            try:
                for pool in raw.listAllStoragePools(libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE):
                    with contextlib.suppress(libvirt.libvirtError):
                        refresh(pool)
                raw.storageVolLookupByPath(path).delete(0)
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    left.append(f"{path} ({reason(error)})")
        return left


class _OfSource(Exception):
    """The source failed while a volume was copied; the message is libvirt's."""


@contextlib.contextmanager
def _source_fails() -> t.Iterator[None]:
    try:
        yield
    except libvirt.libvirtError as error:
        raise _OfSource(reason(error)) from None


def _volume(disk: Disk, capacity: int) -> NewVolume:
    path = disk.path or ""
    return NewVolume(None, posixpath.basename(path), path, capacity, 0, disk.form)
