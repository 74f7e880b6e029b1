# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first defaults, from the capabilities: type, architecture, emulator, loader."""

from __future__ import annotations

from ..capabilities import Choice
from ..errors import HostNote
from ..guest import Guest

#: The machine types for architectures where the capabilities' first one is a bad default.
#: The first of these that the emulator has is taken.
_MACHINES: dict[str, tuple[str, ...]] = {
    "ppc64": ("pseries",),
    "ppc64le": ("pseries",),
    "armv7l": ("virt", "vexpress-a15"),
    "aarch64": ("virt", "vexpress-a15"),
    "s390x": ("s390-ccw-virtio",),
    "riscv64": ("virt",),
    "riscv32": ("virt",),
    "loongarch64": ("virt",),
}


def configure(guest: Guest) -> None:
    """Fill in the properties that all other defaults depend on.

    :raises OptionError: the host can't run such a guest.
    """
    open_type = guest.virt_type is None and guest.os_type is None
    choice = guest.choice()
    guest.set("@type", choice.virt_type)
    guest.set("os/type", choice.os_type)
    guest.set("os/type/@arch", choice.arch)
    guest.set_default("os/loader", choice.loader)
    if not guest.is_xen_pv and choice.virt_type != "vz":
        guest.set_default("devices/emulator", choice.emulator)
    guest.set_default("os/type/@machine", _machine(guest, choice))
    if open_type and guest.host.is_qemu and guest.is_x86 and choice.virt_type != "kvm":
        guest.note(
            HostNote(
                f"KVM is not available on {guest.host.name}; new domains have the type "
                f"{choice.virt_type}, which is slower"
            )
        )


def _machine(guest: Guest, choice: Choice) -> str | None:
    if not guest.host.is_qemu_or_test:
        return None
    for machine in _MACHINES.get(choice.arch, ()):
        if machine in choice.machines:
            return machine
    return None
