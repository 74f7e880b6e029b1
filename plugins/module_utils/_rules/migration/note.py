# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a domain's metadata says of a migration that is under way.

::

    <ansible:migration xmlns:ansible="https://declarative-libvirt.github.io/ns/migration/1"
                       destination="UUID of the host" autostart="yes"><ansible:volume path="…"/></ansible:migration>

It is written before anything else is, and travels with the domain: a task that finds it at the
destination does what was left to do there, and one that finds it at the source removes the volumes
that were made for the domain, and no others.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

URI = "https://declarative-libvirt.github.io/ns/migration/1"
#: The prefix in the document.
PREFIX = "ansible"
_MIGRATION, _VOLUME = (f"{{{URI}}}{name}" for name in ("migration", "volume"))


class Note(t.NamedTuple):
    """A migration: the UUID of the destination's host, what is left to do there, and its volumes.

    ``volumes`` are the paths of the volumes at the destination that are made for the domain.
    """

    destination: str
    autostart: bool = False
    volumes: tuple[str, ...] = ()

    def element(self) -> Element:
        """As libvirt takes it: it adds the prefix and the namespace."""
        attributes = {"destination": self.destination}
        if self.autostart:
            attributes["autostart"] = "yes"
        volumes = [Element("volume", {"path": path}) for path in self.volumes]
        return Element("migration", attributes, children=volumes)


def note_of(document: Element) -> Note | None:
    """The note in a domain's document."""
    metadata = document.child("metadata")
    found = None if metadata is None else metadata.child(_MIGRATION)
    if found is None:
        return None
    return Note(
        found.get("destination") or "",
        found.get("autostart") == "yes",
        tuple(volume.get("path") or "" for volume in found.all(_VOLUME)),
    )
