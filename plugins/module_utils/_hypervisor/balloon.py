# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The driver of a guest's memory balloon: whether there is one, and whether it is at work."""

from __future__ import annotations

import time

from .._rules.domain.balloon import is_reached
from .domains import Domain
from .events import idle
from .libvirt_import import libvirt

#: The time of the driver's last statistics, 0 for never. Linux' driver sends some when it
#: starts, also when they weren't requested.
_LAST_UPDATE = "last_update"
#: The time between two looks, and the time without a change after which the last step of the
#: driver is not waited for, in seconds.
_POLL, _LAST_STEP = 0.1, 0.5


def has_driver(domain: Domain) -> bool:
    """Whether a driver has sent statistics; true where that is unknown."""
    try:
        known = domain.raw.memoryStats()
    except libvirt.libvirtError:
        return True
    return bool(known.get(_LAST_UPDATE, True))


def wait_for_memory(domain: Domain, wanted: int | None, timeout: float, stall: float) -> None:
    """Wait while the memory of a guest comes nearer to ``wanted``, in KiB; ``None`` waits for nothing.

    Waiting ends after ``stall`` seconds in which it doesn't come nearer, and after ``timeout``
    seconds at the latest.

    :raises HypervisorError: the guest's memory can't be read.
    """
    if wanted is None:
        return
    end = time.monotonic() + timeout
    nearest, moved = None, time.monotonic()
    while True:
        with domain.connection.explained("read the guest's memory"):
            present = int(domain.raw.info()[2])
        left, now = abs(present - wanted), time.monotonic()
        if nearest is None or left < nearest:
            nearest, moved = left, now
        rest = min(stall, _LAST_STEP) if is_reached(wanted, present) else stall
        if left == 0 or now >= min(end, moved + rest):
            return
        idle(_POLL)
