# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._images.compression import plain
from ansible_collections.declarative.libvirt.plugins.module_utils._images.errors import ImageError

CONTENT = bytes(range(256)) * 40


def read(content: bytes, decompresses: bool = True) -> bytes:
    with plain(io.BytesIO(content), decompresses) as data:
        parts = []
        while part := data.read(1000):
            parts.append(part)
        return b"".join(parts)


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress, bytes])
def test_compressed_data_are_known_by_their_beginning(
    compress: t.Callable[[bytes], bytes],
) -> None:
    packed = compress(CONTENT)
    assert read(packed) == CONTENT
    assert read(packed, decompresses=False) == packed
    # Several parts, as pigz and xz -T make.
    assert read(packed * 2) == CONTENT * 2


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress])
def test_damaged_data_are_refused(compress: t.Callable[[bytes], bytes]) -> None:
    packed = compress(CONTENT)
    for damaged in (packed[:-9], packed[: len(packed) // 2]):
        with pytest.raises(ImageError, match="can't be decompressed"):
            read(damaged)


def test_archives_are_refused() -> None:
    for archive in (b"PK\3\4" + bytes(600), gzip.compress(bytes(257) + b"ustar" + bytes(300))):
        with pytest.raises(ImageError, match="archive"):
            read(archive)
        assert read(archive, decompresses=False) == archive


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(ImageError, match="lacks the library zstandard"):
        read(b"\x28\xb5\x2f\xfd" + bytes(100))
