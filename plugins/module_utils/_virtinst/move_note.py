# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a domain's metadata says of old volumes that are to go once their disks have moved.

::

    <ansible-move:moves xmlns:ansible-move="https://declarative-libvirt.github.io/ns/move/1">
      <ansible-move:old target="vda" path="/srv/slow/web.qcow2" new="/srv/fast/web.qcow2"
                       file="1234 1073741824 1764316800000000000"/>
    </ansible-move:moves>

It stands there from before a disk moves with ``remove_source`` until its old volume is removed. So a
task that finds the disk at its new place knows what an interrupted one has left. ``file`` comes when
the disk has moved, and nothing writes to the old volume any more.
"""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element

URI = "https://declarative-libvirt.github.io/ns/move/1"
#: The prefix in the document.
PREFIX = "ansible-move"
_MOVES, _OLD = "moves", "old"


class OldVolume(t.NamedTuple):
    """The old volume of a disk, at ``path``, which moves to ``new``.

    ``file`` tells the file from another one at its path: its inode's number, its bytes, and when it
    was written, in nanoseconds since 1970. ``None`` on another host, and while the disk moves.
    """

    target: str
    path: str
    new: str
    file: str | None = None


def old_volumes(document: Element) -> tuple[OldVolume, ...]:
    """The old volumes that a domain's document notes."""
    metadata = document.child("metadata")
    found = None if metadata is None else metadata.child(f"{{{URI}}}{_MOVES}")
    if found is None:
        return ()
    return tuple(
        OldVolume(
            old.get("target") or "", old.get("path") or "", old.get("new") or "", old.get("file")
        )
        for old in found.all(f"{{{URI}}}{_OLD}")
    )


def old_volume_of(document: Element, target: str) -> OldVolume | None:
    """The old volume that a domain's document notes of the disk at ``target``, such as ``vda``."""
    return next((old for old in old_volumes(document) if old.target == target), None)


def without(volumes: t.Iterable[OldVolume], target: str) -> tuple[OldVolume, ...]:
    """The volumes without that of the disk at ``target``."""
    return tuple(volume for volume in volumes if volume.target != target)


def element_of(volumes: t.Sequence[OldVolume]) -> Element | None:
    """The element as virDomainSetMetadata takes it, which adds the namespace; ``None`` for none."""
    if not volumes:
        return None
    children = [
        Element(_OLD, {key: value for key, value in volume._asdict().items() if value})
        for volume in volumes
    ]
    return Element(_MOVES, children=children)
