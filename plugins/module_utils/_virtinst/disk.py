# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The element of a disk that remembers its storage."""

from __future__ import annotations

import collections
import typing as t

from .._images.request import ImageRequest
from .._xmltree.element import Element
from .errors import OptionError
from .options.storage_request import StorageRequest
from .storage import DiskBase, Existing, NewVolume


class Disk(Element):
    """An element ``disk`` with facts that aren't part of the document; copies keep them.

    * ``storage``: the storage that the disk is connected with.
    * ``size``: the requested size, in bytes.
    * ``base``: the path of the requested backing file.
    * ``image``: the requested image.
    * ``pool``: the pool that the request names.
    * ``move``: the storage that the domain's disk is to be moved to.
    """

    __slots__ = ("base", "image", "move", "pool", "size", "storage")

    def __init__(self, tag: str = "disk", *args: t.Any, **more: t.Any) -> None:
        super().__init__(tag, *args, **more)
        self.storage: Existing | NewVolume | None = None
        self.size: int | None = None
        self.base: str | None = None
        self.image: ImageRequest | None = None
        self.pool: str | None = None
        self.move: StorageRequest | None = None

    def replaced(
        self,
        attributes: dict[str, str] | None = None,
        children: list[Element] | None = None,
    ) -> Disk:
        """As :meth:`Element.replaced`, with the same storage."""
        element = super().replaced(attributes, children)
        copy = Disk(
            element.tag,
            element.attributes,
            element.text,
            element.children,
            element.namespaces,
            element.tail,
        )
        copy.storage, copy.size, copy.base = self.storage, self.size, self.base
        copy.image, copy.pool, copy.move = self.image, self.pool, self.move
        return copy


def storage_of(disk: Element) -> Existing | NewVolume | None:
    """The storage that a disk is connected with; ``None`` if it is unknown."""
    return disk.storage if isinstance(disk, Disk) else None


def move_of(disk: Element) -> StorageRequest | None:
    """The storage that the domain's disk is to be moved to; ``None`` where it stays."""
    return disk.move if isinstance(disk, Disk) else None


def base_of(disk: Element, document: Element, is_new: bool) -> DiskBase | None:
    """The requested backing file or image of a disk whose storage exists, if there is one.

    ``document`` locates its storage.
    """
    if not isinstance(disk, Disk) or (disk.base is None and disk.image is None):
        return None
    return DiskBase(document, disk.base, disk.image, is_new)


def needs_volume(disk: Element) -> bool:
    """Whether a volume has to be created for a disk."""
    storage = storage_of(disk)
    return isinstance(storage, NewVolume) and not storage.exists


def check_targets_differ(disks: t.Iterable[Element]) -> None:
    """Check that no two entries are about one target; those without one get a free one.

    libvirt refuses it by the paths of the images, of which the task may name none
    (virDomainDiskDefCheckDuplicateInfo, "duplicated for disk sources").

    :raises OptionError: two are.
    """
    found = collections.Counter(disk.value("target/@dev") for disk in disks)
    for target, count in found.items():
        if target is not None and count > 1:
            raise OptionError(
                f"disk: target: {target} is the target of {count} entries; give each its own, "
                "or none to have a free one chosen"
            )
