# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The snapshots of a domain."""

from __future__ import annotations

import typing as t

from .._xmltree.parse import parse
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt


class Snapshot(t.NamedTuple):
    """A snapshot; ``creation_time`` is in seconds since 1970.

    ``state`` is the domain's at that time, or ``disk-snapshot``.
    """

    name: str
    parent: str | None
    current: bool
    state: str | None
    creation_time: int | None
    description: str | None


def snapshots(domain: Domain) -> list[Snapshot]:
    """The snapshots, the oldest first; empty for a domain that doesn't exist any more.

    :raises HypervisorError: they can't be read.
    """
    found = []
    try:
        with domain.connection.explained(f"read the snapshots of the domain '{domain.name}'"):
            for raw in domain.raw.listAllSnapshots(0):
                try:
                    document = parse(raw.getXMLDesc(0))
                    current = bool(raw.isCurrent(0))
                except libvirt.libvirtError as error:
                    # The snapshot was deleted in between.
                    if is_code(error, "VIR_ERR_NO_DOMAIN_SNAPSHOT"):
                        continue
                    raise
                created = document.value("creationTime") or ""
                found.append(
                    Snapshot(
                        name=raw.getName(),
                        parent=document.value("parent/name"),
                        current=current,
                        state=document.value("state"),
                        creation_time=int(created) if created.isdigit() else None,
                        description=document.value("description"),
                    )
                )
    except HypervisorError as error:
        if is_code(error.__cause__, "VIR_ERR_NO_DOMAIN"):
            return []
        raise
    return sorted(found, key=lambda snapshot: (snapshot.creation_time or 0, snapshot.name))


def names_of_snapshots(domain: Domain) -> list[str]:
    """The snapshots and checkpoints that libvirt knows: "snapshot s1", "checkpoint c1".

    :raises HypervisorError: they can't be read.
    """
    found = []
    with domain.connection.explained(f"list the snapshots of the domain '{domain.name}'"):
        for kind, query in (
            ("snapshot", domain.raw.listAllSnapshots),
            ("checkpoint", domain.raw.listAllCheckpoints),
        ):
            try:
                found += [f"{kind} {entry.getName()}" for entry in query(0)]
            except libvirt.libvirtError as error:
                # Not every driver has them.
                if not is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_NO_DOMAIN"):
                    raise
    return found
