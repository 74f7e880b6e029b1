# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions that many groups share."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ..settings import Settings
from ..values import needed_truth, number

if t.TYPE_CHECKING:
    from ...guest import Guest

_LOCAL = "127.0.0.1"
#: The devices that a guest can boot from.
_BOOTABLE = ("disk", "interface", "hostdev", "redirdev")


def clear(_guest: Guest, element: Element, value: str | None) -> None:
    """Clear the element, which has the earlier values of the group."""
    if value is not None and needed_truth(value):
        element.attributes.clear()
        element.children.clear()
        element.text = None


def set_boot_order(guest: Guest, device: Element, value: str | None) -> None:
    """Give a device its place in the boot order, and move later devices as far as needed.

    The boot devices of the whole guest are removed: libvirt refuses both.
    """
    place = number(value or "")
    clear_boot_devices(guest)
    taken = sorted(
        (
            boot
            for tag in _BOOTABLE
            for bootable in guest.devices(tag)
            if bootable is not device
            for boot in bootable.all("boot")
            if boot.get("order") is not None
        ),
        key=_order,
    )
    boot = device.child("boot")
    if boot is None:
        boot = Element("boot")
        device.children.append(boot)
    boot.attributes["order"] = str(place)
    moved: int | None = None
    for later in taken:
        if _order(later) in (place, moved):
            moved = _order(later) + 1
            later.attributes["order"] = str(moved)
        elif moved is not None:
            return


def clear_boot_devices(guest: Guest) -> None:
    """Remove the boot devices of the whole guest."""
    os = guest.root.child("os")
    if os is not None:
        os.children = [child for child in os.children if child.tag != "boot"]


def _order(boot: Element) -> int:
    return number(boot.get("order") or "0")


def split_host(settings: Settings, host: str, service: str, given: str | None = None) -> None:
    """Split ``HOST:PORT``, unless the port is given by itself.

    ``given`` is the name of the sub-option that has the text, if it isn't ``host``.
    """
    name = given or host
    text = settings.get(name)
    if text is None:
        return
    if given is not None:
        settings.take(given)
    if not text and service not in settings:
        # An empty address removes the port too.
        settings.put(service, "")
    address, _colon, port = text.partition(":")
    settings.put(host, _LOCAL if port and not address else address)
    if port and service not in settings:
        settings.put(service, port)


def rename(settings: Settings, old: str, new: str) -> None:
    """Move the text of an old name to the new one."""
    text = settings.take(old)
    if text is not None:
        settings.put(new, text)
