# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving a disk of an existing domain to another pool, name or format."""

from __future__ import annotations

import posixpath
import typing as t

from .._file_use.media import MEDIA
from .._rules.pool_types import how_to_start
from .._xmltree.element import Element
from .clone.disks import as_raw, with_source
from .clone.names import of_format
from .errors import OptionError
from .options.storage_request import StorageRequest
from .storage import Existing, NewVolume, Pool, StorageFacts

RAW = "raw"
#: Formats in which libvirt makes volumes that QEMU can write while it copies (its drivers for
#: the others can't be created empty, or can't be written).
_FORMATS = (RAW, "qcow2")
#: The types of pools in which a volume can have a name of its own.
_FILES = ("dir", "fs", "netfs", "vstorage")
_BLOCKS = ("logical", "zfs")
_DISK, _TARGET, _FORMAT = "disk", "target/@dev", "driver/@type"
#: What makes a disk none that can be copied, and why. blockcopy leaves the source to others, and an
#: image that others read or write too would be two images afterwards.
_SPECIAL = (
    ("readonly", "it is read-only, and what is only read needs no copy; give another path or vol"),
    ("shareable", "it is shareable, and the other guests would stay with the old image"),
    ("transient", "it is transient, and what the guest has written is thrown away when it stops"),
)


class DiskMove(t.NamedTuple):
    """A disk that moves.

    ``disk`` is as the domain's definition has it, ``source`` is its image, and ``volume`` the volume
    that it gets, which is as large, in ``pool`` if its folder has one. ``is_met``: it is where it is
    wanted already, and ``volume`` is what it has. ``form`` is the format of the present image. ``request`` is
    what is wanted.
    """

    target: str
    disk: Element
    source: Existing
    form: str
    volume: NewVolume
    pool: Pool | None
    request: StorageRequest
    is_met: bool = False

    @property
    def named(self) -> tuple[str, str] | None:
        """The pool and the name, where the definition names the disk's image so."""
        if self.disk.get("type") != "volume" or self.volume.pool is None:
            return None
        return self.volume.pool, self.volume.name

    @property
    def by_path(self) -> Element:
        """The disk with its new image, which is named by its path."""
        volume = self.volume
        return with_source(self.disk, volume.kind, volume.path, volume.format or RAW, None)

    def moved(self, disk: Element) -> Element:
        """A form of the disk with its new image, named as the definition names images."""
        volume = self.volume
        return with_source(disk, volume.kind, volume.path, volume.format or RAW, self.named)

    @property
    def new_image(self) -> Existing:
        """The new image, once it is there."""
        volume = self.volume
        return self.source._replace(
            path=volume.path,
            kind=volume.kind,
            format=volume.format or RAW,
            pool=self.pool,
            volume=None if self.pool is None else volume.name,
            backing=None,
        )


def is_met(request: StorageRequest, image: Existing, form: str, storage: StorageFacts) -> bool:
    """Whether an image is where a request wants it, and has the format that it wants."""
    if request.format not in (None, form):
        return False
    if request.path is not None:
        return storage.real(request.path) == storage.real(image.path)
    if request.pool is None:
        return True
    pool = _pool(storage, request.pool)
    if request.volume is not None:
        wanted = posixpath.join(pool.path or "", request.volume)
        return storage.real(wanted) == storage.real(image.path)
    if image.pool is not None:
        return image.pool.name == pool.name
    return pool.path is not None and posixpath.dirname(image.path) == posixpath.normpath(pool.path)


def planned(storage: StorageFacts, request: StorageRequest, disk: Element) -> DiskMove:
    """What moves the domain's disk to where a request wants it.

    :raises OptionError: it can't be moved.
    """
    target = disk.value(_TARGET) or "the disk"
    if request.path is None and request.pool is None and request.format is None:
        raise _wrong(target, "it isn't said where to; give pool, vol, path or format as well")
    if request.path is not None and "://" in request.path:
        raise _wrong(target, f"{request.path} is no path of the host; give pool, vol or path")
    if request.path is not None:
        request = request._replace(path=posixpath.abspath(request.path))
    _check_kind(target, disk)
    image = _image(storage, target, disk)
    form = disk.value(_FORMAT) or as_raw(image.format or RAW)
    if is_met(request, image, form, storage):
        return DiskMove(target, disk, image, form, _present(image), image.pool, request, True)
    for tag, why in _SPECIAL:
        if disk.child(tag) is not None:
            raise _wrong(target, f"{why}; leave move out")
    source = disk.child("source") or Element("source")
    if source.child("encryption") is not None or disk.child("encryption") is not None:
        raise _wrong(
            target,
            "its image is encrypted, and the copy would not be; copy it with qemu-img while the guest is off, "
            "and give the copy's path without move",
        )
    if source.child("slices") is not None:
        raise _wrong(
            target, "it is a part of a file, which libvirt can't copy alone; leave move out"
        )
    if image.capacity is None:
        raise _wrong(
            target,
            f"the size of {image.path} is unknown, because it is in no storage pool that is on; start or define "
            "the pool of its folder",
        )
    pool, folder = _place(storage, target, request, image)
    volume = _volume(storage, target, request, image, form, pool, folder)
    return DiskMove(target, disk, image, form, volume, pool, request)


def _present(image: Existing) -> NewVolume:
    """The volume that a disk has."""
    return NewVolume(
        pool=None if image.pool is None else image.pool.name,
        name=image.volume or posixpath.basename(image.path),
        path=image.path,
        capacity=image.capacity or 0,
        allocation=0,
        format=image.format,
        kind=image.kind,
        exists=True,
    )


def _check_kind(target: str, disk: Element) -> None:
    """:raises OptionError: it is no disk with a file or a block device."""
    device = disk.get("device") or _DISK
    if device in MEDIA:
        raise _wrong(
            target,
            f"it is a {device} drive, whose medium is exchanged by another path; leave move out",
        )
    if device != _DISK:
        raise _wrong(target, f"it is a {device}, which is a device of the host; leave move out")
    kind = disk.get("type") or "file"
    if kind not in ("file", "block", "volume"):
        raise _wrong(
            target,
            f"it is of the type {kind}, and only files, block devices and volumes can be moved; leave move out",
        )


def _image(storage: StorageFacts, target: str, disk: Element) -> Existing:
    source = disk.child("source") or Element("source")
    pool, volume = source.get("pool"), source.get("volume")
    path = source.get("file") or source.get("dev") or ""
    found: Existing | None
    if pool is not None and volume is not None:
        try:
            found = storage.volume(pool, volume)
        except OptionError as error:
            raise _wrong(target, str(error)) from None
    else:
        if path and not path.startswith("/"):
            raise _wrong(
                target,
                f"its image {path} is no path from the root, so that it depends on QEMU's folder; give its path from "
                "the root in the definition first",
            )
        found = None if storage.lacks(path) else storage.at(path)
    if found is None or found.kind not in ("file", "block"):
        raise _wrong(
            target,
            f"its image {path or volume} is not there; mount the storage that it is on, or put it back",
        )
    return found


def _volume(
    storage: StorageFacts,
    target: str,
    request: StorageRequest,
    image: Existing,
    form: str,
    pool: Pool | None,
    folder: str,
) -> NewVolume:
    """The volume that a disk moves to."""
    is_block = pool is not None and pool.volume_kind == "block"
    new_form = request.format or (RAW if is_block else form)
    if is_block and new_form != RAW:
        raise _wrong(target, "a block device has the format raw; leave format out, or give raw")
    if new_form not in _FORMATS:
        raise _wrong(
            target,
            f"it would have the format {new_form}, in which libvirt can't make the copy; set format to qcow2 or "
            "raw",
        )
    name = request.volume or (
        posixpath.basename(request.path)
        if request.path is not None
        else of_format(posixpath.basename(image.path), new_form)
    )
    path = posixpath.join(folder, name)
    if storage.real(path) == storage.real(image.path):
        raise _wrong(
            target,
            f"its new image can't have the name of the old one, {path}; give another one, as vol: POOL/VOLUME or path",
        )
    capacity = image.capacity or 0
    return NewVolume(
        pool=None if pool is None else pool.name,
        name=name,
        path=path,
        capacity=capacity,
        allocation=capacity if request.sparse is False or is_block else 0,
        format=None if is_block else new_form,
        kind="block" if is_block else "file",
    )


def _place(
    storage: StorageFacts, target: str, request: StorageRequest, image: Existing
) -> tuple[Pool | None, str]:
    """The pool, if there is one, and the folder of the new volume."""
    pool: Pool | None
    if request.path is not None:
        folder = posixpath.dirname(request.path)
        pool = storage.pool_at(folder)
        if pool is not None and not pool.is_active:
            raise _wrong(
                target,
                f"the storage pool {pool.name} of {folder} is off; {how_to_start(pool.name)}",
            )
        if pool is None and storage.lacks(folder):
            raise _wrong(target, f"there is no folder {folder}; make it, or correct path")
    else:
        pool = image.pool if request.pool is None else _pool(storage, request.pool)
        folder = posixpath.dirname(image.path) if pool is None else pool.path or ""
    if pool is not None and pool.kind not in _FILES + _BLOCKS:
        raise _wrong(
            target,
            f"the pool {pool.name} is of the type {pool.kind}, in which no volume can be made for it; give another "
            "pool",
        )
    return pool, folder


def _pool(storage: StorageFacts, name: str) -> Pool:
    try:
        return storage.default_pool() if name == "default" else storage.pool(name)
    except OptionError as error:
        raise OptionError(f"disk: pool: {error}") from None


def _wrong(target: str, words: str) -> OptionError:
    return OptionError(f"disk: move: {target}: {words}")
