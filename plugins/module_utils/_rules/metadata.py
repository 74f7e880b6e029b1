# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The notes of applications, which libvirt keeps in definitions of domains and networks."""

from __future__ import annotations

from .._xmltree.element import Element, with_child
from .context import Context
from .rows import ASSIGNED, Fill, Implied, Rewrite, Stored, Whole
from .stored import container


def of_another_application(context: Context, element: Element) -> Implied:
    """virDomainSetMetadata: an application keeps what it knows of a guest in its own namespace."""
    own = {_namespace(child) for child in context.desired.children}
    return None if _namespace(element) in own else ASSIGNED


def _namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0]


def metadata_by_namespace(document: Element) -> Element:
    """virXMLNodeSanitizeNamespaces: one element of each namespace, none without."""
    metadata = document.child("metadata")
    if metadata is None:
        return document
    seen: set[str] = set()
    kept = []
    for child in metadata.children:
        uri = child.tag[1:].partition("}")[0] if child.tag[0] == "{" else None
        if uri is not None and uri not in seen:
            seen.add(uri)
            kept.append(child)
    if len(kept) == len(metadata.children):
        return document
    return with_child(document, metadata.replaced(children=kept))


METADATA = (
    Stored("metadata", container, "libvirt 11.3 keeps no empty one, 9.0 does, and it says nothing"),
    Fill("metadata", ASSIGNED, "what a document doesn't speak of is another application's"),
    Fill("metadata/*", of_another_application, "virDomainSetMetadata"),
    Rewrite(metadata_by_namespace, "virXMLNodeSanitizeNamespaces"),
    Whole("metadata/*", "each application's element is its own"),
)
