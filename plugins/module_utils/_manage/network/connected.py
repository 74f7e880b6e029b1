# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is connected to a network, and who only seems to be."""

from __future__ import annotations

import functools
import typing as t

from ..._hypervisor.active_object import ActiveObject
from ..._hypervisor.network_ports import Nic, Port, nics, ports_of
from ..._xmltree.element import Element
from ..references import domains_that
from .parking_name import park_name


class Connected:
    """The ports of a network, and the NICs of running guests that name it, read when asked for."""

    def __init__(self, network: ActiveObject, all_nics: t.Sequence[Nic] | None = None) -> None:
        self._network = network
        self._all_nics = all_nics

    @functools.cached_property
    def ports(self) -> list[Port] | None:
        """Its ports; ``None`` where libvirt has no such thing."""
        return ports_of(self._network)

    @functools.cached_property
    def _nics(self) -> t.Sequence[Nic]:
        return nics(self._network.connection) if self._all_nics is None else self._all_nics

    @property
    def nics(self) -> list[Nic]:
        """The NICs that name it."""
        return [nic for nic in self._nics if nic.network == self._network.name]

    @property
    def parked(self) -> list[Nic]:
        """The NICs that a restart has left on the network that they were to wait on."""
        name = park_name(self._network.uuid)
        return [nic for nic in self._nics if nic.network == name]

    @property
    def plugged(self) -> list[Nic]:
        """The NICs that have a port of it."""
        return [nic for nic in self.nics if not self._is_cut_off(nic)]

    @property
    def cut_off(self) -> list[Nic]:
        """The NICs that name it and have no port of it, so that they reach nobody.

        A network that was stopped and started again knows nothing of the NICs before that
        (networkShutdownNetwork drops the ports).
        """
        return [nic for nic in self.nics if self._is_cut_off(nic)]

    @property
    def foreign_ports(self) -> list[Port]:
        """The ports that no running guest of this hypervisor has, such as those of LXC."""
        known = {nic.port for nic in self.nics}
        return [port for port in self.ports or () if port.uuid not in known]

    def users(self) -> list[str]:
        """The guests that would lose the network, in words."""
        names = [f"domain '{nic.domain}'" for nic in (*self.plugged, *self.parked)]
        names += [_owner(port) for port in self.foreign_ports]
        return list(dict.fromkeys(names))

    def _is_cut_off(self, nic: Nic) -> bool:
        if not self._network.facts().active:
            return True
        if self.ports is None:
            return False
        return nic.port not in {port.uuid for port in self.ports}


def _owner(port: Port) -> str:
    if port.domain is None:
        return f"port {port.uuid}"
    return f"domain '{port.domain}'"


def users_of(network: ActiveObject) -> list[str]:
    """The domains, running or not, that name a network, and others that have a port of it.

    libvirt removes a network without asking for them.

    :raises HypervisorError: they can't be read.
    """
    names = (network.name, park_name(network.uuid))

    def refers(document: Element) -> bool:
        interfaces = document.findall("devices/interface/source")
        return any(source.get("network") in names for source in interfaces)

    found = domains_that(network.connection, refers)
    found += [_owner(port) for port in Connected(network).foreign_ports]
    return list(dict.fromkeys(found))
