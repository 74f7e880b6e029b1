# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""NICs of running guests that libvirt shows on a network which knows nothing of them."""

from __future__ import annotations

import functools
import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.network_ports import port_uuids
from ..._xmltree.element import Element
from ..network.parking_name import is_park


def mark_cut_off(
    connection: Connection, found: t.Iterable[tuple[Element, dict[str, t.Any]]]
) -> None:
    """Mark the interfaces in descriptions that have no port of their network, network by network.

    A network that is stopped drops its ports (networkShutdownNetwork). Documents of guests that
    run have the UUIDs of theirs.

    :raises HypervisorError: libvirt can't be asked.
    """
    ports = functools.cache(functools.partial(port_uuids, connection))
    for document, described in found:
        for interface, entry in zip(document.findall("devices/interface"), described["interfaces"]):
            network, port = interface.value("source/@network"), interface.value("source/@portid")
            if network is None or port is None:
                continue
            known = ports(network)
            entry["disconnected"] = is_park(network) or (known is not None and port not in known)
