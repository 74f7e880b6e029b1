# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers, and words that stand for several of them."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError
from ..settings import Settings
from ..values import number

if t.TYPE_CHECKING:
    from ...guest import Guest

_USB2_COMPANIONS = ("ich9-uhci1", "ich9-uhci2", "ich9-uhci3")
#: As many as QEMU's controller has.
_USB3_PORTS = "15"
_ROOT_PORTS = "num_pcie_root_ports"


def special(_guest: Guest, text: str) -> list[Element] | None:
    """The controllers of ``usb2`` and ``usb3``."""
    if text == "usb3":
        return [Element("controller", {"type": "usb", "model": "qemu-xhci", "ports": _USB3_PORTS})]
    if text != "usb2":
        return None
    controllers = [Element("controller", {"type": "usb", "model": "ich9-ehci1"})]
    for position, model in enumerate(_USB2_COMPANIONS):
        controller = Element("controller", {"type": "usb", "model": model})
        writing.write(controller, "master/@startport", str(2 * position))
        controllers.append(controller)
    return controllers


def prepare(guest: Guest, settings: Settings) -> bool:
    """Note the requested number of root ports, which isn't about one controller."""
    ports = settings.take(_ROOT_PORTS)
    if ports is None:
        return True
    try:
        guest.root_ports = number(ports)
    except OptionError as error:
        raise OptionError(f"controller: {_ROOT_PORTS}: {error}") from None
    if len(settings):
        raise OptionError(
            f"controller: {_ROOT_PORTS} is about the whole guest; give it without other sub-options"
        )
    return False


def set_address(_guest: Guest, element: Element, value: str | None) -> None:
    """Set a PCI address that is given as ``[DOMAIN:]BUS:SLOT.FUNCTION``."""
    rest, dot, function = (value or "").partition(".")
    parts = rest.split(":")
    if not dot or len(parts) not in (2, 3):
        raise OptionError(
            f"{value} is not a PCI address, which has the form [DOMAIN:]BUS:SLOT.FUNCTION"
        )
    domain, bus, slot = parts if len(parts) == 3 else ("0", *parts)
    writing.write(element, "address/@type", "pci")
    for name, text in (("domain", domain), ("bus", bus), ("slot", slot), ("function", function)):
        writing.write(element, f"address/@{name}", str(number(text)))
