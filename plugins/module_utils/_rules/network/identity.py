# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What identifies an element among its siblings, and whose order counts."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import Identity, KeyOf, Whole
from ..spelling import integer, ip_address, mac
from .masks import length


def by(*names: str, **canonical: t.Callable[[str], t.Hashable]) -> KeyOf:
    """A key of attributes: of ``names`` as they are, of the others in their canonical form.

    Without the first attribute there is no key.
    """

    def key_of(element: Element) -> t.Hashable | None:
        values: list[t.Hashable] = []
        for name in (*names, *canonical):
            value = element.get(name)
            if value is None and not values:
                return None
            form = canonical.get(name)
            values.append(form(value) if form is not None and value is not None else value)
        return tuple(values)

    return key_of


def forwarder(element: Element) -> t.Hashable | None:
    """Whom dnsmasq asks, and about what."""
    address = element.get("addr")
    return (element.get("domain"), None if address is None else ip_address(address))


def route(element: Element) -> t.Hashable | None:
    """Where a route leads, and through what."""
    address, gateway = element.get("address"), element.get("gateway")
    if address is None or gateway is None:
        return None
    return (ip_address(address), length(element), ip_address(gateway))


def pci_address(element: Element) -> t.Hashable | None:
    """The address of a function of a PCI device; what isn't given is 0."""
    names = ("domain", "bus", "slot", "function")
    return tuple(integer(element.get(name) or "0") for name in names)


IDENTITY = (
    Identity(
        "forward/interface",
        ("@dev",),
        "a device of the host is listed once; the first is the main one",
        ordered=True,
    ),
    Identity(
        "forward/address",
        (pci_address,),
        "a device of the host is listed once; the first is the main one",
        ordered=True,
    ),
    Identity("ip", ("@address", by(address=ip_address)), "an address of the bridge"),
    Identity(
        "ip/dhcp/range",
        ("@start @end", by(start=ip_address, end=ip_address)),
        "a range is where it begins and ends",
    ),
    Identity(
        "ip/dhcp/host",
        ("@mac", by(mac=mac), "@id", "@name", by(ip=ip_address)),
        "a host is known by its MAC address, or with IPv6 by its DUID, or by its name",
    ),
    Identity("dns/host", ("@ip", by(ip=ip_address)), "the names of an address stand together"),
    Identity(
        "dns/host/hostname",
        ("text()",),
        "the first name answers for the address",
        ordered=True,
    ),
    Identity("dns/txt", ("@name @value", "@name"), "a text record is known by its name"),
    Identity(
        "dns/srv",
        (
            by("service", "protocol", "domain", "target", "port"),
            by("service", "protocol", "domain", "target"),
        ),
        "a service is offered by several hosts",
    ),
    Identity(
        "dns/forwarder",
        (forwarder, "@domain"),
        "dnsmasq asks servers in their order",
        ordered=True,
    ),
    Identity("portgroup", ("@name",), "NICs name their group of ports"),
    Identity(
        "route",
        (route, by(address=ip_address, gateway=ip_address)),
        "a route is where it leads",
    ),
    Identity("{vlan,portgroup/vlan}/tag", ("@id", by(id=integer)), "a VLAN's number"),
    Identity(
        "dnsmasq:options/dnsmasq:option",
        ("@value",),
        "dnsmasq reads its options in order",
        ordered=True,
    ),
    Whole("{vlan,portgroup/vlan}", "one tag is an access port, several are a trunk"),
    Whole("{virtualport,portgroup/virtualport}", "what a switch knows a port by"),
)
