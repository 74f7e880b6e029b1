# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filling a new volume through libvirt's API, so that a part of it never counts as the whole.

libvirt can't rename a volume. So the beginning of a volume is a mark until all the rest is there,
and what has that mark, or is empty, is known to be incomplete.
"""

from __future__ import annotations

import contextlib
import os
import sys
import typing as t

from .._images.compression import Readable
from .connection import Connection
from .errors import HypervisorError
from .events import KeepAlive, idle
from .libvirt_import import libvirt
from .volume_content import read

#: What is read, sent and looked at for zeros at once, in bytes.
_PIECE, _BLOCK = 1024 * 1024, 64 * 1024
_ZEROS = bytes(_PIECE)
#: The length of the mark. A file system writes so much in one step.
_BEGINNING = 4096
_MARK = b"declarative.libvirt: this volume is incomplete, "
#: How long an upload stands still before it counts as interrupted, in seconds.
_STILL = 5.0


def upload(connection: Connection, volume: t.Any, source: Readable, is_sparse: bool = True) -> int:
    """Fill a new volume, and return the number of bytes. ``is_sparse``: zeros become holes.

    :raises HypervisorError: libvirt fails, or somebody else writes to the volume.
    :raises ImageError: as ``source``.
    """
    beginning = read_all(source, _BEGINNING)
    mark = (_MARK + os.urandom(16).hex().encode()).ljust(_BEGINNING, b"\0")
    advice = "make room in its pool, or choose another pool"
    with connection.explained(f"write to the volume {_path(volume)}", advice):
        if len(beginning) < _BEGINNING:
            send(connection, volume, 0, _Bytes(beginning), is_sparse=False)
            return len(beginning)
        send(connection, volume, 0, _Bytes(mark), is_sparse=False)
        size = _BEGINNING + send(connection, volume, _BEGINNING, source, is_sparse)
        if read(connection, volume, 0, _BEGINNING) != mark:
            raise HypervisorError(
                f"another task has written to the volume {_path(volume)} meanwhile; run the task again"
            )
        send(connection, volume, 0, _Bytes(beginning), is_sparse=False)
    return size


def is_incomplete(connection: Connection, volume: t.Any) -> bool:
    """Whether a volume was being filled by :func:`upload` when that was interrupted.

    One that still becomes larger is waited for.

    :raises HypervisorError: it can't be read.
    """
    known = None
    while True:
        with connection.explained(f"read the volume {_path(volume)}"):
            sizes = volume.info()[1:]
            beginning = read(connection, volume, 0, len(_MARK)) if any(sizes) else b""
        if beginning and beginning != _MARK:
            return False
        if sizes == known:
            return True
        known = sizes
        idle(_STILL)


def has_mark(connection: Connection, volume: t.Any) -> bool:
    """Whether the beginning of a volume is the mark of :func:`upload`.

    :raises HypervisorError: it can't be read.
    """
    with connection.explained(f"read the volume {_path(volume)}"):
        return volume.info()[1] > 0 and read(connection, volume, 0, len(_MARK)) == _MARK


def send(
    connection: Connection, volume: t.Any, offset: int, source: Readable, is_sparse: bool
) -> int:
    """Write to a volume from an offset on, and return the number of bytes.

    :raises libvirtError: libvirt fails.
    """
    if connection.is_simulated:
        # Its volumes have no content.
        return len(read_all(source, sys.maxsize))
    stream, keep_alive, sent = connection.raw.newStream(0), KeepAlive(), 0
    flags = libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM if is_sparse else 0
    volume.upload(stream, offset, 0, flags)
    try:
        hole = 0
        while piece := source.read(_PIECE):
            sent += len(piece)
            for part, is_hole in _parts(piece, is_sparse):
                if is_hole:
                    hole += len(part)
                    continue
                hole = _dug(stream, hole)
                _sent(stream, part)
            keep_alive.answer()
        _dug(stream, hole)
    except BaseException:
        with contextlib.suppress(libvirt.libvirtError):
            stream.abort()
        raise
    stream.finish()
    return sent


def read_all(source: Readable, size: int) -> bytes:
    """The next so many bytes; fewer at the end alone."""
    found = b""
    while len(found) < size and (piece := source.read(size - len(found))):
        found += piece
    return found


class Joined:
    """What was read of a source already, and the rest of it."""

    def __init__(self, beginning: bytes, rest: Readable) -> None:
        self._beginning = beginning
        self._rest = rest

    def read(self, size: int = -1, /) -> bytes:
        """As :meth:`.Readable.read`."""
        if not self._beginning:
            return self._rest.read(size)
        size = len(self._beginning) if size < 0 else size
        piece, self._beginning = self._beginning[:size], self._beginning[size:]
        return piece


class _Bytes(Joined):
    def __init__(self, content: bytes) -> None:
        super().__init__(content, self)

    def read(self, size: int = -1, /) -> bytes:
        return super().read(size) if self._beginning else b""


def _parts(piece: bytes, is_sparse: bool) -> t.Iterator[tuple[bytes, bool]]:
    """The parts of a piece, and whether each has zeros alone."""
    if not is_sparse:
        yield piece, False
    elif piece == _ZEROS[: len(piece)]:
        yield piece, True
    else:
        for start in range(0, len(piece), _BLOCK):
            block = piece[start : start + _BLOCK]
            yield block, block == _ZEROS[: len(block)]


def _dug(stream: t.Any, hole: int) -> int:
    """Send a hole, if there is one; 0, the length of what is left of it."""
    if hole:
        stream.sendHole(hole, 0)
    return 0


def _sent(stream: t.Any, part: bytes) -> None:
    view = memoryview(part)
    while view:
        # Python's binding of libvirt takes nothing but bytes.
        count = stream.send(bytes(view[: _BLOCK * 4]))
        if count < 0:
            raise HypervisorError("libvirt takes no more data")
        view = view[count:]


def _path(volume: t.Any) -> str:
    with contextlib.suppress(libvirt.libvirtError):
        return str(volume.path())
    return str(volume.name())
