# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The features of the machine."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest
from .clock import is_windows

_FULL_CONTAINER = "/"
#: The features that make Windows fast and stable on KVM, in every version of QEMU.
_HYPERV = ("relaxed", "vapic", "spinlocks")
_SPINLOCK_RETRIES = "8191"


def configure(guest: Guest) -> None:
    """Switch on the capabilities' default features, and Hyper-V's features for Windows."""
    if guest.is_container:
        for name in ("acpi", "apic", "pae"):
            guest.set(f"features/{name}", None)
        if is_full_container(guest) and guest.virt_type != "vz":
            guest.make("features/privnet")
        return
    if not guest.is_hvm:
        return
    choice = guest.choice()
    is_xen_x86_64 = guest.virt_type == "xen" and guest.arch == "x86_64"
    for name, is_on in (
        ("acpi", choice.has_acpi),
        ("apic", choice.has_apic),
        ("pae", choice.has_pae or is_xen_x86_64),
    ):
        if is_on and name not in guest.unwanted_features:
            guest.make(f"features/{name}")
    if is_windows(guest) and guest.host.is_qemu_or_test:
        for name in _HYPERV:
            guest.set_default(f"features/hyperv/{name}/@state", "on")
        guest.set_default("features/hyperv/spinlocks/@retries", _SPINLOCK_RETRIES)


def configure_spice(guest: Guest) -> None:
    """Leave out VMware's port, which keeps SPICE from finding the pointer."""
    if guest.is_x86 and guest.host.is_qemu_or_test:
        guest.set_default("features/vmport/@state", "off")


def is_full_container(guest: Guest) -> bool:
    """Whether a container has a whole system of its own."""
    return guest.is_container and any(
        _mounted_at(filesystem) == _FULL_CONTAINER for filesystem in guest.devices("filesystem")
    )


def _mounted_at(filesystem: Element) -> str | None:
    return filesystem.value("target/@dir")
