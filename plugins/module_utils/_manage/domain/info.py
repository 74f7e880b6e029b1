# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing domains."""

from __future__ import annotations

import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.listing import Listed, Texts, list_domains, read_all
from ..._hypervisor.objects import Facts
from ..._reconcile.domain.ansible_host import AnsibleHost, tags_and_vars
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..._xmltree.serialise import serialise
from ..outcome import pending_as_result
from ..selection import Selection
from . import description

if t.TYPE_CHECKING:
    from ..._reconcile.plan import Change

#: The parts of the result that have to be requested.
XML, LIVE_XML, STATS, AGENT = "xml", "live_xml", "stats", "agent"
#: States that stand for several of libvirt's.
ACTIVE, INACTIVE = "active", "inactive"


class Wish(t.NamedTuple):
    """The request of a task; ``None`` for ``states`` stands for all.

    ``tags`` are those that a domain has to have, each of them, and ``exclude_tags`` those of
    which it must have none.
    """

    selection: Selection = Selection(None)
    states: tuple[str, ...] | None = None
    sources: tuple[str, ...] = ("lease",)
    gather: frozenset[str] = frozenset()
    agent_timeout: float = 5
    tags: frozenset[str] = frozenset()
    exclude_tags: frozenset[str] = frozenset()

    def has_state(self, facts: Facts) -> bool:
        """Whether domains in this state are requested."""
        if self.states is None:
            return True
        return facts.state in self.states or (ACTIVE if facts.active else INACTIVE) in self.states

    def has_tags(self, tags: t.Sequence[str]) -> bool:
        """Whether domains with these tags are requested."""
        return self.tags.issubset(tags) and self.exclude_tags.isdisjoint(tags)


class Documents(t.NamedTuple):
    """The definition of a domain, and the document of its guest if one runs.

    ``host`` is what the latter, or else the former, says of the guest as a host of Ansible.
    """

    definition: Element
    live: Element | None
    host: AnsibleHost

    @property
    def current(self) -> Element:
        """The document of the guest if one runs, else the definition."""
        return self.definition if self.live is None else self.live


class Read(t.NamedTuple):
    """A domain as libvirt knows it; ``described`` is without the facts of the guest."""

    entry: Listed
    documents: Documents
    described: dict[str, t.Any]


def read(connection: Connection, wish: Wish) -> t.Iterator[Read]:
    """Read and describe the selected domains, by name, without asking the guests.

    A domain that disappears meanwhile is left out.

    :raises HypervisorError: libvirt can't be asked.
    """
    listed = list_domains(connection, wish.selection.means, STATS in wish.gather)
    selected = [entry for entry in listed if wish.has_state(entry.facts)]
    for entry, texts in read_all(selected):
        definition = parse(texts[0])
        live = None if texts[1] is None else parse(texts[1])
        host = tags_and_vars(definition if live is None else live)
        if wish.has_tags(host.tags):
            documents = Documents(definition, live, host)
            yield Read(entry, documents, _described(entry, texts, documents, wish))


def describe(connection: Connection, wish: Wish) -> list[dict[str, t.Any]]:
    """Describe the selected domains, by name.

    :raises HypervisorError: libvirt can't be asked.
    """
    found = list(read(connection, wish))
    active = [(each.entry.domain, each.described) for each in found if each.entry.facts.active]
    if active:
        # Ansible compiles a module's code anew in each task, and there may be no guest.
        from .guest_info import add_from_guests

        add_from_guests(active, wish.sources, AGENT in wish.gather, wish.agent_timeout)
        from .cut_off import mark_cut_off

        mark_cut_off(connection, [(each.documents.current, each.described) for each in found])
    return [each.described for each in found]


def _described(listed: Listed, texts: Texts, documents: Documents, wish: Wish) -> dict[str, t.Any]:
    definition, live, host = documents
    document = documents.current
    described: dict[str, t.Any] = {
        **listed.facts.as_result(),
        "state_reason": listed.reason,
        "saved": listed.saved,
        **description.machine(document),
        "tags": list(host.tags),
        "ansible_vars": dict(host.variables),
        "disks": _disks(listed, document),
        "interfaces": [
            {**each, "disconnected": False, "addresses": []}
            for each in description.interfaces(document)
        ],
        "addresses": [],
        "snapshots": _snapshots(listed),
        **pending_as_result(*_pending(listed, definition, live)),
        "unavailable": {},
    }
    if XML in wish.gather:
        described[XML] = _shown(texts[0], definition)
    if LIVE_XML in wish.gather:
        described[LIVE_XML] = None if live is None else _shown(texts[1] or "", live)
    if STATS in wish.gather:
        described[STATS] = dict(listed.stats)
    if AGENT in wish.gather:
        described[AGENT] = None
        if not listed.facts.active:
            described["unavailable"][AGENT] = "the guest does not run"
    return described


def _disks(listed: Listed, document: Element) -> list[dict[str, t.Any]]:
    disks = description.disks(document, listed.stats)
    for disk in disks:
        # libvirt doesn't look a volume up for a guest that is off.
        if disk["type"] == "volume" and disk["capacity"] is None and disk["source"]:
            from ..._hypervisor.volume_size import volume_size

            pool, _slash, volume = disk["source"].partition("/")
            disk.update(volume_size(listed.domain.connection, pool, volume))
    return disks


def _snapshots(listed: Listed) -> list[dict[str, t.Any]] | None:
    if not listed.has_snapshots:
        return None if listed.has_snapshots is None else []
    from ..._hypervisor.snapshots import snapshots

    return [snapshot._asdict() for snapshot in snapshots(listed.domain)]


def _pending(
    listed: Listed, definition: Element, live: Element | None
) -> tuple[tuple[Change, ...], t.Mapping[str, str]]:
    """The changes that wait for a restart, and the reasons by path."""
    if live is None or not listed.facts.persistent:
        return (), {}
    from ..._hypervisor.balloon import has_driver
    from ..._reconcile.domain.live import live_plan
    from .pending import pending, reasons_of

    changes = pending(definition, live, lambda: has_driver(listed.domain))
    return changes, reasons_of(changes, live_plan(changes).hindered, definition, live)


def _shown(text: str, document: Element) -> str:
    """The XML as libvirt writes it, without secrets."""
    # Ansible compiles a module's code anew in each task, and few ask for the XML.
    from ..._reconcile.redact import redacted
    from ..._rules.domain.book import DOMAIN

    shown = redacted(document, DOMAIN.top)
    return text if shown is document else serialise(shown) + "\n"
