# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt refuses to define, could never change while the network is on, or doesn't work."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._rules.network.defaults import has_own_bridge, mode_of
from ..._rules.spelling import caseless, ip_address, mac
from ..._xmltree.element import Element
from .subnets import subnet_of

#: What only a bridge that libvirt makes has, by option.
_OF_OWN_BRIDGE = {"ips": "ip", "domain": "domain", "mac": "mac"}
_Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


def clashes(document: Element) -> list[str]:
    """What is wrong with a network's definition, each in words that begin with the option."""
    return [
        *_in_name(document),
        *_in_mode(document),
        *_in_addresses(document),
        *_in_dhcp(document),
        *(
            f"ips: the address {value} stands there twice; leave one out"
            for value in _twice(document.all("ip"), "address", ip_address)
        ),
        *(
            f"dns.hosts: {value} stands there twice, and libvirt can change neither; put all its "
            "hostnames into one entry"
            for value in _twice(document.findall("dns/host"), "ip", ip_address)
        ),
        *(
            f"dns.txt: {value} stands there twice, and libvirt can change neither; leave one out"
            for value in _twice(document.findall("dns/txt"), "name", caseless)
        ),
    ]


def _in_name(document: Element) -> t.Iterator[str]:
    """networkValidate; of a file with a tab in its name, libvirt finds no dnsmasq, and never ends it."""
    name = document.value("name") or ""
    if "/" in name or any(character < " " for character in name):
        yield (
            "name: a network's name has neither a slash nor a line break, tab or other control character; "
            "choose another"
        )


def _in_mode(document: Element) -> t.Iterator[str]:
    """virNetworkDefParseXML and networkValidate: what a network has depends on how it forwards."""
    mode = mode_of(document)
    if mode in ("nat", "route") and document.child("ip") is None:
        yield f"ips: a network with forward.mode={mode} needs an address; add one, or set another mode"
    if not has_own_bridge(document):
        for option, path in _OF_OWN_BRIDGE.items():
            if document.find(path) is not None:
                yield (
                    f"{option}: libvirt gives none to a network with forward.mode={mode}; leave it out, or "
                    "set another mode"
                )


def _in_addresses(document: Element) -> t.Iterator[str]:
    """An address with its prefix, as ``ip addr`` and CIDR write it; libvirt has two attributes."""
    for option, tag in (("ips", "ip"), ("routes", "route")):
        for element in document.all(tag):
            text = element.get("address") or ""
            address, slash, prefix = text.partition("/")
            if slash and _address(address) is not None and prefix.isdigit():
                yield (
                    f"{option}.address: {text} is an address with a prefix, which are two values; give the address "
                    f"{address} and the prefix {prefix}"
                )


def _in_dhcp(document: Element) -> t.Iterator[str]:
    # networkValidate: dnsmasq serves one subnet of each family.
    served: dict[int, str] = {}
    for ip in document.all("ip"):
        address = _address(ip.get("address"))
        if address is None or not (ip.findall("dhcp/host") or ip.findall("dhcp/range")):
            continue
        first = served.setdefault(address.version, str(address))
        if first != str(address):
            yield (
                f"ips.dhcp: both {first} and {address} have DHCP, and libvirt has it for one IPv"
                f"{address.version} address of a network; leave the dhcp of one of them out, or list that address with "
                "state=absent, if the network has it already and options describe it"
            )
    for ip in document.all("ip"):
        hosts, subnet = ip.findall("dhcp/host"), subnet_of(ip)
        if subnet is None and _address(ip.get("address")) is not None:
            yield f"ips.prefix: {ip.get('prefix')} is more than an address has bits; correct it"
        for what, form in (("mac", mac), ("id", caseless), ("name", caseless), ("ip", ip_address)):
            for value in _twice(hosts, what, form):
                yield (
                    f"ips.dhcp.hosts: two hosts have the {what} {value}, and libvirt can change neither; "
                    "give each its own, or list the one that the network has already with state=absent"
                )
        for host in hosts:
            address = _address(host.get("ip"))
            if address is not None and subnet is not None and address not in subnet:
                yield (
                    f"ips.dhcp.hosts: {address} is outside of the subnet {subnet}, so that dnsmasq never "
                    "gives it; give the host an address of the subnet"
                )
        ranges = sorted(filter(None, map(_range, ip.findall("dhcp/range"))), key=_order)
        for start, end in ranges:
            if start.version == end.version and int(end) < int(start):
                yield f"ips.dhcp.ranges: {start}-{end} begins after its end; exchange them"
            elif subnet is not None and not (start in subnet and end in subnet):
                yield (
                    f"ips.dhcp.ranges: {start}-{end} is not within the subnet {subnet}; correct one of them"
                )
        for one, other in zip(ranges, ranges[1:]):
            if other[0] <= one[1]:  # type: ignore[operator]
                yield (
                    f"ips.dhcp.ranges: {one[0]}-{one[1]} and {other[0]}-{other[1]} overlap; correct one "
                    "of them, or list the one that the network has already with state=absent"
                )


def _order(one: tuple[_Address, _Address]) -> tuple[int, int]:
    return one[0].version, int(one[0])


def _range(element: Element) -> tuple[_Address, _Address] | None:
    start, end = _address(element.get("start")), _address(element.get("end"))
    if start is None or end is None or start.version != end.version:
        return None
    return start, end


def _address(text: str | None) -> _Address | None:
    try:
        return ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None


def _twice(
    elements: t.Iterable[Element], name: str, form: t.Callable[[str], t.Hashable]
) -> t.Iterator[str]:
    """The values of an attribute that several elements have."""
    seen: dict[t.Hashable, int] = {}
    for element in elements:
        value = element.get(name)
        if value is None:
            continue
        key = form(value)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] == 2:
            yield value
