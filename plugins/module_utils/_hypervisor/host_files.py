# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is at a path of the hypervisor's host, which may be another host than this."""

from __future__ import annotations

from .connection import Connection
from .file_users import is_absent
from .files import allocated_bytes
from .libvirt_import import libvirt


def is_taken(connection: Connection, path: str) -> bool:
    """Whether there is something at a path; on another host, only volumes are known."""
    if connection.is_local:
        return not is_absent(connection, path)
    try:
        connection.raw.storageVolLookupByPath(path)
    except libvirt.libvirtError:
        return False
    return True


def allocation(connection: Connection, path: str) -> int | None:
    """The bytes that a file occupies; ``None`` where that is unknown."""
    if connection.is_local:
        return allocated_bytes(path)
    try:
        return int(connection.raw.storageVolLookupByPath(path).info()[2])
    except libvirt.libvirtError:
        return None
