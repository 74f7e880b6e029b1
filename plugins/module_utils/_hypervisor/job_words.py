# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt is doing with a guest, in words."""

from __future__ import annotations

import typing as t

#: virDomainJobOperation in libvirt-domain.h: the number of a backup.
BACKUP = 9
#: The operations by their numbers.
_OPERATIONS = (
    "a job",
    "a start",
    "a save",
    "a restore",
    "an incoming migration",
    "an outgoing migration",
    "a snapshot",
    "a revert to a snapshot",
    "a dump",
    "a backup",
    "the removal of a snapshot",
)


def job_words(stats: t.Mapping[str, t.Any]) -> str | None:
    """The job that ``virDomainGetJobStats`` has; ``None`` where it has none."""
    if not stats.get("type"):
        return None
    number = stats.get("operation", 0)
    return _OPERATIONS[number] if number < len(_OPERATIONS) else _OPERATIONS[0]
