# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bus, driver and target of disks."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import disk_source, writing
from ..disk import storage_of
from ..errors import OptionError
from ..guest import Guest
from ..storage import NewVolume
from ..versions import DISK_BUS
from .devices_known import VIRTIO_BLOCK, VIRTIO_SCSI

#: The beginning of a target's name and the largest number of disks, by bus.
_TARGETS = {"virtio": ("vd", 1024), "xen": ("xvd", 1024), "fdc": ("fd", 2), "ide": ("hd", 4)}
_USUAL_TARGETS = ("sd", 1024)


def configure(guest: Guest) -> None:
    """Complete each disk.

    :raises OptionError: a bus can't have so many disks.
    """
    for disk in guest.devices("disk"):
        complete(guest, disk)


def complete(guest: Guest, disk: Element) -> None:
    """Complete a disk."""
    device = disk.attributes.setdefault("device", "disk")
    disk.attributes.setdefault("type", disk_source.type_of(disk))
    disk_source.set_driver(guest, disk)
    if disk.value("target/@bus") is None:
        writing.write(disk, "target/@bus", _bus(guest, device))
    if device == "cdrom" and disk.child("readonly") is None:
        disk.children.append(Element("readonly"))
    if guest.host.is_qemu and device == "disk":
        _set_discard(disk)
    if disk.value("target/@dev") is None:
        taken = [disk_.value("target/@dev") for disk_ in guest.devices("disk")]
        writing.write(
            disk,
            "target/@dev",
            free_target(disk, [disk_ for disk_ in taken if disk_]),
        )


def _set_discard(disk: Element) -> None:
    storage = storage_of(disk)
    is_block = disk.get("type") == "block"
    if is_block:
        for attribute, value in (("cache", "none"), ("io", "native")):
            if disk.value(f"driver/@{attribute}") is None:
                writing.write(disk, f"driver/@{attribute}", value)
    is_sparse = isinstance(storage, NewVolume) and storage.allocation == 0
    if (is_block or is_sparse) and disk.value("driver/@discard") is None:
        writing.write(disk, "driver/@discard", "unmap")


def _bus(guest: Guest, device: str) -> str:
    if device == "floppy":
        return "fdc"
    if guest.is_xen_pv:
        return "xen"
    if not guest.is_hvm:
        return "ide"
    if device == "disk" and guest.has_virtio(*VIRTIO_BLOCK):
        return "virtio"
    # On x86 the bus of a CD-ROM is IDE or SATA, which every system can boot from.
    if device == "cdrom" and not guest.is_x86 and guest.has_virtio(*VIRTIO_SCSI):
        return "scsi"
    if guest.follows(DISK_BUS):
        return _last_resort(guest)
    if guest.is_arm:
        return "sd"
    if guest.is_q35 or guest.host.is_bhyve:
        return "sata"
    return "ide"


def _last_resort(guest: Guest) -> str:
    if guest.is_q35 or guest.host.driver == "bhyve":
        return "sata"
    if guest.is_x86:
        return "ide"
    return "sd" if (guest.machine or "").startswith("vexpress") else "usb"


def free_target(disk: Element, taken: list[str]) -> str:
    """A free name after those of all other disks of the bus; else the first free name."""
    bus = disk.value("target/@bus") or ""
    prefix, most = _TARGETS.get(bus, _USUAL_TARGETS)
    if disk.get("device") == "floppy":
        prefix, most = _TARGETS["fdc"]
    left = {name for name in taken if name.startswith(prefix)}
    first = None
    for number in range(1, most + 1):
        name = prefix + letters(number)
        if name in left:
            left.discard(name)
        elif not left:
            return name
        elif first is None:
            first = name
    if first is None:
        raise OptionError(f"the bus {bus} can have {most} disks at most")
    return first


def letters(number: int) -> str:
    """The letters of a disk's number: 1 is ``a``, 26 is ``z``, 27 is ``aa``."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
