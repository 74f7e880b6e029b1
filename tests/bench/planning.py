# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning for all domains against libvirt's own list-and-dump of them."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.dump import parse_dump
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .documents import DUMP, defined
from .measure import Row, paired


def measure(connection: t.Any) -> t.Iterator[Row]:
    with defined(connection, 1000) as by_hand:
        yield from _planned(connection, by_hand)


def _planned(connection: t.Any, by_hand: dict[str, str]) -> t.Iterator[Row]:
    dumps: dict[str, str] = {}

    def read() -> None:
        dumps.clear()
        for domain in connection.listAllDomains():
            dumps[domain.name()] = domain.XMLDesc(DUMP)

    def plan_all(documents: dict[str, str], count: int = 1000) -> t.Callable[[], None]:
        def plan() -> None:
            for name in sorted(documents)[:count]:
                desired, actual = parse(documents[name]), parse_dump(dumps[name])
                assert not reconcile(desired, actual, DOMAIN).changes

        return plan

    read()
    complete = dict(dumps)
    for what, documents in (("written by hand", by_hand), ("complete", complete)):
        ours, floor = paired(plan_all(documents), read)
        yield Row(f"plan 1000 domains, {what} / list and dump them", ours, floor, 3)
        yield Row(f"read and plan 1000 domains, {what} / list and dump", ours + floor, floor, None)
    small, large = paired(plan_all(by_hand, 10), plan_all(by_hand))
    yield Row("plan one of 1000 domains / one of 10", large / 1000, small / 10, 1.2)
