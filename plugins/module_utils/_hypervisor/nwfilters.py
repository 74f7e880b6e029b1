# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network filters, and what they are bound to."""

from __future__ import annotations

import typing as t

from .._xmltree.dump import parse_dump
from .._xmltree.element import Element
from .api import NWFILTERS
from .connection import Connection
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt
from .objects import Object, Objects


def nwfilters(connection: Connection) -> Objects[Object]:
    """The network filters of a hypervisor."""
    return Objects(connection, NWFILTERS, lambda host, raw: Object(host, raw, NWFILTERS))


def names(connection: Connection) -> frozenset[str]:
    """What the network filters are called, by one call.

    :raises HypervisorError: they can't be listed.
    """
    with connection.explained("list the nwfilters"):
        existing = connection.raw.listNWFilters()
    return frozenset(connection.coming.names(NWFILTERS.noun, existing))


def names_if_any(connection: Connection) -> frozenset[str] | None:
    """As :func:`names`; ``None`` where the driver has no filters.

    :raises HypervisorError: they can't be listed.
    """
    try:
        return names(connection)
    except HypervisorError as error:
        if is_code(error.__cause__, "VIR_ERR_NO_SUPPORT"):
            return None
        raise


def bindings(connection: Connection) -> t.Iterator[Element]:
    """The documents of what filters are bound to: ports of guests.

    There are none where libvirt is older than 4.5, or the driver has no such thing.

    :raises HypervisorError: they can't be read.
    """
    with connection.explained("list the bindings of nwfilters"):
        try:
            listed = connection.raw.listAllNWFilterBindings(0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                return
            raise
        for raw in listed:
            try:
                yield parse_dump(raw.XMLDesc(0))
            except libvirt.libvirtError as error:
                # A guest has ended meanwhile.
                if not is_code(error, "VIR_ERR_NO_NWFILTER_BINDING"):
                    raise
