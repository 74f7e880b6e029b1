# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt settled when it started a guest, taken back.

Where the running guest's document has a definition's element in another form, no single value
tells whether that is what the start made of it. What the rows of :mod:`.live` can tell stands
there.
"""

from __future__ import annotations

from ..._xmltree.element import Element, with_child
from ..amounts import kib

#: The types that an interface on a network has while the guest runs: virDomainNetGetActualType.
_ACTUAL_TYPES = ("bridge", "direct", "hostdev")


def as_defined(definition: Element, live: Element) -> Element:
    """The running guest's document in the form of a definition."""
    devices = live.child("devices")
    if devices is None:
        return live
    networks = {
        one.value("mac/@address"): one
        for one in definition.findall("devices/interface")
        if one.get("type") == "network"
    }
    children = [
        on_network(one, networks.get(one.value("mac/@address"))) if one.tag == "interface" else one
        for one in devices.children
    ]
    if any(new is not old for new, old in zip(children, devices.children)):
        live = with_child(live, devices.replaced(children=children))
    return _with_unplugged(live)


def on_network(interface: Element, defined: Element | None = None) -> Element:
    """virDomainActualNetDefContentsFormat: an interface on a network shows what it came to.

    The network forwards to a bridge, to a macvtap device, or to a host device of a pool; of the
    latter only ``defined``, the same interface of the definition, tells that it is on a network.
    """
    kind, source = interface.get("type"), interface.child("source")
    if kind not in _ACTUAL_TYPES or source is None:
        return interface
    attributes = {**interface.attributes, "type": "network"}
    if "network" in source.attributes:
        left = {n: v for n, v in source.attributes.items() if n not in ("bridge", "dev", "mode")}
        return with_child(interface.replaced(attributes), source.replaced(left))
    pool = None if defined is None else defined.child("source")
    if kind != "hostdev" or defined is None or pool is None:
        return interface
    attributes.pop("managed", None)
    dropped = ("driver",) if defined.child("driver") is None else ()
    children = [pool if one is source else one for one in interface.children]
    return interface.replaced(attributes, [one for one in children if one.tag not in dropped])


def _with_unplugged(live: Element) -> Element:
    """virDomainMemoryDefSetCurrent: what a guest has not plugged of virtio-mem isn't its own yet."""
    current = kib(live.child("currentMemory"))
    lacking = 0
    for module in live.findall("devices/memory"):
        plugged = kib(module.find("target/current"))
        if plugged is not None:
            lacking += max((kib(module.find("target/size")) or 0) - plugged, 0)
    if current is None or not lacking:
        return live
    return with_child(live, Element("currentMemory", {"unit": "KiB"}, str(current + lacking)))
