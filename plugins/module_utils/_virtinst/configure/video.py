# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The graphics card."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from .. import writing
from ..errors import OptionError
from ..guest import Guest
from ..versions import VIDEO_ARM, VIDEO_MEMORY
from .devices_known import VIRTIO_GPU
from .graphics import has_spice

_QXL_MEMORY = ("ram", "vgamem", "vram64")


def add(guest: Guest) -> None:
    """Add a card to a whole machine with a graphics server; Xen's other guests need none.

    :raises OptionError: the options refuse a card.
    """
    if guest.is_hvm and guest.devices("graphics") and not guest.devices("video"):
        if "video" in guest.set_to_none:
            refuse_none()
        guest.add_device(Element("video"))


def refuse_none() -> t.NoReturn:
    """Refuse a screen without a card.

    :raises OptionError: always.
    """
    raise OptionError(
        "video: a guest with graphics has a card, which libvirt would add; give video: {model: "
        "{type: none}} for a guest that shows nothing, or graphics: none as well"
    )


def configure(guest: Guest) -> None:
    """Choose the models of cards without a model."""
    for video in guest.devices("video"):
        if video.value("model/@type") is None:
            writing.write(video, "model/@type", _model(guest))
            _drop_memory(guest, video)
        if video.value("model/@type") == "virtio" and guest.has_gl:
            writing.write(video, "model/acceleration/@accel3d", "yes")


def _drop_memory(guest: Guest, video: Element) -> None:
    """Drop the amounts of memory that only a qxl has."""
    if video.value("model/@type") != "qxl" and guest.follows(VIDEO_MEMORY):
        for name in _QXL_MEMORY:
            writing.write(video, f"model/@{name}", None)


def _model(guest: Guest) -> str | None:
    if not guest.is_hvm:
        return None
    if guest.is_pseries:
        return "vga"
    if guest.is_riscv_virt or guest.is_loongarch or (guest.is_s390x and guest.host.is_qemu):
        return "virtio"
    if guest.is_arm_virt and not guest.follows(VIDEO_ARM):
        return "virtio"
    if guest.has_spice and guest.has_gl:
        return "virtio"
    capabilities = guest.domain_capabilities()
    if capabilities.has_video("virtio") and guest.links(*VIRTIO_GPU):
        return "virtio"
    # QXL is better than VGA only together with SPICE.
    if guest.is_x86 and guest.has_spice and _has_qxl(guest):
        return "qxl"
    if guest.is_uefi and guest.is_arm and guest.follows(VIDEO_ARM):
        return "ramfb"
    if guest.is_uefi and capabilities.has_video("bochs"):
        return "bochs"
    return "vga"


def _has_qxl(guest: Guest) -> bool:
    capabilities = guest.domain_capabilities()
    if capabilities.lists_video:
        return capabilities.has_video("qxl")
    # QXL, which comes with SPICE, is older than libvirt's list of cards.
    return has_spice(guest)
