# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing networks."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import ActiveObject, networks
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError, is_code
from ..._hypervisor.network_leases import leases_of
from ..._hypervisor.network_ports import Nic, nics
from ..._rules.network.defaults import mode_of
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..references import documents_of
from ..selection import Selection
from .connected import Connected
from .described import options_of
from .subnets import subnet_of


def facts_in(document: Element) -> dict[str, t.Any]:
    """The facts in a network's document, as modules return them."""
    return {
        "mode": mode_of(document) or "none",
        "bridge": document.value("bridge/@name"),
        "subnets": [str(subnet) for subnet in map(subnet_of, document.all("ip")) if subnet],
    }


def describe(connection: Connection, selection: Selection) -> list[dict[str, t.Any]]:
    """The facts of the selected networks, by name.

    :raises HypervisorError: they can't be read.
    """
    selected = [
        (network, document)
        for network, document in documents_of(networks(connection))
        if selection.means(network.name, network.uuid)
    ]
    all_nics = nics(connection) if selected else []
    found = []
    for network, document in selected:
        try:
            found.append(_described(network, document, all_nics))
        except HypervisorError as error:
            # A transient network has ended meanwhile.
            if not is_code(error.__cause__, network.api.missing):
                raise
    return found


def _described(
    network: ActiveObject, document: Element, all_nics: t.Sequence[Nic]
) -> dict[str, t.Any]:
    from .pending import pending_of

    live = network.live()
    connected = Connected(network, all_nics)
    ports = connected.ports
    devices = {nic.port: nic.device for nic in connected.nics}
    return {
        **network.facts().as_result(),
        **facts_in(document if live is None else parse(live)),
        "leases": leases_of(network),
        "ports": [{**port._asdict(), "device": devices.get(port.uuid)} for port in ports or ()]
        if ports is not None
        else None,
        "disconnected": [_cut_off(nic) for nic in (*connected.cut_off, *connected.parked)],
        "options": options_of(document),
        **pending_of(network),
        "xml": network.definition(),
        "live_xml": live,
    }


def _cut_off(nic: Nic) -> dict[str, t.Any]:
    return {
        "domain": nic.domain,
        "domain_uuid": nic.domain_uuid,
        "mac": nic.mac,
        "device": nic.device,
        "network": nic.network,
    }
