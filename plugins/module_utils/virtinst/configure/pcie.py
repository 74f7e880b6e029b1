# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports for PCI Express devices."""

from __future__ import annotations

from ...xmltree.element import Element
from ..guest import Guest

#: Spare ones, to plug devices into a running guest. QEMU 6.1 has trouble with
#: more: https://gitlab.com/qemu-project/qemu/-/issues/641
_ROOT_PORTS = 14


def add(guest: Guest) -> None:
    """Add root ports, unless PCI controllers were given."""
    if not guest.is_pcie:
        return
    if any(one.get("type") == "pci" for one in guest.devices("controller")):
        return
    ports = _ROOT_PORTS if guest.root_ports is None else guest.root_ports
    if ports < 1:
        return
    for model in ("pcie-root", *["pcie-root-port"] * ports):
        guest.add_device(Element("controller", {"type": "pci", "model": model}))
