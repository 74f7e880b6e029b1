# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""PNG: how large an image is, and its rows of pixels. The format is that of the W3C's recommendation."""

from __future__ import annotations

import struct
import typing as t
import zlib

from .errors import PictureError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNK = struct.Struct(">I4s")
#: Of the chunk IHDR: width, height, bits of a sample, colour type, compression, filter, interlace.
_HEADER = struct.Struct(">IIBBBBB")
#: The bytes of a pixel with samples of 8 bits, by the colour type: grey, RGB, and both with alpha.
_PIXEL = {0: 1, 2: 3, 4: 2, 6: 4}
_RGB = 2


class Header(t.NamedTuple):
    """The size of an image in pixels, and how its pixels are stored.

    ``pixel`` is the number of bytes of one; ``None`` if :func:`rows` can't read them, as those of
    palettes, of 16 bits, and of interlaced images.
    """

    width: int
    height: int
    pixel: int | None


def header(data: bytes) -> Header:
    """What the beginning of a PNG says.

    :raises PictureError: it is none.
    """
    kind, content = next(_chunks(data), (b"", b""))
    if kind != b"IHDR" or len(content) != _HEADER.size:
        raise PictureError("its picture is no PNG")
    width, height, bits, colour, _compression, _filter, interlace = _HEADER.unpack(content)
    is_plain = bits == 8 and not interlace
    return Header(width, height, _PIXEL.get(colour) if is_plain else None)


def rows(data: bytes) -> t.Iterator[bytes]:
    """The rows of pixels, from the top; none of an image whose pixels can't be read.

    :raises PictureError: the image is damaged.
    """
    head = header(data)
    if head.pixel is None:
        return
    compressed = b"".join(content for kind, content in _chunks(data) if kind == b"IDAT")
    try:
        raw = zlib.decompress(compressed)
    except zlib.error:
        raise PictureError("its picture is damaged") from None
    length = head.width * head.pixel
    if len(raw) != (length + 1) * head.height:
        raise PictureError("its picture is damaged")
    above = bytes(length)
    for start in range(0, len(raw), length + 1):
        above = _row(raw[start], raw[start + 1 : start + 1 + length], above, head.pixel)
        yield above


def of_rgb(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of pixels of three bytes. The same pixels make the same file."""
    length = width * 3
    raw = b"".join(b"\0" + pixels[row * length : (row + 1) * length] for row in range(height))
    head = _HEADER.pack(width, height, 8, _RGB, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return _CHUNK.pack(len(content), kind) + content + check


def _chunks(data: bytes) -> t.Iterator[tuple[bytes, bytes]]:
    """The kinds and the contents of the chunks.

    :raises PictureError: one is damaged, or the end is missing.
    """
    if not data.startswith(SIGNATURE):
        raise PictureError("its picture is no PNG")
    start, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if start + _CHUNK.size > len(data):
            raise PictureError("its picture is incomplete")
        length, kind = _CHUNK.unpack_from(data, start)
        start += _CHUNK.size
        content, check = data[start : start + length], data[start + length : start + length + 4]
        if check != struct.pack(">I", zlib.crc32(kind + content)):
            raise PictureError("its picture is damaged")
        yield kind, content
        start += length + 4


def _row(kind: int, filtered: bytes, above: bytes, pixel: int) -> bytes:
    """A row, of which PNG stores the differences from its neighbours.

    ``kind`` says from which: 0 none, 1 the left one, 2 the upper one, 3 the mean of both, and 4
    the one of three that is nearest to left + above - upper left.
    """
    is_zero = not any(filtered)
    if kind == 0 or (is_zero and not any(above)):
        return filtered
    if kind == 2:
        return above if is_zero else bytes((f + a) & 255 for f, a in zip(filtered, above))
    row = bytearray(filtered)
    for at, up in enumerate(above):
        left = row[at - pixel] if at >= pixel else 0
        if kind == 1:
            near = left
        elif kind == 3:
            near = (left + up) // 2
        elif kind == 4:
            near = _nearest(left, up, above[at - pixel] if at >= pixel else 0)
        else:
            raise PictureError("its picture is damaged")
        row[at] = (row[at] + near) & 255
    return bytes(row)


def _nearest(left: int, up: int, corner: int) -> int:
    """Paeth's predictor; the order decides between equal ones."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
