# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guest's boot settings and machine type."""

from __future__ import annotations

import shlex
import typing as t

from ...._xmltree.element import Element
from ...errors import OptionError
from ..settings import Settings
from ..values import needed_truth, truth
from .common import clear_boot_devices

if t.TYPE_CHECKING:
    from ...guest import Guest

DEVICES = ("hd", "cdrom", "fd", "network")
#: The part before the version in the names of x86's machine types.
_PREFIXES = {"pc": "pc-i440fx-", "q35": "pc-q35-"}


def prepare(guest: Guest, settings: Settings) -> bool:
    """Set the boot devices, which are sub-options of their own, in the order given."""
    devices = [name for name in settings.names() if name in DEVICES]
    is_on = {name: truth(settings.take(name) or "yes") is not False for name in devices}
    os, chosen = guest.make("os"), [name for name in devices if is_on[name]]
    if chosen:
        clear_boot_devices(guest)
    os.children = [
        child
        for child in os.children
        if child.tag != "boot" or is_on.get(child.get("dev") or "", True)
    ]
    os.children.extend(Element("boot", {"dev": name}) for name in chosen)
    return True


def set_uefi(guest: Guest, _element: Element, value: str | None) -> None:
    """Note the request for UEFI; the firmware is chosen when the machine is known."""
    guest.wants_uefi = value is None or needed_truth(value)


def refresh_machine(guest: Guest, _element: Element, value: str | None) -> None:
    """Replace the machine type by the newest version of its kind."""
    if value is None or not needed_truth(value):
        return
    machine = guest.machine or ""
    guest.set("os/type/@machine", None)
    for alias, newest in guest.choice().aliases.items():
        if machine.startswith(_PREFIXES.get(alias, f"{alias}-")):
            # For an existing domain, an alias would fit any version.
            guest.set("os/type/@machine", newest if guest.exists else alias)
            return
    raise OptionError(f"the machine type {machine or 'that the guest has'} has no newer version")


def set_init_arguments(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the arguments of a container's first program; they are split as in a shell."""
    try:
        arguments = shlex.split(value or "")
    except ValueError as error:
        raise OptionError(f"{value}: {str(error).lower()}") from None
    element.children = [child for child in element.children if child.tag != "initarg"]
    element.children.extend(Element("initarg", text=argument) for argument in arguments)
