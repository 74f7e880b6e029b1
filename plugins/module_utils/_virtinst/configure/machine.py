# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine type."""

from __future__ import annotations

from ..guest import Guest
from .devices_known import CHIPSET_Q35, VIRTIO_NET, VIRTIO_NET_MODERN


def configure(guest: Guest) -> None:
    """Take q35 if the system supports it, else the emulator's first machine type."""
    if guest.machine is not None:
        return
    machines = guest.choice().machines
    if guest.is_x86 and guest.host.is_qemu and "q35" in machines and _fits_q35(guest):
        guest.set("os/type/@machine", "q35")
    elif machines:
        guest.set("os/type/@machine", machines[0])


def _fits_q35(guest: Guest) -> bool:
    # On PCI Express virtio devices are modern. A system that only has the driver of
    # transitional devices would find no network card.
    if guest.links(*VIRTIO_NET) and not guest.links(*VIRTIO_NET_MODERN):
        return False
    return guest.links(*CHIPSET_Q35)
