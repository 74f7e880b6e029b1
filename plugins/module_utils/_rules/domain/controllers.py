# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which controllers libvirt adds by itself, and keeps for as long as they are used.

qemuDomainDefAddDefaultDevices adds the machine's own; virDomainDefAddImplicitControllers
and qemuDomainAssignAddresses add those that devices need.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..context import Context
from ..rows import Implied
from ..spelling import integer
from . import facts
from .addresses import drive
from .device_keys import is_pci_place
from .devices import device as row_of

#: Disk buses whose controllers are added by number: all up to the highest.
DISK_BUSES = ("ide", "sata", "scsi", "fdc", "nvme")


def as_number(text: str | None) -> int:
    """The number that a text stands for; 0 without one."""
    value = integer(text or "0")
    return value if isinstance(value, int) else 0


def _attached(kind: str, device: Element) -> str | None:
    """The address attribute by which a device names its controller of this kind."""
    address = device.child("address")
    where = address.get("type") if address is not None else None
    if device.tag == "disk":
        bus = device.value("target/@bus")
        if bus == kind and kind in DISK_BUSES:
            return "controller"
        return "bus" if kind == "usb" and bus == "usb" else None
    if device.tag == "hostdev" and kind == "scsi":
        return "controller" if device.get("type") == "scsi" else None
    if device.tag == "smartcard" and kind == "ccid":
        return "controller"
    if device.tag in ("channel", "console") and kind == "virtio-serial":
        return "controller" if device.value("target/@type") == "virtio" else None
    return "bus" if kind == "usb" and where == "usb" else None


#: The type of the addresses on a controller, of those that several kinds of devices sit on.
_ON_IT = {"scsi": "drive", "virtio-serial": "virtio-serial", "ccid": "ccid"}


def number_in_address(kind: str, device: Element, attribute: str = "controller") -> str | None:
    """The number of the controller in a device's address; ``None`` in one of another type.

    virDomainDefAddImplicitControllers reads the numbers of such addresses alone.
    """
    expected = _ON_IT.get(kind)
    if expected is not None and device.value("address/@type") != expected:
        return None
    return device.value(f"address/@{attribute}")


def _used(kind: str, kept: t.Iterable[Element]) -> set[int]:
    """The numbers of such controllers that a device sits on."""
    return {
        as_number(number_in_address(kind, device, attribute))
        for device in kept
        for attribute in (_attached(kind, device),)
        if attribute is not None
    }


def _takes_port(device: Element) -> bool:
    """Whether libvirt has yet to plug the device into a PCIe port."""
    return (
        not _is_placed(device)
        and not _is_transitional(device)
        and row_of(device).takes_port(device)
    )


def _takes_slot(device: Element) -> bool:
    """Whether libvirt has yet to plug the device into a slot of a PCI bridge."""
    if _is_placed(device):
        return False
    row = row_of(device)
    return row.takes_slot(device) or (_is_transitional(device) and row.takes_port(device))


def _is_placed(device: Element) -> bool:
    """Whether the device has a place already."""
    address = device.child("address")
    return address is not None and (address.get("type") != "pci" or is_pci_place(address))


def _is_transitional(device: Element) -> bool:
    return _TRANSITIONAL in (device.get("model"), device.value("model/@type"))


_TRANSITIONAL = "virtio-transitional"
_PORT = "pcie-root-port"


def _needed_bridges(context: Context) -> set[int]:
    """The numbers of the PCI bridges and ports that libvirt would have added.

    Something sits behind them; or their number is below that of another one,
    because numbers have no gaps; or it is the free port that
    qemuDomainAssignPCIAddresses leaves for hotplug where the document has left
    all of PCI to libvirt; or a device has yet to be plugged in.
    """
    bridges = {
        as_number(one.get("index")): one
        for one in context.actual.all("controller")
        if one.get("type") == "pci" and one.get("index") != "0"
    }
    given = {
        as_number(one.get("index"))
        for one in context.kept
        if one.tag == "controller" and one.get("type") == "pci" and one.get("index") != "0"
    }
    needed = {
        as_number(device.value("address/@bus"))
        for device in context.kept
        if device.value("address/@type") == "pci"
        and not (device.tag == "controller" and device.get("type") == "pci")
    } - {0}
    needed |= given
    is_pcie = facts.is_pcie(context)
    wanted = sum(map(_takes_port, context.kept))
    if is_pcie and any(map(_takes_slot, context.kept)):
        with_slots = [n for n, one in bridges.items() if one.get("model") in facts.WITH_SLOTS]
        if with_slots:
            needed.add(min(with_slots))
        elif not any(_has_slots(one) for one in context.kept):
            # The bridge that libvirt will add is plugged into a port.
            wanted += 1
    taken = set(needed)
    while True:
        # What there is for the sake of the numbers alone sits somewhere as well.
        needed = {*taken, *range(1, max(taken, default=0))}
        above = _above(needed, bridges)
        if above <= taken:
            break
        taken |= above
    left_to_libvirt = all(
        one.get("model") in (None, "pci-root", "pcie-root")
        for one in context.desired.all("controller")
        if one.get("type") == "pci"
    )
    if left_to_libvirt and is_pcie and (needed or wanted):
        wanted += 1
    ports = sorted(n for n, one in bridges.items() if one.get("model") == _PORT)
    free = [number for number in ports if number not in taken]
    needed.update(free[:wanted])
    return needed


def _has_slots(device: Element) -> bool:
    return device.tag == "controller" and device.get("model") in facts.WITH_SLOTS


def _above(numbers: t.Iterable[int], bridges: dict[int, Element]) -> set[int]:
    """The numbers of the bridges and ports that those with these numbers are plugged into."""
    found: set[int] = set()
    for number in numbers:
        while number in bridges:
            number = as_number(bridges[number].value("address/@bus"))
            if number == 0 or number in found:
                break
            found.add(number)
    return found


def own(context: Context, controller: Element) -> Implied:
    """The controller as libvirt adds it, if it has a reason to."""
    kind, index = controller.get("type") or "", as_number(controller.get("index"))
    expected = Element("controller", {"type": kind, "index": str(index)})
    if kind == "pci":
        if "bridges" not in context.notes:
            # Bridges are judged last: nothing else will join the devices.
            context.notes["bridges"] = _needed_bridges(context)
        needed = index == 0 or index in context.notes["bridges"]
        if index > 0:
            expected.attributes["model"] = controller.get("model") or ""
    elif kind == "usb" and index == 0:
        needed = True
        if facts.is_q35(context):
            expected.attributes["model"] = "qemu-xhci"
    elif kind == "sata" and index == 0 and facts.is_q35(context):
        needed = True
    elif kind in DISK_BUSES:
        needed = index <= max(_used(kind, context.kept), default=-1)
        expected.children += of_first_disk(kind, index, context.kept)
    else:
        needed = index in _used(kind, context.kept)
    return expected if needed else None


def of_first_disk(kind: str, index: int, devices: t.Iterable[Element]) -> list[Element]:
    """What a controller that libvirt adds for disks has of the first one.

    virDomainDefMaybeAddController: an NVMe controller has the serial number (since 11.5).
    """
    if kind != "nvme":
        return []
    serials = (
        disk.child("serial")
        for disk in devices
        for place in (drive(disk),)
        if place is not None and disk.value("target/@bus") == kind and place["controller"] == index
    )
    return [serial for serial in serials if serial is not None][:1]


def order(controller: Element) -> tuple[int, int]:
    """PCI bridges come last, from the highest number down.

    Whether one is needed depends on all others.
    """
    is_pci = controller.get("type") == "pci"
    return (1 if is_pci else 0, -as_number(controller.get("index")))
