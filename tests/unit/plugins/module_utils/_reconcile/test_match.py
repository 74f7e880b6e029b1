# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two elements that both say who they are, and not the same, are never one: of each row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.match import match
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.identity import (
    IDENTITY,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.rows import Identity
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element

#: Keys by which a fallback of its row may pair what they tell apart, and why.
_KINDS_AND_PLACES = {
    "@type": "what it is may change",
    "@model": "what it is may change",
    "@mode": "what it is may change",
    "model/@type": "what it is may change",
    "target/@type": "what it is may change",
    "alias/@name": "libvirt gives a device another alias in each running guest",
    "address/@bus address/@port": "it may be plugged in elsewhere",
    "address/@controller address/@slot": "it may be plugged in elsewhere",
    "@vcpus": "a set of virtual CPUs may become another one",
    "@iothreads": "a set of I/O threads may become another one",
    "@size @unit": "an amount may change",
    "@type @bus": "what it is may change",
    "@type @index @model": "its model may change",
    "@cache": "what it is may change",
    "target/@type target/@port": "consoles are numbered anew as they stand",
    "target/@port": "of consoles: the same",
    "driver/@pciBus": "the bus that an IOMMU translates for may be another one",
    "@level @vcpus": "a part of what it measures",
    "@initiator @target @cache @type": "with and without a cache",
    "mac/@address @type": "how it is connected may change",
    "mac/@address teaming/@type": "a part of a team",
    "@proto @address @dev": "a part of what is forwarded",
    "@name @value": "a parameter may get another value",
}


def _saying(tag: str, key: str, value: str) -> Element:
    """An element that says nothing but this key."""
    element = Element(tag)
    for path in key.split():
        tags, _slash, last = path.rpartition("/")
        target = element
        for step in tags.split("/") if tags else ():
            child = target.child(step)
            if child is None:
                child = Element(step)
                target.children.append(child)
            target = child
        if last.startswith("@"):
            target.attributes[last[1:]] = value
        elif last == "text()":
            target.text = value
        else:
            target.children.append(Element(last, text=value))
    return element


def _place(row: Identity) -> tuple[str, str]:
    path = row.path.replace("**/", "a/").replace("/*", "/a")
    while "{" in path:
        before, _brace, rest = path.partition("{")
        choice, _brace, after = rest.partition("}")
        path = before + choice.split(",")[0] + after
    return path, path.rpartition("/")[2]


_KEYS = [
    pytest.param(row, key, id=f"{row.path} {key}")
    for row in IDENTITY
    for key in row.keys
    if isinstance(key, str)
]


@pytest.mark.parametrize(("row", "key"), _KEYS)
def test_what_both_say_tells_them_apart(row: Identity, key: str) -> None:
    path, tag = _place(row)
    place = DOMAIN.place(path)
    assert place.identity is row
    ours, theirs = (_saying(tag, key, value) for value in ("1", "2"))
    assert match([ours], [_saying(tag, key, "1")], place).pairs
    others = [theirs, _saying(tag, key, "3")]
    pairs = match([ours], [theirs], place).pairs + match([ours], others, place).pairs
    if pairs:
        assert key not in row.names
        assert key in _KINDS_AND_PLACES


def test_a_nic_with_another_mac_is_another_one() -> None:
    place = DOMAIN.place("devices/interface")

    def nic(mac: str | None) -> Element:
        source = Element("source", {"network": "default"})
        macs = [] if mac is None else [Element("mac", {"address": mac})]
        return Element("interface", {"type": "network"}, children=[*macs, source])

    assert match([nic("52:54:00:00:00:02")], [nic("52:54:00:00:00:03")], place).pairs == []
    assert len(match([nic(None)], [nic("52:54:00:00:00:03")], place).pairs) == 1


def test_a_users_own_name_says_more_than_a_mac() -> None:
    place = DOMAIN.place("devices/interface")
    ours, theirs = (
        Element(
            "interface",
            children=[
                Element("mac", {"address": mac}),
                Element("alias", {"name": "ua-lan"}),
            ],
        )
        for mac in ("52:54:00:00:00:02", "52:54:00:00:00:03")
    )
    assert match([ours], [theirs], place).pairs == [(ours, theirs)]
