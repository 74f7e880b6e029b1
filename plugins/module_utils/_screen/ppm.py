# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""PPM in its binary form (P6), which QEMU wrote before it could write PNG."""

from __future__ import annotations

import re

from .errors import PictureError

#: The magic, width, height and the largest value of a sample, between which there may be comments.
_HEADER = re.compile(rb"P6" + rb"(?:\s|#[^\n]*\n)+(\d{1,6})" * 3 + rb"\s")


def read(data: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the pixels, three bytes each.

    :raises PictureError: it is no such image, or is incomplete.
    """
    found = _HEADER.match(data)
    if found is None:
        raise PictureError("its picture is no binary PPM")
    width, height, most = map(int, found.groups())
    pixels = data[found.end() :]
    if most != 255:
        raise PictureError("its picture is a PPM whose samples are no bytes")
    if len(pixels) != width * height * 3 or not pixels:
        raise PictureError("its picture is incomplete")
    return width, height, pixels
