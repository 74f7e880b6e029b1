# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a clone's metadata says of its origin, and while it is made, of its volumes.

::

    <ansible:clone xmlns:ansible="https://declarative-libvirt.github.io/ns/clone/1" name="web" source="UUID"/>

A clone that is being made, or whose making was interrupted, has the attribute ``incomplete`` and a
``volume`` for each volume that is its own, so that the next task removes these and no others.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

URI = "https://declarative-libvirt.github.io/ns/clone/1"
#: The prefix in the document.
PREFIX = "ansible"
CLONE, _VOLUME = (f"{{{URI}}}{name}" for name in ("clone", "volume"))
#: How far a volume is: not begun, about to be created under its own name, or complete.
PLANNED, MAKING, MADE = "planned", "making", "made"


class OwnVolume(t.NamedTuple):
    """A volume of a clone. ``pool`` is ``None`` where its folder has no pool.

    ``part`` is its name until it is complete; ``None`` where it has none but its own.
    """

    path: str
    pool: str | None
    name: str
    part: str | None
    stage: str = PLANNED


class Origin(t.NamedTuple):
    """The domain that a clone was made of; ``volumes`` are those of an incomplete clone."""

    name: str
    uuid: str
    is_complete: bool = True
    volumes: tuple[OwnVolume, ...] = ()

    def element(self) -> Element:
        """As it stands in the metadata."""
        attributes = {"name": self.name, "source": self.uuid}
        if self.is_complete:
            return Element(CLONE, attributes, namespaces={PREFIX: URI})
        volumes = [
            Element(_VOLUME, {key: value for key, value in volume._asdict().items() if value})
            for volume in self.volumes
        ]
        attributes["incomplete"] = "yes"
        return Element(CLONE, attributes, children=volumes, namespaces={PREFIX: URI})

    def with_stage(self, path: str, stage: str) -> Origin:
        """The same after a volume has got so far."""
        volumes = tuple(
            volume._replace(stage=stage) if volume.path == path else volume
            for volume in self.volumes
        )
        return self._replace(volumes=volumes)


def origin_of(document: Element) -> Origin | None:
    """The origin in a domain's document; ``None`` for what is no clone of this collection."""
    metadata = document.child("metadata")
    found = None if metadata is None else metadata.child(CLONE)
    if found is None:
        return None
    volumes = tuple(
        OwnVolume(
            volume.get("path") or "",
            volume.get("pool"),
            volume.get("name") or "",
            volume.get("part"),
            volume.get("stage") or PLANNED,
        )
        for volume in found.all(_VOLUME)
    )
    is_complete = found.get("incomplete") != "yes"
    return Origin(found.get("name") or "", found.get("source") or "", is_complete, volumes)


def with_origin(document: Element, origin: Origin) -> Element:
    """The document with this origin in its metadata, in place of another one."""
    metadata = document.child("metadata")
    element = origin.element()
    if metadata is None:
        children = list(document.children)
        last = max((n for n, child in enumerate(children, 1) if child.tag in _BEFORE), default=0)
        children.insert(last, Element("metadata", children=[element]))
        return document.replaced(children=children)
    others = [child for child in metadata.children if child.tag != CLONE]
    changed = metadata.replaced(children=[*others, element])
    return document.replaced(
        children=[changed if child is metadata else child for child in document.children]
    )


#: What stands before the metadata in libvirt's own order.
_BEFORE = ("name", "uuid", "hwuuid", "genid", "title", "description")
