# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses that only one device of a guest can have."""

from __future__ import annotations

import re
import typing as t

from ..._xmltree.element import Element
from ..spelling import integer
from .device_keys import pci_address

#: How many disks libvirt puts on a controller, and on a bus of it, by the bus of the disks
#: (virDomainDiskDefAssignAddress).
_PLACES = {"ide": (4, 2), "sata": (6, 6), "fdc": (2, 2), "scsi": (7, 7)}


class Twice(t.NamedTuple):
    """An address that ``one`` and ``other`` have; ``reason`` is what libvirt says of it."""

    reason: str
    one: Element
    other: Element


def twice(domain: Element) -> Twice | None:
    """The first address that two devices have, for which libvirt refuses a domain of QEMU."""
    if domain.get("type") not in ("qemu", "kvm", "hvf"):
        return None
    # libvirt gives all others a place that is free.
    placed = [
        device
        for device in (domain.child("devices") or Element("devices")).children
        if device.tag == "disk" or device.child("address") is not None
    ]
    for address_of in (_port, _pci, _usb, _drive):
        there: dict[str, Element] = {}
        for device in placed:
            if device.tag == "console" and device.value("target/@type") in (None, "serial"):
                # virDomainDefAddConsoleCompat: it is the serial port once more.
                continue
            address = address_of(device)
            if address is not None and there.setdefault(address, device) is not device:
                return Twice(_words(address, there[address], device), there[address], device)
    return None


def drive_of_target(disk: Element) -> dict[str, int] | None:
    """virDomainDiskDefAssignAddress: the place that a disk without an address gets by its target."""
    target, bus = disk.value("target/@dev") or "", disk.value("target/@bus") or ""
    if bus == "nvme":
        return _namespace(target)
    letters = target[2:].rstrip("0123456789")
    if bus not in _PLACES or not letters.isalpha() or not letters.islower():
        return None
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("a") + 1
    of_controller, of_bus = _PLACES[bus]
    controller, rest = divmod(number - 1, of_controller)
    return {"controller": controller, "bus": rest // of_bus, "target": 0, "unit": rest % of_bus}


def _namespace(target: str) -> dict[str, int] | None:
    """``nvme0n1`` is the first namespace of the first controller."""
    found = re.fullmatch(r"nvme(\d+)n([1-9]\d*)(p\d+)?", target)
    if found is None:
        return None
    return {"controller": int(found[1]), "bus": 0, "target": 0, "unit": int(found[2]) - 1}


def drive(disk: Element) -> dict[str, int] | None:
    """The place of a disk on its controller, which it has or will get."""
    if disk.tag != "disk":
        return None
    address = disk.child("address")
    if address is None:
        return drive_of_target(disk)
    if address.get("type") != "drive":
        return None
    names = ("controller", "bus", "target", "unit")
    numbers = [integer(address.get(name) or "0") for name in names]
    return {name: number for name, number in zip(names, numbers) if isinstance(number, int)}


#: What the place of a disk begins with, before its bus.
_DRIVE = "unsupported configuration: Found duplicate drive address for disk with target name "


def _words(address: str, one: Element, other: Element) -> str:
    """libvirt has disks in the order of their targets, and names the first."""
    if not address.startswith(_DRIVE):
        return address
    targets = [disk.value("target/@dev") or "" for disk in (one, other)]
    first = min(targets, key=lambda target: (len(target), target))
    return f"{_DRIVE}'{first}' {address[len(_DRIVE) :].partition(' ')[2]}"


def _drive(device: Element) -> str | None:
    place = drive(device)
    if place is None:
        return None
    words = " ".join(f"{name}='{number}'" for name, number in place.items())
    return f"{_DRIVE}{device.value('target/@bus')} {words}"


def _pci(device: Element) -> str | None:
    if (device.tag == "channel" and device.value("target/@type") == "virtio") or device.value(
        "model/@type"
    ) == "none":
        # qemuDomainAssignAddresses: it has got a place on its own bus by then, or has none.
        return None
    address = pci_address(device)
    if not isinstance(address, tuple) or not all(isinstance(part, int) for part in address):
        return None
    domain, bus, slot, function = address
    where = f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"
    return f"XML error: Attempted double use of PCI Address {where}"


def _usb(device: Element) -> str | None:
    address = device.child("address")
    if address is None or address.get("type") != "usb" or address.get("port") is None:
        return None
    bus, port = integer(address.get("bus") or "0"), address.get("port")
    return f"XML error: Duplicate USB address bus {bus} port {port}"


def _port(device: Element) -> str | None:
    """virDomainVirtioSerialAddrIsComplete: the port 0 is any."""
    address = device.child("address")
    if address is None or address.get("type") != "virtio-serial":
        return None
    port, controller = (integer(address.get(name) or "0") for name in ("port", "controller"))
    where = f"virtio serial port {port} on controller {controller}"
    return None if port == 0 else f"XML error: {where} is already occupied"
