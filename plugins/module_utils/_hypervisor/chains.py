# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backing files of one image.

The users of a file are found by :mod:`.file_users`, which has to read the whole host.
"""

from __future__ import annotations

import functools
import os
import posixpath

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
    names = HostNames(connection.is_local)
    found: list[str] = []
    base: str | None = names.real(path)
    while base is not None and base not in found:
        found.append(base)
        named = _base_of(connection, base)
        base = None if named is None else names.real(named)
    return tuple(found[1:])


def is_circle(connection: Connection, path: str) -> bool:
    """Whether an image has itself, or one of its backing files twice, below it."""
    names = HostNames(connection.is_local)
    seen: set[str] = set()
    base: str | None = names.real(path)
    while base is not None:
        if base in seen:
            return True
        seen.add(base)
        try:
            named = _base_of(connection, base)
        except UnknownBase:
            return False
        base = None if named is None else names.real(named)
    return False


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
