# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports for PCI Express devices."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest

#: The number of ports, some of which are spare for plugging devices into a running guest.
#: QEMU 6.1 has trouble with more: https://gitlab.com/qemu-project/qemu/-/issues/641
_ROOT_PORTS = 14
_ROOT_PORT = "pcie-root-port"


def add(guest: Guest) -> None:
    """Add root ports, unless PCI controllers were given."""
    if not guest.is_pcie:
        return
    if any(controller.get("type") == "pci" for controller in guest.devices("controller")):
        return
    ports = _ROOT_PORTS if guest.root_ports is None else guest.root_ports
    if ports < 1:
        return
    for model in ("pcie-root", *[_ROOT_PORT] * ports):
        guest.add_device(Element("controller", {"type": "pci", "model": model}))


def lacking(guest: Guest, actual: Element) -> list[Element]:
    """The root ports that a domain lacks to have the requested number.

    A domain that gets PCI Express has none yet, and gets as many as a new one.
    """
    if guest.becomes_q35:
        ports = _ROOT_PORTS if guest.root_ports is None else guest.root_ports
        models = ("pcie-root", *[_ROOT_PORT] * ports)
        return [
            Element("controller", {"type": "pci", "index": str(index), "model": model})
            for index, model in enumerate(models)
        ]
    if guest.root_ports is None or not guest.is_pcie:
        return []
    bridges = _bridges(actual)
    number = sum(bridge.get("model") == _ROOT_PORT for bridge in bridges)
    first = max((_index(bridge) for bridge in bridges), default=0) + 1
    return [
        Element("controller", {"type": "pci", "index": str(index), "model": _ROOT_PORT})
        for index in range(first, first + guest.root_ports - number)
    ]


def unneeded(guest: Guest, document: Element) -> list[Element]:
    """The root ports above the requested number that libvirt wouldn't add again.

    libvirt adds the ports that devices are plugged into, all ports with lower indexes, because
    indexes have no gaps, and one free port if no PCI controller is left.
    """
    if guest.root_ports is None or not guest.is_pcie:
        return []
    bridges = _bridges(document)
    number = sum(bridge.get("model") == _ROOT_PORT for bridge in bridges)
    used = {
        _number(address.get("bus"))
        for devices in document.all("devices")
        for device in devices.children
        for address in device.all("address")
        if address.get("type") == "pci"
    }
    free: list[Element] = []
    for bridge in sorted(bridges, key=_index, reverse=True):
        if bridge.get("model") != _ROOT_PORT or _index(bridge) in used:
            break
        free.append(bridge)
    kept = 1 if guest.root_ports < 1 else 0
    return free[: max(0, min(number - guest.root_ports, len(free) - kept))]


def _bridges(document: Element) -> list[Element]:
    """The PCI controllers without the root."""
    found = document.findall("devices/controller")
    return [
        controller
        for controller in found
        if controller.get("type") == "pci" and _index(controller) > 0
    ]


def _index(controller: Element) -> int:
    return _number(controller.get("index"))


def _number(text: str | None) -> int:
    return int(text or "0", 0)
