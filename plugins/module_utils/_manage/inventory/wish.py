# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request to one or several hypervisors, as it goes to the process that reads them."""

from __future__ import annotations

import typing as t

#: The sources of addresses: the names of .._hypervisor.waiting.SOURCES, without libvirt.
LEASE, ARP, AGENT = "lease", "arp", "agent"


class Source(t.NamedTuple):
    """A hypervisor; without ``uri`` that of the environment, or the default."""

    uri: str | None = None
    name: str | None = None
    username: str | None = None
    password: str | None = None


class Wish(t.NamedTuple):
    """What is asked of each hypervisor.

    * ``names``, ``states``: as in domain_info; ``None`` stands for all.
    * ``tags``, ``exclude_tags``: the guest has all of the first, and none of the second.
    * ``addresses``: the sources of addresses, in order.
    * ``gather``: as in domain_info.
    * ``with_hostname``: ask agents for the guests' own names.
    * ``with_pools``: find out in which storage pools disks are.
    * ``timeout``: the longest silence of a hypervisor in seconds; 0 stands for no limit.
    """

    names: list[str] | None = None
    states: list[str] | None = None
    tags: list[str] = []  # noqa: RUF012  (never changed)
    exclude_tags: list[str] = []  # noqa: RUF012
    addresses: list[str] = []  # noqa: RUF012
    gather: list[str] = []  # noqa: RUF012
    with_hostname: bool = False
    with_pools: bool = False
    agent_timeout: float = 5
    timeout: float = 30


def as_json(sources: t.Sequence[Source], wish: Wish) -> dict[str, t.Any]:
    """Both as JSON can have them."""
    return {"sources": [source._asdict() for source in sources], "wish": wish._asdict()}


def from_json(data: t.Mapping[str, t.Any]) -> tuple[list[Source], Wish]:
    """What :func:`as_json` has made."""
    return [Source(**source) for source in data["sources"]], Wish(**data["wish"])
