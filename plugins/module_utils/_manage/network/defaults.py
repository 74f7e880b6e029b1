# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new network gets that the options don't say: what virt-manager's wizard offers."""

from __future__ import annotations

import ipaddress
import re
import typing as t
import weakref

from ..._hypervisor.active_object import networks
from ..._hypervisor.connection import Connection
from ..._hypervisor.host_routes import routes
from ..._rules.network.defaults import has_own_bridge
from ..._rules.network.masks import length
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..references import documents_of
from .described import in_order

#: 192.168.100.0/24 is what the wizard offers; it doesn't look for one that is free.
_SUBNETS = tuple(f"192.168.{number}.0/24" for number in (*range(100, 255), *range(2, 100)))
#: What libvirt's schema takes as the name of a domain (dnsName in basictypes.rng).
_DNS_NAME = re.compile(r"[a-zA-Z0-9.-]+")

Subnet = ipaddress.IPv4Network
#: The subnets that were chosen over a connection, by the networks' names.
_CHOSEN: weakref.WeakKeyDictionary[t.Any, dict[str, Subnet]] = weakref.WeakKeyDictionary()


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
    """The first free subnet, which no other network of this task gets, in check mode either."""
    chosen = _CHOSEN.setdefault(connection.raw, {})
    if name in chosen:
        return chosen[name]
    taken = [*_of_networks(connection), *routes(connection), *chosen.values()]
    for text in _SUBNETS:
        subnet = ipaddress.IPv4Network(text)
        if not any(subnet.overlaps(other) for other in taken):
            chosen[name] = subnet
            return subnet
    raise TaskError("ips: no subnet 192.168.x.0/24 is free; set ips to a subnet that is")


def _of_networks(connection: Connection) -> t.Iterator[Subnet]:
    """The subnets of all networks, as they are defined and as they are."""
    for network, definition in documents_of(networks(connection)):
        live = network.live()
        for document in (definition, None if live is None else parse(live)):
            for ip in () if document is None else document.all("ip"):
                subnet = subnet_of(ip)
                if isinstance(subnet, ipaddress.IPv4Network):
                    yield subnet


def subnet_of(ip: Element) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The subnet of an ``<ip>`` element; ``None`` where it has none, or an impossible one.

    virSocketAddrGetIPPrefix: without a mask it is that of the address's old class, or of 64 bits.
    """
    text = (ip.get("address") or "").strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    bits = length(ip)
    if bits is None:
        bits = 64 if address.version == 6 else _class_bits(int(address) >> 24)
    try:
        return ipaddress.ip_network((address, bits), strict=False)
    except ValueError:
        return None


def _class_bits(first: int) -> int:
    return 8 if first < 128 else 16 if first < 192 else 24
