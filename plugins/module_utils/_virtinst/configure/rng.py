# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The random number generator."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from .devices_known import VIRTIO_RNG


def add(guest: Guest) -> None:
    """Give the guest the host's random numbers if it has the driver."""
    if "rng" in guest.unwanted or guest.devices("rng") or not guest.host.is_qemu:
        return
    if not is_known_machine(guest) or not guest.links(*VIRTIO_RNG):
        return
    rng = guest.add_device(Element("rng"))
    writing.write(rng, "backend", "/dev/urandom")
    writing.write(rng, "backend/@model", "random")


def configure(guest: Guest) -> None:
    """Fill in the model."""
    for rng in guest.devices("rng"):
        rng.attributes.setdefault("model", "virtio")


def is_known_machine(guest: Guest) -> bool:
    """Whether virtio devices are known to work with the machine type."""
    return (
        guest.is_x86
        or guest.is_arm_virt
        or guest.is_riscv_virt
        or guest.is_s390x
        or guest.is_pseries
        or guest.is_loongarch
    )
