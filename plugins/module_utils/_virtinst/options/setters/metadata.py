# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system in a domain's metadata."""

from __future__ import annotations

import typing as t

from ...._osinfo import DatabaseMissing, UnknownOperatingSystem
from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError

if t.TYPE_CHECKING:
    from ...guest import Guest

_URI = "http://libosinfo.org/xmlns/libvirt/domain/1.0"
_NAMESPACES: dict[str | None, str] = {"libosinfo": _URI}


def set_os_name(guest: Guest, _element: Element, value: str | None) -> None:
    """Write the operating system, given by its short or full id.

    :raises OptionError: the database doesn't know it.
    """
    if value is None:
        write_os(guest.root, None)
        return
    try:
        found = guest.host.osinfo.find(value)
    except (DatabaseMissing, UnknownOperatingSystem) as error:
        raise OptionError(str(error)) from None
    write_os(guest.root, found.id)


def write_os(root: Element, full_id: str | None) -> None:
    """Write the full id of the operating system into the metadata."""
    metadata = writing.element_made(root, "metadata")
    metadata.children = [
        child for child in metadata.children if child.tag != f"{{{_URI}}}libosinfo"
    ]
    if full_id is not None:
        os = Element(f"{{{_URI}}}os", {"id": full_id})
        metadata.children.append(
            Element(f"{{{_URI}}}libosinfo", children=[os], namespaces=dict(_NAMESPACES))
        )
    elif not metadata.children:
        writing.discard(root, metadata)


def os_of(root: Element) -> str | None:
    """The full id of the operating system that the metadata names."""
    found = root.child("metadata")
    for tag in (f"{{{_URI}}}libosinfo", f"{{{_URI}}}os"):
        found = found.child(tag) if found is not None else None
    return found.get("id") if found is not None else None
