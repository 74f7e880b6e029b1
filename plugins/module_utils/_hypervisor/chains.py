# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backing files of one image.

The users of a file are found by :mod:`.file_users`, which has to read the whole host.
"""

from __future__ import annotations

import functools
import os
import posixpath
import typing as t

from .._file_use.image import BASE, needed_by
from .._file_use.names import UnknownName, files_named
from .connection import Connection
from .file_users import HostNames, read_file
from .libvirt_import import libvirt
from .volume_content import read as read_volume


class UnknownBase(Exception):
    """The backing file of an image is unknown; the argument is the image's path."""


def chain_below(connection: Connection, path: str) -> tuple[str, ...]:
    """The real paths of an image's backing files, the nearest first.

    :raises UnknownBase: an image of the chain can't be read, or is on another host and in
        no pool.
    """
    found: list[str] = []
    for image in _from(connection, path):
        if image in found:
            break
        found.append(image)
    return tuple(found[1:])


def is_circle(connection: Connection, path: str) -> bool:
    """Whether an image has itself, or one of its backing files twice, below it."""
    seen: set[str] = set()
    try:
        for image in _from(connection, path):
            if image in seen:
                return True
            seen.add(image)
    except UnknownBase:
        # As far as it is known, it comes to an end.
        return False
    return False


def _from(connection: Connection, path: str) -> t.Iterator[str]:
    """The real paths of an image and its backing files, without an end where they are a circle.

    :raises UnknownBase: as :func:`chain_below`.
    """
    names = HostNames(connection.is_local)
    image: str | None = names.real(path)
    while image is not None:
        yield image
        base = _base_of(connection, image)
        image = None if base is None else names.real(base)


def _base_of(connection: Connection, path: str) -> str | None:
    if not path.startswith("/"):
        return None
    try:
        if connection.is_local and os.access(path, os.R_OK):
            read = functools.partial(read_file, path)
        elif connection.is_local and not os.path.exists(path):
            return None
        else:
            volume = connection.raw.storageVolLookupByPath(path)
            read = functools.partial(read_volume, connection, volume)
        needed = [file for file in needed_by(read) if file.what == BASE]
        files = [
            file for base in needed for file in files_named(base.name, posixpath.dirname(path))
        ]
    except (OSError, ValueError, UnknownName, libvirt.libvirtError):
        raise UnknownBase(path) from None
    return files[0] if files else None


def known_chain(connection: Connection, path: str) -> tuple[str, ...] | None:
    """As :func:`chain_below`; ``None`` where it is unknown."""
    try:
        return chain_below(connection, path)
    except UnknownBase:
        return None
