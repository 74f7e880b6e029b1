# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking up a host's storage without changing it."""

from __future__ import annotations

import functools
import os
import posixpath
import stat
import typing as t

from .._file_use.users import NOTHING, Answer, FileUse, Going
from .._rules.pool_types import how_to_start
from .._virtinst.errors import OptionError
from .._virtinst.seed_image import BEGINNING
from .._virtinst.storage import Existing, NewVolume, Pool
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .api import POOLS
from .domains import Domains
from .errors import is_code
from .files import free_bytes
from .image_folder import image_folder
from .image_format import RAW, image_at
from .libvirt_import import libvirt
from .planned_pool import PlannedVolume, pool_as_planned, volume_at_as_planned
from .qcow2 import disk_size
from .temporary_pool import is_temporary

_DEFAULT = "default"
_TEMPORARY = Pool("", "dir", None, True, 0, frozenset())


class HostStorage:
    """The storage of a hypervisor's host."""

    def __init__(self, domains: Domains) -> None:
        self._domains = domains
        self._connection = domains.connection
        self._known: dict[str, Pool] = {}
        self._planned: set[str] = set()
        self._at: dict[str, Existing | None] = {}
        #: What was asked for, in order: the pool and the name of a volume, or "" and a path.
        self.asked: list[tuple[str, str]] = []

    def plan(self, volumes: t.Iterable[NewVolume]) -> None:
        """Remember volumes that will be created, so that other volumes get other names."""
        for volume in volumes:
            self._planned.add(volume.path)
            pool = self._known.get(volume.pool or "")
            if pool is not None:
                names = pool.volumes | {volume.name}
                if volume.new_image is not None:
                    names |= {posixpath.basename(volume.new_image)}
                self._known[pool.name] = pool._replace(volumes=names)

    @functools.cached_property
    def _pools(self) -> dict[str, tuple[t.Any, Element]]:
        found: dict[str, tuple[t.Any, Element]] = {}
        try:
            with self._connection.explained("list the storage pools"):
                for raw in self._connection.raw.listAllStoragePools(0):
                    description = _described(raw)
                    if description is not None:
                        found[raw.name()] = (raw, description)
        except Exception as error:
            if is_code(error.__cause__, "VIR_ERR_NO_SUPPORT"):
                return {}
            raise
        return self._as_planned(found)

    def _as_planned(
        self, found: dict[str, tuple[t.Any, Element]]
    ) -> dict[str, tuple[t.Any, Element]]:
        """The pools as they will be by the time that the plan is carried out."""
        planned: dict[str, tuple[t.Any, Element]] = {}
        for name in self._connection.coming.names(POOLS.noun, found):
            now = found.get(name)
            raw = pool_as_planned(self._connection, name, None if now is None else now[0])
            if now is not None and raw is now[0]:
                planned[name] = now
            elif raw is not None:
                planned[name] = (raw, parse(raw.XMLDesc(0)))
        return planned

    @functools.cached_property
    def _pool_names(self) -> dict[str, str]:
        """The first pool of each directory."""
        names: dict[str, str] = {}
        for name, (_raw, description) in self._pools.items():
            path = description.value("target/path")
            if path is not None:
                names.setdefault(posixpath.normpath(path), name)
        return names

    def pool(self, name: str) -> Pool:
        """As :meth:`.StorageFacts.pool`; an inactive pool is refused too."""
        if name not in self._pools:
            have = f"; there are {', '.join(sorted(self._pools))}" if self._pools else ""
            raise OptionError(f"there is no storage pool {name}{have}")
        pool = self._read(name)
        if not pool.is_active:
            raise OptionError(f"the storage pool {name} is off; {how_to_start(name)}")
        return pool

    def default_pool(self) -> Pool:
        """As :meth:`.StorageFacts.default_pool`; a missing pool is described as it will be made."""
        if _DEFAULT in self._pools:
            return self.pool(_DEFAULT)
        path = image_folder(self._connection.uri)
        at_path = self.pool_at(path)
        if at_path is not None:
            return at_path
        if _DEFAULT not in self._known:
            names = frozenset(_names(path))
            self._known[_DEFAULT] = Pool(_DEFAULT, "dir", path, True, _free(path), names)
        return self._known[_DEFAULT]

    def pool_at(self, directory: str) -> Pool | None:
        """As :meth:`.StorageFacts.pool_at`."""
        name = self._pool_names.get(posixpath.normpath(directory))
        if name is not None:
            return self._read(name)
        planned = self._known.get(_DEFAULT)
        return planned if planned is not None and planned.path == directory else None

    def at(self, path: str) -> Existing | None:
        """As :meth:`.StorageFacts.at`; each path is looked at once."""
        self.asked.append(("", path))
        if path not in self._at:
            self._at[path] = self._looked_at(path)
        return self._at[path]

    def lacks(self, path: str) -> bool:
        """As :meth:`.StorageFacts.lacks`."""
        if self._connection.is_local and path.startswith("/"):
            return not os.path.exists(path)
        if self.at(path) is not None:
            return False
        pool = self.pool_at(posixpath.dirname(path))
        if pool is None or not pool.is_active or pool.name not in self._pools:
            return False
        # Without a refresh libvirt doesn't know files that were copied there.
        with self._connection.explained(f"refresh the storage pool {pool.name}"):
            self._pools[pool.name][0].refresh(0)
        self._at[path] = self._looked_at(path)
        return self._at[path] is None

    def _looked_at(self, path: str) -> Existing | None:
        pool = self.pool_at(posixpath.dirname(path))
        if pool is not None and volume_at_as_planned(self._connection, path) is not None:
            return self.volume(pool.name, posixpath.basename(path))
        if pool is not None and pool.is_active and self._connection.is_local:
            # Reading the header of the file is much faster than asking libvirt.
            size = _size_of_qcow2(path)
            if size is not None:
                name = posixpath.basename(path)
                return Existing(path, "file", "qcow2", size, pool=pool, volume=name)
        try:
            raw = self._connection.raw.storageVolLookupByPath(path)
            if pool is not None:
                return self._existing(raw, pool)
            found = raw.storagePoolLookupByVolume()
            if is_temporary(found.name(), posixpath.dirname(path)):
                existing = self._existing(raw, _TEMPORARY)
                return existing._replace(pool=None, volume=None)
            # The pool may be newer than the list.
            self._pools.setdefault(found.name(), (found, parse(found.XMLDesc(0))))
            return self._existing(raw, self._read(found.name()))
        except libvirt.libvirtError:
            pass
        # With the test driver the paths of options are tried on this host.
        if not self._connection.is_local and not self._connection.is_simulated:
            is_device = path.startswith(("/dev/", "/sys/", "/proc/"))
            return Existing(path, "block") if is_device else None
        found = _on_disk(path)
        if found is None or found.kind != "file" or pool is None or not pool.is_active:
            return found
        # The file was copied there, and libvirt doesn't know it yet.
        return found._replace(pool=pool, volume=posixpath.basename(path))

    def volume(self, pool: str, name: str) -> Existing:
        """As :meth:`.StorageFacts.volume`."""
        self.asked.append((pool, name))
        found = self.pool(pool)
        try:
            raw = self._pools[pool][0].storageVolLookupByName(name)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                raise
            raise OptionError(
                f"there is no volume {name} in the storage pool {pool}; give one that is there, or "
                "pool and size for a new one"
            ) from None
        return self._existing(raw, found)

    def chain(self, volume: Existing) -> tuple[str, ...] | None:
        """As :meth:`.StorageFacts.chain`."""
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .chains import known_chain

        return known_chain(self._connection, volume.path)

    def is_circle(self, path: str) -> bool:
        """As :meth:`.StorageFacts.is_circle`."""
        # Few tasks make an image that is based on another.
        from .chains import is_circle

        return is_circle(self._connection, path)

    def real(self, path: str) -> str:
        """As :meth:`.StorageFacts.real`."""
        is_local = self._connection.is_local and path.startswith("/")
        return os.path.realpath(path) if is_local else posixpath.normpath(path)

    def left_over(self, pool: Pool, name: str) -> Existing | None:
        """As :meth:`.StorageFacts.left_over`."""
        path = posixpath.join(pool.path or "", name)
        if path in self._planned or pool.name not in self._pools or not self.users_of(path).is_free:
            return None
        try:
            return self.volume(pool.name, name)
        except OptionError:
            return None

    def has_mark(self, pool: Pool, name: str, mark: bytes) -> bool | None:
        """As :meth:`.StorageFacts.has_mark`."""
        if pool.name not in self._pools:
            return None
        if self._connection.is_simulated:
            # Nothing was written, and nothing would be the second time.
            return name in self._read(pool.name).volumes or None
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .volume_content import read

        with self._connection.explained(f"read the volume {name}"):
            try:
                raw = self._pools[pool.name][0].storageVolLookupByName(name)
                if isinstance(raw, PlannedVolume):
                    return False
                length = min(BEGINNING, raw.info()[1])
                return mark in read(self._connection, raw, 0, length)
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    return None
                raise

    def is_empty(self, volume: Existing) -> bool:
        """As :meth:`.StorageFacts.is_empty`."""
        if volume.pool is None or volume.volume is None:
            return False
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .volume_content import is_empty

        with self._connection.explained(f"look for the volume {volume.path}"):
            raw = self._pools[volume.pool.name][0].storageVolLookupByName(volume.volume)
        if isinstance(raw, PlannedVolume):
            return False
        return is_empty(self._connection, raw, volume.format)

    def users_of(self, path: str, going: Going = NOTHING) -> Answer:
        """As :meth:`.StorageFacts.users_of`; the uses of all domains are read once."""
        return self._in_use.of(path, going)

    @functools.cached_property
    def _in_use(self) -> FileUse:
        from .file_users import files_in_use

        return files_in_use(self._connection).use

    def paths_of(self, domain: str) -> frozenset[str]:
        """As :meth:`.StorageFacts.paths_of`."""
        found = self._domains.by_name(domain)
        if found is None:
            return frozenset()
        disks = found.document().findall("devices/disk")
        paths = (disk.value(f"source/@{name}") for disk in disks for name in ("file", "dev"))
        return frozenset(path for path in paths if path)

    def _read(self, name: str) -> Pool:
        """A pool as it was when it was first read, with the volumes that are planned since."""
        if name not in self._known:
            self._known[name] = self._asked(name)
        return self._known[name]

    def _asked(self, name: str) -> Pool:
        raw, description = self._pools[name]
        with self._connection.explained(f"read the storage pool {name}"):
            is_active = bool(raw.isActive())
            volumes = frozenset(raw.listVolumes()) if is_active else frozenset()
        available = description.value("available")
        path = description.value("target/path")
        hosts = tuple(
            (host.get("name") or "", host.get("port"))
            for host in description.findall("source/host")
        )
        username = description.value("source/auth/@username")
        auth = description.find("source/auth")
        return Pool(
            name=name,
            kind=description.get("type") or "",
            path=path,
            is_active=is_active,
            # That of a pool that isn't there yet is that of its folder.
            available=_free(path or "/") if available is None else int(available),
            volumes=volumes,
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
            backing=description.value("backingStore/path"),
        )


def _described(raw: t.Any) -> Element | None:
    """The description of a pool; ``None`` for a temporary pool, or one that was removed."""
    try:
        description = parse(raw.XMLDesc(0))
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
            return None
        raise
    return None if is_temporary(raw.name(), description.value("target/path")) else description


def _size_of_qcow2(path: str) -> int | None:
    """The size of the disk in a file; ``None`` where it is no qcow2 image, or can't be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        return disk_size(path)
    except OSError:
        return None


def _on_disk(path: str) -> Existing | None:
    """The storage at a path, by the file system; its format is read as libvirt's pools do."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return Existing(path, "dir", "dir", available=_free(path))
    if stat.S_ISBLK(status.st_mode):
        return Existing(path, "block")
    if not stat.S_ISREG(status.st_mode):
        # A pipe or a character device has no size.
        return Existing(path, "file", RAW)
    try:
        form, size = image_at(path)
    except OSError:
        form, size = RAW, None
    return Existing(path, "file", form, status.st_size if size is None else size)


def _free(path: str) -> int:
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return free_bytes(path) or 0


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []
