# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operating system an installation image has.

An image describes itself at its beginning, in the primary volume descriptor of
ISO 9660 (ECMA-119, section 8.4). The database has patterns for that.
"""

from __future__ import annotations

import re
import typing as t

from .._xmltree.lxml_import import etree
from .database import Database
from .errors import NotAnImage
from .operating_system import OperatingSystem

#: The descriptor is in the 17th sector.
_START = 0x8000
_LENGTH = 2048
_MAGIC = b"\x01CD001"
#: The place and length of the descriptor's texts in bytes, by the database's names.
_TEXTS = {
    "system-id": (8, 32),
    "volume-id": (40, 32),
    "publisher-id": (318, 128),
    "application-id": (574, 128),
}
_BLOCKS, _BLOCK_SIZE = 80, 128
_LATE_ARCH = "all"
_LATE_STATUS = "rolling"


class Descriptor(t.NamedTuple):
    """The descriptor's texts by the database's names, and the image's ``size`` in bytes."""

    texts: t.Mapping[str, str]
    size: int


def describe(image: t.BinaryIO) -> Descriptor:
    """Read the descriptor of an image.

    :raises NotAnImage: it has none.
    """
    image.seek(_START)
    data = image.read(_LENGTH)
    if len(data) < _LENGTH or not data.startswith(_MAGIC):
        raise NotAnImage
    texts = {
        name: data[start : start + length].decode("utf-8", "replace").rstrip(" \0")
        for name, (start, length) in _TEXTS.items()
    }
    blocks = int.from_bytes(data[_BLOCKS : _BLOCKS + 4], "little")
    size = int.from_bytes(data[_BLOCK_SIZE : _BLOCK_SIZE + 2], "little")
    return Descriptor(texts, blocks * size)


class Medium(t.NamedTuple):
    """An image that the database knows: its system, and the paths in it that boot its installer.

    ``element`` is the database's entry for such images.
    """

    system: OperatingSystem
    kernel: str | None
    initrd: str | None
    element: etree._Element


def detect_medium(database: Database, image: t.BinaryIO) -> Medium | None:
    """What the database knows of an image; ``None`` if that is nothing.

    :raises NotAnImage: it isn't an ISO image.
    """
    descriptor = describe(image)
    system = _system_of(database, descriptor)
    if system is None:
        return None
    media = [medium for medium in system.media() if _fits(medium, descriptor)]
    pairs = [(medium.findtext("kernel"), medium.findtext("initrd")) for medium in media]
    whole = [pair for pair in pairs if all(pair)]
    # An entry for images of exactly this size says more.
    sized = [medium for medium in media if int(medium.findtext("iso/volume-size") or 0)]
    return Medium(system, *(whole or pairs)[0], (sized or media)[0])


def detect(database: Database, image: t.BinaryIO) -> OperatingSystem | None:
    """The operating system of an image; ``None`` if the database doesn't know it.

    :raises NotAnImage: it isn't an ISO image.
    """
    return _system_of(database, describe(image))


def _system_of(database: Database, descriptor: Descriptor) -> OperatingSystem | None:
    # A pattern for all architectures, or for a rolling system, fits images of other systems
    # too. Where versions have the same patterns, as with Windows, the newest is likeliest.
    exact: list[OperatingSystem] = []
    late: list[OperatingSystem] = []
    for system in database.all():
        media = [medium for medium in system.media() if _fits(medium, descriptor)]
        if system.release_status != _LATE_STATUS and any(
            medium.get("arch") != _LATE_ARCH for medium in media
        ):
            exact.append(system)
        elif media:
            late.append(system)
    if exact:
        return max(exact, key=lambda system: system.release_date or "")
    return late[0] if late else None


def _fits(medium: etree._Element, descriptor: Descriptor) -> bool:
    for iso in medium.iterfind("iso"):
        patterns = {name: iso.findtext(name) for name in _TEXTS}
        size = iso.findtext("volume-size")
        if not any(patterns.values()):
            continue
        if size is not None and int(size) not in (0, descriptor.size):
            continue
        if all(
            pattern is None or _matches(pattern, descriptor.texts[name])
            for name, pattern in patterns.items()
        ):
            return True
    return False


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False
