# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt adds to a domain that exists along with a new device.

It is what :mod:`.implied` and :mod:`.controllers` know of a new domain, so far as it is certain
beforehand. The bridges and ports of PCI are not: libvirt adds them as it gives addresses.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import Settle
from .addresses import drive
from .controllers import DISK_BUSES, as_number, number_in_address, of_first_disk
from .implied import audio_of
from .placement import Said, with_devices

_Numbers = dict[str, set[int]]


def with_companions(domain: Element, actual: Element, _said: Said) -> Element:
    """virDomainDefAddImplicitDevices, for a domain of QEMU."""
    if domain.get("type") not in ("qemu", "kvm", "hvf"):
        return domain
    added = [
        Element(
            "controller",
            {"type": kind, "index": str(index)},
            children=of_first_disk(kind, index, domain.findall("devices/disk")),
        )
        for kind, numbers in _lacking(domain).items()
        # What libvirt hasn't added before it won't add now.
        for index in sorted(numbers - _lacking(actual).get(kind, set()))
    ]
    if _lacks_video(domain) and not _lacks_video(actual):
        added.append(Element("video"))
    if domain.find("devices/audio") is None and actual.find("devices/audio") is not None:
        kind = audio_of([one.get("type") for one in domain.findall("devices/graphics")])
        added += [] if kind is None else [Element("audio", {"id": "1", "type": kind})]
    devices = domain.child("devices")
    children = [] if devices is None else list(devices.children)
    for one in added:
        like = [place for place, child in enumerate(children) if child.tag == one.tag]
        children.insert(like[-1] + 1 if like else len(children), one)
    return with_devices(domain, children) if added else domain


def _lacks_video(domain: Element) -> bool:
    """virDomainDefAddImplicitVideo: graphics need a video device."""
    has_graphics = domain.find("devices/graphics") is not None
    return has_graphics and domain.find("devices/video") is None


def _lacking(domain: Element) -> _Numbers:
    """The numbers of controllers that devices need and the domain lacks, by type.

    virDomainDefAddImplicitControllers: disks have all up to the highest.
    """
    devices = domain.child("devices")
    given: _Numbers = {}
    needed: _Numbers = {}
    for device in devices.children if devices is not None else ():
        if device.tag == "controller":
            given.setdefault(device.get("type") or "", set()).add(as_number(device.get("index")))
    for kind, index in _needs(devices, given):
        needed.setdefault(kind, set()).add(index)
    for kind in DISK_BUSES:
        if kind in needed:
            needed[kind].update(range(max(needed[kind])))
    return {kind: numbers - given.get(kind, set()) for kind, numbers in needed.items()}


def _needs(devices: Element | None, given: _Numbers) -> t.Iterator[tuple[str, int]]:
    for device in devices.children if devices is not None else ():
        place = drive(device)
        bus = device.value("target/@bus")
        if place is not None and bus in DISK_BUSES:
            # A place on another bus, such as that of a Xen disk, needs no controller.
            yield bus, place["controller"]
        kind = _KINDS.get(device.tag)
        if kind is None or (device.tag != "smartcard" and not _is_of(kind, device)):
            continue
        index = number_in_address(kind, device)
        if index is not None:
            yield kind, as_number(index)
        elif kind not in given:
            # libvirt looks for a place on those that there are.
            yield kind, 0


#: The controllers of devices that aren't disks.
_KINDS = {
    "hostdev": "scsi",
    "channel": "virtio-serial",
    "console": "virtio-serial",
    "smartcard": "ccid",
}


def _is_of(kind: str, device: Element) -> bool:
    if kind == "scsi":
        return device.get("type") == "scsi"
    return device.value("target/@type") == "virtio"


COMPANIONS = (Settle(with_companions, "virDomainDefAddImplicitDevices"),)
