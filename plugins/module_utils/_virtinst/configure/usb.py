# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The USB controllers."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from .devices_known import QEMU_XHCI

#: An EHCI controller and its companions for slow devices: model and first port.
_USB2 = (("ich9-ehci1", None), ("ich9-uhci1", "0"), ("ich9-uhci2", "2"), ("ich9-uhci3", "4"))
#: The largest number of ports in QEMU.
_USB3_PORTS = "15"


def add(guest: Guest) -> None:
    """Add USB 3 if the hypervisor and the system support it, else USB 2."""
    if any(controller.get("type") == "usb" for controller in guest.devices("controller")):
        return
    if not guest.host.is_qemu_or_test:
        return
    if guest.host.is_qemu and (
        guest.is_arm_virt
        or guest.is_riscv_virt
        or guest.is_pseries
        or guest.is_loongarch
        or (guest.is_x86 and guest.links(*QEMU_XHCI))
    ):
        add_usb3(guest)
    elif guest.is_x86:
        add_usb2(guest)


def add_usb2(guest: Guest) -> list[Element]:
    """Add the controllers of USB 2."""
    added = []
    for model, port in _USB2:
        controller = Element("controller", {"type": "usb", "model": model})
        writing.write(controller, "master/@startport", port)
        added.append(guest.add_device(controller))
    return added


def add_usb3(guest: Guest) -> Element:
    """Add the controller of USB 3."""
    attributes = {"type": "usb", "model": "qemu-xhci", "ports": _USB3_PORTS}
    return guest.add_device(Element("controller", attributes))


def is_disabled(guest: Guest) -> bool:
    """Whether the document has a USB controller of the model ``none``."""
    controllers = [
        controller for controller in guest.devices("controller") if controller.get("type") == "usb"
    ]
    return bool(controllers) and all(
        controller.get("model") == "none" for controller in controllers
    )
