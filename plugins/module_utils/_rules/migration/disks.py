# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The disks of a domain that moves: which are copied, and which both hosts have to reach."""

from __future__ import annotations

import posixpath
import typing as t

from ..._xmltree.element import Element

NONE, FULL, INCREMENTAL = "none", "full", "incremental"
#: File systems that hosts share: virFileIsSharedFSType, by the names in /proc/mounts.
SHARED_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "afs", "cifs", "smb3", "gfs2", "ocfs2", "ceph", "gpfs", "acfs", "beegfs"),
        *("lustre", "fuse.glusterfs", "fuse.quobyte", "fuse.gpfs", "fuse.ceph", "pvfs2"),
    }
)


class Disk(t.NamedTuple):
    """A disk with something in it.

    ``kind`` is the type of its source, ``path`` its file or device, ``place`` words about others.
    ``pool`` and ``volume`` name a volume. ``is_written``: neither read-only nor shared by several
    guests. ``is_shared``: several guests write it.
    """

    target: str
    kind: str
    path: str | None
    form: str
    pool: str | None
    volume: str | None
    is_written: bool
    is_shared: bool
    is_optional: bool
    has_backing: bool

    @property
    def place(self) -> str:
        """Its image, in words."""
        return self.path or f"{self.pool}/{self.volume}"


def disks_of(document: Element, paths: t.Mapping[str, str]) -> list[Disk]:
    """The disks with images in files, devices and pools; not those in the network.

    ``paths`` are those of volumes, by target.

    Both hosts reach a disk in the network, see qemuMigrationSrcIsSafe.
    """
    found = []
    for disk in document.findall("devices/disk"):
        source, kind = disk.child("source"), disk.get("type") or "file"
        if source is None or kind not in ("file", "block", "volume", "dir"):
            continue
        target = disk.value("target/@dev") or ""
        path = source.get("file") or source.get("dev") or source.get("dir") or paths.get(target)
        pool, volume = source.get("pool"), source.get("volume")
        if path is None and volume is None:
            continue
        is_shared = disk.child("shareable") is not None
        # libvirt adds readonly to each CD-ROM.
        is_read_only = disk.child("readonly") is not None or disk.get("device") == "cdrom"
        backing = disk.child("backingStore")
        found.append(
            Disk(
                target,
                kind,
                path,
                disk.value("driver/@type") or "raw",
                pool,
                volume,
                not is_shared and not is_read_only,
                is_shared and not is_read_only,
                source.get("startupPolicy") in ("optional", "requisite"),
                backing is not None and bool(backing.children),
            )
        )
    return found


def copied(
    disks: t.Iterable[Disk], mode: str, shared: t.Collection[str] = frozenset()
) -> list[Disk]:
    """The disks that are copied: all that the guest writes and no other guest has.

    ``shared`` are the paths of images that both hosts share: a copy would be written over itself.
    """
    if mode == NONE:
        return []
    return [disk for disk in disks if disk.is_written and disk.path not in shared]


def folder_of(disk: Disk) -> str:
    """The folder of its image."""
    return posixpath.dirname(disk.path or "")
