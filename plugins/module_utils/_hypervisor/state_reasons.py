# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reasons of a domain's state."""

from __future__ import annotations

import typing as t

#: By state, as in :data:`.domains.STATES`: the reasons by their numbers, which are those
#: of the enumerations virDomain…Reason in libvirt-domain.h.
REASONS: t.Mapping[str, tuple[str, ...]] = {
    "running": (
        "unknown",
        "booted",
        "migrated",
        "restored",
        "from_snapshot",
        "unpaused",
        "migration_canceled",
        "save_canceled",
        "wakeup",
        "crashed",
        "postcopy",
        "postcopy_failed",
    ),
    "paused": (
        "unknown",
        "user",
        "migration",
        "save",
        "dump",
        "ioerror",
        "watchdog",
        "from_snapshot",
        "shutting_down",
        "snapshot",
        "crashed",
        "starting_up",
        "postcopy",
        "postcopy_failed",
        "api_error",
    ),
    "shutdown": ("unknown", "user"),
    "shutoff": (
        "unknown",
        "shutdown",
        "destroyed",
        "crashed",
        "migrated",
        "saved",
        "failed",
        "from_snapshot",
        "daemon",
    ),
    "crashed": ("unknown", "panicked"),
}


def state_reason(state: str, number: int | None) -> str:
    """The reason's name; ``unknown`` for a reason that is newer than this table."""
    reasons = REASONS.get(state, ())
    return reasons[number] if number is not None and 0 <= number < len(reasons) else "unknown"
