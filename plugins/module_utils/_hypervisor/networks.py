# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks of guests: libvirt's own, and devices of the host."""

from __future__ import annotations

import socket
import threading

from .._xmltree.parse import parse
from .api import NETWORKS
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt


class Networks:
    """The networks of a hypervisor, and the domains that they are started for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._claims: dict[str, str] = {}
        self._lock = threading.Lock()

    def is_active(self, name: str) -> bool | None:
        """Whether a network is on; ``None`` where that is unknown.

        :raises LookupError: there is no such network.
        """
        coming = self._connection.coming
        if coming.is_gone(NETWORKS.noun, name):
            raise LookupError(name)
        planned = coming.find(NETWORKS.noun, name)
        if planned is not None:
            return planned.is_active
        with self._connection.explained(f"look at the network '{name}'"):
            try:
                return bool(self._connection.raw.networkLookupByName(name).isActive())
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_NETWORK"):
                    raise LookupError(name) from None
                if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_OPERATION_UNSUPPORTED"):
                    return None
                raise

    def names(self) -> list[str]:
        """The names of all networks, on or off."""
        with self._connection.explained("list the networks"):
            existing = [each.name() for each in self._connection.raw.listAllNetworks(0)]
        return self._connection.coming.names(NETWORKS.noun, existing)

    def claim(self, name: str, owner: str) -> bool:
        """Whether a network is started for this domain; it is the first domain that asks."""
        with self._lock:
            return self._claims.setdefault(name, owner) == owner

    def start(self, name: str) -> None:
        """Start a network, unless it is on."""
        with self._lock, self._connection.explained(f"start the network '{name}'"):
            network = self._connection.raw.networkLookupByName(name)
            if network.isActive():
                return
            try:
                network.create()
            except libvirt.libvirtError:
                # Another client may have been faster.
                if not network.isActive():
                    raise


def lacks_device(connection: Connection, name: str) -> bool:
    """Whether the hypervisor's host certainly has no network device of this name.

    Both this process and libvirt have to lack it, because either may be in a container.
    """
    if not connection.is_local:
        return False
    try:
        socket.if_nametoindex(name)
    except OSError:
        pass
    else:
        return False
    try:
        connection.raw.interfaceLookupByName(name)
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_SUPPORT"):
            # Debian 13 has the driver of interfaces in a package of its own.
            devices = _network_devices(connection)
            return bool(devices) and name not in devices
        return is_code(error, "VIR_ERR_NO_INTERFACE")
    return False


def _network_devices(connection: Connection) -> set[str | None]:
    """The network devices that libvirt knows; none where it doesn't say."""
    try:
        found = connection.raw.listAllDevices(libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET)
        return {parse(device.XMLDesc(0)).value("capability/interface") for device in found}
    except libvirt.libvirtError:
        # One that has just gone has no description.
        return set()
