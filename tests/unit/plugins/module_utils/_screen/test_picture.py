# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures of screens: PNG and PPM, and whether there is anything to see."""

from __future__ import annotations

import random
import struct
import zlib

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._screen import png
from ansible_collections.declarative.libvirt.plugins.module_utils._screen.blank import (
    MESSAGES,
    is_blank,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._screen.errors import PictureError
from ansible_collections.declarative.libvirt.plugins.module_utils._screen.picture import picture_of

WIDTH, HEIGHT = 16, 7
PPM = "image/x-portable-pixmap"


def pixels_of(seed: int) -> bytes:
    """A picture whose neighbours are near each other, here and there."""
    chance = random.Random(seed)
    found = bytearray(chance.randbytes(WIDTH * HEIGHT * 3))
    found[60:150] = bytes(90)
    return bytes(found)


def filtered(pixels: bytes, kinds: list[int], pixel: int = 3) -> bytes:
    """A PNG whose rows are stored by these filters; written from the recommendation's formulas."""
    length = WIDTH * pixel
    raw, above = b"", bytes(length)
    for number, kind in enumerate(kinds):
        row = pixels[number * length : (number + 1) * length]
        out = bytearray()
        for at, value in enumerate(row):
            a = row[at - pixel] if at >= pixel else 0
            b = above[at]
            c = above[at - pixel] if at >= pixel else 0
            p = a + b - c
            pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
            paeth = a if pa <= pb and pa <= pc else b if pb <= pc else c
            out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
        raw += bytes([kind]) + bytes(out)
        above = row
    return png_of(raw, len(kinds), {3: 2, 4: 6, 1: 0}[pixel])


def png_of(raw: bytes, height: int, colour: int, bits: int = 8, interlace: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, height, bits, colour, 0, 0, interlace)
    half = len(zlib.compress(raw)) // 2
    packed = zlib.compress(raw)
    found = png.SIGNATURE
    for kind, content in (
        (b"IHDR", head),
        (b"tEXt", b"Title\0a"),
        (b"IDAT", packed[:half]),
        (b"IDAT", packed[half:]),
        (b"IEND", b""),
    ):
        found += struct.pack(">I", len(content)) + kind + content
        found += struct.pack(">I", zlib.crc32(kind + content))
    return found


@pytest.mark.parametrize("kind", range(5))
def test_rows_are_read_whatever_their_filter(kind: int) -> None:
    pixels = pixels_of(kind)
    assert b"".join(png.rows(filtered(pixels, [kind] * HEIGHT))) == pixels
    mixed = [(kind + number) % 5 for number in range(HEIGHT)]
    assert b"".join(png.rows(filtered(pixels, mixed))) == pixels


def test_what_is_written_is_read() -> None:
    pixels = pixels_of(1)
    made = png.of_rgb(WIDTH, HEIGHT, pixels)
    assert png.header(made) == (WIDTH, HEIGHT, 3)
    assert b"".join(png.rows(made)) == pixels
    assert made == png.of_rgb(WIDTH, HEIGHT, pixels)


def test_a_png_stays_as_it_is() -> None:
    data = filtered(pixels_of(2), [4] * HEIGHT)
    found = picture_of("image/png", data)
    assert (found.png, found.width, found.height, found.is_blank) == (data, WIDTH, HEIGHT, False)


@pytest.mark.parametrize(
    "head", [b"P6\n16 7\n255\n", b"P6 16 7 255 ", b"P6\n# by hand\n16 7\n# and more\n255\n"]
)
def test_a_ppm_becomes_a_png(head: bytes) -> None:
    pixels = pixels_of(3)
    found = picture_of(PPM, head + pixels)
    assert found[:4] == (WIDTH, HEIGHT, False, PPM)
    assert b"".join(png.rows(found.png)) == pixels
    assert picture_of(PPM, head + bytes(len(pixels))).is_blank


@pytest.mark.parametrize("kind", range(5))
def test_one_colour_is_blank(kind: int) -> None:
    for colour in (bytes(3), b"\x10\x20\x30"):
        data = filtered(colour * WIDTH * HEIGHT, [kind] * HEIGHT)
        assert picture_of("image/png", data).is_blank
    many = WIDTH * 3 * 17
    pixels = bytes(many) + b"\1" * many
    assert not picture_of("image/png", filtered(pixels, [kind] * 34)).is_blank


def message_rows(message: str, width: int, height: int, at: int = 0) -> list[bytes]:
    """The rows of a message in the middle, as QEMU writes it; each letter is a whole cell."""
    rows = [bytearray(width * 3) for _row in range(height)]
    top = (height // 16 - 1) // 2 * 16
    first = (width // 8 - len(message)) // 2 + at
    for number, letter in enumerate(message):
        if letter != " ":
            for row in rows[top : top + 16]:
                start = (first + number) * 24
                row[start : start + 24] = b"\xaa" * 24
    return [bytes(row) for row in rows]


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize(("width", "height"), [(640, 480), (1024, 768), (1280, 800)])
def test_messages_of_qemu_are_blank(message: str, width: int, height: int) -> None:
    rows = message_rows(message, width, height)
    assert is_blank(width, height, 3, rows)
    # What the guest has written itself is none.
    assert not is_blank(width, height, 3, message_rows(message, width, height, at=1))
    assert not is_blank(width, height, 3, message_rows("login: please wait for it", width, height))
    assert not is_blank(width, height, 3, [row.replace(b"\xaa", b"\xff") for row in rows])
    assert not is_blank(width, height, 3, [*rows[16:], *rows[:16]])


def test_pixels_that_can_not_be_read_are_not_blank() -> None:
    for colour, bits, interlace in ((3, 8, 0), (2, 16, 0), (2, 8, 1)):
        data = png_of(b"\0", HEIGHT, colour, bits, interlace)
        assert picture_of("image/png", data)[:3] == (WIDTH, HEIGHT, False)


@pytest.mark.parametrize(
    ("mime", "data", "words"),
    [
        ("image/png", b"", "no PNG"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "incomplete"),
        ("image/png", filtered(pixels_of(1), [0] * HEIGHT)[:-12], "incomplete"),
        ("image/png", filtered(pixels_of(1), [0] * HEIGHT)[:-30], "damaged"),
        ("image/png", png_of(b"\0" * 7, HEIGHT, 2), "damaged"),
        ("image/png", png_of(b"\7" * 49 * HEIGHT, HEIGHT, 2), "damaged"),
        (PPM, b"P3\n1 1\n255\n0 0 0", "no binary PPM"),
        (PPM, b"P6\n1 1\n255\nab", "incomplete"),
        (PPM, b"P6\n1 1\n65535\nabcdef", "no bytes"),
        ("image/bmp", b"BM", "of the type image/bmp"),
    ],
)
def test_what_is_damaged_or_of_another_type_is_refused(mime: str, data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        picture_of(mime, data)
