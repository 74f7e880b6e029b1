# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing the backups in a folder."""

from __future__ import annotations

import typing as t

from ..._hypervisor.backup_files import Folder
from ..selection import Selection
from .backup_series import Series, described


def describe_backups(folder: Folder, domains: Selection) -> list[dict[str, t.Any]]:
    """The backups of the selected domains, by domain, the oldest first.

    A domain may be gone: its name and UUID are those of the record.

    :raises HypervisorError: the folder can't be read.
    """
    series = Series(folder, None)
    known = {backup.name: backup for backup in series.complete}
    unfinished = [note.backup for note in series.unfinished if note.backup.name not in known]
    found = [
        {**described(folder, backup, known), "complete": backup.name in known}
        for backup in (*series.complete, *series.broken, *unfinished)
        if domains.means(backup.domain, backup.uuid)
    ]
    return sorted(
        found, key=lambda each: (each["domain"], each["uuid"], each["time"], each["name"])
    )
