# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a network that is on has in its document, and its definition has not."""

from __future__ import annotations

from ..._xmltree.element import Element, with_child

#: networkAddMasqueradingFirewallRules: the ports of NAT, where the definition has none.
_NAT_PORTS = {"start": "1024", "end": "65535"}
_CONNECTIONS = "connections"


def as_defined(live: Element, definition: Element) -> Element:
    """The live document without what libvirt adds to it when the network is started.

    These are the numbers of connections, the ports of NAT, and the virtual functions of a device
    whose physical function the definition names (networkCreateInterfacePool). ``definition``
    says what is no such addition.
    """
    live = _without_connections(live)
    forward = live.child("forward")
    if forward is None:
        return live
    own = definition.child("forward") or Element("forward")
    children = list(forward.children)
    if own.child("pf") is not None:
        generated = [tag for tag in ("interface", "address") if not own.all(tag)]
        children = [child for child in children if child.tag not in generated]
    if own.find("nat/port") is None:
        children = [_without_ports(child) if child.tag == "nat" else child for child in children]
        if own.child("nat") is None:
            children = [
                child
                for child in children
                if child.tag != "nat" or child.children or child.attributes
            ]
    if all(one is other for one, other in zip(children, forward.children)) and len(children) == len(
        forward.children
    ):
        return live
    return with_child(live, forward.replaced(children=children))


def _without_connections(live: Element) -> Element:
    forward = live.child("forward")
    if forward is not None and any(_CONNECTIONS in child.attributes for child in forward.children):
        live = with_child(
            live, forward.replaced(children=[_plain(child) for child in forward.children])
        )
    return _plain(live)


def _plain(element: Element) -> Element:
    if _CONNECTIONS not in element.attributes:
        return element
    return element.replaced(
        {name: value for name, value in element.attributes.items() if name != _CONNECTIONS}
    )


def _without_ports(nat: Element) -> Element:
    left = [one for one in nat.children if one.tag != "port" or one.attributes != _NAT_PORTS]
    return nat if len(left) == len(nat.children) else nat.replaced(children=left)
