# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keyboard and pointer."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest
from ..versions import INPUT_BUS, INPUTS
from .devices_known import VIRTIO_INPUT
from .usb import is_disabled


def add(guest: Guest) -> None:
    """Add a pointer that follows the viewer's to a guest with a screen."""
    if guest.is_container or guest.devices("input") or not guest.devices("graphics"):
        return
    if "input" in guest.unwanted:
        return
    if guest.follows(INPUTS):
        _add_to_any_machine(guest)
        return
    if is_disabled(guest):
        return
    if guest.is_x86 and not guest.is_xen_pv:
        _add(guest, "usb", "tablet")
    # These machines have no PS/2 keyboard.
    if guest.is_arm_virt or guest.is_riscv_virt or guest.is_pseries:
        _add(guest, "usb", "tablet", "keyboard")
    if guest.is_s390x and guest.links(*VIRTIO_INPUT):
        _add(guest, "virtio", "tablet", "keyboard")


def _add_to_any_machine(guest: Guest) -> None:
    """Add a tablet, and a keyboard where there is no other."""
    if guest.is_xen_pv:
        return
    kinds = ("tablet",) if guest.is_x86 else ("tablet", "keyboard")
    if guest.is_s390x:
        if guest.links(*VIRTIO_INPUT):
            _add(guest, "virtio", *kinds)
    elif not is_disabled(guest):
        _add(guest, "usb", *kinds)


def configure(guest: Guest) -> None:
    """Fill in types and buses."""
    for device in guest.devices("input"):
        kind = device.attributes.setdefault("type", "mouse")
        if device.get("bus") is None and not guest.follows(INPUT_BUS):
            bus = _bus(guest, kind)
            if bus is not None:
                device.attributes["bus"] = bus


def _bus(guest: Guest, kind: str) -> str | None:
    if kind == "tablet":
        return "usb"
    # libvirt refuses a bus for events passed through from the host.
    if kind == "evdev":
        return None
    return "xen" if guest.host.is_xen else "ps2"


def _add(guest: Guest, bus: str, *kinds: str) -> None:
    for kind in kinds:
        guest.add_device(Element("input", {"type": kind, "bus": bus}))
