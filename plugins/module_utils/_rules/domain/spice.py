# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices that work with SPICE alone.

QEMU's driver refuses them without such graphics (qemuValidateDomainChrDef,
qemuValidateDomainRedirdevDef, qemuValidateDomainSmartcardDef).
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

SPICE = "spice"
#: The devices that SPICE may serve, and the types that it serves.
SERVED = ("channel", "redirdev", "smartcard", "serial", "parallel", "console")
TYPES = ("spicevmc", "spiceport")


def needs_spice(device: Element) -> bool:
    """Whether a device is nothing without SPICE."""
    return device.tag in SERVED and device.get("type") in TYPES


def left_over(document: Element, gone: t.Collection[int]) -> list[Element]:
    """The devices that go along when the last SPICE of a document goes.

    ``gone`` has the ``id`` of each device that goes.
    """
    devices = [child for parent in document.all("devices") for child in parent.children]
    spice = [one for one in devices if one.tag == "graphics" and one.get("type") == SPICE]
    if not spice or any(id(one) not in gone for one in spice):
        return []
    return [one for one in devices if id(one) not in gone and needs_spice(one)]


def note_of(devices: t.Sequence[Element]) -> str:
    """A line for a person about such devices."""
    kinds = list(dict.fromkeys(device.tag for device in devices))
    return (
        f"the last SPICE graphics goes, and with it what works with SPICE alone: {', '.join(kinds)}"
    )
