# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The features of the machine."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..guest import Guest
from ..versions import HYPERV
from .clock import is_windows

_FULL_CONTAINER = "/"
#: The features that make Windows fast and stable on KVM, in every version of QEMU.
_HYPERV = ("relaxed", "vapic", "spinlocks")
_SPINLOCK_RETRIES = "8191"


class _Hyperv(t.NamedTuple):
    """A feature of Hyper-V that Windows gets.

    ``path`` is the place of its ``value`` below ``hyperv``, ``listed_as`` its name in the domain
    capabilities. ``needs`` are the features that have to be on, ``condition`` is another need.
    """

    listed_as: str
    path: str
    value: str = "on"
    needs: tuple[str, ...] = ()
    condition: t.Callable[[Guest], bool] | None = None

    def has_needs(self, guest: Guest) -> bool:
        """Whether the guest has all that the feature needs."""
        if self.condition is not None and not self.condition(guest):
            return False
        return all(guest.get(f"features/hyperv/{name}/@state") == "on" for name in self.needs)


def _has_hyperv_timer(guest: Guest) -> bool:
    clock = guest.root.child("clock")
    return clock is not None and any(
        timer.get("name") == "hypervclock" for timer in clock.all("timer")
    )


#: In an order in which what a feature needs comes before it.
_HYPERV_FEATURES = (
    _Hyperv("relaxed", "relaxed/@state"),
    _Hyperv("vapic", "vapic/@state"),
    _Hyperv("spinlocks", "spinlocks/@state"),
    _Hyperv("spinlocks", "spinlocks/@retries", _SPINLOCK_RETRIES),
    _Hyperv("vpindex", "vpindex/@state"),
    _Hyperv("runtime", "runtime/@state"),
    _Hyperv("synic", "synic/@state", needs=("vpindex",)),
    # QEMU's hv-stimer needs hv-time, which libvirt sets by the timer hypervclock.
    _Hyperv("stimer", "stimer/@state", needs=("vpindex", "synic"), condition=_has_hyperv_timer),
    _Hyperv(
        "stimer_direct",
        "stimer/direct/@state",
        needs=("vpindex", "synic", "stimer"),
        condition=_has_hyperv_timer,
    ),
    _Hyperv("frequencies", "frequencies/@state"),
    _Hyperv("tlbflush", "tlbflush/@state", needs=("vpindex",)),
    _Hyperv("ipi", "ipi/@state", needs=("vpindex",)),
    # The enlightened VMCS is Intel's.
    _Hyperv(
        "evmcs",
        "evmcs/@state",
        needs=("vapic",),
        condition=lambda guest: guest.host.capabilities.host_cpu_vendor == "Intel",
    ),
    _Hyperv("avic", "avic/@state", condition=lambda guest: guest.has("features/apic")),
)


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
    if is_windows(guest) and guest.follows(HYPERV):
        _configure_hyperv(guest)
    elif is_windows(guest) and guest.host.is_qemu_or_test:
        for name in _HYPERV:
            guest.set_default(f"features/hyperv/{name}/@state", "on")
        guest.set_default("features/hyperv/spinlocks/@retries", _SPINLOCK_RETRIES)


def _configure_hyperv(guest: Guest) -> None:
    """Switch on what the domain capabilities list, unless what it needs is missing."""
    listed = guest.domain_capabilities().hyperv_features
    for feature in _HYPERV_FEATURES:
        if feature.listed_as not in listed or not feature.has_needs(guest):
            continue
        guest.set_default(f"features/hyperv/{feature.path}", feature.value)


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
