# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network devices of the hypervisor's host, and the subnets that they lead to."""

from __future__ import annotations

import ipaddress
import socket
import struct
import typing as t

from .connection import Connection

_TABLE = "/proc/net/route"


class Route(t.NamedTuple):
    """A subnet, and the device that leads there."""

    device: str
    subnet: ipaddress.IPv4Network


def routes(connection: Connection) -> list[Route]:
    """The routes to IPv4 subnets, without the default route; none of a host that isn't this one.

    libvirt refuses to start a network whose subnet the host has a route to
    (networkCheckRouteCollision).
    """
    if not connection.is_local:
        return []
    try:
        with open(_TABLE, encoding="ascii") as file:
            lines = file.read().splitlines()[1:]
    except OSError:
        return []
    found = []
    for line in lines:
        fields = line.split()
        destination, mask = (_address(fields[place]) for place in (1, 7))
        if mask != "0.0.0.0":  # noqa: S104
            subnet = ipaddress.IPv4Network(f"{destination}/{mask}", strict=False)
            found.append(Route(fields[0], subnet))
    return found


def devices(connection: Connection) -> frozenset[str]:
    """The names of the network devices; none of a host that isn't this one."""
    if not connection.is_local:
        return frozenset()
    return frozenset(name for _number, name in socket.if_nameindex())


def _address(field: str) -> str:
    """The kernel writes the four bytes as one number of the machine."""
    return socket.inet_ntoa(struct.pack("=I", int(field, 16)))
