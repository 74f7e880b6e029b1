# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backing file that a qcow2 header names.

The layout is that of docs/interop/qcow2.txt in QEMU's source.
"""

from __future__ import annotations

import struct

_MAGIC = b"QFI\xfb"
#: Magic, version, offset and size of the backing file's name, size of clusters, and
#: size of the disk; big-endian.
_HEADER = struct.Struct(">4sIQIIQ")
#: The longest name that the format allows, in bytes.
_LONGEST_NAME = 1023


def backing_file(path: str) -> str | None:
    """The name in the header, as it is written there; ``None`` without one.

    :raises ValueError: the file is no qcow2 image.
    :raises OSError: it can't be read.
    """
    with open(path, "rb") as image:
        header = image.read(_HEADER.size)
        if len(header) < _HEADER.size:
            raise ValueError(f"{path} is too short for a qcow2 image")
        magic, _version, offset, size, _bits, _disk = _HEADER.unpack(header)
        if magic != _MAGIC or size > _LONGEST_NAME:
            raise ValueError(f"{path} is not a qcow2 image")
        if not offset:
            return None
        image.seek(offset)
        return image.read(size).decode("utf-8", "surrogateescape")


def disk_size(path: str) -> int | None:
    """The size of the disk in bytes; ``None`` when the file is no qcow2 image.

    :raises OSError: it can't be read.
    """
    with open(path, "rb") as image:
        header = image.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        return None
    return int(_HEADER.unpack(header)[-1])
