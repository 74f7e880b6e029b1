# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The MAC addresses of all domains."""

from __future__ import annotations

import re
import typing as t

from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt

_MAC = re.compile(r"<mac address=['\"]([0-9A-Fa-f:]+)['\"]")


class Macs(t.NamedTuple):
    """A domain and its MAC addresses, in small letters."""

    name: str
    uuid: str
    macs: frozenset[str]


def macs_of_domains(connection: Connection) -> list[Macs]:
    """The MAC addresses in all definitions and running guests.

    :raises HypervisorError: they can't be read.
    """
    return connection.cache.get("macs", lambda: _read(connection))


def _read(connection: Connection) -> list[Macs]:
    found = []
    with connection.explained("read the definitions of the domains"):
        for raw in connection.raw.listAllDomains(0):
            try:
                texts = [raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)]
                texts += [raw.XMLDesc(0)] if raw.isActive() else []
            except libvirt.libvirtError as error:
                # The domain has gone meanwhile.
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    continue
                raise
            # Parsing the whole documents would take much longer.
            macs = frozenset(mac.lower() for text in texts for mac in _MAC.findall(text))
            found.append(Macs(raw.name(), raw.UUIDString(), macs))
    return found
