# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a storage pool is on."""

from __future__ import annotations

from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt


def is_active(connection: Connection, name: str) -> bool | None:
    """Whether a pool is on; ``None`` where that is unknown.

    :raises LookupError: there is no such pool.
    """
    with connection.explained(f"look at the storage pool {name}"):
        try:
            return bool(connection.raw.storagePoolLookupByName(name).isActive())
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                raise LookupError(name) from None
            if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_OPERATION_UNSUPPORTED"):
                return None
            raise
