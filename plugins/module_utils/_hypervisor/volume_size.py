# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The size of a volume, as its pool knows it."""

from __future__ import annotations

from .connection import Connection
from .libvirt_import import libvirt


def volume_size(connection: Connection, pool: str, volume: str) -> dict[str, int]:
    """A volume's capacity and allocation in bytes; empty where they are unknown."""
    try:
        raw = connection.raw.storagePoolLookupByName(pool).storageVolLookupByName(volume)
        _kind, capacity, allocation = raw.info()
    except libvirt.libvirtError:
        return {}
    return {"capacity": capacity, "allocation": allocation}
