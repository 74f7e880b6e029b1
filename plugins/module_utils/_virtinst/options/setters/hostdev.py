# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices of the host, found by libvirt's name for them or by their address.

The format of libvirt's documents about them: https://libvirt.org/formatnode.html
"""

from __future__ import annotations

import re
import typing as t

from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError

if t.TYPE_CHECKING:
    from ...guest import Guest

#: The source of a container's device, by the type of the device.
_CAPABILITIES = {"net": "interface", "misc": "char", "storage": "block"}
#: Mediated devices, by their type: their model in the guest, and whether libvirt binds and
#: unbinds them.
_MEDIATED = (
    (re.compile(r"vfio_ccw-io"), {"model": "vfio-ccw", "managed": "no"}),
    (re.compile(r"vfio_ap-passthrough"), {"model": "vfio-ap", "managed": "no"}),
    (
        re.compile(r"nvidia-\d\d.*|i915-GVTg_V\d_\d.*"),
        {"model": "vfio-pci", "managed": "yes", "display": "off", "ramfb": "off"},
    ),
)
_PCI = re.compile(r"(?:([0-9a-fx]+):)?([0-9a-fx]+):([0-9a-fx]+)\.([0-9a-fx]+)", re.IGNORECASE)
_USB_IDS = re.compile(r"([0-9a-fx]+):([0-9a-fx]+)", re.IGNORECASE)
_UUID_LENGTH = 36
_USB_PLACE = re.compile(r"(\d+)\.(\d+)")


def set_name(guest: Guest, element: Element, value: str | None) -> None:
    """Set the device of the host."""
    source = _CAPABILITIES.get(element.get("type") or "")
    if source is not None:
        element.attributes["mode"] = "capabilities"
        writing.write(element, f"source/{source}", value)
        return
    devices = guest.host.node_devices()
    found = next((candidate for candidate in devices if candidate.value("name") == value), None)
    if found is None:
        found = _by_address(devices, value or "", guest.needs_host_devices)
    _set_device(devices, element, found)


def _by_address(devices: t.Sequence[Element], address: str, is_needed: bool) -> Element:
    parsed = _values_of(address)
    if parsed is None:
        raise OptionError(
            f"the host has no device {address}; besides libvirt's names of devices there are "
            "PCI addresses ([DOMAIN:]BUS:SLOT.FUNCTION), USB ids (VENDOR:PRODUCT) and places "
            "(BUS.DEVICE)"
        )
    kind, values = parsed
    found = [
        device
        for device in devices
        if device.value("capability/@type") == kind
        and all(_number(device.value(path)) == number for path, number in values.items())
    ]
    if not found and not is_needed and not _USB_PLACE.fullmatch(address):
        # The place of a USB device doesn't identify the device.
        return _absent_device(kind, values)
    if len(found) != 1:
        have = "no device" if not found else f"{len(found)} devices"
        raise OptionError(
            f"the host has {have} at {address}; give libvirt's name of one, from virsh nodedev-list"
        )
    return found[0]


def _absent_device(kind: str, values: t.Mapping[str, int]) -> Element:
    """The document of a device that the host lacks, made from its address."""
    device = Element("device")
    writing.write(device, "capability/@type", kind)
    for path, number in values.items():
        writing.write(device, path, f"0x{number:04x}")
    return device


def _values_of(address: str) -> tuple[str, dict[str, int]] | None:
    """The kind of device of an address, and the values that identify it in its document."""
    match = _PCI.fullmatch(address)
    if match is not None:
        names: tuple[str, ...] = ("domain", "bus", "slot", "function")
        numbers = (int(part or "0", 16) for part in match.groups())
        return "pci", {f"capability/{name}": number for name, number in zip(names, numbers)}
    match = _USB_IDS.fullmatch(address)
    if match is not None:
        names = ("vendor", "product")
        return "usb_device", {
            f"capability/{name}/@id": int(part, 16) for name, part in zip(names, match.groups())
        }
    match = _USB_PLACE.fullmatch(address)
    if match is not None:
        names = ("bus", "device")
        return "usb_device", {
            f"capability/{name}": int(part) for name, part in zip(names, match.groups())
        }
    return None


def _number(text: str | None) -> int | None:
    try:
        return int(text or "", 16 if "0x" in (text or "") else 10)
    except ValueError:
        return None


def _set_device(devices: t.Sequence[Element], element: Element, device: Element) -> None:
    kind = device.value("capability/@type") or ""
    if kind == "pci":
        element.attributes["type"] = "pci"
        for name in ("domain", "bus", "slot", "function"):
            _copy(device, name, element, f"source/address/@{name}")
    elif kind == "usb_device":
        _set_usb(devices, element, device)
    elif kind == "net":
        parent = next((o for o in devices if o.value("name") == device.value("parent")), None)
        if parent is None:
            raise OptionError(
                f"hostdev: {device.value('name')} is only a part of a device, and libvirt doesn't "
                "name that; give the PCI address"
            )
        _set_device(devices, element, parent)
    elif kind == "scsi":
        element.attributes.update({"type": "scsi", "managed": "no"})
        adapter = f"scsi_host{device.value('capability/host')}"
        writing.write(element, "source/adapter/@name", adapter)
        for name, attribute in (("bus", "bus"), ("target", "target"), ("lun", "unit")):
            _copy(device, name, element, f"source/address/@{attribute}")
    elif kind == "mdev":
        _set_mediated(element, device)
    else:
        raise OptionError(
            f"hostdev: a guest can't be given a device of the kind {kind or 'that it has'}"
        )


def _set_usb(devices: t.Sequence[Element], element: Element, device: Element) -> None:
    element.attributes["type"] = "usb"
    names = ("vendor", "product")
    ids = [device.value(f"capability/{name}/@id") for name in names]
    for name, usb_id in zip(names, ids):
        writing.write(element, f"source/{name}/@id", usb_id)
    twins = [
        candidate
        for candidate in devices
        if candidate.value("capability/@type") == "usb_device"
        and [candidate.value(f"capability/{name}/@id") for name in names] == ids
    ]
    if len(twins) > 1:
        # Only the place identifies one of several equal devices.
        for name in ("bus", "device"):
            _copy(device, name, element, f"source/address/@{name}")


def _set_mediated(element: Element, device: Element) -> None:
    kind = device.value("capability/type/@id") or ""
    known = next((values for pattern, values in _MEDIATED if pattern.fullmatch(kind)), None)
    if known is None:
        raise OptionError(f"mediated devices of the type {kind} are not known")
    element.attributes.update({"type": "mdev", **known})
    name = (device.value("name") or "").partition("_")[2]
    found = device.value("capability/uuid") or name.replace("_", "-")[:_UUID_LENGTH]
    writing.write(element, "source/address/@uuid", found)


def _copy(device: Element, name: str, element: Element, path: str) -> None:
    writing.write(element, path, device.value(f"capability/{name}"))
