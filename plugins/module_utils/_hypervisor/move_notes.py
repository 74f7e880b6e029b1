# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes, in a domain's metadata, of old volumes that are to go once their disks have moved."""

from __future__ import annotations

import os
import typing as t

from .._virtinst.move_note import PREFIX, URI, OldVolume, element_of, old_volumes, without
from .._xmltree.serialise import serialise
from .connection import Connection
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt


def note(domain: Domain, old: OldVolume) -> None:
    """Note the old volume of a disk, in the place of what is noted of that disk.

    :raises HypervisorError: libvirt refuses.
    """
    fresh = domain.fresh()
    _write(fresh, (*without(old_volumes(fresh.document()), old.target), old))


def forget(domain: Domain, target: str) -> None:
    """Remove the note about the disk at ``target``, if there is one.

    :raises HypervisorError: libvirt refuses.
    """
    fresh = domain.fresh()
    noted = old_volumes(fresh.document())
    left = without(noted, target)
    if left != noted:
        _write(fresh, left)


def file_at(connection: Connection, path: str) -> str | None:
    """What tells a file of this host from another one at its path, as :class:`.OldVolume` has it.

    A new file may have the inode of a deleted one. ``None`` on another host, or where there is no file.
    """
    if not connection.is_local:
        return None
    try:
        status = os.stat(path)
    except OSError:
        return None
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _write(domain: Domain, volumes: t.Sequence[OldVolume]) -> None:
    element, facts = element_of(volumes), domain.facts()
    flags = libvirt.VIR_DOMAIN_AFFECT_CONFIG if facts.persistent else 0
    flags |= libvirt.VIR_DOMAIN_AFFECT_LIVE if facts.active else 0
    try:
        with domain.connection.explained("note the old volume of a disk"):
            domain.raw.setMetadata(
                libvirt.VIR_DOMAIN_METADATA_ELEMENT,
                None if element is None else serialise(element),
                PREFIX,
                URI,
                flags,
            )
    except HypervisorError as error:
        # A driver that has no notes moves disks without them.
        if not is_code(error.__cause__, "VIR_ERR_NO_SUPPORT"):
            raise
