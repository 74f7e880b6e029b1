# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether there is anything to see on a screen."""

from __future__ import annotations

import typing as t

#: A character of QEMU's own font, in pixels (ui/console-priv.h), and its grey and black.
_GLYPH_WIDTH, _GLYPH_HEIGHT = 8, 16
_GREY, _BLACK = b"\xaa\xaa\xaa", bytes(3)
#: What QEMU itself shows while the guest shows nothing: ui/console.c, and the devices in hw/display.
MESSAGES = (
    "Guest has not initialized the display (yet).",
    "Display output is not active.",
    "Guest disabled display.",
    "This VM has no graphic display device.",
)


def is_blank(width: int, height: int, pixel: int, rows: t.Iterable[bytes]) -> bool:
    """Whether an image has one colour alone, or is what QEMU shows while the guest shows nothing.

    ``pixel`` is the number of bytes of a pixel, ``rows`` are those of the image.
    """
    plain, lit = b"", {}
    for number, row in enumerate(rows):
        plain = plain or row[:pixel] * width
        if row != plain:
            lit[number] = row
        if len(lit) > _GLYPH_HEIGHT:
            return False
    if not lit:
        return bool(plain)
    return plain[:pixel] == _BLACK and _is_message(width, height, lit)


def _is_message(width: int, height: int, lit: t.Mapping[int, bytes]) -> bool:
    """Whether these rows, which aren't black, are a message of QEMU's.

    qemu_create_placeholder_surface in ui/console.c writes it into the middle.
    """
    top = (height // _GLYPH_HEIGHT - 1) // 2 * _GLYPH_HEIGHT
    if not all(top <= number < top + _GLYPH_HEIGHT for number in lit):
        return False
    columns = set()
    for row in lit.values():
        for column in range(width):
            colour = row[column * 3 : column * 3 + 3]
            if colour == _GREY:
                columns.add(column // _GLYPH_WIDTH)
            elif colour != _BLACK:
                return False
    return any(columns == _columns_of(message, width) for message in MESSAGES)


def _columns_of(message: str, width: int) -> set[int]:
    """The columns of characters that a message lights."""
    first = (width // _GLYPH_WIDTH - len(message)) // 2
    return {first + number for number, letter in enumerate(message) if letter != " "}
