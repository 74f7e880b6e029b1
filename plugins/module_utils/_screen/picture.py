# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The picture of a guest's screen."""

from __future__ import annotations

import hashlib
import typing as t

from . import png, ppm
from .blank import is_blank
from .errors import PictureError

PNG = "image/png"
#: How the drivers of libvirt name PPM.
_PPM = ("image/x-portable-pixmap", "image/x-portable-anymap")


class Picture(t.NamedTuple):
    """A picture: its size in pixels, and the PNG.

    ``is_blank``: there is nothing to see on it. ``mime`` is the type that libvirt has sent.
    """

    width: int
    height: int
    is_blank: bool
    mime: str
    png: bytes

    @property
    def sha256(self) -> str:
        """The checksum of the PNG."""
        return hashlib.sha256(self.png).hexdigest()


def picture_of(mime: str, data: bytes) -> Picture:
    """What libvirt has sent, as a picture. A PNG stays as it is, byte by byte.

    :raises PictureError: it is damaged, or of another type.
    """
    if mime in _PPM:
        width, height, pixels = ppm.read(data)
        length = width * 3
        rows = (pixels[at : at + length] for at in range(0, len(pixels), length))
        blank = is_blank(width, height, 3, rows)
        return Picture(width, height, blank, mime, png.of_rgb(width, height, pixels))
    if mime != PNG:
        raise PictureError(
            f"its picture is of the type {mime}, and only PNG and PPM can be read; take it by virsh screenshot"
        )
    head = png.header(data)
    blank = is_blank(head.width, head.height, head.pixel or 0, png.rows(data))
    return Picture(head.width, head.height, blank, mime, data)
