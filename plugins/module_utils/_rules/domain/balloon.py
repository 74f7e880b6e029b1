# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much of its memory a running guest has, and whether that says anything."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..amounts import kib

#: The memory that Linux' driver takes or gives back at once, in KiB: 256 pages of 4 KiB
#: (VIRTIO_BALLOON_ARRAY_PFNS_MAX). The last of them may stay in the balloon for long.
_STEP = 1024


def is_reached(wanted: int | None, present: int | None) -> bool:
    """Whether a guest has the memory that it was asked to have, but for a step of its driver.

    Both are in KiB; ``None`` stands for an amount that is unknown, which is not reached.
    """
    return wanted is not None and present is not None and abs(wanted - present) <= _STEP


def depends_on_driver(definition: Element, live: Element) -> bool:
    """Whether the guest has all of its memory, where its definition gives it a part.

    It is the guest's driver of the balloon that gives the rest back, after
    qemuProcessSetupBalloon has asked for it. As long as there is no driver, such as
    while the guest boots, a restart would change nothing.
    """
    wanted, most = _amounts(definition)
    present, all_there_is = _amounts(live)
    if None in (wanted, most, present, all_there_is):
        return False
    return bool(wanted < most and present == all_there_is)  # type: ignore[operator]


def has_balloon(live: Element) -> bool:
    """Whether the guest has a device to give memory back with."""
    device = live.find("devices/memballoon")
    return device is not None and device.get("model") != "none"


def without_current(live: Element) -> Element:
    """The running guest's document where its present memory says nothing."""
    return live.replaced(children=[one for one in live.children if one.tag != "currentMemory"])


def _amounts(domain: Element) -> tuple[int | None, int | None]:
    return kib(domain.child("currentMemory")), kib(domain.child("memory"))
