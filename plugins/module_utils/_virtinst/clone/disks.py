# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The disks of a clone: which are copied, shared, based on those of the source, or left out."""

from __future__ import annotations

import posixpath
import typing as t

from ..._rules.domain.disks import disks_by_target
from ..._rules.pool_types import how_to_start
from ..._xmltree.element import Element
from ..errors import OptionError
from ..storage import Existing, NewVolume, Pool, StorageFacts
from .names import base_name, of_format, renamed

COPY, LINKED, SHARE, SKIP, PRESERVE = "copy", "linked", "share", "skip", "preserve"
MODES = (COPY, LINKED, SHARE, SKIP, PRESERVE)
RAW, QCOW2 = "raw", "qcow2"
#: The types of pools in which volumes can be made under a name of one's own.
_FILES = ("dir", "fs", "netfs", "vstorage")
_BLOCKS = ("logical", "zfs")
#: What stays of a disk's source where that is another one.
_OF_SOURCE = ("startupPolicy",)
_IN_SOURCE = ("seclabel",)


class DiskWish(t.NamedTuple):
    """What a task says of the disk with this target."""

    target: str
    mode: str | None = None
    pool: str | None = None
    volume: str | None = None
    path: str | None = None
    form: str | None = None


class Defaults(t.NamedTuple):
    """What a task says of the disks that it doesn't name."""

    mode: str = COPY
    pool: str | None = None
    is_sparse: bool = True


class Own(t.NamedTuple):
    """A volume that the clone gets. ``mode`` is :data:`COPY` or :data:`LINKED`."""

    target: str
    mode: str
    source: Existing
    volume: NewVolume


class Disks(t.NamedTuple):
    """``disks`` are the clone's by their targets, ``None`` for one that is left out."""

    disks: dict[str, Element | None]
    volumes: tuple[Own, ...]
    notes: tuple[str, ...]


class DiskPlanner:
    """Plans the disks of the clone with this name.

    ``own`` are paths of volumes that an interrupted task has left, which will be gone. ``writer``
    is who may write to the source's images, in words; by default the source.
    """

    def __init__(
        self,
        storage: StorageFacts,
        source: str,
        clone: str,
        defaults: Defaults,
        own: t.Collection[str] = (),
        writer: str | None = None,
    ) -> None:
        self._storage = storage
        self._source = source
        self._writer = writer or f"{source} when it runs"
        self._clone = clone
        self._defaults = defaults
        self._own = own
        self._notes: list[str] = []
        self._volumes: list[Own] = []

    def planned(self, document: Element, wishes: t.Sequence[DiskWish]) -> Disks:
        """The disks of a clone of the domain with this document.

        :raises OptionError: a disk can't be had as it is wanted.
        """
        by_target = {wish.target: wish for wish in wishes}
        disks = disks_by_target(document)
        for target in by_target:
            if target not in disks:
                have = ", ".join(sorted(disks)) or "none"
                raise OptionError(
                    f"disks: the domain has no disk {target}; its disks are {have}; correct target"
                )
        found = {
            target: self._disk(target, disk, by_target.get(target))
            for target, disk in disks.items()
        }
        return Disks(found, tuple(self._volumes), tuple(self._notes))

    def _disk(self, target: str, disk: Element, wish: DiskWish | None) -> Element | None:
        wish = DiskWish(target) if wish is None else wish
        mode = self._mode(disk, wish)
        if mode == SKIP:
            return None
        if mode == SHARE:
            if wish.pool or wish.path or wish.volume or wish.form:
                raise _wrong(
                    target,
                    "it is shared with the source, so that pool, volume, path and format say nothing; "
                    "set mode to copy or linked, or leave them out",
                )
            return disk
        if disk.child("source") is None:
            raise _wrong(
                target, f"it has no image, of which mode {mode} would need one; leave it out"
            )
        if mode == PRESERVE:
            return self._preserved(disk, wish)
        return self._new(disk, wish, mode)

    def _mode(self, disk: Element, wish: DiskWish) -> str:
        if wish.mode is not None:
            return wish.mode
        if _share_reason(disk) is not None and not (wish.pool or wish.path or wish.volume):
            return SHARE
        return self._defaults.mode

    # A volume that is there.

    def _preserved(self, disk: Element, wish: DiskWish) -> Element:
        target = wish.target
        if wish.path is None and wish.volume is None:
            raise _wrong(
                target,
                "mode preserve takes a volume that is there; give its pool and volume, or path",
            )
        if wish.path is not None:
            found = self._at(wish.path)
            if found is None:
                raise _wrong(target, f"there is nothing at {wish.path}; correct path")
        else:
            pool = wish.pool or self._defaults.pool
            if pool is None:
                raise _wrong(target, "volume needs pool; give the name of its pool")
            found = self._in(target, lambda: self._storage.volume(str(pool), str(wish.volume)))
        if found.kind not in ("file", "block"):
            raise _wrong(target, f"{found.path} is no image; give a file or a block device")
        form = wish.form or found.format or RAW
        return with_source(disk, found.kind, found.path, as_raw(form), None)

    # A volume that is made.

    def _new(self, disk: Element, wish: DiskWish, mode: str) -> Element:
        target = wish.target
        existing = self._image(disk, target)
        form = self._form(disk, existing, target, mode)
        new_form = wish.form or (QCOW2 if mode == LINKED else form)
        if mode == LINKED and new_form != QCOW2:
            raise _wrong(
                target,
                "an image that is based on another one has the format qcow2; leave format out",
            )
        chain = self._storage.chain(existing) or ()
        for base in chain:
            if base.startswith("/") and self._storage.lacks(base):
                raise _wrong(
                    target,
                    f"{base}, on which {existing.path} is based, is not there; mount the storage that it is on, put it "
                    "back, or set mode to skip",
                )
        pool, folder = self._place(existing, wish)
        is_block = pool is not None and pool.volume_kind == "block"
        if is_block and mode == LINKED:
            raise _wrong(
                target,
                f"the pool {pool.name if pool else ''} has block devices, of which none can be based on an "
                "image; give a pool of files, or set mode to copy",
            )
        if is_block:
            if wish.form not in (None, RAW):
                raise _wrong(target, "a block device has the format raw; leave format out")
            new_form = RAW
        # Its overlay has the name of a snapshot, which the clone doesn't have.
        named_after = base_name(existing.path, chain)
        name = wish.volume or (
            posixpath.basename(wish.path)
            if wish.path is not None
            else of_format(
                posixpath.basename(renamed(named_after, self._source, self._clone)), new_form
            )
        )
        if "/" in name or name in ("", ".", ".."):
            raise _wrong(target, f"volume {name!r} is no name of a volume; correct it")
        path = posixpath.join(folder, name)
        self._check_free(target, pool, name, path)
        if existing.capacity is None:
            raise _wrong(
                target,
                f"the size of {existing.path} is unknown, because it is in no storage pool that is on; start or define "
                "the pool of its folder",
            )
        volume = NewVolume(
            pool=None if pool is None else pool.name,
            name=name,
            path=path,
            capacity=existing.capacity,
            allocation=0 if self._defaults.is_sparse or mode == LINKED else existing.capacity,
            format=None if is_block else new_form,
            backing=existing.path if mode == LINKED else None,
            backing_format=form if mode == LINKED else None,
            kind="block" if is_block else "file",
        )
        if mode == LINKED:
            self._notes.append(
                f"disks: {target}: {path} is based on {existing.path}, which is {target} of {self._source}; the clone "
                f"is spoilt as soon as anything writes to that, such as {self._writer}"
            )
        self._volumes.append(Own(target, mode, existing, volume))
        named = (volume.pool, name) if disk.get("type") == "volume" and volume.pool else None
        return with_source(disk, volume.kind, path, new_form, named)

    def _image(self, disk: Element, target: str) -> Existing:
        """The image of the source's disk.

        :raises OptionError: it isn't there, or libvirt can't copy what it is.
        """
        kind = disk.get("type") or "file"
        source = disk.child("source") or Element("source")
        if kind not in ("file", "block", "volume"):
            raise _wrong(
                target,
                f"it is of the type {kind}, which libvirt can't copy; set mode to share if both may use it, to "
                "skip, or to preserve with a volume of the clone's own",
            )
        if source.child("encryption") is not None or disk.child("encryption") is not None:
            raise _wrong(
                target,
                "its image is encrypted, and libvirt can't copy such a one; copy it with qemu-img, and set mode "
                "to preserve",
            )
        if source.child("slices") is not None:
            raise _wrong(
                target,
                "it is a part of a file, which libvirt can't copy alone; set mode to skip, or to preserve with a volume "
                "of the clone's own",
            )
        if kind == "volume":
            pool, name = source.get("pool") or "", source.get("volume") or ""
            found: Existing | None = self._in(target, lambda: self._storage.volume(pool, name))
        else:
            path = source.get("file") or source.get("dev") or ""
            found = self._at(path)
            if found is None:
                raise _wrong(
                    target,
                    f"its image {path} is not there; mount the storage that it is on, put it back, or set mode to "
                    "skip",
                )
        if found is None or found.kind not in ("file", "block"):
            raise _wrong(
                target, "its image is no file and no block device; set mode to share or skip"
            )
        if found.kind == "block" and found.pool is None:
            raise _wrong(
                target,
                f"{found.path} is a device in no storage pool, which libvirt can't copy; set mode to share or skip, or to "
                "preserve with a device of the clone's own",
            )
        if found.pool is None:
            self._active_pool_at(posixpath.dirname(found.path), target)
        return found

    def _form(self, disk: Element, existing: Existing, target: str, mode: str) -> str:
        """The format of the source's image."""
        form = disk.value("driver/@type") or as_raw(existing.format or RAW)
        seen = as_raw(existing.format or form)
        if mode == COPY and existing.kind == "file" and seen != form:
            # A guest that writes a header could have any file of the host copied.
            raise _wrong(
                target,
                f"{existing.path} has the format {form} for the guest, and looks like {seen}, as which libvirt "
                "would copy it; copy it with qemu-img, and set mode to preserve",
            )
        return form

    def _place(self, existing: Existing, wish: DiskWish) -> tuple[Pool | None, str]:
        """The pool, if there is one, and the folder of a new volume."""
        target = wish.target
        if wish.path is not None:
            if not wish.path.startswith("/"):
                raise _wrong(target, f"path {wish.path} is no path from the root; correct it")
            if wish.pool is not None or wish.volume is not None:
                raise _wrong(target, "path and pool or volume are both given; leave one out")
            folder = posixpath.dirname(posixpath.normpath(wish.path))
            pool = self._active_pool_at(folder, target)
            if pool is None and self._storage.lacks(folder):
                raise _wrong(target, f"there is no folder {folder}; make it, or correct path")
        else:
            name = wish.pool or self._defaults.pool
            if name is not None:
                pool = self._in(target, lambda: self._storage.pool(str(name)))
            else:
                pool = existing.pool
            folder = posixpath.dirname(existing.path) if pool is None else pool.path or ""
        if pool is not None and pool.kind not in _FILES + _BLOCKS:
            raise _wrong(
                target,
                f"the pool {pool.name} is of the type {pool.kind}, in which no volume can be made for a clone; give pool",
            )
        return pool, folder

    def _active_pool_at(self, folder: str, target: str) -> Pool | None:
        pool = self._storage.pool_at(folder)
        if pool is not None and not pool.is_active:
            raise _wrong(
                target,
                f"the storage pool {pool.name} of {folder} is off; {how_to_start(pool.name)}",
            )
        return pool

    def _check_free(self, target: str, pool: Pool | None, name: str, path: str) -> None:
        if any(own.volume.path == path for own in self._volumes):
            raise _wrong(target, f"{path} is the volume of another disk of the clone; give volume")
        if path in self._own:
            return
        is_taken = pool is not None and name in pool.volumes and not self._storage.lacks(path)
        if is_taken or not self._storage.lacks(path):
            raise _wrong(
                target,
                f"{path} is there already; nothing was written to it; give another volume, set mode to preserve to "
                "use what is in it, or remove it",
            )

    def _at(self, path: str) -> Existing | None:
        """What is at a path; ``None`` where nothing is, or where that can't be seen."""
        # This refreshes a pool of another host that doesn't know it yet.
        return None if self._storage.lacks(path) else self._storage.at(path)

    def _in(self, target: str, look: t.Callable[[], t.Any]) -> t.Any:
        try:
            return look()
        except OptionError as error:
            raise _wrong(target, str(error)) from None


def _wrong(target: str, words: str) -> OptionError:
    return OptionError(f"disks: {target}: {words}")


def _share_reason(disk: Element) -> str | None:
    """Why both guests may have a disk, as virt-clone has it; ``None`` where they may not."""
    if disk.child("source") is None:
        return "an empty drive"
    if disk.child("readonly") is not None:
        return "it is only read"
    if disk.child("shareable") is not None:
        return "it is shareable"
    if disk.value("transient/@shareBacking") == "yes":
        return "its changes are thrown away"
    return None


def as_raw(form: str) -> str:
    """The format by which QEMU reads an image; libvirt calls that of a CD-ROM iso."""
    return RAW if form == "iso" else form


def with_source(
    disk: Element, kind: str, path: str, form: str, named: tuple[str, str] | None
) -> Element:
    """The disk with another image; ``named``: the pool and the name by which it is found."""
    source = disk.child("source") or Element("source")
    attributes = {key: value for key, value in source.attributes.items() if key in _OF_SOURCE}
    if named is not None:
        kind, attributes = "volume", {"pool": named[0], "volume": named[1], **attributes}
    else:
        attributes = {"dev" if kind == "block" else "file": path, **attributes}
    changed = source.replaced(
        attributes, [child for child in source.children if child.tag in _IN_SOURCE]
    )
    children = []
    has_driver = disk.child("driver") is not None
    if not has_driver:
        children.append(Element("driver", {"name": "qemu", "type": form}))
    for child in disk.children:
        if child.tag == "driver":
            child = child.replaced({**child.attributes, "type": form})
        if child.tag == "source":
            child = changed
        if child.tag not in ("backingStore", "mirror"):
            children.append(child)
    return disk.replaced({**disk.attributes, "type": kind}, children)
