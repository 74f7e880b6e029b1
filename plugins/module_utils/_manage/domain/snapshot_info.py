# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing the snapshots of domains."""

from __future__ import annotations

import functools
import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.host_files import allocation
from ..._hypervisor.listing import list_domains
from ..._hypervisor.snapshots import Kept, kept_snapshots
from ..._rules.snapshot import NO, kind_of
from ..selection import Selection
from .current import current_of
from .snapshot_removal import chain_of

if t.TYPE_CHECKING:
    from ..._hypervisor.domains import Domain
    from ..._xmltree.element import Element


def describe(
    connection: Connection, domains: Selection, names: Selection
) -> list[dict[str, t.Any]]:
    """The selected snapshots of the selected domains, by domain, the oldest first.

    :raises HypervisorError: libvirt can't be asked.
    """
    found = []
    for listed in list_domains(connection, domains.means, False):
        # None: the driver doesn't know which domains have some.
        if listed.has_snapshots is False:
            continue
        kept = kept_snapshots(listed.domain)
        # Read once, and only if a snapshot has an overlay.
        current = functools.cache(functools.partial(current_of, listed.domain))
        found += [
            _described(listed.domain, kept, each, current)
            for each in kept
            if names.means(each.snapshot.name, "")
        ]
    return found


def _described(
    domain: Domain, kept: t.Sequence[Kept], each: Kept, current: t.Callable[[], Element]
) -> dict[str, t.Any]:
    snapshot, document = each.snapshot, each.document
    return {
        "domain": domain.name,
        **snapshot._asdict(),
        "children": [
            other.snapshot.name for other in kept if other.snapshot.parent == snapshot.name
        ],
        "type": kind_of(document),
        "memory": (document.value("memory/@snapshot") or NO) != NO,
        "memory_file": each.external.memory,
        "disks": [
            _disk(domain, each, current, disk.get("name") or "", disk.get("snapshot") or NO)
            for disk in document.findall("disks/disk")
        ],
    }


def _disk(
    domain: Domain, each: Kept, current: t.Callable[[], Element], target: str, kind: str
) -> dict[str, t.Any]:
    path = each.external.overlays.get(target)
    chain = None if path is None else chain_of(domain, current(), target)
    return {
        "target": target,
        "type": kind,
        "path": path,
        "allocation": None if path is None else allocation(domain.connection, path),
        "used": None if chain is None else path in chain,
    }
