# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading volumes through libvirt's API, and whether anything was ever written to one."""

from __future__ import annotations

import contextlib
import typing as t

from .connection import Connection
from .libvirt_import import libvirt
from .qcow2 import HEADER, Layout, layout

_PIECE = 256 * 1024
#: The largest volume that is read as a whole, in bytes.
_MOST = 64 * 1024 * 1024


def is_empty(connection: Connection, volume: t.Any, form: str | None) -> bool:
    """Whether a volume of this format is certainly empty.

    An empty raw volume takes no room; the first table of an empty qcow2 image has no entries.
    """
    with contextlib.suppress(libvirt.libvirtError):
        if form == "raw":
            return not volume.info()[2]
        if form == "qcow2":
            found = layout(read(connection, volume, 0, HEADER))
            return found is not None and _refers_to_nothing(connection, volume, found)
    return False


def is_blank(connection: Connection, volume: t.Any) -> bool:
    """Whether a small volume consists of zeros.

    :raises libvirtError: it can't be read.
    """
    length = volume.info()[1]
    return length <= _MOST and not any(read(connection, volume, 0, length))


def read(connection: Connection, volume: t.Any, offset: int, length: int) -> bytes:
    """A part of a volume's content; an image is read as a file, not as the disk in it.

    :raises libvirtError: it can't be read.
    """
    if not length or connection.is_simulated:
        return b""
    stream, pieces = connection.raw.newStream(0), []
    volume.download(stream, offset, length, 0)
    while True:
        piece = stream.recv(_PIECE)
        if not piece:
            break
        pieces.append(piece)
    stream.finish()
    return b"".join(pieces)


def _refers_to_nothing(connection: Connection, volume: t.Any, found: Layout) -> bool:
    if found.has_more or found.table_length > _MOST:
        return False
    table = read(connection, volume, found.table_offset, found.table_length)
    return len(table) == found.table_length and not any(table)
