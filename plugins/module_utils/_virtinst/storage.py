# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage that disks use: what is there, and what has to be created."""

from __future__ import annotations

import dataclasses
import typing as t

from .._file_use.users import NOTHING, Answer, Going
from .._xmltree.element import Element

GIB = 1024**3
#: What disks consist of, in bytes.
SECTOR = 512


@dataclasses.dataclass(frozen=True)
class Pool:
    """A storage pool.

    ``path`` is where its volumes appear; ``volumes`` their names;
    ``available`` is in bytes. The rest is what a network disk needs to know;
    ``auth`` is user, type and UUID of the secret.
    """

    name: str
    kind: str
    path: str | None
    is_active: bool
    available: int
    volumes: frozenset[str]
    hosts: tuple[tuple[str, str | None], ...] = ()
    source_name: str | None = None
    source_path: str | None = None
    auth: tuple[str, str, str] | None = None

    @property
    def volume_kind(self) -> str:
        """What its volumes are: ``file``, ``block`` or ``network``."""
        return _VOLUME_KINDS.get(self.kind, "file")


#: https://libvirt.org/storage.html, by the type of the pool.
_VOLUME_KINDS = {
    "logical": "block",
    "disk": "block",
    "iscsi": "block",
    "scsi": "block",
    "mpath": "block",
    "zfs": "block",
    "rbd": "network",
    "gluster": "network",
    "sheepdog": "network",
    "iscsi-direct": "network",
}


@dataclasses.dataclass(frozen=True)
class Existing:
    """Storage that is there.

    ``kind`` is ``file``, ``block``, ``dir`` or ``network``; ``format`` is known
    of volumes in pools. ``capacity`` is in bytes, and so is ``available``, what
    is left in a directory. ``backing`` is the path of what a volume is based on.
    """

    path: str
    kind: str
    format: str | None = None
    capacity: int | None = None
    available: int = 0
    pool: Pool | None = None
    volume: str | None = None
    backing: str | None = None


@dataclasses.dataclass(frozen=True)
class NewVolume:
    """A volume that has to be created before the domain starts.

    ``capacity`` and ``allocation`` are in bytes; an allocation of 0 is sparse.
    ``content`` is what is written into it; it is empty by default. ``mark`` is
    what the beginning of the content has, and no other volume. ``is_named``:
    its name was asked for, and not chosen here. ``is_there``: the domain of this
    name has it already, from an earlier run. ``pool`` is ``None`` for a file in
    a directory that no pool manages. ``notes`` are what a person should know of it,
    and ``refusal`` is why it can't be, if the disk that it is for is a new one.
    """

    pool: str | None
    name: str
    path: str
    capacity: int
    allocation: int
    format: str | None
    backing: str | None = None
    backing_format: str | None = None
    kind: str = "file"
    content: bytes | None = None
    mark: bytes = b""
    is_named: bool = False
    is_there: bool = False
    notes: tuple[str, ...] = ()
    refusal: str | None = None


@dataclasses.dataclass(frozen=True)
class DiskSize:
    """How large a disk is to be that has its storage already.

    ``disk`` is its document, which says where that is. ``capacity`` is in bytes.
    ``volume`` is what a new one would be. ``is_new``: the domain doesn't have the
    disk yet. ``doubt`` says why it isn't certain that this disk is meant, and ``remark`` what
    a person should know if it becomes larger.
    """

    disk: Element
    capacity: int
    volume: NewVolume | None
    is_new: bool
    doubt: str | None = None
    remark: str | None = None


@dataclasses.dataclass(frozen=True)
class DiskBase:
    """The backing file that is said of a disk that has its storage already.

    ``disk`` is its document, which says where that is.
    """

    disk: Element
    path: str


def images_of(disks: t.Iterable[Element]) -> dict[str, str]:
    """The targets of disks, by the paths of their images."""
    return {
        path: disk.value("target/@dev") or "" for disk in disks for path in images_of_disk(disk)
    }


def images_of_disk(disk: Element) -> list[str]:
    """The path of a disk's image, if it has one."""
    paths = (disk.value(f"source/@{name}") for name in ("file", "dev"))
    return [path for path in paths if path is not None]


def missing_image(path: str, target: str) -> str:
    """That the image of a disk which a domain has is gone."""
    return (
        f"{path}, the image of {target}, is not there; mount the storage that it is on, or put it "
        "back; with a size and recreate_missing: true, the module domain makes a new and empty one"
    )


class StorageFacts(t.Protocol):
    """How a host's storage is looked up; nothing of it changes anything."""

    def pool(self, name: str) -> Pool:
        """A pool by name.

        :raises OptionError: there is none.
        """

    def default_pool(self) -> Pool:
        """The pool for the images of domains: ``default``, or the one at its place.

        :raises OptionError: there is none.
        """

    def pool_at(self, directory: str) -> Pool | None:
        """The pool whose volumes appear in a directory."""

    def at(self, path: str) -> Existing | None:
        """What is at a path of the hypervisor's host; ``None`` if nothing is known."""

    def lacks(self, path: str) -> bool:
        """Whether it is certain that there is nothing at a path."""

    def chain(self, volume: Existing) -> tuple[str, ...] | None:
        """The real paths of what a volume is based on, the nearest first; ``None`` if unknown."""

    def real(self, path: str) -> str:
        """The path without links, as far as they can be followed."""

    def volume(self, pool: str, name: str) -> Existing:
        """A volume in a pool.

        :raises OptionError: there is no such pool or volume.
        """

    def left_over(self, pool: Pool, name: str) -> Existing | None:
        """A volume that no domain uses; ``None`` where one does, or that isn't known."""

    def users_of(self, path: str, going: Going = NOTHING) -> Answer:
        """Who uses the file at a path, but for what is going; see :class:`._file_use.FileUse`."""

    def has_mark(self, pool: Pool, name: str, mark: bytes) -> bool | None:
        """Whether a volume begins with what has this mark; ``None`` where there is no volume."""

    def is_empty(self, volume: Existing) -> bool:
        """Whether it is certain that nothing was ever written to a volume."""

    def paths_of(self, domain: str) -> frozenset[str]:
        """The paths of the disks of an existing domain; none if it doesn't exist."""
