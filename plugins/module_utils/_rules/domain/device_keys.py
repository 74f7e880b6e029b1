# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one device of a kind is told from others by."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import KeyWhere
from ..spelling import any_spelling, integer


def _flat(element: Element, above: str = "") -> t.Iterator[tuple[str, t.Hashable]]:
    for name, value in element.attributes.items():
        yield f"{above}@{name}", any_spelling(value)
    if element.text is not None:
        yield above, element.text
    for child in element.children:
        if child.tag not in ("address", "seclabel"):
            yield from _flat(child, f"{above}{child.tag}/")


def plugged_into(interface: Element) -> t.Hashable | None:
    """The network, bridge, device… that an interface is connected to."""
    source = interface.child("source")
    if source is None:
        return None
    place = {n: v for n, v in source.attributes.items() if n not in ("portid", "index")}
    return (interface.get("type"), tuple(sorted(place.items())))


#: The attributes that say where a disk's data is.
DISK_SOURCES = ("file", "dev", "dir", "protocol", "name", "pool", "volume")


def disk_source(disk: Element) -> t.Hashable | None:
    """Where a disk's data is."""
    source = disk.child("source")
    if source is None:
        return None
    place = tuple((name, source.get(name)) for name in DISK_SOURCES if source.get(name) is not None)
    return place or None


def _without_lun(path: str, value: t.Hashable) -> t.Hashable:
    """An iSCSI target without a LUN is LUN 0."""
    return value[:-2] if path == "@name" and str(value).endswith("/0") else value  # type: ignore[index]


#: What says nothing about which device it is.
_USUAL = (("@protocol", "adapter"), ("adapter/@type", "scsi_host"))
#: What an address consists of; a part that isn't given is 0.
_ADDRESS_PARTS = {
    "pci": ("domain", "bus", "slot", "function"),
    "scsi": ("bus", "target", "unit"),
}


def host_device(hostdev: Element) -> t.Hashable | None:
    """The host's device: vendor and product, SCSI adapter, or its address."""
    source = hostdev.child("source")
    if source is None:
        return None
    facts = sorted(
        (path, _without_lun(path, value))
        for path, value in _flat(source)
        if path.rpartition("@")[2] not in ("startupPolicy", "guestReset", "writeFiltering")
        and not path.startswith(("auth/", "initiator/"))
        and path not in ("host/@port", "host/@transport")
        and (path, value) not in _USUAL
    )
    address = source.child("address")
    usual = {f"@{name}": 0 for name in _ADDRESS_PARTS.get(hostdev.get("type") or "", ())}
    known = {} if address is None else {**usual, **dict(_flat(address))}
    where = sorted((path, value) for path, value in known.items() if path in usual or not usual)
    return (hostdev.get("type"), str(facts), str(where)) if facts or where else None


def pci_address(device: Element) -> t.Hashable | None:
    """The PCI address that a device sits at."""
    address = device.child("address")
    if address is None or address.get("type") != "pci" or address.get("slot") is None:
        return None
    return tuple(
        integer(address.get(name) or "0") for name in ("domain", "bus", "slot", "function")
    )


def is_pci_place(address: Element) -> bool:
    """virDeviceInfoPCIAddressIsWanted: a PCI address of zeros is none, and libvirt chooses one."""
    return any(integer(address.get(name) or "0") != 0 for name in ("domain", "bus", "slot"))


def _is_in_slot(module: Element) -> bool:
    return module.value("address/@type") in (None, "dimm")


#: The slot that a module of memory sits in; at an address of another type it gets one.
module_slot = KeyWhere("address/@slot", _is_in_slot)


def chardev_source(device: Element) -> t.Hashable | None:
    """What a character device is connected to on the host."""
    source = device.child("source")
    return None if source is None else (device.get("type"), str(sorted(_flat(source))))


def console_source(console: Element) -> t.Hashable | None:
    """The same of a console: one of the serial port and a virtio console may share a file."""
    source = chardev_source(console)
    return None if source is None else (console.value("target/@type") or "serial", source)


def primary_of_model(video: Element) -> t.Hashable | None:
    """The model of the primary video device, which tells it from another one of that model."""
    return video.value("model/@type") if video.value("model/@primary") == "yes" else None


def of_machine(device: Element) -> t.Hashable | None:
    """Whether an input device is the machine's own, if it says where it is plugged in."""
    bus = device.get("bus")
    return None if bus is None else bus == "ps2"


def drive(disk: Element) -> t.Hashable | None:
    """A drive for media, whatever is in it."""
    kind = disk.get("device")
    return kind if kind in ("cdrom", "floppy") else None
