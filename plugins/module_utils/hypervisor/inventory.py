# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All domains of a hypervisor at one moment, read with few calls."""

from __future__ import annotations

import typing as t

from ..xmltree.dump import parse_dump
from ..xmltree.element import Element
from .connection import Connection
from .domains import Domain, DomainFacts
from .libvirt_import import libvirt

#: The states that libvirt lists domains by (virConnectListAllDomainsFlags).
_STATES = {
    "running": "VIR_CONNECT_LIST_DOMAINS_RUNNING",
    "paused": "VIR_CONNECT_LIST_DOMAINS_PAUSED",
    "shutoff": "VIR_CONNECT_LIST_DOMAINS_SHUTOFF",
}


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
        super().__init__(connection.raw, connection.uri)
        with connection.explained("list the domains"):
            listed = connection.raw.listAllDomains(0)
        facts = _facts(connection, listed)
        self.domains: dict[str, KnownDomain] = {}
        self._by_uuid: dict[str, KnownDomain] = {}
        for raw in listed:
            domain = KnownDomain(self, raw, facts.get(raw.name()))
            self.domains[domain.name] = self._by_uuid[domain.uuid] = domain

    def known(self, name: str | None, uuid: str | None) -> KnownDomain | None:
        """The domain with this name, or with this UUID."""
        return self.domains.get(name) if name is not None else self._by_uuid.get(uuid or "")


def _facts(connection: Connection, listed: t.Sequence[t.Any]) -> dict[str, DomainFacts]:
    """What libvirt says of those of which lists tell all of it."""

    def names(flag: str) -> set[str]:
        return {raw.name() for raw in connection.raw.listAllDomains(getattr(libvirt, flag))}

    try:
        persistent = names("VIR_CONNECT_LIST_DOMAINS_PERSISTENT")
        autostart = names("VIR_CONNECT_LIST_DOMAINS_AUTOSTART")
        states = {name: state for state, flag in _STATES.items() for name in names(flag)}
    except libvirt.libvirtError:
        # Not every driver has such lists; each domain is asked then.
        return {}
    facts = {}
    for raw in listed:
        name, number = raw.name(), raw.ID()
        if name in states:
            facts[name] = DomainFacts(
                name=name,
                uuid=raw.UUIDString(),
                id=number if number >= 0 else None,
                state=states[name],
                persistent=name in persistent,
                autostart=name in autostart,
            )
    return facts
