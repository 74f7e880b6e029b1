# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the guests of one hypervisor."""

from __future__ import annotations

import contextlib
import functools
import posixpath
import typing as t

from ..._hypervisor.agent import Answer, ask_guests, guest_hostname, guest_info, useful_connections
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError, is_code, reason
from ..._hypervisor.leases import leases
from ..._hypervisor.libvirt_import import libvirt
from ..._hypervisor.pool_folders import pool_folders
from ..._hypervisor.waiting import Address, addresses
from ..._rules.domain.agent import CHANNEL
from ..._xmltree.element import Element
from ..domain.guest_description import described_guest
from ..domain.guest_info import add_addresses
from ..domain.info import Read, read
from ..domain.info import Wish as DomainWish
from ..selection import Selection
from .wish import AGENT, ARP, LEASE, Wish

_OSINFO = "{http://libosinfo.org/xmlns/libvirt/domain/1.0}"
_HOSTNAME = "hostname"
#: Guests in other states answer nothing.
_AWAKE = frozenset(["running", "blocked", "nostate"])
_NOT_CONNECTED = "the guest's agent is not connected"

#: Opens another connection to the same hypervisor.
Reopen = t.Callable[[], t.ContextManager[Connection]]


class Guest(t.NamedTuple):
    """A guest, and what only an inventory needs of it.

    * ``facts``: as domain_info returns them.
    * ``osinfo``: the operating system by its URL in the definition.
    * ``pools``: the storage pools of its disks.
    * ``hostname``: the guest's own name, from its agent.
    * ``answers``: the agent has answered.
    """

    facts: dict[str, t.Any]
    osinfo: str | None = None
    pools: list[str] = []  # noqa: RUF012  (never changed)
    hostname: str | None = None
    answers: bool = False


def guests(
    connection: Connection,
    wish: Wish,
    reopen: Reopen,
    progress: t.Callable[[], None] = lambda: None,
) -> list[Guest]:
    """The guests of a hypervisor, by name. ``progress`` is called from time to time.

    :raises HypervisorError: libvirt can't be asked.
    """
    found: list[Read] = []
    for each in read(connection, _domain_wish(wish)):
        progress()
        found.append(each)
    active = [each for each in found if each.entry.facts.active]
    if LEASE in wish.addresses:
        _add_leases(connection, active)
    progress()
    extras = _ask(connection, wish, active, reopen)
    progress()
    if ARP in wish.addresses:
        _add_arp(active, progress)
    for each in active:
        _order(each.described, wish.addresses)
    folders = pool_folders(connection) if wish.with_pools else {}
    return [
        Guest(
            each.described,
            _osinfo(each.documents.definition),
            _pools(each.described, folders) if wish.with_pools else [],
            *extras.get(each.entry.facts.uuid, (None, False)),
        )
        for each in found
    ]


def _domain_wish(wish: Wish) -> DomainWish:
    states = None if wish.states is None else tuple(wish.states)
    return DomainWish(
        Selection(wish.names),
        states,
        gather=frozenset(wish.gather),
        tags=frozenset(wish.tags),
        exclude_tags=frozenset(wish.exclude_tags),
    )


def _add_leases(connection: Connection, active: t.Sequence[Read]) -> None:
    plugged = [
        (each.described, interface)
        for each in active
        for interface in each.described["interfaces"]
        if interface["type"] == "network" and interface["source"]
    ]
    known = leases(connection, [interface["source"] for _described, interface in plugged])
    for described, interface in plugged:
        of_network = known[interface["source"]]
        if of_network.reason is not None:
            described["unavailable"][f"addresses.{LEASE}"] = of_network.reason
        mac = (interface["mac"] or "").lower()
        add_addresses(
            described,
            [
                Address(lease.address, lease.prefix, interface["target"], mac, LEASE)
                for lease in of_network.by_mac.get(mac, ())
            ],
        )


def _add_arp(active: t.Sequence[Read], progress: t.Callable[[], None]) -> None:
    """The host's ARP table is read for each guest anew, so only where something is unknown."""
    for each in active:
        if all(interface["addresses"] for interface in each.described["interfaces"]):
            continue
        try:
            add_addresses(each.described, addresses(each.entry.domain, ARP))
        except libvirt.libvirtError as error:
            each.described["unavailable"][f"addresses.{ARP}"] = reason(error)
        progress()


def _ask(
    connection: Connection, wish: Wish, active: t.Sequence[Read], reopen: Reopen
) -> dict[str | None, tuple[str | None, bool]]:
    """Ask the agents that are connected. The result has the guests' names and whether they answer."""
    questions = _questions(wish)
    asked = []
    for each in active if questions else ():
        if each.entry.facts.state in _AWAKE and _is_connected(each.documents.current):
            asked.append(each)
        else:
            for what in questions:
                _set_unavailable(each.described, what, _NOT_CONNECTED)
    extras: dict[str | None, tuple[str | None, bool]] = {}
    if not asked:
        return extras
    question = functools.partial(_answers, questions)
    with contextlib.ExitStack() as stack:
        connections = [connection]
        # One connection will do where others can't be opened.
        with contextlib.suppress(HypervisorError):
            for _number in range(useful_connections(len(asked)) - 1):
                connections.append(stack.enter_context(reopen()))
        answers = ask_guests(
            connections, [each.entry.domain for each in asked], question, wish.agent_timeout
        )
    for each, whole in zip(asked, answers):
        parts = whole.value or {}
        for what in questions:
            _add(each.described, what, parts.get(what, Answer(reason=whole.reason)))
        hostname = parts.get(_HOSTNAME, Answer()).value
        described = each.described.get(AGENT)
        if hostname is None and isinstance(described, dict):
            hostname = described.get("hostname")
        answered = any(part.reason is None for part in parts.values())
        extras[each.entry.facts.uuid] = (hostname, answered)
    return extras


def _questions(wish: Wish) -> dict[str, t.Callable[[Domain], t.Any]]:
    questions: dict[str, t.Callable[[Domain], t.Any]] = {}
    if AGENT in wish.addresses:
        questions[f"addresses.{AGENT}"] = lambda domain: addresses(domain, AGENT)
    if AGENT in wish.gather:
        questions[AGENT] = guest_info
    elif wish.with_hostname:
        questions[_HOSTNAME] = guest_hostname
    return questions


def _answers(
    questions: t.Mapping[str, t.Callable[[Domain], t.Any]], domain: Domain
) -> dict[str, Answer]:
    """The answers of one guest; a silent one isn't asked again."""
    found: dict[str, Answer] = {}
    for what, question in questions.items():
        try:
            found[what] = Answer(question(domain))
        except libvirt.libvirtError as error:
            found[what] = Answer(reason=reason(error))
            if is_code(error, "VIR_ERR_AGENT_UNRESPONSIVE"):
                return {each: found.get(each, found[what]) for each in questions}
    return found


def _add(described: dict[str, t.Any], what: str, answer: Answer) -> None:
    if answer.reason is not None:
        _set_unavailable(described, what, answer.reason)
    elif what == AGENT:
        described[AGENT] = described_guest(answer.value)
    elif what != _HOSTNAME:
        add_addresses(described, answer.value)


def _set_unavailable(described: dict[str, t.Any], what: str, why: str) -> None:
    if what != _HOSTNAME:
        described["unavailable"][what] = why


def _is_connected(live: Element) -> bool:
    """Whether an agent in the guest has opened its end of the channel."""
    return any(
        target.get("name") == CHANNEL and target.get("state") == "connected"
        for target in live.findall("devices/channel/target")
    )


def _order(described: dict[str, t.Any], sources: t.Sequence[str]) -> None:
    """Put the addresses in the order of their sources."""
    for place in (described, *described["interfaces"]):
        place["addresses"].sort(key=lambda address: sources.index(address["source"]))


def _osinfo(definition: Element) -> str | None:
    found: Element | None = definition
    for tag in ("metadata", f"{_OSINFO}libosinfo", f"{_OSINFO}os"):
        found = found.child(tag) if found is not None else None
    return None if found is None else found.get("id")


def _pools(described: t.Mapping[str, t.Any], folders: t.Mapping[str, str]) -> list[str]:
    found = set()
    for disk in described["disks"]:
        source = disk["source"] or ""
        if disk["type"] == "volume":
            found.add(source.partition("/")[0])
        elif source.startswith("/"):
            found.add(folders.get(posixpath.dirname(source), ""))
    return sorted(found - {""})
