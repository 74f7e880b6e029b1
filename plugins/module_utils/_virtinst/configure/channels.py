# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channels between guest and host: the guest agent's, and SPICE's."""

from __future__ import annotations

from ..._rules.domain.agent import CHANNEL
from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from .devices_known import VIRTIO_SERIAL

_SPICE = "com.redhat.spice.0"
#: The database once lacked virtio-serial for this system and its descendants.
_KNOWN_TO_HAVE_SERIAL = "rhel6.0"


def add(guest: Guest) -> None:
    """Add the channel of the guest agent."""
    if "channel" in guest.unwanted or guest.devices("channel"):
        return
    if not guest.host.is_qemu:
        return
    if guest.has_virtio(*VIRTIO_SERIAL) or (
        guest.is_x86 and guest.os.is_related_to(_KNOWN_TO_HAVE_SERIAL)
    ):
        channel = guest.add_device(Element("channel", {"type": "unix"}))
        writing.write(channel, "target/@type", "virtio")
        writing.write(channel, "target/@name", CHANNEL)


def add_spice(guest: Guest) -> None:
    """Add the channel of SPICE's agent.

    Windows gets it too: its drivers are often installed later.
    """
    if "channel" in guest.unwanted:
        return
    if any(channel.get("type") == "spicevmc" for channel in guest.devices("channel")):
        return
    complete(guest.add_device(Element("channel", {"type": "spicevmc"})))


def complete(device: Element) -> None:
    """Fill in what a channel, a console, a serial or a parallel port lacks."""
    kind = device.get("type")
    source = device.child("source")
    # A port that both binds and connects has several sources, each with a mode.
    if kind in ("unix", "tcp") and (source is None or source.get("mode") is None):
        writing.write(device, "source/@mode", "bind")
    if device.tag == "channel" and device.value("target/@type") is None:
        writing.write(device, "target/@type", "virtio")
    if kind in ("spicevmc", "qemu-vdagent") and device.value("target/@name") is None:
        writing.write(device, "target/@name", _SPICE)


def configure(guest: Guest) -> None:
    """Fill in modes and targets of all character devices."""
    for tag in ("serial", "parallel", "console", "channel"):
        for device in guest.devices(tag):
            complete(device)
