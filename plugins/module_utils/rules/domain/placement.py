# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was carried over gives way to what the document says.

Addresses and aliases of a guest are unique. One that libvirt assigned to a
device and that the document now gives to another would make libvirt refuse
the whole definition.
"""

from __future__ import annotations

import typing as t

from ...xmltree.element import Element
from ..rows import Settle
from ..spelling import integer
from .identity import pci_address

Said = t.Callable[[Element], t.Optional[Element]]


def _drive_address(device: Element) -> t.Hashable | None:
    address = device.child("address")
    if address is None or address.get("type") == "pci":
        return None
    values = tuple(sorted((n, integer(v)) for n, v in address.attributes.items()))
    return (device.value("target/@bus") or device.tag, values)


def _alias(device: Element) -> t.Hashable | None:
    return device.value("alias/@name")


_UNIQUE = (("address", pci_address), ("address", _drive_address), ("alias", _alias))


def without_conflicts(domain: Element, _actual: Element, said: Said) -> Element:
    """Without the addresses and aliases that another device now has."""
    devices = domain.child("devices")
    if devices is None:
        return domain
    children = devices.children
    for tag, key_of in _UNIQUE:
        given = {
            key_of(device)
            for device in children
            if (said(device) or Element("")).child(tag) is not None
        }
        children = [
            device.replaced(children=[c for c in device.children if c.tag != tag])
            if key_of(device) in given - {None}
            and (said(device) or Element("")).child(tag) is None
            else device
            for device in children
        ]
    if all(new is old for new, old in zip(children, devices.children)):
        return domain
    return _with_devices(domain, devices, children)


def without_idle_multifunction(domain: Element, actual: Element, said: Said) -> Element:
    """virDomainPCIAddressSetAllMulti says multifunction where a slot is shared.

    When the others of the slot are gone, so is the reason for it.
    """
    devices = domain.child("devices")
    if devices is None:
        return domain
    before, after = _slots(actual), _slots(domain)
    children = []
    for device in devices.children:
        address = device.child("address")
        slot = _slot(device)
        desired = said(device)
        if (
            address is not None
            and address.get("multifunction") == "on"
            and (desired is None or desired.value("address/@multifunction") is None)
            and after[slot] == 1 < before.get(slot, 0)
        ):
            left = {n: v for n, v in address.attributes.items() if n != "multifunction"}
            plain = address.replaced(left)
            device = device.replaced(
                children=[plain if child is address else child for child in device.children]
            )
        children.append(device)
    return _with_devices(domain, devices, children)


def _slots(domain: Element) -> dict[t.Hashable, int]:
    """How many devices share each PCI slot."""
    slots: dict[t.Hashable, int] = {}
    for device in (domain.child("devices") or domain).children:
        slot = _slot(device)
        slots[slot] = slots.get(slot, 0) + 1
    return slots


def _slot(device: Element) -> t.Hashable | None:
    address = pci_address(device)
    return address[:3] if isinstance(address, tuple) else None


def _with_devices(domain: Element, devices: Element, children: list[Element]) -> Element:
    changed = devices.replaced(children=children)
    return domain.replaced(
        children=[changed if child is devices else child for child in domain.children]
    )


PLACEMENT = (
    Settle(without_idle_multifunction, "virDomainPCIAddressSetAllMulti"),
    Settle(without_conflicts, "virDomainDeviceInfoCheckUnique; addresses are unique as well"),
)
