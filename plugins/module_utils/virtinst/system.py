# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operating system the guest runs."""

from __future__ import annotations

from ..osinfo import Database, DatabaseMissing, OperatingSystem, UnknownOperatingSystem
from ..xmltree.lxml_import import etree
from .errors import OptionError
from .guest import Guest
from .options.setters.metadata import write_os

#: What nothing is known of. The database doesn't have it.
GENERIC = "generic"
_GENERIC_WORDS = frozenset([GENERIC, "none"])


def choose(guest: Guest, identifier: str) -> None:
    """Set the operating system by its short id or URL, or by ``generic``.

    :raises OptionError: the database doesn't know it.
    """
    guest.os = (
        generic(guest.host.osinfo) if identifier in _GENERIC_WORDS else _found(guest, identifier)
    )
    # Where libosinfo's users look for it.
    write_os(guest.root, guest.os.id or None)
    if guest.os.short_id == GENERIC and guest.is_hvm:
        guest.note(
            "nothing is known of the operating system generic, so the guest gets slow devices; "
            "name the one that it runs"
        )


def _found(guest: Guest, identifier: str) -> OperatingSystem:
    try:
        return guest.host.osinfo.find(identifier)
    except (DatabaseMissing, UnknownOperatingSystem) as error:
        raise OptionError(f"osinfo: {error}") from None


def generic(database: Database) -> OperatingSystem:
    """What stands for an operating system of which nothing is known."""
    element = etree.Element("os", id="")
    etree.SubElement(element, "short-id").text = GENERIC
    return OperatingSystem([element], database)
