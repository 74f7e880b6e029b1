# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The graphics servers."""

from __future__ import annotations

import os

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from ..versions import GRAPHICS


def add(guest: Guest) -> None:
    """Add a graphics server to a guest with a screen."""
    if "graphics" in guest.unwanted or guest.devices("graphics"):
        return
    if guest.is_container and guest.host.driver != "vz":
        return
    has_screen = guest.is_x86 or guest.is_pseries or guest.is_loongarch
    if has_screen or (guest.follows(GRAPHICS) and (guest.is_arm_virt or guest.is_riscv_virt)):
        guest.add_device(Element("graphics"))


def configure(guest: Guest) -> None:
    """Fill in type, ports and, for SPICE, compression and rendering."""
    for graphics in guest.devices("graphics"):
        _complete(guest, graphics)


def _complete(guest: Guest, graphics: Element) -> None:
    attributes = graphics.attributes
    kind = attributes.setdefault("type", _kind(guest))
    if kind == "sdl":
        attributes.setdefault("xauth", os.path.expanduser("~/.Xauthority"))
        if "DISPLAY" in os.environ:
            attributes.setdefault("display", os.environ["DISPLAY"])
    listen = graphics.value("listen/@type")
    if kind in ("vnc", "spice") and listen in (None, "address", "network"):
        attributes.setdefault("port", "-1")
        if kind == "spice":
            attributes.setdefault("tlsPort", "-1")
    if kind != "spice":
        return
    if attributes.get("port") == "-1" and attributes.get("tlsPort") == "-1":
        attributes.setdefault("autoport", "yes")
    # On the way to the same host compression costs more than it saves.
    if guest.host.is_local and graphics.value("image/@compression") is None:
        writing.write(graphics, "image/@compression", "off")
    if graphics.value("gl/@enable") == "yes" and graphics.value("gl/@rendernode") is None:
        writing.write(graphics, "gl/@rendernode", _render_node(guest))


def _kind(guest: Guest) -> str:
    # Xen may list SPICE, but virt-install's default there is VNC.
    return "spice" if not guest.host.is_xen and has_spice(guest) else "vnc"


def has_spice(guest: Guest) -> bool:
    """Whether the host has SPICE; where it lists no graphics servers, by its architecture."""
    capabilities = guest.domain_capabilities()
    if capabilities.lists_graphics:
        return capabilities.has_graphics("spice")
    if not guest.host.is_qemu_or_test:
        return False
    return guest.host.capabilities.host_arch in ("i686", "x86_64")


def _render_node(guest: Guest) -> str | None:
    for device in guest.host.node_devices():
        for capability in device.all("capability"):
            if capability.get("type") == "drm" and capability.value("type") == "render":
                nodes = device.all("devnode")
                return next((node.text for node in nodes if node.get("type") == "dev"), None)
    return None
