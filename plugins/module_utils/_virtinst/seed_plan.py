# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of cloud-init's data when a domain exists already.

An image that a guest may have in its drive is never written to: other data are on an
image of another name, so that the drive's source tells which data the guest has.
"""

from __future__ import annotations

import dataclasses
import posixpath
import typing as t

from .._xmltree.element import Element
from . import writing
from .cloud_init import ALWAYS, ONCE, policy_of, seed_volume
from .first_boot import domain_of_seed
from .guest import Guest
from .seed_image import seed_name
from .storage import NewVolume


class SeedPlan(t.NamedTuple):
    """``volume`` has to be created, and ``path`` is what the drive is to have.

    Both are ``None`` where nothing is asked. ``is_new`` says that the drive hasn't got it yet.
    """

    volume: NewVolume | None = None
    path: str | None = None
    is_new: bool = False


def seed_plan(guest: Guest, value: object, actual: Element) -> SeedPlan:
    """What the option ``cloud_init`` asks of the domain that is defined as ``actual``.

    :raises OptionError: it can't be understood.
    """
    policy, storage, name = policy_of(value), guest.host.storage, guest.name or ""
    wanted = seed_volume(guest, value)
    pool = storage.default_pool()
    attached = _attached(name, actual)
    current = seed_name(name) if attached is None else posixpath.basename(attached)
    is_same = storage.has_mark(pool, current, wanted.mark)
    if policy == ONCE:
        if is_same is False:
            guest.note(
                "cloud_init has other data than the guest was given, and they don't reach it: its "
                "first boot is over; set cloud_init.seed to next_boot to have cloud-init do "
                "everything again with them at its next start, or to always"
            )
        return SeedPlan()
    if is_same and (policy != ALWAYS or attached is not None):
        return SeedPlan(path=attached)
    if is_same:
        return SeedPlan(None, f"{pool.path}/{current}", True)
    volume_name = seed_name(name, wanted.mark)
    path = f"{pool.path}/{volume_name}"
    volume = dataclasses.replace(wanted, name=volume_name, path=path, is_there=False)
    is_there = bool(storage.has_mark(pool, volume_name, wanted.mark))
    return SeedPlan(None if is_there else volume, path, True)


def seed_drive(plan: SeedPlan, actual: Element) -> tuple[Element, Element | None]:
    """The drive as it is to be, and the one that the domain has for it."""
    drives = [one for one in actual.findall("devices/disk") if one.get("device") == "cdrom"]
    ours = [one for one in drives if domain_of_seed(one.value("source/@file") or "") is not None]
    # It was the last one when the domain was made.
    empty = [one for one in drives if one.child("source") is None]
    found = ours or empty
    theirs = found[-1] if found else None
    drive = Element("disk", {"type": "file", "device": "cdrom"})
    writing.write(drive, "driver/@name", "qemu")
    writing.write(drive, "driver/@type", "raw")
    writing.write(drive, "source/@file", plan.path)
    if theirs is not None:
        writing.write(drive, "target/@dev", theirs.value("target/@dev"))
    return drive, theirs


def _attached(domain: str, actual: Element) -> str | None:
    """The path of the image that a drive of the definition has."""
    paths = (disk.value("source/@file") for disk in actual.findall("devices/disk"))
    return next((path for path in paths if path and domain_of_seed(path) == domain), None)
