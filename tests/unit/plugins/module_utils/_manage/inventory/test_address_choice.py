# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.address_choice import (
    OFF,
    chosen,
    is_name,
    is_place,
    rule_of,
)

FACTS: dict[str, t.Any] = {
    "interfaces": [
        {"mac": "52:54:00:00:00:01", "source": "default"},
        {"mac": "52:54:00:00:00:02", "source": "br0"},
    ],
    "addresses": [
        # A bridge of containers within the guest, whose agent names it first.
        {"address": "172.17.0.1", "mac": "02:42:00:00:00:01"},
        {"address": "192.168.122.17", "mac": "52:54:00:00:00:01"},
        {"address": "2001:db8::17", "mac": "52:54:00:00:00:01"},
        {"address": "10.20.0.17", "mac": "52:54:00:00:00:02"},
        {"address": "10.20.0.18", "mac": None},
    ],
}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["ipv4", "ipv6"], "192.168.122.17"),
        (["ipv6", "ipv4"], "2001:db8::17"),
        (["IPv6"], "2001:db8::17"),
        (["br0"], "10.20.0.17"),
        (["default"], "192.168.122.17"),
        (["10.20.0.0/16"], "10.20.0.17"),
        (["10.20.0.18"], "10.20.0.18"),
        (["10.20.0.99/16"], "10.20.0.17"),
        (["172.16.0.0/12"], "172.17.0.1"),
        (["2001:db8::/32"], "2001:db8::17"),
        (["192.0.2.0/24", "nowhere", "ipv6"], "2001:db8::17"),
        (["nowhere"], None),
        (["hostname", "ipv4"], "web.example.org"),
        ([], None),
    ],
)
def test_the_first_rule_that_fits_decides(rules: list[str], expected: str | None) -> None:
    assert chosen(list(map(rule_of, rules)), FACTS, "web.example.org") == expected


def test_nothing_is_set_behind_false() -> None:
    assert chosen([OFF, rule_of("ipv4")], FACTS, None) is None
    assert chosen([rule_of("nowhere"), OFF, rule_of("ipv4")], FACTS, None) is None


def test_a_name_that_no_name_server_knows_is_not_taken() -> None:
    rules = [rule_of("hostname"), rule_of("ipv4")]
    for name in (None, "", "localhost", "-oProxyCommand=reboot", "{{ 1 }}", "a\nb", "a b", "$(id)"):
        assert chosen(rules, FACTS, name) == "192.168.122.17", name
    assert chosen(rules, FACTS, "web-1") == "web-1"


def test_places() -> None:
    for text in ("192.0.2.1", "2001:db8::1", "web.example.org", "web_1", "web."):
        assert is_place(text), text
    for text in ("2001:db8::1%$(id)", "-v", "a,b", "a/b", "", "x" * 254, "localhost"):
        assert not is_place(text), text
    assert not is_name("x." * 127 + "xx")
