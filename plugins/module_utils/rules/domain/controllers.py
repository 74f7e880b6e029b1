# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which controllers libvirt adds by itself, and keeps for as long as they are used.

qemuDomainDefAddDefaultDevices adds the machine's own; virDomainDefAddImplicitControllers
and qemuDomainAssignAddresses add those that devices need.
"""

from __future__ import annotations

import typing as t

from ...xmltree.element import Element
from ..rows import Implied
from ..site import Site
from ..spelling import integer
from . import facts

#: Devices that sit at a PCI address on machines that have PCI.
_ON_PCI = (
    "disk interface hostdev controller video sound rng memballoon filesystem shmem vsock crypto"
).split()

_DISK_BUSES = ("ide", "sata", "scsi", "fdc")


def _number(text: str | None) -> int:
    value = integer(text or "0")
    return value if isinstance(value, int) else 0


def _attached(kind: str, device: Element) -> str | None:
    """The address attribute by which a device names its controller of this kind."""
    address = device.child("address")
    where = address.get("type") if address is not None else None
    if device.tag == "disk":
        bus = device.value("target/@bus")
        if bus == kind and kind in _DISK_BUSES:
            return "controller"
        return "bus" if kind == "usb" and bus == "usb" else None
    if device.tag == "hostdev" and kind == "scsi":
        return "controller" if device.get("type") == "scsi" else None
    if device.tag == "smartcard" and kind == "ccid":
        return "controller"
    if device.tag in ("channel", "console") and kind == "virtio-serial":
        return "controller" if device.value("target/@type") == "virtio" else None
    return "bus" if kind == "usb" and where == "usb" else None


def _highest_used(kind: str, kept: t.Iterable[Element]) -> int:
    """The highest number of such a controller that a device sits on; -1: none."""
    highest = -1
    for device in kept:
        attribute = _attached(kind, device)
        if attribute is not None:
            highest = max(highest, _number(device.value(f"address/@{attribute}")))
    return highest


#: Models that a device can be plugged into later on.
_PLUGGABLE = ("pcie-root-port", "pcie-switch-downstream-port", "pci-bridge", "pcie-to-pci-bridge")


def _is_reserve(index: int, kept: t.Iterable[Element]) -> bool:
    """Whether libvirt adds this bridge or port so that one is free.

    qemuDomainAssignPCIAddresses reserves a place for one more device.
    """
    used = {
        _number(device.value("address/@bus"))
        for device in kept
        if device.value("address/@type") == "pci"
    }
    return not any(
        device.tag == "controller"
        and device.get("model") in _PLUGGABLE
        and _number(device.get("index")) not in (used | {index})
        for device in kept
    )


def _pci_bridge_needed(index: int, kept: t.Iterable[Element]) -> bool:
    """Whether something sits behind a bridge or port, or has yet to be placed."""
    for device in kept:
        if device.tag == "controller" and device.get("type") == "pci":
            # Numbers have no gaps: a higher one keeps the lower ones.
            if _number(device.get("index")) > index:
                return True
        elif device.tag in _ON_PCI and device.child("address") is None:
            return not (device.tag == "memballoon" and device.get("model") == "none")
        address = device.child("address")
        if (
            address is not None
            and address.get("type") == "pci"
            and _number(address.get("bus")) == index
        ):
            return True
    return False


def own(site: Site, controller: Element) -> Implied:
    """The controller as libvirt adds it, if it has a reason to."""
    kind, index = controller.get("type") or "", _number(controller.get("index"))
    expected = Element("controller", {"type": kind, "index": str(index)})
    if kind == "pci":
        needed = (
            index == 0
            or _pci_bridge_needed(index, site.kept)
            or _is_reserve(index, site.kept)
        )
        if index > 0:
            expected.attributes["model"] = controller.get("model") or ""
    elif kind == "usb" and index == 0:
        needed = True
    elif kind == "sata" and index == 0 and facts.is_q35(site):
        needed = True
    else:
        needed = index <= _highest_used(kind, site.kept)
    return expected if needed else None


def order(controller: Element) -> tuple[int, int]:
    """PCI bridges come last, from the highest number down.

    Whether one is needed depends on all others.
    """
    is_pci = controller.get("type") == "pci"
    return (1 if is_pci else 0, -_number(controller.get("index")))
