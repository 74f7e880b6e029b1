# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which images exist, which of them domains use, and what is based on what."""

from __future__ import annotations

import dataclasses
import os
import posixpath
import typing as t

from ..xmltree.element import Element
from ..xmltree.parse import parse
from .connection import Connection
from .errors import is_code
from .libvirt_import import libvirt
from .qcow2 import backing_file

#: Pools that are scanned anew before they are relied on. A scan of the others
#: (iscsi, scsi…) asks a server, and their volumes have no backing files.
_SCANNED = frozenset({"dir", "fs", "netfs", "logical", "gluster", "vstorage", "zfs"})
#: Pools that have every file of their directory as a volume.
_DIRECTORIES = frozenset({"dir", "fs", "netfs"})


@dataclasses.dataclass(frozen=True)
class Image:
    """An image as a domain or another image names it.

    ``path`` is its canonical path. ``raw`` says that its format has no
    backing file, or that libvirt would not look for one.
    """

    path: str
    raw: bool


@dataclasses.dataclass(frozen=True)
class Use:
    """That a disk of a domain has an image, itself or as the base of it."""

    domain: str
    uuid: str
    target: str
    image: Image


class Volumes:
    """The volumes of the active pools, as they are on disk at this moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: By canonical path: libvirt's own ``virStorageVol``.
        self.by_path: dict[str, t.Any] = {}
        #: By the canonical path of the image on top.
        self.backing: dict[str, Image] = {}
        self._types: dict[str, str] = {}
        self._directories: set[str] = set()
        with connection.explained("list the storage volumes"):
            for pool in connection.raw.listAllStoragePools(
                libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE
            ):
                self._read(pool)

    def pool_type(self, path: str) -> str:
        """The type of the pool that has the volume at this path."""
        return self._types[path]

    def lack(self, path: str) -> bool:
        """Whether it is certain that there is no image at this path."""
        if path in self.by_path:
            return False
        if posixpath.dirname(path) in self._directories:
            return True
        return self._connection.is_local and path.startswith("/") and not os.path.lexists(path)

    def _read(self, pool: t.Any) -> None:
        description = parse(pool.XMLDesc(0))
        kind = description.get("type") or ""
        if kind in _SCANNED:
            # What was made by other means than libvirt is unknown until then.
            pool.refresh(0)
        directory = description.value("target/path")
        if kind in _DIRECTORIES and directory:
            self._directories.add(canonical(self._connection, directory))
        for volume in pool.listAllVolumes():
            try:
                document = parse(volume.XMLDesc(0))
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                    continue
                raise
            path = canonical(self._connection, volume.path())
            self.by_path[path] = volume
            self._types[path] = kind
            base = document.value("backingStore/path")
            if base:
                form = document.value("backingStore/format/@type")
                self.backing[path] = Image(canonical(self._connection, base), form == "raw")


class UnknownBacking(Exception):
    """The argument is an image whose backing file can't be found out."""


def backing_files(
    connection: Connection, volumes: Volumes, images: t.Iterable[Image]
) -> dict[str, str]:
    """The path of the backing file, by the path of the image on top of it.

    Of all volumes, and of the given images where they are no volumes.

    :raises UnknownBacking: an image is neither a volume nor a file of this host.
    """
    found = {path: base.path for path, base in volumes.backing.items()}
    waiting = [*images, *volumes.backing.values()]
    seen = set(volumes.by_path)
    while waiting:
        image = waiting.pop()
        if image.raw or image.path in seen:
            continue
        seen.add(image.path)
        base = _local_backing(connection, image)
        if base is not None:
            found[image.path] = base.path
            waiting.append(base)
    return found


def _local_backing(connection: Connection, image: Image) -> Image | None:
    if not connection.is_local or not image.path.startswith("/"):
        raise UnknownBacking(image)
    try:
        name = backing_file(image.path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise UnknownBacking(image) from None
    if name is None:
        return None
    if ":" in name.partition("/")[0]:
        # A protocol, such as nbd: or json:, instead of a path.
        raise UnknownBacking(image)
    path = posixpath.join(posixpath.dirname(image.path), name)
    return Image(canonical(connection, path), raw=False)


def canonical(connection: Connection, path: str) -> str:
    """One spelling for each image; links can be followed on this host only."""
    if connection.is_local and path.startswith("/"):
        return os.path.realpath(path)
    return posixpath.normpath(path)


def disk_image(connection: Connection, disk: Element) -> Image | None:
    """The image of a disk, ``None`` where it has none that is a path."""
    source = disk.child("source")
    if source is None:
        return None
    path = source.get("file") or source.get("dev") or _volume_path(connection, source)
    if path is None:
        return None
    form = disk.value("driver/@type")
    return Image(canonical(connection, path), form in (None, "raw"))


def domain_uses(connection: Connection, *documents: Element) -> list[Use]:
    """What one domain uses, by its definition and its live XML."""
    uses: list[Use] = []
    for document in documents:
        name, uuid = document.value("name") or "", document.value("uuid") or ""
        for disk in document.findall("devices/disk"):
            target = disk.value("target/@dev") or ""
            for element in disk.walk():
                # The disk itself, its chain, and what it is copied to.
                if element.tag in ("disk", "backingStore", "mirror"):
                    image = disk_image(connection, _with_format(element))
                    if image is not None:
                        uses.append(Use(name, uuid, target, image))
    return uses


def all_uses(connection: Connection) -> list[Use]:
    """What all domains use, by their definitions and, if they run, live."""
    uses: list[Use] = []
    with connection.explained("read the domains' definitions"):
        for raw in connection.raw.listAllDomains(0):
            try:
                texts = {raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE), raw.XMLDesc(0)}
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_DOMAIN"):
                    continue
                raise
            uses += domain_uses(connection, *(parse(text) for text in texts))
    return uses


def _with_format(element: Element) -> Element:
    """A link of a backing chain, written like a disk."""
    form = element.value("format/@type")
    if element.tag == "disk" or form is None:
        return element
    driver = Element("driver", {"type": form})
    return element.replaced(children=[*element.children, driver])


def _volume_path(connection: Connection, source: Element) -> str | None:
    pool, volume = source.get("pool"), source.get("volume")
    if pool is None or volume is None:
        return None
    try:
        found = connection.raw.storagePoolLookupByName(pool)
        return str(found.storageVolLookupByName(volume).path())
    except libvirt.libvirtError as error:
        if is_code(error, "VIR_ERR_NO_STORAGE_POOL", "VIR_ERR_NO_STORAGE_VOL"):
            return None
        # The pool isn't active.
        if is_code(error, "VIR_ERR_OPERATION_INVALID"):
            return None
        raise
