# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock and its timers."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..guest import Guest

#: Systems that keep the hardware clock in local time.
_LOCAL_TIME = frozenset(["win9x", "winnt", "win16", "solaris"])
#: The RTC catches up with lost ticks, the PIT delays them. The HPET is left out: it costs
#: time and has no benefit.
_TIMERS = (
    {"name": "rtc", "tickpolicy": "catchup"},
    {"name": "pit", "tickpolicy": "delay"},
    {"name": "hpet", "present": "no"},
)


def configure(guest: Guest) -> None:
    """Set the offset and, for x86, the timers."""
    if not guest.is_hvm:
        return
    guest.set_default("clock/@offset", "localtime" if guest.os.family in _LOCAL_TIME else "utc")
    clock = guest.make("clock")
    if clock.all("timer") or not guest.is_x86 or not guest.host.is_qemu:
        return
    clock.children.extend(Element("timer", dict(timer)) for timer in _TIMERS)
    if is_windows(guest):
        clock.children.append(Element("timer", {"name": "hypervclock", "present": "yes"}))


def is_windows(guest: Guest) -> bool:
    """Whether the guest runs Windows."""
    return guest.os.family in ("win9x", "winnt", "win16")
