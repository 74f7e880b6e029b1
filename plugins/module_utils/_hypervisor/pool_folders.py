# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folders of storage pools."""

from __future__ import annotations

import posixpath

from .._xmltree.dump import parse_dump
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt


def pool_folders(connection: Connection) -> dict[str, str]:
    """The names of all pools that have a folder, by that folder.

    :raises HypervisorError: they can't be read.
    """
    found: dict[str, str] = {}
    with connection.explained("read the storage pools"):
        try:
            for raw in connection.raw.listAllStoragePools(0):
                try:
                    path = parse_dump(raw.XMLDesc(0)).value("target/path")
                except libvirt.libvirtError as error:
                    # It has disappeared meanwhile.
                    if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                        continue
                    raise
                if path:
                    found[posixpath.normpath(path)] = raw.name()
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_SUPPORT"):
                raise
    return found
