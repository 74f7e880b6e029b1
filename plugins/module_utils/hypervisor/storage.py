# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing the volumes that a task names, and no other.

What decides whether a volume may go is checked before anything is destroyed:
it is an image that only this one disk uses, for reading and writing, and that
no other image is based on.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..xmltree.element import Element
from .connection import Connection
from .domains import Domain
from .errors import HypervisorError, is_code
from .images import Image, UnknownBacking, Use, Volumes, all_uses, backing_files, disk_image
from .libvirt_import import libvirt

#: Pools whose volumes libvirt can delete; those of the others (iscsi, scsi,
#: mpath…) belong to someone else's storage.
_DELETABLE = frozenset(
    {"dir", "fs", "netfs", "logical", "disk", "rbd", "gluster", "sheepdog", "vstorage", "zfs"}
)


@dataclasses.dataclass(frozen=True)
class Removable:
    """A volume that may be removed: of which disk, where, and libvirt's own."""

    target: str
    path: str
    raw: t.Any


def removable(domain: Domain, definition: Element, targets: t.Sequence[str]) -> list[Removable]:
    """The volumes of the disks with these targets, without those that are gone.

    :raises HypervisorError: one of them may not, or can't, be removed.
    """
    if not targets:
        return []
    connection = domain.connection
    images = {target: _image(connection, definition, target) for target in targets}
    volumes = Volumes(connection)
    uses = all_uses(connection)
    # Two disks may have the same image.
    named = list(
        {
            image.path: Removable(target, image.path, _volume(target, image, volumes))
            for target, image in images.items()
            if not volumes.lack(image.path)
        }.values()
    )
    overlays = _overlays(connection, named, volumes, uses)
    for one in named:
        _check_users(one, domain.uuid, targets, uses)
        for overlay in overlays.get(one.path, ()):
            raise _kept(one.target, f"is the backing file of {overlay}")
    return named


def remove(connection: Connection, volume: Removable) -> None:
    """Delete the volume; it is no error when it is gone already.

    :raises HypervisorError: libvirt can't delete it.
    """
    advice = "delete it yourself, for example with virsh vol-delete"
    with connection.explained(f"delete {volume.path}, the volume of {volume.target}", advice):
        try:
            volume.raw.delete(0)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                raise


def _image(connection: Connection, definition: Element, target: str) -> Image:
    """The image of a disk, if its kind of disk can have one that may go."""
    disks = {disk.value("target/@dev") or "": disk for disk in definition.findall("devices/disk")}
    disk = disks.get(target)
    if disk is None:
        known = f"its disks are {', '.join(disks)}" if disks else "it has no disks"
        raise HypervisorError(
            f"there is no disk {target} whose volume could be removed; {known}; correct its name"
        )
    device = disk.get("device") or "disk"
    if device != "disk":
        raise _kept(target, f"is of a {device}")
    for tag, what in (("readonly", "is read-only"), ("shareable", "is shareable")):
        if disk.child(tag) is not None:
            raise _kept(target, what)
    image = disk_image(connection, disk)
    if image is None:
        raise _kept(target, "is not a volume that libvirt knows")
    return image


def _volume(target: str, image: Image, volumes: Volumes) -> t.Any:
    volume = volumes.by_path.get(image.path)
    if volume is None:
        raise HypervisorError(
            f"{image.path}, the image of {target}, is in no active storage pool, so libvirt can't "
            "delete it; start or define the pool of its directory, or delete it yourself instead of "
            "having it removed"
        )
    kind = volumes.pool_type(image.path)
    if kind not in _DELETABLE:
        raise _kept(target, f"belongs to a pool of the type {kind}")
    return volume


def _check_users(
    one: Removable, uuid: str, targets: t.Collection[str], uses: t.Iterable[Use]
) -> None:
    for use in uses:
        if use.image.path != one.path or (use.uuid == uuid and use.target in targets):
            continue
        raise _kept(one.target, f"is used by {use.target} of the domain {use.domain}")


def _overlays(
    connection: Connection,
    named: t.Sequence[Removable],
    volumes: Volumes,
    uses: t.Iterable[Use],
) -> dict[str, list[str]]:
    """The images that are based on an image, by its path."""
    try:
        backing = backing_files(connection, volumes, [use.image for use in uses])
    except UnknownBacking as unknown:
        raise HypervisorError(
            f"{unknown.args[0].path} is in no active storage pool, so it is unknown whether "
            f"{' or '.join(one.path for one in named)} is its backing file; start or define the "
            "pool of its directory, or don't have it removed"
        ) from None
    overlays: dict[str, list[str]] = {}
    for overlay, base in backing.items():
        overlays.setdefault(base, []).append(overlay)
    return overlays


def _kept(target: str, why: str) -> HypervisorError:
    return HypervisorError(
        f"the volume of {target} {why}, and such a volume is never removed; don't have it removed"
    )
