# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory balloon."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest
from .devices_known import VIRTIO_BALLOON
from .rng import is_known_machine


def add(guest: Guest) -> None:
    """Add a balloon if the system has the driver; otherwise libvirt decides."""
    if guest.devices("memballoon") or not guest.host.is_qemu:
        return
    if is_known_machine(guest) and guest.links(*VIRTIO_BALLOON):
        guest.add_device(Element("memballoon", {"model": "virtio"}))
