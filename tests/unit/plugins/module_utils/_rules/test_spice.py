# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain import spice
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DOCUMENT = parse(
    "<domain><devices><graphics type='spice'/><graphics type='spice'/><graphics type='vnc'/>"
    "<channel type='unix'/><channel type='spicevmc'/><redirdev type='spicevmc'/>"
    "<redirdev type='tcp'/><serial type='spiceport'/><smartcard mode='host'/>"
    "</devices></domain>"
)
SPICE = DOCUMENT.findall("devices/graphics")[:2]


def test_what_serves_with_spice_alone_goes_with_the_last() -> None:
    left_over = spice.left_over(DOCUMENT, {id(one) for one in SPICE})
    assert [(one.tag, one.get("type")) for one in left_over] == [
        ("channel", "spicevmc"),
        ("redirdev", "spicevmc"),
        ("serial", "spiceport"),
    ]
    assert "SPICE alone: channel, redirdev, serial" in spice.note_of(left_over)


def test_another_spice_keeps_it() -> None:
    assert spice.left_over(DOCUMENT, {id(SPICE[0])}) == []


def test_what_is_to_go_anyway_is_not_named_again() -> None:
    channel = DOCUMENT.findall("devices/channel")[1]
    left_over = spice.left_over(DOCUMENT, {id(one) for one in (*SPICE, channel)})
    assert [one.tag for one in left_over] == ["redirdev", "serial"]


def test_a_domain_without_spice_keeps_all() -> None:
    document = parse("<domain><devices><redirdev type='spicevmc'/></devices></domain>")
    assert spice.left_over(document, set()) == []
