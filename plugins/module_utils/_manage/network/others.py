# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the other networks and the host have, as they will be when the task is carried out."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._hypervisor.active_object import networks
from ..._hypervisor.api import NETWORKS
from ..._hypervisor.connection import Connection
from ..._hypervisor.host_routes import Route, devices, routes
from ..._rules.network.defaults import has_own_bridge
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..references import documents_of
from .subnets import subnet_of, subnets_of

_NOUN = NETWORKS.noun
#: IFNAMSIZ of the kernel, without the zero at the end.
_LONGEST = 15


class Others:
    """The networks beside one, which has a name, and the devices and routes of the host."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def check_definition(self, document: Element) -> None:
        """Check that libvirt would define a network: networkBridgeNameValidate.

        :raises TaskError: another network has its bridge.
        """
        bridge = _own_bridge(document)
        if bridge is None:
            return
        for name, other in self._documents():
            if other.value("bridge/@name") == bridge:
                raise TaskError(
                    f"bridge.name: {bridge} is the bridge of network '{name}'; choose another name, or leave "
                    "it out for one that is free"
                )

    def check_start(self, document: Element, live: Element | None) -> None:
        """Check that libvirt would start a network, also anew: networkStartNetworkVirtual.

        :raises TaskError: the host has its bridge, or a route to its subnet.
        """
        if not has_own_bridge(document):
            return
        bridge, own = _own_bridge(document), None if live is None else live.value("bridge/@name")
        if bridge is not None and bridge != own:
            self._check_device(bridge)
        taken = [*self._routes(own), *self._coming()]
        for words, subnet in _led_to(document):
            for where, other in taken:
                if subnet == other:
                    raise TaskError(
                        f"{words}: {subnet} is in use by {where}, and libvirt starts no network that has it "
                        "too; choose another subnet, or leave this network off"
                    )

    def subnets(self) -> t.Iterator[ipaddress.IPv4Network]:
        """The IPv4 subnets of the other networks, of those that are off too."""
        for _name, document in self._documents():
            yield from subnets_of(document)

    def routes(self) -> list[Route]:
        """The routes of the host, without those of networks that will be off."""
        leaving = self._leaving()
        return [route for route in routes(self._connection) if route.device not in leaving]

    def _check_device(self, bridge: str) -> None:
        """virNetDevBridgeCreate: the kernel takes a name that is free, short, and no path."""
        if len(bridge.encode()) > _LONGEST or "/" in bridge:
            raise TaskError(
                f"bridge.name: '{bridge}' is no name for a device of the host; choose one of at most "
                f"{_LONGEST} letters without /"
            )
        if bridge in devices(self._connection) and bridge not in self._leaving():
            raise TaskError(
                f"bridge.name: the host has a device {bridge} already; choose another name, or set "
                "forward.mode to bridge for a network on a bridge of the host"
            )

    def _routes(self, own: str | None) -> t.Iterator[tuple[str, ipaddress.IPv4Network]]:
        for route in self.routes():
            if route.device != own:
                yield f"device {route.device} of the host", route.subnet

    def _coming(self) -> t.Iterator[tuple[str, ipaddress.IPv4Network]]:
        """The subnets of networks that will be on, and aren't."""
        every = networks(self._connection)
        for name, coming in self._connection.coming.all(_NOUN).items():
            if name == self._name or coming.document is None or not coming.is_active:
                continue
            found = every.by_name(name)
            if (found is None or not found.facts().active) and has_own_bridge(coming.document):
                for _words, subnet in _led_to(coming.document):
                    yield f"network '{name}'", subnet

    def _leaving(self) -> frozenset[str]:
        """The bridges of networks that are on, and will be off."""
        coming, every = self._connection.coming, networks(self._connection)
        found = set()
        for name in coming.noted(_NOUN):
            planned = coming.find(_NOUN, name)
            network = every.by_name(name) if planned is None or not planned.is_active else None
            live = None if network is None else network.live()
            if live is not None:
                found.add(parse(live).value("bridge/@name"))
        return frozenset(filter(None, found))

    def _documents(self) -> t.Iterator[tuple[str, Element]]:
        """The other networks, as they are defined and as they are."""
        coming = self._connection.coming
        for name, each in coming.all(_NOUN).items():
            if each.document is not None and name != self._name:
                yield name, each.document
        for network, definition in documents_of(networks(self._connection)):
            name, planned = network.name, coming.find(_NOUN, network.name)
            if name == self._name or coming.is_gone(_NOUN, name):
                continue
            if planned is None or planned.document is None:
                yield name, definition
            if planned is None or planned.is_active:
                live = network.live()
                if live is not None:
                    yield name, parse(live)


def _own_bridge(document: Element) -> str | None:
    """The name of the bridge that libvirt makes; ``None`` where it finds one that is free."""
    name = document.value("bridge/@name")
    return name if name and "%d" not in name and has_own_bridge(document) else None


def _led_to(document: Element) -> t.Iterator[tuple[str, ipaddress.IPv4Network]]:
    """The subnets that the host gets a route to, with the options that say so."""
    for option, tag in (("ips", "ip"), ("routes", "route")):
        for element in document.all(tag):
            subnet = subnet_of(element)
            if isinstance(subnet, ipaddress.IPv4Network):
                yield option, subnet
