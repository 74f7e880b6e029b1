# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib
import struct

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.image_format import (
    Image,
    image_of,
    is_encrypted,
)


def header(*parts: tuple[int, bytes]) -> bytes:
    content = bytearray(512)
    for offset, part in parts:
        content[offset : offset + len(part)] = part
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "form", "size"),
    [
        (header((0, b"QFI\xfb"), (24, struct.pack(">Q", 7))), "qcow2", 7),
        (header((0, b"QED\0"), (48, struct.pack("<Q", 7))), "qed", 7),
        (header((0, b"KDMV"), (12, struct.pack("<Q", 7))), "vmdk", 7 * 512),
        (header((64, b"\x7f\x10\xda\xbe"), (368, struct.pack("<Q", 7))), "vdi", 7),
        (header((0, b"conectix"), (48, struct.pack(">Q", 7))), "vpc", 7),
        (header(), "raw", None),
        (b"", "raw", None),
        (b"QFI\xfb", "raw", None),
    ],
)
def test_the_header_tells_format_and_size(content: bytes, form: str, size: int | None) -> None:
    assert image_of(content) == Image(form, size)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (header((0, b"LUKS\xba\xbe")), True),
        (header((0, b"QFI\xfb"), (32, struct.pack(">I", 1))), True),
        (header((0, b"QFI\xfb"), (32, struct.pack(">I", 2))), True),
        (header((0, b"QFI\xfb")), False),
        (header((32, struct.pack(">I", 2))), False),
        (header()[:33], False),
        (b"", False),
    ],
)
def test_the_header_tells_encryption(
    tmp_path: pathlib.Path, content: bytes, expected: bool
) -> None:
    image = tmp_path / "image"
    image.write_bytes(content)
    assert is_encrypted(str(image)) is expected
