# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of a device of the host.

The format of libvirt's documents about them: https://libvirt.org/formatnode.html
"""

from __future__ import annotations

import typing as t

from ..._hypervisor.node import NodeDevice
from ..._xmltree.element import Element

_NONE = Element("none")


def described_device(device: NodeDevice) -> dict[str, t.Any]:
    """What is known of a device; what it doesn't have is ``None``, or an empty list."""
    document = device.document
    capability = document.child("capability") or _NONE
    nested = {each.get("type") or "": each for each in capability.all("capability")}
    functions = nested.get("virt_functions")
    physical = nested.get("phys_function")
    return {
        "name": document.value("name"),
        "type": capability.get("type"),
        "capabilities": sorted(nested),
        "parent": document.value("parent"),
        "path": document.value("path"),
        "nodes": [each.text for each in document.all("devnode") if each.get("type") == "dev"],
        "driver": document.value("driver/name"),
        "vendor": _named(capability.child("vendor")),
        "product": _named(capability.child("product")),
        "model": capability.value("model"),
        "serial": capability.value("serial"),
        "address": _address_of(capability),
        "class": capability.value("class"),
        "iommu_group": _number(capability.value("iommuGroup/@number")),
        "numa_node": _number(capability.value("numa/@node")),
        "physical_function": None if physical is None else _pci(physical.child("address")),
        "virtual_functions": [_pci(each) for each in (functions or _NONE).all("address")],
        "max_virtual_functions": _number((functions or _NONE).get("maxCount")),
        "mdev_types": [_mdev_type(each) for each in nested.get("mdev_types", _NONE).all("type")],
        "mdev": _mdev(capability) if capability.get("type") == "mdev" else None,
        "interface": capability.value("interface"),
        "mac": capability.value("address") if capability.get("type") == "net" else None,
        "link": capability.value("link/@state"),
        "block": capability.value("block"),
        "size": _number(capability.value("size")),
        "active": device.active,
        "persistent": device.persistent,
        "autostart": device.autostart,
    }


def _named(element: Element | None) -> dict[str, str | None] | None:
    """A vendor or product: its number, which storage has none of, and its name."""
    return None if element is None else {"id": element.get("id"), "name": element.text}


def _address_of(capability: Element) -> str | None:
    """The address of a device, as the option ``hostdev`` and the host's own tools write it."""
    kind = capability.get("type")
    if kind == "pci":
        parts = [capability.value(name) for name in ("domain", "bus", "slot", "function")]
        return _written_pci(parts)
    if kind == "usb_device":
        bus, place = capability.value("bus"), capability.value("device")
        return f"{bus}.{place}" if bus and place else None
    if kind in ("ccw", "css"):
        return _written("{:x}.{:x}.{:04x}", map(capability.value, ("cssid", "ssid", "devno")))
    return None


def _pci(address: Element | None) -> str | None:
    if address is None:
        return None
    return _written_pci([address.get(name) for name in ("domain", "bus", "slot", "function")])


def _written_pci(parts: t.Iterable[str | None]) -> str | None:
    """A PCI address as lspci writes it, from decimal numbers or hexadecimal ones."""
    return _written("{:04x}:{:02x}:{:02x}.{:x}", parts)


def _written(form: str, parts: t.Iterable[str | None]) -> str | None:
    """Numbers in this form; ``None`` where one is missing."""
    numbers = [number for number in map(_number, parts) if number is not None]
    try:
        return form.format(*numbers)
    except IndexError:
        return None


def _mdev_type(element: Element) -> dict[str, t.Any]:
    return {
        "id": element.get("id"),
        "name": element.value("name"),
        "device_api": element.value("deviceAPI"),
        "available": _number(element.value("availableInstances")),
    }


def _mdev(capability: Element) -> dict[str, t.Any]:
    return {
        "type": capability.value("type/@id"),
        "uuid": capability.value("uuid"),
        "attributes": [
            {"name": each.get("name"), "value": each.get("value")}
            for each in capability.all("attr")
        ],
    }


def _number(text: str | None) -> int | None:
    """A number as libvirt writes it in these documents; ``None`` where it is none."""
    try:
        return int(text or "", 0)
    except ValueError:
        return None
