# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was carried over gives way to what the document says.

Addresses and aliases of a guest are unique, and it has one boot order. What
libvirt assigned before and what the document now says otherwise would make
libvirt refuse the whole definition.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import Settle
from ..spelling import integer
from .addresses import drive, drive_of_target
from .defaults import thread_number
from .device_keys import pci_address

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
        given = {key_of(device) for device in children if _says(said(device), tag)}
        children = [
            _without(device, tag)
            if key_of(device) in given - {None}
            and not _says(said(device), tag)
            and not _would_come_back(device, tag)
            else device
            for device in children
        ]
    if all(new is old for new, old in zip(children, devices.children)):
        return domain
    return _with_devices(domain, devices, children)


def _would_come_back(device: Element, tag: str) -> bool:
    """Whether it is the address that libvirt gives to a disk by its target."""
    address = device.child("address")
    if tag != "address" or address is None or address.get("type") != "drive":
        return False
    return drive_of_target(device) in (drive(device), None)


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


def one_boot_order(domain: Element, _actual: Element, said: Said) -> Element:
    """virDomainDefBootOrderPostParse allows for the devices' order or for the system's.

    When the document says one of them, the other one goes.
    """
    system, devices = domain.child("os"), domain.child("devices")
    if system is None or devices is None or system.child("boot") is None:
        return domain
    if not any(device.child("boot") for device in devices.children):
        return domain
    says_system = _says(said(system), "boot")
    says_devices = any(_says(said(device), "boot") for device in devices.children)
    if says_devices and not says_system:
        system = _without(system, "boot")
    elif says_system and not says_devices:
        devices = devices.replaced(children=[_without(d, "boot") for d in devices.children])
    changed = {"os": system, "devices": devices}
    return domain.replaced(children=[changed.get(c.tag, c) for c in domain.children])


def _says(desired: Element | None, tag: str) -> bool:
    return desired is not None and desired.child(tag) is not None


def _without(element: Element, tag: str) -> Element:
    if element.child(tag) is None:
        return element
    return element.replaced(children=[child for child in element.children if child.tag != tag])


def without_sound_of(graphics: str, domain: Element) -> Element:
    """Without the sound for graphics that have gone: libvirt adds it with SPICE.

    qemuDomainDefAddDefaultAudioBackend; virDomainAudioDef without SPICE is refused.
    """
    devices = domain.child("devices")
    if devices is None or any(one.get("type") == graphics for one in devices.all("graphics")):
        return domain
    left = [one for one in devices.children if one.tag != "audio" or one.get("type") != graphics]
    return with_devices(domain, left) if len(left) < len(devices.children) else domain


def with_devices(domain: Element, children: list[Element]) -> Element:
    """The domain with these devices."""
    return domain.replaced(
        children=[
            one.replaced(children=children) if one.tag == "devices" else one
            for one in domain.children
        ]
    )


def without_lost_sound(domain: Element, _actual: Element, said: Said) -> Element:
    """Without sound for SPICE that nobody asked for, where there is no SPICE any more."""
    if any(said(one) is not None for one in domain.findall("devices/audio")):
        return domain
    return without_sound_of(_SPICE, domain)


def with_fewer_threads(domain: Element, _actual: Element, said: Said) -> Element:
    """Without the identifiers of more I/O threads than the document says.

    virDomainDefIOThreadsParse: there are as many as identifiers, whatever the number says.
    Those with the lowest are left, as where the number alone is said of a running guest.
    """
    threads, count = domain.child("iothreadids"), domain.child("iothreads")
    if threads is None or count is None or said(threads) is not None or said(count) is None:
        return domain
    text = count.text or ""
    most = int(text) if text.isdigit() else len(threads.children)
    left = sorted(threads.children, key=thread_number)[:most]
    if len(left) == len(threads.children):
        return domain
    kept = threads.replaced(children=[one for one in threads.children if one in left])
    return domain.replaced(children=[kept if one is threads else one for one in domain.children])


_SPICE = "spice"

PLACEMENT = (
    Settle(with_fewer_threads, "virDomainDefIOThreadsParse"),
    Settle(without_lost_sound, "qemuDomainDefAddDefaultAudioBackend"),
    Settle(without_idle_multifunction, "virDomainPCIAddressSetAllMulti"),
    Settle(one_boot_order, "virDomainDefBootOrderPostParse"),
    Settle(without_conflicts, "virDomainDeviceInfoCheckUnique; addresses are unique as well"),
)
