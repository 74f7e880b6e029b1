# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory, whose options have older names than libvirt's."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ..settings import Settings
from ..values import mebibytes_in_kib, number
from .common import rename

if t.TYPE_CHECKING:
    from ...guest import Guest


def prepare(_guest: Guest, settings: Settings) -> bool:
    """Give the amounts libvirt's names.

    The memory at the start was once called memory, and the maximum maxmemory. The old names
    hold unless currentMemory is given too.
    """
    if "currentMemory" not in settings:
        rename(settings, "memory", "currentMemory")
    rename(settings, "maxmemory", "memory")
    return True


def set_current(guest: Guest, _element: Element, value: str | None) -> None:
    """Set the memory at the start; the maximum is raised to it."""
    amount = None if value is None else str(mebibytes_in_kib(value))
    if amount is not None and number(guest.get("memory") or "0") < number(amount):
        guest.set("memory", amount)
    guest.set("currentMemory", amount)
