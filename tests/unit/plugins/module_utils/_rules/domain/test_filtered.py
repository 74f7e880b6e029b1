# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which interfaces have a network filter."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.facts import (
    dropped_filters,
    filters_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_MAC = "52:54:00:AB:00:01"


def _domain(kind: str | None, filtered: str = "<filterref filter='web'/>") -> Element:
    written = "" if kind is None else f" type='{kind}'"
    return parse(
        f"<domain><devices><interface{written}><mac address='{_MAC}'/>{filtered}</interface></devices></domain>"
    )


@pytest.mark.parametrize(
    ("kind", "actual", "dropped"),
    [
        ("network", None, None),
        ("bridge", None, None),
        ("ethernet", None, None),
        ("user", None, "user"),
        ("hostdev", None, "hostdev"),
        ("direct", "network", "direct"),
        # It has the type of the one with its MAC address, however that is written.
        (None, "user", "user"),
        (None, "network", None),
        (None, None, None),
    ],
)
def test_filters_that_are_dropped(
    kind: str | None, actual: str | None, dropped: str | None
) -> None:
    definition = None
    if actual is not None:
        definition = _domain(actual, "")
        definition.findall("devices/interface/mac")[0].attributes["address"] = _MAC.lower()
    found = dropped_filters(_domain(kind), definition)
    assert [each for _interface, each in found] == ([] if dropped is None else [dropped])
    assert not dropped_filters(_domain(kind, ""), definition)


def test_the_filters_of_a_domain() -> None:
    assert filters_of(_domain("network")) == ["web"]
    assert filters_of(_domain("network", "")) == []
    assert filters_of(_domain("user")) == []
