# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that only running guests have: addresses, and the answers of the agent."""

from __future__ import annotations

import functools
import typing as t

from ..._hypervisor.agent import ask, guest_info
from ..._hypervisor.domains import Domain
from ..._hypervisor.waiting import Address, addresses
from .guest_description import described_guest

_AGENT = "agent"


def add_from_guests(
    found: t.Sequence[tuple[Domain, dict[str, t.Any]]],
    sources: t.Collection[str],
    with_agent: bool,
    timeout: float,
) -> None:
    """Add the facts that each running guest has to be asked for to their descriptions.

    ``sources`` are those of :data:`.._hypervisor.waiting.SOURCES`. Guests are asked together,
    and have ``timeout`` seconds. Missing answers are listed as unavailable.
    """
    asked: list[tuple[dict[str, t.Any], str, t.Callable[[], t.Any]]] = []
    for domain, described in found:
        for source in sources:
            if source != "lease" or _is_on_a_network(described):
                asked.append((described, source, functools.partial(addresses, domain, source)))
        if with_agent:
            asked.append((described, "", functools.partial(guest_info, domain)))
    answers = ask([question for _described, _source, question in asked], timeout)
    for (described, source, _question), answer in zip(asked, answers):
        what = f"addresses.{source}" if source else _AGENT
        if answer.reason is not None:
            described["unavailable"][what] = answer.reason
        elif source:
            add_addresses(described, answer.value)
        else:
            described[_AGENT] = described_guest(answer.value)


def _is_on_a_network(described: t.Mapping[str, t.Any]) -> bool:
    """Whether one of libvirt's own networks may have given the guest an address."""
    return any(interface["type"] == "network" for interface in described["interfaces"])


def add_addresses(described: dict[str, t.Any], addresses: t.Iterable[Address]) -> None:
    """Add addresses to the description of a guest and to those of its interfaces."""
    for found in addresses:
        address = found._asdict()
        described["addresses"].append(address)
        for interface in described["interfaces"]:
            if found.mac is not None and interface["mac"] == found.mac.lower():
                interface["addresses"].append(address)
