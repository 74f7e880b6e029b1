# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All domains of a hypervisor at one moment, read with few calls."""

from __future__ import annotations

import typing as t

from .api import DOMAINS
from .connection import Connection
from .domains import Domain, Domains
from .listing import those_with
from .objects import Facts

#: The states of what runs that libvirt lists domains by (virConnectListAllDomainsFlags); it
#: lists as "other" what has none of these and isn't shut off either.
_ACTIVE_STATES = ("running", "paused")


class DomainIndex(Domains):
    """The domains at the moment when it was made; later ones are never looked up.

    ``by_names`` has them by their names.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.at_one_moment())
        with connection.explained("list the domains"):
            listed = connection.raw.listAllDomains(0)
            facts = _facts(connection, listed)
        self.by_names: dict[str, Domain] = {}
        self._by_uuids: dict[str, Domain] = {}
        for raw in listed:
            domain = Domain(self.connection, raw, facts.get(raw.UUIDString()))
            self.by_names[domain.name] = self._by_uuids[domain.uuid] = domain

    def by_name(self, name: str) -> Domain | None:
        """The domain with this name."""
        return self.by_names.get(name)

    def by_uuid(self, identifier: str) -> Domain | None:
        """The domain with this UUID."""
        return self._by_uuids.get(identifier)


def _facts(connection: Connection, listed: t.Sequence[t.Any]) -> dict[str, Facts]:
    """The facts, by UUID, of the domains whose facts are known from libvirt's lists alone.

    Each list costs as much as it is long, so that of each pair the one that is mostly short is read.
    """
    is_any_active = any(raw.ID() >= 0 for raw in listed)
    # What is off is persistent.
    transient = those_with(connection, "TRANSIENT") if is_any_active else frozenset()
    autostart = those_with(connection, "AUTOSTART")
    other = those_with(connection, "OTHER")
    if transient is None or autostart is None or other is None:
        # Not every driver has such lists; then each domain is read by itself.
        return {}
    active: dict[str, str] = {}
    if is_any_active:
        for name in _ACTIVE_STATES:
            active.update(dict.fromkeys(those_with(connection, name.upper()) or (), name))
    facts: dict[str, Facts] = {}
    for raw in listed:
        uuid, number = raw.UUIDString(), raw.ID()
        is_active = number >= 0
        state = active.get(uuid) if is_active else "shutoff"
        if state is not None and uuid not in other:
            facts[uuid] = Facts(
                DOMAINS,
                raw.name(),
                uuid,
                state,
                id=number if is_active else None,
                persistent=uuid not in transient,
                autostart=uuid in autostart,
            )
    return facts
