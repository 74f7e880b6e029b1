# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What decides whether a domain can have a checkpoint: its images, and whether it runs."""

from __future__ import annotations

import typing as t

from ..._hypervisor.disk_images import path_of
from ..._hypervisor.domains import Domain
from ..._hypervisor.qcow2 import snapshot_names, version_of
from ..._rules.backup import Drive, Situation
from ..._xmltree.element import Element

_QCOW2 = "qcow2"


def situation_of(domain: Domain, disks: t.Iterable[Element]) -> Situation:
    """The situation of a checkpoint of some disks; what can't be read of an image is left out."""
    drives, snapshots = [], []
    for disk in disks:
        drive = _drive(domain, disk)
        drives.append(drive)
        snapshots += _snapshots_in(drive)
    facts = domain.facts()
    return Situation(tuple(drives), facts.active, facts.persistent, tuple(dict.fromkeys(snapshots)))


def _drive(domain: Domain, disk: Element) -> Drive:
    path = path_of(domain.connection, disk)
    form = disk.value("driver/@type") or "raw"
    version = None
    if path is not None and form == _QCOW2:
        try:
            version = version_of(path)
        except OSError:
            version = None
    return Drive(disk.value("target/@dev") or "", path, form, version)


def _snapshots_in(drive: Drive) -> list[str]:
    if drive.path is None or drive.form != _QCOW2:
        return []
    try:
        return snapshot_names(drive.path) or []
    except OSError:
        return []
