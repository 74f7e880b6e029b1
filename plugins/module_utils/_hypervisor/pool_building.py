# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building a storage pool: its folder, or what is written to its devices."""

from __future__ import annotations

import contextlib
import os
import stat

from .._rules.pool_types import ZPOOL, type_of
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .active_object import Pool, pools
from .connection import Connection
from .libvirt_import import libvirt
from .pool_volumes import is_missing

#: Whether what is on a device may be lost.
NO_OVERWRITE, OVERWRITE = "no_overwrite", "overwrite"


def lacks_folder(connection: Connection | None, document: Element) -> bool:
    """Whether it is certain that a pool's folder, which ``build`` makes, is not there."""
    path = document.value("target/path")
    if connection is None or not connection.is_local or path is None:
        return False
    return type_of(document.get("type")).makes_folder and is_missing(path)


def obstacle(connection: Connection | None, document: Element) -> str | None:
    """What is certain to be in the way of a pool's folder: a path of this host that is no folder."""
    path = document.value("target/path")
    if connection is None or not connection.is_local or path is None:
        return None
    if not type_of(document.get("type")).makes_folder:
        return None
    while not os.path.lexists(path) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return path if os.path.lexists(path) and not os.path.isdir(path) else None


def folder_permissions(connection: Connection, path: str) -> dict[str, str] | None:
    """The permissions of a folder of this host, as libvirt writes them; ``None`` if unknown."""
    if not connection.is_local:
        return None
    try:
        status = os.stat(path)
    except OSError:
        return None
    mode = f"{stat.S_IMODE(status.st_mode):04o}"
    return {"mode": mode, "owner": str(status.st_uid), "group": str(status.st_gid)}


def build(found: Pool, overwrite: str = "") -> None:
    """Build a pool that is not active.

    Without ``overwrite``, only its folder is made, with its permissions. With
    :data:`NO_OVERWRITE` its devices get a file system, a table or a volume group, if there is
    nothing on them that libvirt knows; with :data:`OVERWRITE` whatever is there.

    :raises HypervisorError: libvirt refuses.
    """
    flags, advice = 0, "see that its parent folder can be written to, or set build to never"
    is_zpool = type_of(found.document().get("type")).formats == ZPOOL
    if overwrite:
        advice = "set build to never to use what is there"
        if overwrite == NO_OVERWRITE:
            advice += ", or to overwrite to lose it"
    if overwrite and not is_zpool:
        flags = (
            libvirt.VIR_STORAGE_POOL_BUILD_OVERWRITE
            if overwrite == OVERWRITE
            else libvirt.VIR_STORAGE_POOL_BUILD_NO_OVERWRITE
        )
    with found.connection.explained("build the pool", advice):
        found.raw.build(flags)


def redefine(found: Pool, document: Element) -> Pool:
    """Define a pool with another document; it is what was made.

    :raises HypervisorError: libvirt refuses.
    """
    return pools(found.connection).define(serialise(document), False)


def remove_folder(found: Pool) -> None:
    """Remove the folder of a pool that is not active, if it is empty, and nothing else."""
    if type_of(found.document().get("type")).makes_folder:
        with contextlib.suppress(libvirt.libvirtError):
            found.raw.delete(0)
