# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the types of storage pools have in common, and where they differ."""

from __future__ import annotations

import typing as t

#: What ``build`` makes: a folder, a file system on a device, a table of partitions, a volume
#: group, a ZFS pool.
FOLDER, FILE_SYSTEM, TABLE, GROUP, ZPOOL = (
    "folder",
    "file system",
    "partition table",
    "volume group",
    "zpool",
)


class PoolType(t.NamedTuple):
    """A type of pools.

    * ``name``: its name in libvirt.
    * ``path``: the target of a new pool that names none, as virt-manager's
      ``StoragePool.default_target_path`` has it: a path, "" for a folder of the pool's name
      among the images, ``None`` where the type has no target, or libvirt derives it.
    * ``makes_folder``: ``build`` without flags makes the target's folder alone.
    * ``formats``: what ``build`` writes to the devices of the source, if anything.
    * ``deletes``: whether libvirt deletes its volumes (virStorageBackend.deleteVol).
    * ``resizes``: whether libvirt changes the size of its volumes (virStorageBackend.resizeVol).
    * ``has_target``: libvirt's schema wants a target, whose path libvirt derives.
    * ``loses``: what goes with ``delete``; "" where libvirt can't, or deletes an empty folder.
    """

    name: str
    path: str | None = None
    makes_folder: bool = False
    formats: str = ""
    deletes: bool = False
    loses: str = ""
    has_target: bool = False
    resizes: bool = False


TYPES = (
    PoolType("dir", "", makes_folder=True, deletes=True, resizes=True),
    PoolType("fs", "", makes_folder=True, formats=FILE_SYSTEM, deletes=True, resizes=True),
    PoolType("netfs", "", makes_folder=True, deletes=True, resizes=True),
    PoolType("logical", formats=GROUP, deletes=True, loses=GROUP, has_target=True),
    PoolType("disk", "/dev", formats=TABLE, deletes=True, loses=TABLE),
    PoolType("iscsi", "/dev/disk/by-path"),
    PoolType("iscsi-direct"),
    PoolType("scsi", "/dev/disk/by-path"),
    PoolType("mpath", "/dev/mapper"),
    PoolType("rbd", deletes=True, resizes=True),
    PoolType("sheepdog", deletes=True, resizes=True),
    PoolType("gluster", deletes=True),
    PoolType("zfs", formats=ZPOOL, deletes=True, loses=ZPOOL),
    PoolType("vstorage", "", deletes=True, resizes=True),
)
NAMES = tuple(row.name for row in TYPES)
_BY_NAME = {row.name: row for row in TYPES}


def type_of(name: str | None) -> PoolType:
    """The type of this name; one that nothing is known of for another."""
    return _BY_NAME.get(name or "") or PoolType(name or "")


def how_to_start(name: str) -> str:
    """The advice about a pool that is off; libvirt starts none whose folder is gone."""
    return (
        f"start it with virsh pool-start {name}, or with state=active of the module pool, which makes its "
        "folder too if that is gone"
    )


def has_files(name: str | None) -> bool:
    """Whether the volumes of a type of pools are files, which become as long as what is in them."""
    return type_of(name).makes_folder or name == "vstorage"
