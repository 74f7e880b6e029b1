# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults of devices that need few."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from ..versions import PANIC


def configure(guest: Guest) -> None:
    """Complete the devices."""
    for tag, complete in _COMPLETED:
        for device in guest.devices(tag):
            complete(guest, device)


def _filesystem(guest: Guest, device: Element) -> None:
    if not (guest.host.is_qemu_or_test or guest.host.driver == "lxc"):
        return
    device.attributes.setdefault("type", "mount")
    # libvirt's own default works only for a QEMU that runs as root; virtiofs
    # has no other mode.
    if device.value("driver/@type") != "virtiofs":
        device.attributes.setdefault("accessmode", "mapped")


def _smartcard(guest: Guest, device: Element) -> None:
    mode = device.attributes.setdefault("mode", "passthrough")
    if mode == "passthrough":
        device.attributes.setdefault("type", "spicevmc")


def _hostdev(guest: Guest, device: Element) -> None:
    device.attributes.setdefault("mode", "subsystem")
    device.attributes.setdefault("managed", "no" if guest.host.is_xen else "yes")


def _redirdev(guest: Guest, device: Element) -> None:
    device.attributes.setdefault("bus", "usb")
    device.attributes.setdefault("type", "spicevmc")


def _watchdog(guest: Guest, device: Element) -> None:
    device.attributes.setdefault("model", "i6300esb")
    device.attributes.setdefault("action", "reset")


def _panic(guest: Guest, device: Element) -> None:
    address = device.child("address")
    if address is not None and address.get("iobase") is not None:
        address.attributes.setdefault("type", "isa")
    if guest.follows(PANIC):
        return
    model = "isa" if guest.is_x86 else "pseries" if guest.is_pseries else None
    model = "s390" if guest.is_s390x else model
    if model is not None:
        device.attributes.setdefault("model", model)


def _memballoon(guest: Guest, device: Element) -> None:
    if guest.host.is_qemu_or_test:
        device.attributes.setdefault("model", "virtio")
    elif guest.host.is_xen:
        device.attributes.setdefault("model", "xen")


def _vsock(guest: Guest, device: Element) -> None:
    device.attributes.setdefault("model", "virtio")
    if device.value("cid/@auto") is None and device.value("cid/@address") is None:
        writing.write(device, "cid/@auto", "yes")


_COMPLETED = (
    ("filesystem", _filesystem),
    ("smartcard", _smartcard),
    ("hostdev", _hostdev),
    ("redirdev", _redirdev),
    ("watchdog", _watchdog),
    ("panic", _panic),
    ("vsock", _vsock),
    ("memballoon", _memballoon),
)
