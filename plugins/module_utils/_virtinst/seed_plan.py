# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan for cloud-init's data of an existing domain.

An image that a guest may have in its drive is never written to. Other data get an image with
another name, so that the drive's source shows which data the guest has.
"""

from __future__ import annotations

import posixpath
import typing as t

from .._choices import ALWAYS
from .._xmltree.element import Element
from . import writing
from .cloud_init import ONCE, policy_of, seed_volume
from .errors import OptionError
from .first_boot import domain_of_seed
from .guest import Guest
from .seed_image import seed_name
from .storage import NewVolume


class SeedPlan(t.NamedTuple):
    """``volume`` has to be created, and ``path`` is the image for the drive.

    Both are ``None`` where nothing is requested. ``is_new``: the drive doesn't have it yet.
    """

    volume: NewVolume | None = None
    path: str | None = None
    is_new: bool = False


def seed_plan(guest: Guest, value: object, actual: Element) -> SeedPlan:
    """The plan of the option ``cloud_init`` for the domain that is defined as ``actual``.

    :raises OptionError: the option can't be understood.
    """
    policy, storage, name = policy_of(value), guest.host.storage, guest.name or ""
    requested = seed_volume(guest, value)
    if requested.fetch is not None and policy != ONCE:
        raise OptionError(
            f"cloud_init: root_password_file: {requested.files[0]}, with the password that the guest "
            "was given, is not there; put it back, or set seed to once"
        )
    pool = storage.default_pool()
    attached = _attached(name, actual)
    current = seed_name(name) if attached is None else posixpath.basename(attached)
    # What a password that isn't there would make has no mark, which each volume has.
    is_same = storage.has_mark(pool, current, requested.mark)
    if policy == ONCE:
        _note_lost(guest, is_same, f"{pool.name}/{current}")
        return SeedPlan()
    if is_same and (policy != ALWAYS or attached is not None):
        return SeedPlan(path=attached)
    if is_same:
        return SeedPlan(None, f"{pool.path}/{current}", True)
    volume_name = seed_name(name, requested.mark)
    path = f"{pool.path}/{volume_name}"
    volume = requested._replace(name=volume_name, path=path, exists=False)
    exists = bool(storage.has_mark(pool, volume_name, requested.mark))
    return SeedPlan(None if exists else volume, path, True)


def _note_lost(guest: Guest, is_same: bool | None, volume: str) -> None:
    """Note data that don't reach the guest, because they are for a first boot that is over.

    ``is_same``: as :meth:`.StorageFacts.has_mark` says it of the guest's ``volume``.
    """
    if is_same:
        return
    fact = (
        f"cloud_init: the guest has no volume {volume} with data, and these"
        if is_same is None
        else "cloud_init has other data than the guest was given, and they"
    )
    guest.note(
        f"{fact} don't reach it: its first boot is over; set cloud_init.seed to next_boot to have "
        "cloud-init do everything again with them at its next start, or to always"
    )


def seed_drive(plan: SeedPlan, actual: Element) -> tuple[Element, Element | None]:
    """The requested drive, and the domain's drive for it."""
    drives = [drive for drive in actual.findall("devices/disk") if drive.get("device") == "cdrom"]
    with_seed = [
        drive for drive in drives if domain_of_seed(drive.value("source/@file") or "") is not None
    ]
    # A new domain's seed is in its last drive.
    empty = [drive for drive in drives if drive.child("source") is None]
    found = with_seed or empty
    current = found[-1] if found else None
    drive = Element("disk", {"type": "file", "device": "cdrom"})
    writing.write(drive, "driver/@name", "qemu")
    writing.write(drive, "driver/@type", "raw")
    writing.write(drive, "source/@file", plan.path)
    if current is not None:
        writing.write(drive, "target/@dev", current.value("target/@dev"))
    return drive, current


def _attached(domain: str, actual: Element) -> str | None:
    """The path of the domain's seed that a drive of the definition has."""
    paths = (disk.value("source/@file") for disk in actual.findall("devices/disk"))
    return next((path for path in paths if path and domain_of_seed(path) == domain), None)
