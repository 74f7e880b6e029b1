# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ports of networks, and the NICs of running guests that are plugged into them."""

from __future__ import annotations

import typing as t

from .._xmltree.dump import parse_dump
from .._xmltree.element import Element
from .active_object import ActiveObject
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt


class Port(t.NamedTuple):
    """A port of a network that is on, which libvirt makes for a NIC when its guest starts.

    ``domain`` is the owner's name.
    """

    uuid: str
    domain: str | None
    domain_uuid: str | None
    mac: str | None


class Nic(t.NamedTuple):
    """A NIC of a running guest that names a network. ``raw`` is libvirt's own ``virDomain``.

    ``interface`` is its element of the live XML. ``port`` is the UUID of the port that it got from
    the network, ``None`` with libvirt before 5.5.
    """

    raw: t.Any
    domain: str
    domain_uuid: str
    interface: Element

    @property
    def network(self) -> str:
        """The name of the network."""
        return self.interface.value("source/@network") or ""

    @property
    def port(self) -> str | None:
        """The UUID of the port."""
        return self.interface.value("source/@portid")

    @property
    def portgroup(self) -> str | None:
        """The name of its group of ports."""
        return self.interface.value("source/@portgroup")

    @property
    def mac(self) -> str:
        """Its MAC address."""
        return (self.interface.value("mac/@address") or "").lower()

    @property
    def device(self) -> str | None:
        """The tap device on the host."""
        return self.interface.value("target/@dev")

    @property
    def alias(self) -> str | None:
        """libvirt's name for it among the devices of its guest."""
        return self.interface.value("alias/@name")

    @property
    def words(self) -> str:
        """The words for it in a message."""
        return f"{self.mac} of domain '{self.domain}'"


def ports_of(network: ActiveObject) -> list[Port] | None:
    """The ports of a network; ``None`` where libvirt (before 5.5) or the driver has no such thing.

    :raises HypervisorError: they can't be read.
    """
    if not network.facts().active:
        return []
    if not hasattr(network.raw, "listAllPorts"):
        return None
    with network.connection.explained("list its ports"):
        try:
            listed = network.raw.listAllPorts(0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return None
            if is_code(error, "VIR_ERR_NO_NETWORK", "VIR_ERR_OPERATION_INVALID"):
                # It was stopped meanwhile.
                return []
            raise
        found = []
        for raw in listed:
            try:
                document = parse_dump(raw.XMLDesc(0))
            except libvirt.libvirtError as error:
                # Its guest has ended meanwhile.
                if is_code(error, "VIR_ERR_NO_NETWORK_PORT"):
                    continue
                raise
            found.append(
                Port(
                    raw.UUIDString(),
                    document.value("owner/name"),
                    document.value("owner/uuid"),
                    (document.value("mac/@address") or "").lower() or None,
                )
            )
    return found


def port_uuids(connection: Connection, name: str) -> frozenset[str] | None:
    """The UUIDs of the ports of a network; ``None`` where they can't be known.

    :raises HypervisorError: the connection broke.
    """
    with connection.explained(f"list the ports of the network '{name}'"):
        try:
            network = connection.raw.networkLookupByName(name)
            if not network.isActive():
                return frozenset()
            return frozenset(port.UUIDString() for port in network.listAllPorts(0))
        except AttributeError:
            # libvirt-python before 5.5.
            return None
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_NETWORK", "VIR_ERR_OPERATION_INVALID"):
                return frozenset()
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return None
            raise


def nics(connection: Connection) -> list[Nic]:
    """The NICs of all running guests that name a network, by the guests' names.

    A guest that ends meanwhile is left out.

    :raises HypervisorError: the domains can't be read.
    """
    found = []
    with connection.explained("read the running domains"):
        for raw in connection.raw.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
            found += nics_of(raw)
    return sorted(found, key=lambda nic: nic.domain)


def nics_of(raw: t.Any) -> list[Nic]:
    """Those of one guest; none where it has ended."""
    try:
        document = parse_dump(raw.XMLDesc(0))
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_DOMAIN"):
            return []
        raise
    if raw.ID() < 0:
        return []
    return [
        Nic(raw, raw.name(), raw.UUIDString(), interface)
        for interface in document.findall("devices/interface")
        if interface.value("source/@network") is not None
    ]
