# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving NICs of running guests from one network to another, while their links stay up."""

from __future__ import annotations

from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .active_object import ActiveObject, networks
from .connection import Connection
from .libvirt_import import libvirt
from .network_ports import Nic, nics_of

#: What libvirt writes of a network into the element of a NIC that is plugged into it.
_GIVEN = ("portid", "bridge", "mode", "dev")


def move(connection: Connection, nic: Nic, network: str, portgroup: str | None) -> None:
    """Plug a NIC into a network; it keeps its MAC address, its tap device and its link.

    qemuDomainChangeNet: a NIC that is moved gets a port of the new network, which is the only way to
    get another port.

    :raises HypervisorError: libvirt refuses.
    """
    document = serialise(_moved(nic.interface, network, portgroup))
    with connection.explained(f"plug the NIC {nic.words} into the network '{network}'"):
        nic.raw.updateDeviceFlags(document, libvirt.VIR_DOMAIN_AFFECT_LIVE)


def present(nic: Nic) -> Nic | None:
    """The NIC as it is now; ``None`` where it is gone, or its guest is.

    :raises libvirtError: its guest can't be read.
    """
    for found in nics_of(nic.raw):
        if found.mac == nic.mac and found.alias == nic.alias:
            return found
    return None


def make_transient(connection: Connection, document: Element) -> ActiveObject:
    """A network that is gone when it is stopped.

    :raises HypervisorError: libvirt refuses.
    """
    with connection.explained("make the network on which NICs wait"):
        raw = connection.raw.networkCreateXML(serialise(document))
    return ActiveObject(connection, raw, networks(connection).api)


def _moved(interface: Element, network: str, portgroup: str | None) -> Element:
    children = []
    for child in interface.children:
        if child.tag == "source":
            attributes = {"network": network}
            if portgroup is not None:
                attributes["portgroup"] = portgroup
            children.append(Element("source", attributes))
        else:
            children.append(child)
    return interface.replaced({**interface.attributes, "type": "network"}, children)
