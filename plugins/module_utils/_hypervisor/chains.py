# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one image is based on, without looking at what else there is on its host.

Who uses a file is told by :mod:`.file_users`.
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
    """It can't be found out what the image is based on; the argument is its path."""


def chain_below(connection: Connection, path: str) -> tuple[str, ...]:
    """The real paths of what an image is based on, the nearest first.

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
        needed = [one for one in needed_by(read) if one.what == BASE]
        files = [file for one in needed for file in files_named(one.name, posixpath.dirname(path))]
    except (OSError, ValueError, UnknownName, libvirt.libvirtError):
        raise UnknownBase(path) from None
    return files[0] if files else None


def known_chain(connection: Connection, path: str) -> tuple[str, ...] | None:
    """As :func:`chain_below`; ``None`` where it is unknown."""
    try:
        return chain_below(connection, path)
    except UnknownBase:
        return None
