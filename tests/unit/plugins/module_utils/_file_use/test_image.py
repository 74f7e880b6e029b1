# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import struct

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.image import (
    Needed,
    needed_by,
)


def reader(content):
    return lambda offset, length: content[offset : offset + length]


def qcow2(name=b"", backing_format=b"", data_file=None, version=3, features=0):
    extensions = b""
    for kind, value in ((0xE2792ACA, backing_format), (0x44415441, data_file)):
        if value:
            extensions += struct.pack(">II", kind, len(value)) + value.ljust(
                -(-len(value) // 8) * 8
            )
    extensions += bytes(8)
    length = 104 if version >= 3 else 72
    offset = length + len(extensions)
    header = struct.pack(">4sIQI", b"QFI\xfb", version, offset if name else 0, len(name))
    header = header.ljust(72, b"\0")
    if version >= 3:
        header += struct.pack(">Q", features | (4 if data_file else 0)) + bytes(20)
        header += struct.pack(">I", length)
    return header + extensions + name


@pytest.mark.parametrize("version", [2, 3])
def test_the_backing_file_of_qcow2(version):
    image = qcow2(b"base", b"qcow2", version=version)
    assert needed_by(reader(image)) == [Needed("base", "backing file", False)]
    image = qcow2(b"base", b"raw", version=version)
    assert needed_by(reader(image)) == [Needed("base", "backing file", True)]
    assert needed_by(reader(qcow2(version=version))) == []


def test_the_data_file_of_qcow2():
    image = qcow2(b"base", b"raw", b"data.raw")
    assert needed_by(reader(image))[1] == Needed("data.raw", "data file", True)
    with pytest.raises(ValueError, match="the file of its data"):
        needed_by(reader(qcow2(features=4)))


def test_qed():
    header = struct.pack("<4s12xQ32xII", b"QED\0", 1, 64, 4) + b"base"
    assert needed_by(reader(header)) == [Needed("base", "backing file", False)]


def test_vmdk():
    text = b'# Disk DescriptorFile\nparentFileNameHint="base.vmdk"\nRW 100 FLAT "x-flat.vmdk" 0\n'
    names = [needed.name for needed in needed_by(reader(text))]
    assert names == ["base.vmdk", "x-flat.vmdk"]


@pytest.mark.parametrize("content", [b"", bytes(1000), b"anything"])
def test_others_need_no_file(content):
    assert needed_by(reader(content)) == []


def test_a_header_that_is_cut_off():
    with pytest.raises(ValueError, match="ends within"):
        needed_by(reader(b"QFI\xfb"))
