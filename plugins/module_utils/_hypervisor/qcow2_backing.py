# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Naming another backing file in the header of a qcow2 image, of which the data stay.

The layout is that of docs/interop/qcow2.txt in QEMU's source.
"""

from __future__ import annotations

import os
import struct
import typing as t

_MAGIC = b"QFI\xfb"
#: The magic, the version, the offset and size of the backing file's name, and the bits of a
#: cluster; big-endian.
_START = struct.Struct(">4sIQII")
_NAME = struct.Struct(">QI")
_NAME_AT = 8
#: Version 2 has a header of this length, and later ones note theirs at this place, in bytes.
_LENGTH_2, _LENGTH_AT = 72, 100
#: The number and length of a header extension, and the numbers of two of them.
_EXTENSION = struct.Struct(">II")
_END, _BACKING_FORMAT = 0, 0xE2792ACA
#: The largest cluster that QEMU makes, in bits.
_MOST_BITS = 21
#: The longest name of a backing file, in bytes (QEMU's PATH_MAX for it).
_LONGEST = 1023


def rebase(path: str, name: str, form: str) -> None:
    """Let an image have another backing file. ``name`` is relative to its folder, or a path.

    :raises OSError: the file can't be read or written.
    :raises ValueError: it is no qcow2 image, or there is no room for the name.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        bits = _bits(os.pread(descriptor, _START.size, 0))
        cluster = os.pread(descriptor, 1 << bits, 0)
        os.pwrite(descriptor, rebased(cluster, name, form), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rebased(cluster: bytes, name: str, form: str) -> bytes:
    """The first cluster of an image, with another backing file.

    :raises ValueError: it is none of a qcow2 image, or there is no room for the name.
    """
    size = 1 << _bits(cluster)
    text = name.encode()
    version = _START.unpack_from(cluster)[1]
    length = _LENGTH_2
    if version >= 3:
        length = int(struct.unpack_from(">I", cluster, _LENGTH_AT)[0])
    parts = [part for number, part in _extensions(cluster, length) if number != _BACKING_FORMAT]
    parts.append(_extension(_BACKING_FORMAT, form.encode()))
    start = cluster[:length] + b"".join(parts) + _EXTENSION.pack(_END, 0)
    if len(text) > _LONGEST or len(start) + len(text) > size:
        raise ValueError(f"there is no room for the backing file {name}")
    made = bytearray(start + text)
    _NAME.pack_into(made, _NAME_AT, len(start), len(text))
    return bytes(made).ljust(size, b"\0")


def _bits(beginning: bytes) -> int:
    if len(beginning) < _START.size or not beginning.startswith(_MAGIC):
        raise ValueError("it is no qcow2 image")
    bits = int(_START.unpack_from(beginning)[4])
    if not 9 <= bits <= _MOST_BITS:
        raise ValueError("its header is damaged")
    return bits


def _extensions(cluster: bytes, offset: int) -> t.Iterator[tuple[int, bytes]]:
    """The number and the bytes of each header extension."""
    while offset + _EXTENSION.size <= len(cluster):
        number, length = _EXTENSION.unpack_from(cluster, offset)
        if number == _END:
            return
        content = offset + _EXTENSION.size
        if content + length > len(cluster):
            raise ValueError("its header is damaged")
        yield number, _extension(number, cluster[content : content + length])
        offset = content + -(-length // 8) * 8


def _extension(number: int, content: bytes) -> bytes:
    padded = content.ljust(-(-len(content) // 8) * 8, b"\0")
    return _EXTENSION.pack(number, len(content)) + padded
