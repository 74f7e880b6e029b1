# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which spellings of a value libvirt takes for the same."""

from __future__ import annotations

import re

from ..rows import Same
from ..spelling import caseless, integer, ip_address, mac, same_by, same_number, uuid

_ADDRESS = "virSocketAddrFormat writes IPv6 addresses short and in lower case"


def same_bridge(desired: str, actual: str) -> bool:
    """virNetworkObjListFindBridge… fills the number into a name such as ``virbr%d``."""
    head, mark, tail = desired.partition("%d")
    return (
        bool(mark) and re.fullmatch(rf"{re.escape(head)}\d+{re.escape(tail)}", actual) is not None
    )


VALUES = (
    Same("uuid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Same("**/virtualport/parameters/@{interfaceid,instanceid}", same_by(uuid), "virUUIDParse"),
    Same(
        "**/virtualport/parameters/@{managerid,typeid,typeidversion}",
        same_number,
        "virStrToLong with base 0",
    ),
    Same(
        "mac/@address", same_by(mac), "virMacAddrFormat writes lower case, with two digits a byte"
    ),
    Same("ip/dhcp/host/@mac", same_by(mac), "kept as written, and compared as an address"),
    Same("ip/@{address,netmask}", same_by(ip_address), _ADDRESS),
    Same("ip/dhcp/range/@{start,end}", same_by(ip_address), _ADDRESS),
    Same("ip/dhcp/host/@ip", same_by(ip_address), _ADDRESS),
    Same("ip/dhcp/bootp/@server", same_by(ip_address), _ADDRESS),
    Same("route/@{address,netmask,gateway}", same_by(ip_address), _ADDRESS),
    Same("dns/host/@ip", same_by(ip_address), _ADDRESS),
    Same("dns/host/hostname/text()", same_by(caseless), "names of hosts have no case"),
    Same("dns/forwarder/@addr", same_by(ip_address), _ADDRESS),
    Same("forward/nat/address/@{start,end}", same_by(ip_address), _ADDRESS),
    Same("forward/nat/port/@{start,end}", same_by(integer), "a number"),
    Same(
        "forward/address/@{domain,bus,slot,function}",
        same_by(integer),
        "addresses are written in hexadecimal of a fixed width",
    ),
    Same("portgroup/@default", same_by(caseless), "virNetworkPortGroupParseXML ignores case"),
    Same("{vlan,portgroup/vlan}/tag/@id", same_by(integer), "a number"),
    Same("bridge/@name", same_bridge, "networkBridgeNameValidate fills in a number that is free"),
    Same("bridge/@delay", same_by(integer), "a number"),
    Same("mtu/@size", same_by(integer), "a number"),
    Same("{ip,route}/@prefix", same_by(integer), "a number"),
    Same("route/@metric", same_by(integer), "a number"),
    Same("dns/srv/@{port,priority,weight}", same_by(integer), "a number"),
    Same("dns/forwarder/@port", same_by(integer), "a number"),
    Same("ip/dhcp/{range,host}/lease/@expiry", same_by(integer), "a number"),
    Same(
        "{bandwidth,portgroup/bandwidth}/{inbound,outbound}/@{average,peak,burst,floor}",
        same_by(integer),
        "a number",
    ),
)
