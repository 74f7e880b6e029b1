# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system that the guest runs."""

from __future__ import annotations

import typing as t

from .._osinfo import Database, DatabaseMissing, OperatingSystem, UnknownOperatingSystem
from .._xmltree.lxml_import import etree
from .errors import OptionError
from .guest import Guest
from .options.setters.metadata import write_os
from .options.values import truth
from .sub_options import read_sub_options

#: Stands for a system of which nothing is known. The database doesn't have it.
GENERIC = "generic"
_SUB_OPTIONS = ("name", "short-id", "id", "detect", "require")
_GENERIC_WORDS = frozenset([GENERIC, "none"])


class Asked(t.NamedTuple):
    """The requested operating system.

    ``detects``: the installation medium is looked at first. ``is_required``: the system must
    be known in the end.
    """

    name: str | None
    detects: bool
    is_required: bool


def asked(value: object) -> Asked:
    """Read the option ``osinfo``: a name, ``auto``, or virt-install's sub-options.

    :raises OptionError: there is no such sub-option.
    """
    if value in (None, "", "auto"):
        return Asked(None, detects=True, is_required=False)
    text = str(value)
    if "=" not in text.partition(",")[0]:
        return Asked(text, detects=False, is_required=False)
    settings = read_sub_options("osinfo", _SUB_OPTIONS, text)
    name = next((settings[key] for key in ("name", "short-id", "id") if settings.get(key)), None)
    detects = truth(settings["detect"]) is True if "detect" in settings else name is None
    return Asked(name, detects, truth(settings.get("require") or "no") is True)


def choose(guest: Guest, identifier: str) -> None:
    """Set the operating system by its short id or URL, or by ``generic``.

    :raises OptionError: the database doesn't know it.
    """
    guest.os = (
        generic(guest.host.osinfo) if identifier in _GENERIC_WORDS else _found(guest, identifier)
    )
    # Applications that use libosinfo look for it there.
    write_os(guest.root, guest.os.id or None)


def note_unknown(guest: Guest) -> None:
    """Note the consequence of an unknown system for a new domain."""
    if guest.os.short_id == GENERIC and guest.is_hvm:
        guest.note(
            "osinfo: the operating system is generic, of which nothing is known, so the guest gets slow "
            "devices; set osinfo to the system that it runs"
        )


def _found(guest: Guest, identifier: str) -> OperatingSystem:
    try:
        return guest.host.osinfo.find(identifier)
    except (DatabaseMissing, UnknownOperatingSystem) as error:
        raise OptionError(f"osinfo: {error}") from None


def generic(database: Database) -> OperatingSystem:
    """The stand-in for an operating system of which nothing is known."""
    element = etree.Element("os", id="")
    etree.SubElement(element, "short-id").text = GENERIC
    return OperatingSystem([element], database)
