# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network on which NICs of running guests wait while their own is started anew.

libvirt drops the ports of a network that is stopped (networkShutdownNetwork), and gives a NIC a new
port only when it is moved to another network. A NIC that waits keeps its MAC address, its tap device
and its link.
"""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import ActiveObject, networks
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.network_ports import Nic
from ..._hypervisor.nic_moves import make_transient, move, present
from ..._xmltree.element import Element
from .parking_name import park_name


class Moved(t.NamedTuple):
    """What became of NICs: libvirt's reasons by the words for what wasn't moved."""

    nics: list[Nic]
    failed: dict[str, str]

    @property
    def words(self) -> str:
        """The NICs that weren't moved, with the reasons."""
        return ", ".join(f"{nic} ({reason})" for nic, reason in self.failed.items())


class Parking:
    """The network on which the NICs of one network wait; made when the first one comes."""

    def __init__(self, network: ActiveObject) -> None:
        self._network = network
        self._connection = network.connection
        self._name = park_name(network.uuid)
        self._park = networks(self._connection).by_name(self._name)

    @property
    def is_there(self) -> bool:
        """Whether it is there, such as after a restart that failed."""
        return self._park is not None

    def enter(self, nics: t.Sequence[Nic]) -> Moved:
        """Move NICs here, until one can't be moved."""
        moved: list[Nic] = []
        for nic in nics:
            try:
                self._make(nics)
                move(self._connection, nic, self._name, nic.portgroup)
            except HypervisorError as error:
                if self._now(nic) is None:
                    # It was unplugged meanwhile, or its guest has ended.
                    continue
                return Moved(moved, {nic.words: str(error)})
            moved.append(nic)
        return Moved(moved, {})

    def leave(self, nics: t.Iterable[Nic]) -> Moved:
        """Move NICs back, as many as can be; and remove what they were on when it is empty."""
        moved: list[Nic] = []
        failed: dict[str, str] = {}
        for nic in nics:
            now = self._now(nic)
            if now is None:
                continue
            try:
                move(self._connection, now, self._network.name, now.portgroup)
            except HypervisorError as error:
                if self._now(nic) is not None:
                    failed[nic.words] = str(error)
                continue
            moved.append(nic)
        if not failed:
            try:
                self._remove()
            except HypervisorError as error:
                failed[f"the network '{self._name}'"] = str(error)
        return Moved(moved, failed)

    def _remove(self) -> None:
        if self._park is not None:
            self._park.stop()
            self._park = None

    def _make(self, nics: t.Sequence[Nic]) -> None:
        if self._park is not None:
            return
        # A NIC can't change its group while it is moved (libvirt 10.6).
        groups = sorted({nic.portgroup for nic in nics if nic.portgroup is not None})
        children = [
            Element("name", text=self._name),
            *(Element("portgroup", {"name": group}) for group in groups),
        ]
        self._park = make_transient(self._connection, Element("network", children=children))

    def _now(self, nic: Nic) -> Nic | None:
        with self._connection.explained(f"read the domain '{nic.domain}'"):
            return present(nic)
