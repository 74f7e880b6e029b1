# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subnets that a network's document has."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._rules.network.masks import length
from ..._xmltree.element import Element

Subnet = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


def subnet_of(ip: Element) -> Subnet | None:
    """The subnet of an ``<ip>`` or ``<route>`` element; ``None`` where it has none, or an impossible one.

    virSocketAddrGetIPPrefix: without a mask it is that of the address's old class, or of 64 bits.
    """
    text = (ip.get("address") or "").strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    bits = length(ip)
    if not bits:
        # virNetworkIPDefPrefix takes a prefix of 0 for none.
        bits = 64 if address.version == 6 else _class_bits(int(address) >> 24)
    try:
        return ipaddress.ip_network((address, bits), strict=False)
    except ValueError:
        return None


def subnets_of(document: Element) -> t.Iterator[ipaddress.IPv4Network]:
    """The IPv4 subnets of a network's addresses."""
    for ip in document.all("ip"):
        subnet = subnet_of(ip)
        if isinstance(subnet, ipaddress.IPv4Network):
            yield subnet


def _class_bits(first: int) -> int:
    return 8 if first < 128 else 16 if first < 192 else 24
