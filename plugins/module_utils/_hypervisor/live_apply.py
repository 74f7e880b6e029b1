# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing a running guest; libvirt's refusal is a result, not an error."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._rules.amounts import kib
from .._rules.domain.live_calls import REPLUG
from .._xmltree.element import Element
from .balloon import wait_for_memory
from .detaching import detach_all
from .domains import Domain
from .errors import HypervisorError, reason
from .events import idle
from .libvirt_import import libvirt
from .live_calls import CALLS

#: The time that a guest has to begin to release or take memory, and the time between two looks,
#: in seconds.
_BALLOON, _POLL = 5.0, 0.1


def change_guest(
    domain: Domain, call: str, desired: Element | None, present: Element | None, timeout: float
) -> str | None:
    """Make one call of :data:`.live_calls.CALLS`; return libvirt's reason if it refuses.

    :raises HypervisorError: the connection was lost, or an unplugged device couldn't be plugged
        in again.
    """
    if call == REPLUG:
        return _replug(domain, desired, present, timeout)
    end = time.monotonic() + timeout
    while True:
        try:
            _call(domain, call, desired, present)
        except libvirt.libvirtError as error:
            _check_connection(domain, error)
            if _is_tray_in_use(error) and time.monotonic() < end:
                idle(_POLL)
                continue
            return reason(error)
        break
    if call == "memory":
        wait_for_memory(domain, kib(desired), timeout, _BALLOON)
    return None


def _call(
    domain: Domain,
    call: str,
    desired: Element | None,
    present: Element | None,
    old: Element | None = None,
) -> None:
    """Make a call; a device whose address is taken in the guest gets another address.

    It gets the address of ``old``, the device that it replaces, or a free one.
    """
    try:
        CALLS[call](domain, desired, present)
    except libvirt.libvirtError:
        free = None if call != "attach" or desired is None else _without_address(desired)
        if free is None:
            raise
        place = None if old is None else old.child("address")
        if place is not None and place != (desired or free).child("address"):
            with contextlib.suppress(libvirt.libvirtError):
                CALLS[call](domain, free.replaced(children=[*free.children, place]), present)
                return
        CALLS[call](domain, free, present)


def _replug(
    domain: Domain, desired: Element | None, present: Element | None, timeout: float
) -> str | None:
    """Unplug a device, and plug it in again in its new form, or else in its old one."""
    kept = detach(domain, [] if present is None else [present], timeout)
    if kept and kept[0] is not None:
        return kept[0]
    try:
        _call(domain, "attach", desired, None, present)
    except libvirt.libvirtError as error:
        _check_connection(domain, error)
        refused = reason(error)
    else:
        return None
    try:
        _call(domain, "attach", present, None)
    except libvirt.libvirtError as error:
        raise HypervisorError(
            f"a device was unplugged to be changed; libvirt refused the changed one ({refused}), and "
            f"then the old one too ({reason(error)})"
        ) from error
    return refused


def _is_tray_in_use(error: t.Any) -> bool:
    """Whether the guest was reading its CD-ROM; libvirt has no code for this error."""
    return "tray of device" in reason(error).lower()


def detach(domain: Domain, devices: t.Sequence[Element], timeout: float) -> list[str | None]:
    """As :func:`.detaching.detach_all`."""
    return detach_all(domain, devices, timeout) if devices else []


def _without_address(device: Element) -> Element | None:
    address = device.child("address")
    if address is None or address.get("type") not in ("pci", "usb", "virtio-serial"):
        return None
    return device.replaced(children=[child for child in device.children if child is not address])


def _check_connection(domain: Domain, error: t.Any) -> None:
    try:
        is_alive = bool(domain.connection.raw.isAlive())
    except libvirt.libvirtError:
        is_alive = False
    if not is_alive:
        raise HypervisorError(f"the connection to libvirt was lost: {reason(error)}") from error
