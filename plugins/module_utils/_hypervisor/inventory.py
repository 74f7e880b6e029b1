# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All domains of a hypervisor at one moment, read with few calls."""

from __future__ import annotations

import typing as t

from .._xmltree.dump import parse_dump
from .._xmltree.element import Element
from .connection import Connection
from .domains import Domain, DomainFacts
from .listing import those_with

#: The states that libvirt lists domains by (virConnectListAllDomainsFlags).
_STATES = ("running", "paused", "shutoff")


class KnownDomain(Domain):
    """A domain that was read, each part of it once."""

    def __init__(self, connection: Connection, raw: t.Any, facts: DomainFacts | None) -> None:
        super().__init__(connection, raw)
        self._facts = facts
        self._definition: str | None = None
        self._document: Element | None = None
        self._live: str | None = None

    def facts(self) -> DomainFacts:
        if self._facts is None:
            self._facts = super().facts()
        return self._facts

    def definition(self) -> str:
        if self._definition is None:
            self._definition = super().definition()
        return self._definition

    def document(self, definition: str | None = None) -> Element:
        if self._document is None:
            self._document = parse_dump(self.definition())
        return self._document

    def live(self) -> str:
        if self._live is None:
            self._live = super().live()
        return self._live


class Inventory(Connection):
    """The same connection, on which domains are looked up among those that were read."""

    knows_domains = True

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.raw, connection.uri, connection.is_local)
        with connection.explained("list the domains"):
            listed = connection.raw.listAllDomains(0)
            facts = _facts(connection, listed)
        self.domains: dict[str, KnownDomain] = {}
        self._by_uuid: dict[str, KnownDomain] = {}
        for raw in listed:
            domain = KnownDomain(self, raw, facts.get(raw.UUIDString()))
            self.domains[domain.name] = self._by_uuid[domain.uuid] = domain

    def known(self, name: str | None, uuid: str | None) -> KnownDomain | None:
        """The domain with this name, or with this UUID."""
        return self.domains.get(name) if name is not None else self._by_uuid.get(uuid or "")


def _facts(connection: Connection, listed: t.Sequence[t.Any]) -> dict[str, DomainFacts]:
    """What libvirt says of those, by UUID, of which lists tell all of it."""
    persistent = those_with(connection, "PERSISTENT")
    autostart = those_with(connection, "AUTOSTART")
    states: dict[str, str] = {}
    for state in _STATES:
        states.update(dict.fromkeys(those_with(connection, state.upper()) or (), state))
    facts: dict[str, DomainFacts] = {}
    if persistent is None or autostart is None:
        # Not every driver has such lists; each domain is asked then.
        return facts
    for raw in listed:
        uuid, number = raw.UUIDString(), raw.ID()
        if uuid in states:
            facts[uuid] = DomainFacts(
                name=raw.name(),
                uuid=uuid,
                id=number if number >= 0 else None,
                state=states[uuid],
                persistent=uuid in persistent,
                autostart=uuid in autostart,
            )
    return facts
