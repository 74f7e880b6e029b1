# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guest that gets another machine: what libvirt had added belonged to the old one.

qemuDomainDefAddDefaultDevices and qemuDomainAssignAddresses add the new one's own.
"""

from __future__ import annotations

import operator
import re
import typing as t

from ..._xmltree.element import Element
from ..rows import Settle

Said = t.Callable[[Element], t.Optional[Element]]

#: Machines without a version.
_ALIASES = {"pc": "pc-i440fx", "q35": "pc-q35", "ubuntu": "pc-i440fx"}
#: Controllers that are part of a machine, or that it takes to reach them.
_BUILT_IN = ("pci", "ide", "sata", "fdc", "isa", "ccid")


def _kind(domain: Element) -> tuple[str | None, str]:
    """The architecture, and the machine without its version."""
    machine = domain.value("os/type/@machine") or ""
    machine = re.sub(r"-\d[\w.]*$", "", machine)
    return domain.value("os/type/@arch"), _ALIASES.get(machine, machine)


def of_another_machine(domain: Element, actual: Element, said: Said) -> Element:
    """Without what was added for the old machine and isn't said."""
    old, new = _kind(actual), _kind(domain)
    devices = domain.child("devices")
    if old == new or devices is None:
        return domain
    is_other = old[0] != new[0]
    children = [
        _placed_anew(one, said(one))
        for one in devices.children
        if said(one) is not None or not _is_added(one, is_other)
    ]
    gone = ("cpu",) if is_other else ()
    return domain.replaced(
        children=[
            devices.replaced(children=children) if one is devices else one
            for one in domain.children
            if one.tag not in gone or said(one) is not None
        ]
    )


def _is_added(device: Element, is_other_architecture: bool) -> bool:
    """Whether libvirt has added such a device by itself."""
    if device.tag == "controller":
        models = (None, "piix3-uhci", "qemu-xhci")
        is_default = device.get("type") == "usb" and device.get("model") in models
        is_default = is_default and device.get("ports") is None
        return device.get("type") in _BUILT_IN or is_default
    if device.tag == "input":
        return is_other_architecture and device.get("bus") == "ps2"
    if device.tag in ("emulator", "panic", "nvram"):
        return is_other_architecture
    return device.tag == "watchdog" and device.get("model") == "itco"


def _placed_anew(device: Element, said: Element | None) -> Element:
    """The device without the place that it had in the old machine."""
    left = [
        one
        for one in device.children
        if one.tag != "address" or (said is not None and said.child("address") is not None)
    ]
    if device.tag == "serial" and (said is None or said.value("target/@type") is None):
        left = [_only_numbered(one) if one.tag == "target" else one for one in left]
    if len(left) == len(device.children) and all(map(operator.is_, left, device.children)):
        return device
    return device.replaced(children=left)


def _only_numbered(target: Element) -> Element:
    """A serial port's target without the kind of port that the old machine has."""
    return target.replaced({n: v for n, v in target.attributes.items() if n == "port"}, [])


MACHINE = (Settle(of_another_machine, "qemuDomainDefAddDefaultDevices"),)
