# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leases of libvirt's own networks, with one call for each network."""

from __future__ import annotations

import collections
import types
import typing as t

from .connection import Connection
from .errors import is_code, reason
from .libvirt_import import libvirt
from .waiting import can_be_reached


class Lease(t.NamedTuple):
    """An address that a network has given."""

    address: str
    prefix: int


class Leases(t.NamedTuple):
    """The leases of a network by MAC in lower case, or the reason why they are unknown."""

    by_mac: t.Mapping[str, list[Lease]] = types.MappingProxyType({})
    reason: str | None = None


def leases(connection: Connection, names: t.Iterable[str]) -> dict[str, Leases]:
    """The leases of these networks, by the networks' names.

    :raises HypervisorError: the connection broke.
    """
    return {name: _leases(connection, name) for name in sorted(set(names))}


def dhcp_leases(look_up: t.Callable[[], t.Any]) -> tuple[list[dict[str, t.Any]], str | None]:
    """libvirt's leases of a virNetwork, or none and the reason why they are unknown.

    :raises libvirtError: they can't be read for a reason that is no usual one.
    """
    try:
        return look_up().DHCPLeases(), None
    except libvirt.libvirtError as error:
        # A network that is off, one that is gone, and a driver without networks.
        if is_code(
            error,
            "VIR_ERR_NO_NETWORK",
            "VIR_ERR_NO_SUPPORT",
            "VIR_ERR_OPERATION_INVALID",
            "VIR_ERR_OPERATION_UNSUPPORTED",
        ):
            return [], reason(error)
        raise


def _leases(connection: Connection, name: str) -> Leases:
    with connection.explained(f"read the leases of the network '{name}'"):
        found, unknown = dhcp_leases(lambda: connection.raw.networkLookupByName(name))
    if unknown is not None:
        return Leases(reason=unknown)
    by_mac: dict[str, list[Lease]] = collections.defaultdict(list)
    for lease in found:
        if lease.get("mac") and can_be_reached(lease["ipaddr"]):
            by_mac[lease["mac"].lower()].append(Lease(lease["ipaddr"], int(lease["prefix"])))
    return Leases(by_mac)
