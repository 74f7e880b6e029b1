# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes of all pools, as they are on disk at this moment."""

from __future__ import annotations

import functools
import os
import posixpath
import typing as t

from .._file_use.users import Names
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .connection import Connection
from .errors import is_code, reason
from .libvirt_import import libvirt
from .refreshing import refresh

#: Pools that are refreshed before they are read. Refreshing other pools (iscsi, scsi…) asks a
#: server, and their volumes have no backing files.
_SCANNED = frozenset({"dir", "fs", "netfs", "logical", "gluster", "vstorage", "zfs"})
#: Pools that have every file of their directory as a volume.
DIRECTORIES = frozenset({"dir", "fs", "netfs"})
#: Pools whose volumes appear below their target by their names.
_NAMED_BELOW = DIRECTORIES | {"logical", "vstorage"}


class Volume:
    """A volume. ``raw`` is libvirt's own ``virStorageVol``, ``pool_type`` its pool's type.

    libvirt is asked for the rest when it is needed: it takes a millisecond for each volume,
    and the header of a file says more.
    """

    def __init__(self, raw: t.Any, path: str, pool_type: str, document: Element | None) -> None:
        self.raw = raw
        self.path = path
        self.pool_type = pool_type
        self._document = document

    @functools.cached_property
    def _described(self) -> Element:
        if self._document is not None:
            return self._document
        try:
            return parse(self.raw.XMLDesc(0))
        except libvirt.libvirtError as error:
            # It has been deleted since it was listed.
            if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                return Element("volume")
            raise

    @property
    def kind(self) -> str:
        """``file``, ``block``, ``dir``, ``network``, ``netdir`` or ``ploop``."""
        return self._described.get("type") or "file"

    @property
    def form(self) -> str | None:
        """Its format according to libvirt."""
        return self._described.value("target/format/@type")

    @property
    def backing(self) -> str | None:
        """Its backing file according to libvirt."""
        return self._described.value("backingStore/path")

    @property
    def capacity(self) -> int:
        """The size of the disk in it, in bytes; 0 where it is unknown."""
        capacity = self._described.value("capacity") or ""
        return int(capacity) if capacity.isdigit() else 0


class _Pool(t.NamedTuple):
    kind: str
    directory: str | None
    is_active: bool


class PoolVolumes:
    """The volumes of the active pools, and the directories of the inactive ones."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._names = names
        self._is_local = connection.is_local
        self._by_key: dict[tuple[object, ...], Volume] = {}
        self._by_name: dict[tuple[str, str], Volume] = {}
        self._pools: dict[str, _Pool] = {}
        #: The devices below pools, with the names of the pools.
        self.devices: list[tuple[str, str]] = []
        self.all: list[Volume] = []
        #: The pools that may have unknown volumes, with the reasons.
        self.unknown: list[tuple[str, str]] = []
        with connection.explained("list the storage volumes"):
            try:
                pools = connection.raw.listAllStoragePools(0)
            except libvirt.libvirtError as error:
                if not is_code(error, "VIR_ERR_NO_SUPPORT"):
                    raise
                pools = []
            for pool in pools:
                self._read(pool)

    def at(self, path: str) -> Volume | None:
        """The volume at a path, which may be any of its names."""
        return next(
            (self._by_key[key] for key in self._names.keys(path) if key in self._by_key), None
        )

    def path_of(self, pool: str, volume: str) -> str | None:
        """The path of a volume that a domain names; ``None`` where it is unknown."""
        found = self._by_name.get((pool, volume))
        if found is not None:
            return found.path
        known = self._pools.get(pool)
        if known is None or known.directory is None or known.kind not in _NAMED_BELOW:
            return None
        return posixpath.join(known.directory, volume)

    def of_pool(self, pool: str) -> list[Volume]:
        """The volumes of a pool, by name."""
        found = {name: volume for (owner, name), volume in self._by_name.items() if owner == pool}
        return [found[name] for name in sorted(found)]

    def lack(self, path: str) -> bool:
        """Whether it is certain that there is nothing at this path."""
        if self.at(path) is not None:
            return False
        if self._is_local and path.startswith("/"):
            return is_missing(path)
        return any(
            pool.is_active
            and pool.kind in DIRECTORIES
            and pool.directory == posixpath.dirname(path)
            for pool in self._pools.values()
        )

    def is_active(self, pool: str) -> bool | None:
        """Whether a pool is on; ``None`` where there is no such pool."""
        known = self._pools.get(pool)
        return None if known is None else known.is_active

    def inactive_directories(self) -> list[str]:
        """The directories of pools that aren't active."""
        return [
            pool.directory
            for pool in self._pools.values()
            if not pool.is_active and pool.kind in DIRECTORIES and pool.directory
        ]

    def _read(self, raw: t.Any) -> None:
        try:
            description = parse(raw.XMLDesc(0))
            kind, is_active = description.get("type") or "", bool(raw.isActive())
            if is_active and kind in _SCANNED and self._may_refresh(raw, description):
                self._refresh(raw)
            listed = raw.listAllVolumes() if is_active else []
        except libvirt.libvirtError as error:
            # Another task has removed it.
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                return
            raise
        name = raw.name()
        directory = description.value("target/path")
        directory = None if directory is None else posixpath.normpath(directory)
        self._pools[name] = _Pool(kind, directory, is_active)
        for device in description.findall("source/device"):
            self.devices.append((device.get("path") or "", name))
        for raw_volume in listed:
            try:
                volume = self._volume(raw_volume, kind)
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    continue
                raise
            self._note(name, raw_volume.name(), volume)

    def _volume(self, raw: t.Any, pool_type: str) -> Volume:
        # In such a pool a volume's key is its path.
        if self._is_local and pool_type in DIRECTORIES and raw.key().startswith("/"):
            return Volume(raw, raw.key(), pool_type, None)
        document = parse(raw.XMLDesc(0))
        path = document.value("target/path") or raw.path()
        return Volume(raw, path, pool_type, document)

    def _may_refresh(self, raw: t.Any, description: Element) -> bool:
        """Whether a refresh can succeed: libvirt switches a pool off whose folder is not there."""
        path = description.value("target/path") or ""
        if description.get("type") not in DIRECTORIES or not (self._is_local and is_missing(path)):
            return True
        self.unknown.append((raw.name(), f"its folder {path} is not there"))
        return False

    def _refresh(self, raw: t.Any) -> None:
        """Refresh a pool: libvirt doesn't know files that were made by other means."""
        try:
            refresh(raw)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                raise
            self.unknown.append((raw.name(), reason(error)))

    def _note(self, pool: str, name: str, volume: Volume) -> None:
        self.all.append(volume)
        self._by_name[pool, name] = volume
        for key in self._names.keys(volume.path):
            self._by_key.setdefault(key, volume)


def is_missing(path: str) -> bool:
    """Whether it is certain that this host has nothing at a path."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        # For example, the directory is readable by root alone.
        return False
    return False
