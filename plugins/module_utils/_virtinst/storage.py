# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage of disks: what exists, and what has to be created."""

from __future__ import annotations

import posixpath
import typing as t

from .._file_use.users import NOTHING, Answer, Going
from .._images.request import ImageRequest
from .._xmltree.element import Element

GIB = 1024**3
#: The size of a disk's sector, in bytes.
SECTOR = 512


class Pool(t.NamedTuple):
    """A storage pool.

    ``path`` is the directory of its volumes, ``volumes`` are their names, ``available`` is in
    bytes. The rest is for network disks; ``auth`` is user, type and UUID of the secret.
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
        """The kind of its volumes: ``file``, ``block`` or ``network``."""
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


class Existing(t.NamedTuple):
    """Storage that exists.

    ``kind`` is ``file``, ``block``, ``dir`` or ``network``. ``format`` is known for volumes in
    pools. ``capacity`` is in bytes, and so is ``available``, the free space of a directory.
    ``backing`` is the path of a volume's backing file.
    """

    path: str
    kind: str
    format: str | None = None
    capacity: int | None = None
    available: int = 0
    pool: Pool | None = None
    volume: str | None = None
    backing: str | None = None


class NewVolume(t.NamedTuple):
    """A volume that has to be created before the domain starts.

    * ``capacity``, ``allocation``: in bytes; an allocation of 0 is sparse.
    * ``content``: is written into it; ``None`` leaves it empty.
    * ``fetch``: gives the content when the volume is created.
    * ``image``: the image that it has. ``backing`` is what that will be, as far as it is known, and
      a ``capacity`` of 0 is that of the image.
    * ``files``: the paths of files of the managed host that are made with it.
    * ``is_for_install``: only the installation needs it.
    * ``is_temporary``: it is deleted as soon as the guest runs, because it may have passwords.
    * ``option``: the name of the option that it comes from, if that isn't ``disk``.
    * ``is_image``: it is the file itself that ``image`` is about, such as a kernel, and is kept.
    * ``new_image``: the path of the volume that is to be made for the image, if it is known.
    * ``mark``: stands at the beginning of the content, and in no other volume.
    * ``is_named``: the request names it; otherwise the name was chosen here.
    * ``exists``: the domain of this name has it already, from an earlier run.
    * ``pool``: ``None`` for a file in a directory that no pool manages.
    * ``notes``: lines for a person.
    * ``refusal``: why it can't be created; counts only if its disk is new.
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
    exists: bool = False
    notes: tuple[str, ...] = ()
    refusal: str | None = None
    image: ImageRequest | None = None
    new_image: str | None = None
    fetch: t.Callable[[], bytes] | None = None
    is_image: bool = False
    is_for_install: bool = False
    is_temporary: bool = False
    option: str | None = None
    files: tuple[str, ...] = ()

    @classmethod
    def to_install_from(cls, pool: Pool, image: ImageRequest, option: str) -> NewVolume:
        """The file that a pool keeps, or will keep, of what a guest is installed from."""
        name = image.name or ""
        path = posixpath.join(pool.path or "", name)
        return cls(
            pool=pool.name,
            name=name,
            path=path,
            capacity=0,
            allocation=0,
            format="raw",
            is_named=True,
            image=image,
            new_image=None if name in pool.volumes else path,
            is_image=True,
            is_for_install=True,
            option=option,
        )

    def with_content(self, content: bytes, mark: bytes = b"") -> NewVolume:
        """The same with its content, which is as large as it."""
        size = len(content)
        return self._replace(content=content, capacity=size, allocation=size, mark=mark)


class DiskSize(t.NamedTuple):
    """The requested size of a disk whose storage exists.

    ``disk`` is its document, which locates the storage. ``capacity`` is in bytes. ``volume`` is
    the volume that a new disk would get. ``is_new``: the domain doesn't have the disk yet.
    ``doubt`` is the reason why the request may be about another disk. ``remark`` is a line for
    a person if the disk becomes larger.
    """

    disk: Element
    capacity: int
    volume: NewVolume | None
    is_new: bool
    doubt: str | None = None
    remark: str | None = None


class DiskBase(t.NamedTuple):
    """The requested backing file or image of a disk whose storage exists.

    ``disk`` is its document, which locates the storage. ``path`` is that of a backing file; an
    ``image`` is beside the disk's own. ``is_new``: the domain doesn't have the disk yet.
    """

    disk: Element
    path: str | None
    image: ImageRequest | None = None
    is_new: bool = False


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
    """The message that the image of a domain's disk is gone."""
    return (
        f"{path}, the image of {target}, is not there; mount the storage that it is on, or put it "
        "back; with a size and recreate_missing: true, the module domain makes a new and empty one"
    )


def pool_and_volume(text: str) -> tuple[str, str] | None:
    """The names in a text that is POOL/VOLUME; ``None`` for any other."""
    pool, _slash, volume = text.partition("/")
    return (pool, volume) if pool and volume and "/" not in volume else None


#: About an image that qemu-img reads for ever.
CIRCLE = (
    "the backing files of {} come back to one of them, so that nothing can read it; see them with qemu-img info -U, "
    "and mend them with qemu-img rebase -u"
)


class StorageFacts(t.Protocol):
    """The lookups in a host's storage, which change nothing."""

    def pool(self, name: str) -> Pool:
        """A pool by name.

        :raises OptionError: there is no such pool.
        """

    def default_pool(self) -> Pool:
        """The pool for the images of domains: ``default``, or the pool of the same directory.

        :raises OptionError: there is no such pool.
        """

    def pool_at(self, directory: str) -> Pool | None:
        """The pool whose volumes appear in a directory."""

    def at(self, path: str) -> Existing | None:
        """The storage at a path of the hypervisor's host; ``None`` if nothing is known."""

    def lacks(self, path: str) -> bool:
        """Whether it is certain that there is nothing at a path."""

    def chain(self, volume: Existing) -> tuple[str, ...] | None:
        """The real paths of a volume's backing files, the nearest first; ``None`` if unknown."""

    def is_circle(self, path: str) -> bool:
        """Whether the backing files of an image come back to one of them."""

    def real(self, path: str) -> str:
        """The path with its links resolved, as far as they can be followed."""

    def volume(self, pool: str, name: str) -> Existing:
        """A volume in a pool.

        :raises OptionError: there is no such pool or volume.
        """

    def left_over(self, pool: Pool, name: str) -> Existing | None:
        """A volume that no domain uses; ``None`` where one does, or where that is unknown."""

    def users_of(self, path: str, going: Going = NOTHING) -> Answer:
        """The uses of the file at a path, without those in ``going``; see :class:`._file_use.FileUse`."""

    def has_mark(self, pool: Pool, name: str, mark: bytes) -> bool | None:
        """Whether a volume's beginning has this mark; ``None`` where there is no volume."""

    def is_empty(self, volume: Existing) -> bool:
        """Whether it is certain that nothing was ever written to a volume."""

    def paths_of(self, domain: str) -> frozenset[str]:
        """The paths of a domain's disks; empty if the domain doesn't exist."""
