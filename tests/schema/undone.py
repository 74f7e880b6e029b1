# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a domain is again what it was before an edit.

It is to be the same to the letter, but for the order of its devices, and but for what libvirt
chooses anew of a device that the edit has taken away or changed: an address, a controller's
number, a MAC. What the document says of them is as it says, and a device that the edit has left
alone is as it was.
"""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.spelling import (
    any_spelling,
)
from lxml import etree

_Node = t.Any
#: What says nothing about where a device is.
_KIND = ("type", "multifunction")
_Devices = collections.Counter[str]


def is_undone(before: str, edited: str, after: str, text: str) -> bool:
    """Whether ``after`` is ``before``, which an edit had made ``edited``; ``text`` is the document."""
    document = _parsed(text)
    rests, devices = zip(*(_split(_parsed(one), document) for one in (before, edited, after)))
    if rests[0] != rests[2]:
        return False
    was, meanwhile, is_now = devices
    left_alone = was & meanwhile
    if left_alone - is_now:
        return False
    came_back, came = was - left_alone, is_now - left_alone
    return _without_choices(came_back, document) == _without_choices(came, document)


def _parsed(text: str) -> _Node:
    return etree.fromstring(text, etree.XMLParser(remove_blank_text=True))


def _split(root: _Node, document: _Node) -> tuple[str, _Devices]:
    """What stands outside the devices, and the devices."""
    devices = root.find("devices")
    found = [] if devices is None else [_line(one) for one in devices]
    if devices is not None:
        devices[:] = []
    if not document.findtext("genid"):
        # libvirt draws one by lot.
        for genid in root.findall("genid"):
            genid.text = None
    return _line(root), collections.Counter(found)


def _without_choices(devices: _Devices, document: _Node) -> _Devices:
    """Devices without what libvirt chooses of them."""
    found: _Devices = collections.Counter()
    for device in devices.elements():
        root = _parsed(device)
        alike = document.findall(f"devices/{root.tag}")
        for part in ("address", "mac"):
            said = [_facts(one) for like in alike for one in like.findall(part)]
            for one in root.findall(part):
                if not any(facts and facts.items() <= _facts(one).items() for facts in said):
                    root.remove(one)
        if root.tag == "controller":
            numbers = {(like.get("type"), any_spelling(like.get("index") or "")) for like in alike}
            if (root.get("type"), any_spelling(root.get("index") or "")) not in numbers:
                del root.attrib["index"]
        found[_line(root)] += 1
    return found


def _facts(part: _Node) -> dict[str, t.Any]:
    return {name: any_spelling(value) for name, value in part.attrib.items() if name not in _KIND}


def _line(node: _Node) -> str:
    line: bytes = etree.tostring(node, method="c14n")
    return line.decode()
