# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How time grows with the devices of one guest."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .documents import DUMP, guest_with_devices
from .measure import Row, paired


def measure(connection: t.Any) -> t.Iterator[Row]:
    plans = {}
    for count in (10, 200):
        document = guest_with_devices(count)
        domain = connection.defineXML(document)
        dump = domain.XMLDesc(DUMP)
        domain.undefine()
        desired, actual = parse(document), parse(dump)
        assert not reconcile(desired, actual, DOMAIN).changes

        def plan(desired: t.Any = desired, actual: t.Any = actual, count: int = count) -> None:
            for _time in range(2000 // count):
                reconcile(desired, actual, DOMAIN)

        plans[count] = plan
    small, large = paired(plans[10], plans[200])
    # Both have made plans for 2000 devices in all.
    yield Row("plan for one of 200 devices / one of 10", large / 2000, small / 2000, 1.2)
