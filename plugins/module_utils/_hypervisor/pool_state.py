# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether storage pools are on, and what they are."""

from __future__ import annotations

from .._xmltree.dump import parse_dump
from .._xmltree.serialise import serialise
from .api import POOLS
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt

#: What the document of a pool says of its volumes, which come and go.
_OF_VOLUMES = frozenset(["capacity", "allocation", "available"])


def is_active(connection: Connection, name: str) -> bool | None:
    """Whether a pool is on; ``None`` where that is unknown.

    :raises LookupError: there is no such pool.
    """
    if connection.coming.is_gone(POOLS.noun, name):
        raise LookupError(name)
    planned = connection.coming.find(POOLS.noun, name)
    if planned is not None:
        return planned.is_active
    with connection.explained(f"look at the storage pool {name}"):
        try:
            return bool(connection.raw.storagePoolLookupByName(name).isActive())
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                raise LookupError(name) from None
            if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_OPERATION_UNSUPPORTED"):
                return None
            raise


def pool_states(connection: Connection) -> list[tuple[str, bool, str]]:
    """The pools by name, with whether each is on and its document without the room in it.

    :raises HypervisorError: they can't be read.
    """
    found = []
    with connection.explained("read the storage pools"):
        try:
            for raw in connection.raw.listAllStoragePools(0):
                try:
                    is_on, document = bool(raw.isActive()), parse_dump(raw.XMLDesc(0))
                except libvirt.libvirtError as error:
                    # It has disappeared meanwhile.
                    if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                        continue
                    raise
                lasting = [each for each in document.children if each.tag not in _OF_VOLUMES]
                found.append((raw.name(), is_on, serialise(document.replaced(children=lasting))))
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_SUPPORT"):
                raise
    return sorted(found)
