# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files an image needs, as its header names them.

The layouts are those of QEMU's docs/interop/qcow2.txt and docs/interop/qed_spec.txt, and of
VMware's Virtual Disk Format 5.0.
"""

from __future__ import annotations

import re
import struct
import typing as t

#: Magic, version, offset and size of the backing file's name; big-endian. Version 1 has
#: them at the same place.
_QCOW = struct.Struct(">4sIQI")
_QCOW_MAGIC = b"QFI\xfb"
#: The header of version 3 has its own length; extensions begin behind it.
_QCOW_LENGTH_AT, _QCOW_2_LENGTH = 100, 72
_EXTENSION = struct.Struct(">II")
_END, _DATA_FILE, _BACKING_FORMAT = 0, 0x44415441, 0xE2792ACA
#: The incompatible feature "external data file".
_FEATURES_AT, _EXTERNAL_DATA = 72, 1 << 2
#: Magic, features, offset and size of the backing file's name; little-endian.
_QED = struct.Struct("<4s12xQ32xII")
_QED_MAGIC, _QED_HAS_BASE, _QED_BASE_IS_RAW = b"QED\0", 1, 4
_VMDK_BEGINNINGS = (b"KDMV", b"# Disk DescriptorFile")
_VMDK_NAMES = re.compile(
    rb'^(?:RW|RDONLY|NOACCESS) \d+ \w+ "([^"\r\n]+)"|^parentFileNameHint="([^"\r\n]+)"', re.M
)
#: How much of an image is searched for names, and the longest name that is read, in bytes.
BEGINNING, _LONGEST_NAME = 64 * 1024, 4096
#: Enough to tell the format, in bytes.
_SHORT = 64

BASE, DATA = "backing file", "data file"


class Needed(t.NamedTuple):
    """A file that the header names.

    ``what`` is its use, :data:`BASE` or :data:`DATA`. ``is_raw``: the file has no header.
    """

    name: str
    what: str
    is_raw: bool


def needed_by(read: t.Callable[[int, int], bytes]) -> list[Needed]:
    """The files that an image needs; empty for a format without references to files.

    ``read`` takes an offset and a length, and returns at most so many bytes from there.

    :raises ValueError: the header is damaged.
    """
    beginning = read(0, _SHORT)
    if not beginning.startswith((_QCOW_MAGIC, _QED_MAGIC, *_VMDK_BEGINNINGS)):
        return []
    beginning = read(0, BEGINNING)
    if beginning.startswith(_QCOW_MAGIC):
        return _of_qcow(beginning, read)
    if beginning.startswith(_QED_MAGIC) and len(beginning) >= _QED.size:
        _magic, features, offset, size = _QED.unpack_from(beginning)
        if not features & _QED_HAS_BASE:
            return []
        return [Needed(_name(read, offset, size), BASE, bool(features & _QED_BASE_IS_RAW))]
    if beginning.startswith(_VMDK_BEGINNINGS):
        found = (extent or parent for extent, parent in _VMDK_NAMES.findall(beginning))
        return [Needed(name.decode("utf-8", "surrogateescape"), DATA, False) for name in found]
    return []


def _of_qcow(beginning: bytes, read: t.Callable[[int, int], bytes]) -> list[Needed]:
    if len(beginning) < _QCOW_2_LENGTH:
        raise ValueError("the image ends within its header")
    _magic, version, offset, size = _QCOW.unpack_from(beginning)
    extensions = dict(_extensions(beginning, version)) if version >= 2 else {}
    found = []
    if offset:
        is_raw = extensions.get(_BACKING_FORMAT) == b"raw"
        found.append(Needed(_name(read, offset, size), BASE, is_raw))
    has_data_file = version >= 3 and _number(beginning, _FEATURES_AT, ">Q") & _EXTERNAL_DATA
    if has_data_file and _DATA_FILE not in extensions:
        raise ValueError("the image doesn't name the file of its data")
    if has_data_file:
        name = extensions[_DATA_FILE].decode("utf-8", "surrogateescape")
        found.append(Needed(name, DATA, True))
    return found


def _extensions(beginning: bytes, version: int) -> t.Iterator[tuple[int, bytes]]:
    at = _number(beginning, _QCOW_LENGTH_AT, ">I") if version >= 3 else _QCOW_2_LENGTH
    while at + _EXTENSION.size <= len(beginning):
        kind, length = _EXTENSION.unpack_from(beginning, at)
        at += _EXTENSION.size
        if kind == _END or length > len(beginning) - at:
            return
        yield kind, beginning[at : at + length]
        # They are padded to multiples of eight.
        at += -(-length // 8) * 8


def _number(beginning: bytes, at: int, form: str) -> int:
    if len(beginning) < at + struct.calcsize(form):
        raise ValueError("the image ends within its header")
    return int(struct.unpack_from(form, beginning, at)[0])


def _name(read: t.Callable[[int, int], bytes], offset: int, size: int) -> str:
    if not 0 < size <= _LONGEST_NAME:
        raise ValueError("the name of the backing file has no sensible length")
    name = read(offset, size)
    if len(name) < size:
        raise ValueError("the image ends within the name of its backing file")
    return name.decode("utf-8", "surrogateescape")
