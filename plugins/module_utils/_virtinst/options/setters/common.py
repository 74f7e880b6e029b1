# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many groups have in common."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ..settings import Settings
from ..values import needed_truth, number

if t.TYPE_CHECKING:
    from ...guest import Guest

_LOCAL = "127.0.0.1"
#: The devices that a guest can start from.
_BOOTABLE = ("disk", "interface", "hostdev", "redirdev")


def clear(_guest: Guest, element: Element, value: str | None) -> None:
    """Forget what earlier values of the group said."""
    if value is not None and needed_truth(value):
        element.attributes.clear()
        element.children.clear()
        element.text = None


def set_boot_order(guest: Guest, device: Element, value: str | None) -> None:
    """Give a device its place, and move the ones from there on down as far as needed.

    Boot devices of the whole guest exclude those of single ones.
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
    """Take ``HOST:PORT`` apart, unless the port is given by itself.

    ``given`` is the name of the option that has it, when it isn't ``host``.
    """
    name = given or host
    text = settings.get(name)
    if text is None:
        return
    if given is not None:
        settings.take(given)
    if not text and service not in settings:
        # There is to be no port either.
        settings.put(service, "")
    address, _colon, port = text.partition(":")
    settings.put(host, _LOCAL if port and not address else address)
    if port and service not in settings:
        settings.put(service, port)


def rename(settings: Settings, old: str, new: str) -> None:
    """Let what was given by another name hold instead."""
    text = settings.take(old)
    if text is not None:
        settings.put(new, text)
