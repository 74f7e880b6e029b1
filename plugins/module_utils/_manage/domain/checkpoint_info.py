# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing the checkpoints of domains."""

from __future__ import annotations

import typing as t

from ..._hypervisor.checkpoints import changed_bytes, checkpoints
from ..._hypervisor.connection import Connection
from ..._hypervisor.listing import list_domains
from ..selection import Selection


def describe_checkpoints(
    connection: Connection, domains: Selection, names: Selection
) -> list[dict[str, t.Any]]:
    """The selected checkpoints of the selected domains, by domain, the oldest first.

    :raises HypervisorError: libvirt can't be asked.
    """
    found = []
    for listed in list_domains(connection, domains.means, False):
        kept = checkpoints(listed.domain)
        found += [
            {
                "domain": listed.domain.name,
                "name": each.name,
                "parent": each.parent,
                "children": [other.name for other in kept if other.parent == each.name],
                "description": each.description,
                "creation_time": each.creation_time,
                "disks": list(each.targets),
                "changed_bytes": changed_bytes(listed.domain, each.name) or {},
            }
            for each in kept
            if names.means(each.name, "")
        ]
    return found
