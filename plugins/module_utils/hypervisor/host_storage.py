# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What storage a host has, without changing anything of it."""

from __future__ import annotations

import functools
import os
import posixpath
import stat
import typing as t

from ..virtinst.errors import OptionError
from ..virtinst.storage import Existing, Pool
from ..xmltree.element import Element
from ..xmltree.parse import parse
from .connection import Connection
from .domains import find_by_name
from .errors import is_code
from .libvirt_import import libvirt
from .qcow2 import disk_size

#: Where the images of domains are when there is no pool yet, of the system's
#: hypervisor and of a user's own.
_SYSTEM_IMAGES = "/var/lib/libvirt/images"
_DEFAULT = "default"


class HostStorage:
    """The storage of a hypervisor's host."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @functools.cached_property
    def _pools(self) -> dict[str, tuple[t.Any, Element]]:
        try:
            with self._connection.explained("list the storage pools"):
                raw = self._connection.raw.listAllStoragePools(0)
                return {one.name(): (one, parse(one.XMLDesc(0))) for one in raw}
        except Exception as error:
            if is_code(error.__cause__, "VIR_ERR_NO_SUPPORT"):
                return {}
            raise

    def pool(self, name: str) -> Pool:
        """As :meth:`.StorageFacts.pool`; an inactive pool is refused too."""
        if name not in self._pools:
            have = f"; there are {', '.join(sorted(self._pools))}" if self._pools else ""
            raise OptionError(f"there is no storage pool {name}{have}")
        pool = self._read(name)
        if not pool.is_active:
            raise OptionError(f"the storage pool {name} is not active; start it first")
        return pool

    def default_pool(self) -> Pool:
        """As :meth:`.StorageFacts.default_pool`; where it is missing, as it would be made."""
        if _DEFAULT in self._pools:
            return self.pool(_DEFAULT)
        path = self._images()
        at_path = self.pool_at(path)
        if at_path is not None:
            return at_path
        return Pool(_DEFAULT, "dir", path, False, _free(path), frozenset(_names(path)))

    def pool_at(self, directory: str) -> Pool | None:
        """As :meth:`.StorageFacts.pool_at`."""
        for name, (_raw, description) in self._pools.items():
            path = description.value("target/path")
            if path is not None and posixpath.normpath(path) == posixpath.normpath(directory):
                return self._read(name)
        return None

    def at(self, path: str) -> Existing | None:
        """As :meth:`.StorageFacts.at`."""
        try:
            raw = self._connection.raw.storageVolLookupByPath(path)
            found = raw.storagePoolLookupByVolume()
            # It may be newer than the list.
            self._pools.setdefault(found.name(), (found, parse(found.XMLDesc(0))))
            return self._existing(raw, self._read(found.name()))
        except libvirt.libvirtError:
            pass
        if not self._connection.is_local:
            is_device = path.startswith(("/dev/", "/sys/", "/proc/"))
            return Existing(path, "block") if is_device else None
        return _on_disk(path)

    def volume(self, pool: str, name: str) -> Existing:
        """As :meth:`.StorageFacts.volume`."""
        found = self.pool(pool)
        try:
            raw = self._pools[pool][0].storageVolLookupByName(name)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                raise
            raise OptionError(f"there is no volume {name} in the storage pool {pool}") from None
        return self._existing(raw, found)

    def paths_of(self, domain: str) -> frozenset[str]:
        """As :meth:`.StorageFacts.paths_of`."""
        found = find_by_name(self._connection, domain)
        if found is None:
            return frozenset()
        disks = parse(found.definition()).findall("devices/disk")
        paths = (disk.value(f"source/@{name}") for disk in disks for name in ("file", "dev"))
        return frozenset(path for path in paths if path)

    def _read(self, name: str) -> Pool:
        raw, description = self._pools[name]
        is_active = bool(raw.isActive())
        hosts = tuple(
            (host.get("name") or "", host.get("port"))
            for host in description.findall("source/host")
        )
        username = description.value("source/auth/@username")
        auth = description.find("source/auth")
        return Pool(
            name=name,
            kind=description.get("type") or "",
            path=description.value("target/path"),
            is_active=is_active,
            available=int(description.value("available") or 0),
            volumes=frozenset(raw.listVolumes()) if is_active else frozenset(),
            hosts=hosts,
            source_name=description.value("source/name"),
            source_path=description.value("source/dir/@path")
            or description.value("source/device/@path"),
            auth=(username, auth.get("type") or "", auth.value("secret/@uuid") or "")
            if username is not None and auth is not None
            else None,
        )

    def _existing(self, raw: t.Any, pool: Pool) -> Existing:
        description = parse(raw.XMLDesc(0))
        kind = description.get("type") or pool.volume_kind
        form = description.value("target/format/@type") if kind == "file" else "raw"
        return Existing(
            path=description.value("target/path") or raw.path(),
            kind="dir" if kind == "netdir" else kind,
            format=form,
            capacity=int(description.value("capacity") or 0),
            pool=pool,
            volume=raw.name(),
        )

    def _images(self) -> str:
        if not self._connection.uri.endswith("/session"):
            return _SYSTEM_IMAGES
        data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
        return os.path.join(data, "libvirt", "images")


def _on_disk(path: str) -> Existing | None:
    """What the file system has at a path; the format as libvirt's pools tell it."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return Existing(path, "dir", "dir", available=_free(path))
    if stat.S_ISBLK(status.st_mode):
        return Existing(path, "block")
    try:
        capacity = disk_size(path)
    except OSError:
        capacity = None
    if capacity is not None:
        return Existing(path, "file", "qcow2", capacity)
    return Existing(path, "file", "raw", status.st_size)


def _free(path: str) -> int:
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    try:
        status = os.statvfs(path)
    except OSError:
        return 0
    return status.f_bavail * status.f_frsize


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []
