# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices that come with SPICE: its channel, sound, and USB devices of the viewer."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest
from ..versions import SPICE_EXTRAS
from . import channels, features, sound
from .usb import is_disabled

#: Four would leave no port of USB 2 for devices of the host.
_REDIRECTIONS = 2


def add(guest: Guest) -> None:
    """Add these devices to a guest that has SPICE."""
    if not guest.has_spice:
        return
    features.configure_spice(guest)
    capabilities = guest.domain_capabilities() if guest.follows(SPICE_EXTRAS) else None
    if capabilities is None or capabilities.has_device("channel", "type", "spicevmc"):
        channels.add_spice(guest)
    if "sound" not in guest.unwanted and not guest.devices("sound") and guest.is_hvm:
        guest.add_device(Element("sound"))
        sound.configure(guest)
    if guest.devices("redirdev") or is_disabled(guest) or not guest.is_x86:
        return
    if "redirdev" in guest.unwanted:
        return
    if capabilities is not None and not capabilities.has_device("redirdev", "bus", "usb"):
        return
    for _number in range(_REDIRECTIONS):
        guest.add_device(Element("redirdev", {"bus": "usb", "type": "spicevmc"}))
