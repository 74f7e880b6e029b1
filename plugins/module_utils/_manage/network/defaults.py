# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new network gets that the options don't say: what virt-manager's wizard offers."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ..._hypervisor.connection import Connection
from ..._rules.network.defaults import has_own_bridge
from ..._xmltree.element import Element
from ..errors import TaskError
from .described import in_order
from .others import Others

#: 192.168.100.0/24 is what the wizard offers; it doesn't look for one that is free.
_SUBNETS = tuple(f"192.168.{number}.0/24" for number in (*range(100, 255), *range(2, 100)))
#: What libvirt's schema takes as the name of a domain (dnsName in basictypes.rng).
_DNS_NAME = re.compile(r"[a-zA-Z0-9.-]+")

Subnet = ipaddress.IPv4Network


def with_defaults(given: t.Container[str], connection: Connection, document: Element) -> Element:
    """The document of a new network, completed; ``given`` are the options that it is described by.

    ``createnet.py`` of virt-manager: NAT, the network's name as its domain, and a subnet whose
    first address is the host's and whose second half is given out by DHCP. A network without a
    bridge of libvirt's gets nothing.

    :raises TaskError: no subnet is free.
    """
    children = list(document.children)
    if "forward" not in given:
        children.append(Element("forward", {"mode": "nat"}))
    if has_own_bridge(document.replaced(children=children)):
        name = document.value("name") or ""
        if "domain" not in given and _DNS_NAME.fullmatch(name):
            children.append(Element("domain", {"name": name}))
        if "ips" not in given:
            children.append(_ip(_free(connection, name)))
    return document.replaced(children=in_order(children))


def _ip(subnet: Subnet) -> Element:
    first, half = subnet.network_address + 1, subnet.num_addresses // 2
    dhcp = {
        "start": str(subnet.network_address + half),
        "end": str(subnet.broadcast_address - 1),
    }
    return Element(
        "ip",
        {"address": str(first), "netmask": str(subnet.netmask)},
        children=[Element("dhcp", children=[Element("range", dhcp)])],
    )


def _free(connection: Connection, name: str) -> Subnet:
    every = Others(connection, name)
    taken = [*every.subnets(), *(route.subnet for route in every.routes())]
    for text in _SUBNETS:
        subnet = ipaddress.IPv4Network(text)
        if not any(subnet.overlaps(other) for other in taken):
            return subnet
    raise TaskError("ips: no subnet 192.168.x.0/24 is free; set ips to a subnet that is")
