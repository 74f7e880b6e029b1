# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The format of an image and the size of the disk in it, by its header."""

from __future__ import annotations

import struct
import typing as t

from .files import opened


class _Row(t.NamedTuple):
    """A format's magic and its offset; the offset, layout and unit of the disk's size."""

    form: str
    magic: bytes
    magic_at: int
    size_at: int
    size: str
    unit: int


#: The layouts are those of QEMU's docs/interop (qcow2, qed), block/vmdk.c, block/vdi.c and
#: block/vpc.c. Formats that begin with none of these are read as raw.
_ROWS = (
    _Row("qcow2", b"QFI\xfb", 0, 24, ">Q", 1),
    _Row("qed", b"QED\0", 0, 48, "<Q", 1),
    _Row("vmdk", b"KDMV", 0, 12, "<Q", 512),
    _Row("vdi", b"\x7f\x10\xda\xbe", 64, 368, "<Q", 1),
    _Row("vpc", b"conectix", 0, 48, ">Q", 1),
)
_HEADER = 512
RAW = "raw"
#: What a LUKS header begins with (docs/luks2 of cryptsetup), and where a qcow2 header has the way in
#: which its data are encrypted (docs/interop/qcow2.txt of QEMU): 0 stands for none.
_LUKS, _CRYPT_METHOD = b"LUKS\xba\xbe", struct.Struct(">I")
_CRYPT_METHOD_AT = 32


class Image(t.NamedTuple):
    """``size`` is in bytes; ``None`` for a raw image, which has the size of its file."""

    form: str
    size: int | None


def image_at(path: str) -> Image:
    """The format and size of the image at a path.

    :raises OSError: it can't be read.
    """
    with opened(path, devices=True) as file:
        return image_of(file.read(_HEADER))


def is_encrypted(path: str) -> bool:
    """Whether the data of the image at a path are encrypted, by its header.

    :raises OSError: it can't be read.
    """
    with opened(path, devices=True) as file:
        header = file.read(_HEADER)
    if header.startswith(_LUKS):
        return True
    if image_of(header).form != "qcow2" or len(header) < _CRYPT_METHOD_AT + _CRYPT_METHOD.size:
        return False
    return bool(_CRYPT_METHOD.unpack_from(header, _CRYPT_METHOD_AT)[0])


def image_of(header: bytes) -> Image:
    """The format and size of an image with this header."""
    for row in _ROWS:
        found = header[row.magic_at : row.magic_at + len(row.magic)]
        if found == row.magic and len(header) >= row.size_at + struct.calcsize(row.size):
            size = struct.unpack_from(row.size, header, row.size_at)[0]
            return Image(row.form, int(size) * row.unit)
    return Image(RAW, None)
