# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The note in a domain's metadata of the installation that a task asked for.

::

    <installation:label xmlns:installation="https://declarative-libvirt.github.io/ns/installation/1">
      https://server/tree
    </installation:label>

By it the second run of a task knows that the domain was installed.
"""

from __future__ import annotations

from ..._xmltree.element import Element

URI = "https://declarative-libvirt.github.io/ns/installation/1"
_METADATA = "metadata"
_LABEL = f"{{{URI}}}label"


def label_of(document: Element) -> str | None:
    """The label of the last installation; ``None`` without a note."""
    metadata = document.child(_METADATA)
    note = None if metadata is None else metadata.child(_LABEL)
    return None if note is None else (note.text or "").strip()


def put_label(document: Element, label: str) -> None:
    """Write the note into a domain's document."""
    metadata = document.child(_METADATA)
    if metadata is None:
        metadata = Element(_METADATA)
        document.children.append(metadata)
    metadata.children = [child for child in metadata.children if child.tag != _LABEL]
    metadata.children.append(Element(_LABEL, text=label, namespaces={"installation": URI}))
