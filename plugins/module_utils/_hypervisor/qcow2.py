# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The size of the disk and the place of the data, from a qcow2 header.

The layout is that of docs/interop/qcow2.txt in QEMU's source.
"""

from __future__ import annotations

import struct
import typing as t

from .files import opened

_MAGIC = b"QFI\xfb"
#: Magic, version, offset and size of the backing file's name, size of clusters, and
#: size of the disk; big-endian.
_HEADER = struct.Struct(">4sIQIIQ")
#: The next fields: encryption, entries and offset of the first table, offset and clusters of
#: the reference counts, number and offset of snapshots, and the incompatible features.
_REST = struct.Struct(">IIQQIIQQ")
#: The length of the part of the header that is read, in bytes.
HEADER = _HEADER.size + _REST.size
#: The data is in another file.
_EXTERNAL_DATA = 1 << 2
_ENTRY = 8


def disk_size(path: str) -> int | None:
    """The size of the disk in bytes; ``None`` when the file is no qcow2 image.

    :raises OSError: it can't be read.
    """
    header = _header(path)
    return None if header is None else int(header[-1])


def version_of(path: str) -> int | None:
    """The version of the format; ``None`` when the file is no qcow2 image.

    :raises OSError: it can't be read.
    """
    header = _header(path)
    return None if header is None else int(header[1])


def _header(path: str) -> tuple[t.Any, ...] | None:
    with opened(path, devices=True) as image:
        header = image.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        return None
    return _HEADER.unpack(header)


#: The number and the offset of the snapshots, at this place of the header.
_SNAPSHOTS, _SNAPSHOTS_AT = struct.Struct(">IQ"), 60
#: Of a snapshot: the sizes of its ID and its name, 20 other bytes, and the size of more data.
_SNAPSHOT = struct.Struct(">12xHH20xI")
#: More than QEMU writes (QCOW_MAX_SNAPSHOTS).
_MOST_SNAPSHOTS = 65536


class ImageSnapshot(t.NamedTuple):
    """A snapshot in an image. QEMU numbers them; ``number`` is the text of its ID."""

    number: str
    name: str


def snapshot_names(path: str) -> list[str] | None:
    """The names of the snapshots in an image; ``None`` when the file is no qcow2 image.

    :raises OSError: it can't be read.
    """
    found = image_snapshots(path)
    return None if found is None else [each.name for each in found]


def image_snapshots(path: str) -> list[ImageSnapshot] | None:
    """The snapshots in an image; ``None`` when the file is no qcow2 image.

    :raises OSError: it can't be read.
    """
    with opened(path, devices=True) as image:
        header = image.read(HEADER)
        if len(header) < HEADER or not header.startswith(_MAGIC):
            return None
        number, offset = _SNAPSHOTS.unpack_from(header, _SNAPSHOTS_AT)
        found = []
        for _each in range(min(number, _MOST_SNAPSHOTS)):
            image.seek(offset)
            fixed = image.read(_SNAPSHOT.size)
            if len(fixed) < _SNAPSHOT.size:
                break
            id_size, name_size, more = _SNAPSHOT.unpack(fixed)
            image.seek(offset + _SNAPSHOT.size + more)
            text = image.read(id_size + name_size)
            number, name = text[:id_size], text[id_size:]
            found.append(
                ImageSnapshot(number.decode("utf-8", "replace"), name.decode("utf-8", "replace"))
            )
            # Each begins at a multiple of eight bytes.
            offset += -(-(_SNAPSHOT.size + more + id_size + name_size) // 8) * 8
    return found


def fixing_snapshots(path: str) -> list[str]:
    """The names of the snapshots in an image that keep it from becoming larger.

    qcow2_co_truncate: a snapshot has the size of its disk only from version 3 of the format on.

    :raises OSError: it can't be read.
    """
    version = version_of(path)
    return (snapshot_names(path) or []) if version is not None and version < 3 else []


class Layout(t.NamedTuple):
    """The place and size of the first table, in bytes; all data are below it.

    ``has_more``: the image has snapshots, or data in another file.
    """

    table_offset: int
    table_length: int
    has_more: bool


def layout(header: bytes) -> Layout | None:
    """The layout of an image with this header; ``None`` when it is no qcow2 image."""
    if len(header) < HEADER or not header.startswith(_MAGIC):
        return None
    version = _HEADER.unpack_from(header)[1]
    _crypt, entries, offset, _at, _clusters, snapshots, _where, features = _REST.unpack_from(
        header, _HEADER.size
    )
    # Version 2 has no features, and other data at this place.
    is_external = version >= 3 and bool(features & _EXTERNAL_DATA)
    return Layout(offset, entries * _ENTRY, bool(snapshots) or is_external)
