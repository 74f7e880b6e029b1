# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pressing the keys of a guest's keyboard."""

from __future__ import annotations

import typing as t

from .._xmltree.dump import parse_dump
from .domains import Domain
from .errors import HypervisorError, is_code
from .events import idle
from .libvirt_import import libvirt

#: The types of domains whose drivers add a keyboard to the XML where the machine has one.
_WITH_KEYBOARD = ("qemu", "kvm", "hvf")


def has_keyboard(domain: Domain) -> bool:
    """Whether the running guest can notice keys: QEMU throws them away where there is no keyboard."""
    live = domain.live()
    if live is None:
        return False
    document = parse_dump(live)
    if document.get("type") not in _WITH_KEYBOARD:
        return True
    return any(device.get("type") == "keyboard" for device in document.findall("devices/input"))


def press(domain: Domain, keys: t.Sequence[int], hold_time: float, delay: float) -> None:
    """Press keys together, hold them and release them, and wait; both times are in seconds.

    ``keys`` are numbers of Linux. QEMU returns at once, and throws away what doesn't fit into the
    buffer of the keyboard.

    :raises HypervisorError: libvirt refuses.
    """
    milliseconds = round(hold_time * 1000)
    with domain.connection.explained("press a key", "use keys that the guest's keyboard has"):
        try:
            codes = libvirt.VIR_KEYCODE_SET_LINUX
            domain.raw.sendKey(codes, milliseconds, list(keys), len(keys), 0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT"):
                raise HypervisorError(
                    "the hypervisor's driver can't press keys; use the guest's console"
                ) from error
            raise
    idle(hold_time + delay)
