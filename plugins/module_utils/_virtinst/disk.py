# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The element of a disk that remembers its storage."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .storage import Existing, NewVolume


class Disk(Element):
    """An element ``disk`` with facts that aren't part of the document; copies keep them.

    * ``storage``: the storage that the disk is connected with.
    * ``size``: the requested size, in bytes.
    * ``base``: the path of the requested backing file.
    """

    __slots__ = ("base", "size", "storage")

    def __init__(self, tag: str = "disk", *args: t.Any, **more: t.Any) -> None:
        super().__init__(tag, *args, **more)
        self.storage: Existing | NewVolume | None = None
        self.size: int | None = None
        self.base: str | None = None

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
        return copy


def storage_of(disk: Element) -> Existing | NewVolume | None:
    """The storage that a disk is connected with; ``None`` if it is unknown."""
    return disk.storage if isinstance(disk, Disk) else None


def needs_volume(disk: Element) -> bool:
    """Whether a volume has to be created for a disk."""
    storage = storage_of(disk)
    return isinstance(storage, NewVolume) and not storage.exists
