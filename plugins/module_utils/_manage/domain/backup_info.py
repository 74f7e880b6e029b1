# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing the backups in a folder, and the checkpoints of domains."""

from __future__ import annotations

import typing as t

from ..._hypervisor.backup_files import Folder
from ..._hypervisor.checkpoints import changed_bytes, checkpoints
from ..._hypervisor.connection import Connection
from ..._hypervisor.listing import list_domains
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


def describe_checkpoints(connection: Connection, domains: Selection) -> list[dict[str, t.Any]]:
    """The checkpoints of the selected domains, by domain, the oldest first.

    :raises HypervisorError: libvirt can't be asked.
    """
    return [
        {
            "domain": listed.domain.name,
            "name": each.name,
            "parent": each.parent,
            "creation_time": each.creation_time,
            "disks": [
                disk.get("name")
                for disk in each.document.findall("disks/disk")
                if disk.get("checkpoint") == "bitmap"
            ],
            "changed_bytes": changed_bytes(listed.domain, each.name) or {},
        }
        for listed in list_domains(connection, domains.means, False)
        for each in checkpoints(listed.domain)
    ]
