# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guest's SMBIOS data."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ... import writing
from ..settings import Settings

if t.TYPE_CHECKING:
    from ...guest import Guest

_SMBIOS = "smbios"
#: Types that name the origin of the data.
_MODES = ("host", "emulate")


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Set the type to SMBIOS, unless another is given."""
    if not settings.get("type"):
        settings.put("type", _SMBIOS)
    return True


def find(guest: Guest, settings: Settings) -> Element | None:
    """The domain's element of the same type."""
    kind = settings.get("type")
    return next((block for block in guest.root.all("sysinfo") if block.get("type") == kind), None)


def set_kind(guest: Guest, element: Element, value: str | None) -> None:
    """Set the type, and the origin of the guest's SMBIOS data."""
    if value in _MODES:
        guest.set("os/smbios/@mode", value)
        return
    if value == _SMBIOS:
        guest.set("os/smbios/@mode", "sysinfo")
    writing.write(element, "@type", value)


def set_uuid(guest: Guest, element: Element, value: str | None) -> None:
    """Set the UUID, which has to be the guest's own too."""
    writing.write(element, "system/entry[@name='uuid']", value)
    guest.set("uuid", value)
