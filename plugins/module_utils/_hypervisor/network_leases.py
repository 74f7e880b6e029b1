# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that libvirt knows of the leases of one network."""

from __future__ import annotations

import typing as t

from .active_object import ActiveObject
from .leases import dhcp_leases

#: virIPAddrType.
_FAMILIES = ("ipv4", "ipv6")


def leases_of(network: ActiveObject) -> list[dict[str, t.Any]]:
    """The leases, by address; none of a network that is off or gives no addresses.

    :raises HypervisorError: they can't be read.
    """
    if not network.facts().active:
        return []
    with network.connection.explained("read its leases"):
        found, _unknown = dhcp_leases(lambda: network.raw)
    return sorted(map(_lease, found), key=lambda lease: str(lease["address"]))


def _lease(lease: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    kind = lease.get("type")
    return {
        "address": lease.get("ipaddr"),
        "prefix": lease.get("prefix"),
        "family": _FAMILIES[kind] if kind in (0, 1) else None,
        "mac": (lease.get("mac") or "").lower() or None,
        "hostname": lease.get("hostname"),
        "client_id": lease.get("clientid"),
        "expires": lease.get("expirytime"),
    }
