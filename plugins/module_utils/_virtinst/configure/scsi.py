# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SCSI controller."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest
from .devices_known import VIRTIO_SCSI


def add(guest: Guest) -> None:
    """Add a virtio controller for disks on SCSI, unless there is a SCSI controller already."""
    if not can_have_virtio_scsi(guest):
        return
    if any(disk.value("target/@bus") == "scsi" for disk in guest.devices("disk")):
        guest.add_device(Element("controller", {"type": "scsi", "model": "virtio-scsi"}))


def can_have_virtio_scsi(guest: Guest) -> bool:
    """Whether there is no SCSI controller, and a virtio one can be added."""
    if any(controller.get("type") == "scsi" for controller in guest.devices("controller")):
        return False
    return guest.has_virtio(*VIRTIO_SCSI)
