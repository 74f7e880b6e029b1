# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces."""

from __future__ import annotations

import re

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from .devices_known import VIRTIO_NET

#: Emulated cards, best first, for systems without virtio.
_MODELS = ("e1000", "rtl8139", "ne2k_pci", "pcnet")


def set_default_source(guest: Guest, interface: Element) -> None:
    """Connect an interface to the host's bridge, or else to the network ``default``."""
    host = guest.host
    if host.is_test or (host.is_qemu and not host.is_privileged):
        interface.attributes["type"] = "user"
        return
    bridge = host.default_bridge() if host.is_local else None
    if bridge is not None:
        interface.attributes["type"] = "bridge"
        writing.write(interface, "source/@bridge", bridge)
    else:
        interface.attributes["type"] = "network"
        writing.write(interface, "source/@network", "default")


def configure(guest: Guest) -> None:
    """Fill in types, bridges and models.

    libvirt makes the MAC address, and keeps it.
    """
    for interface in guest.devices("interface"):
        has_source = interface.child("source") is not None or interface.child("backend") is not None
        if interface.get("type") is None and not has_source:
            set_default_source(guest, interface)
        is_passt = interface.value("backend/@type") == "passt"
        kind = interface.attributes.setdefault("type", "user" if is_passt else "bridge")
        if kind == "bridge" and interface.value("source/@bridge") is None:
            bridge = guest.host.default_bridge() if guest.host.is_local else None
            writing.write(interface, "source/@bridge", bridge)
        if interface.value("model/@type") is None:
            writing.write(interface, "model/@type", _model(guest))


def _model(guest: Guest) -> str | None:
    if not guest.is_hvm:
        return None
    if guest.has_virtio(*VIRTIO_NET):
        return "virtio"
    if guest.is_q35:
        return "e1000e"
    if not guest.is_x86:
        return None
    known = {device.name for device in guest.os.devices() if re.match("net", device.kind or "")}
    return next((model for model in _MODELS if model in known), _MODELS[0])
