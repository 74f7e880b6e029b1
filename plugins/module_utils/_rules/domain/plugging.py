# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hinders a device from coming or going while the guest runs: ``qemu_hotplug.c``."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..spelling import integer
from .facts import bus_of_input

#: By which a disk can be reached that comes or goes while the guest runs.
_PLUGGABLE_BUSES = ("virtio", "scsi", "usb")
_DRIVES = ("cdrom", "floppy")
#: The serial ports that are devices of a hot-pluggable bus.
_PLUGGABLE_PORTS = ("pci-serial", "usb-serial")
#: qemuDomainAttachWatchdog
_PLUGGABLE_WATCHDOGS = ("i6300esb", "diag288")


class Unit(t.NamedTuple):
    """What a call changes: a device, or a child of the domain.

    ``desired`` and ``present`` are the two elements, ``None`` where there is none;
    ``domain`` is the running guest's document.
    """

    desired: Element | None
    present: Element | None
    domain: Element

    @property
    def either(self) -> Element:
        """The desired element, or else the present one."""
        found = self.desired if self.desired is not None else self.present
        return found if found is not None else Element("none")


class Plug(t.NamedTuple):
    """That devices of a kind can be plugged in and out.

    ``shown`` tells a person what is. ``hinders`` gives the reason why one of them can't be,
    ``None`` when it can; ``condition`` says the same in general.
    """

    shown: str
    hinders: t.Callable[[Unit], str | None] = lambda unit: None
    condition: str = ""


def disk_is_fixed(unit: Unit) -> str | None:
    device, bus = unit.either.get("device"), unit.either.value("target/@bus")
    if bus in _PLUGGABLE_BUSES:
        return None
    if device in _DRIVES:
        return f"a drive on the bus {bus} can't be plugged in or out, only its medium"
    return f"a disk on the bus {bus} can't be plugged in or out"


def disk_is_no_drive(unit: Unit) -> str | None:
    if unit.either.get("device") in _DRIVES:
        return None
    return "only the medium of a CD-ROM or a floppy can be changed"


def controller_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.get("type")
    if kind == "scsi":
        return None
    return f"only SCSI controllers can be plugged in or out, and this one is for {kind}"


def port_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.value("target/@type")
    return None if kind in _PLUGGABLE_PORTS else f"a serial port of the type {kind} is built in"


def channel_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.value("target/@type")
    if kind == "virtio" and unit.present is None:
        return _no_port(unit)
    return None if kind in ("virtio", "guestfwd") else f"a channel of the type {kind} is built in"


def _no_port(unit: Unit) -> str | None:
    """virDomainVirtioSerialAddrAutoAssign: such controllers can't be plugged in."""
    there = [
        integer(one.get("index") or "0")
        for one in unit.domain.findall("devices/controller")
        if one.get("type") == "virtio-serial"
    ]
    number = unit.either.value("address/@controller")
    if there and (number is None or integer(number) in there):
        return None
    return "the guest was started without a virtio serial controller for it"


def input_is_fixed(unit: Unit) -> str | None:
    device, arch = unit.either, unit.domain.value("os/type/@arch")
    bus = device.get("bus") or bus_of_input(device.get("type"), arch)
    return None if bus in ("usb", "virtio") else f"an input device on the bus {bus} is built in"


def memory_is_fixed(unit: Unit) -> str | None:
    if unit.domain.child("maxMemory") is None:
        return "the guest was started without slots for memory (maxMemory)"
    return None


def file_system_is_fixed(unit: Unit) -> str | None:
    if unit.either.value("driver/@type") == "virtiofs":
        return None
    return "only file systems of the driver virtiofs can be plugged in or out"


def watchdog_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.get("model")
    return None if kind in _PLUGGABLE_WATCHDOGS else f"a watchdog of the model {kind} is built in"
