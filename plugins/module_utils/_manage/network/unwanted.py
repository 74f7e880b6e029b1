# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking the entries of lists that have ``state: absent`` out of a network's document."""

from __future__ import annotations

from ..._reconcile.match import match
from ..._reconcile.taken import ITSELF, ElementPart, Taken
from ..._rules.book import PathRules
from ..._rules.network import KIND
from ..._xmltree.element import Element
from .described import is_absent


def without(entries: Element, document: Element) -> Taken:
    """The document without what is to go of it.

    ``entries`` has the entries that are to go, which :func:`.described.is_absent` tells, and those around them.
    """
    gone: set[ElementPart] = set()
    left = _left(entries, document, KIND.book.top, gone)
    return Taken(left, frozenset(gone))


def _left(entries: Element, element: Element, place: PathRules, gone: set[ElementPart]) -> Element:
    children: list[Element] = list(element.children)
    for tag in dict.fromkeys(child.tag for child in entries.children):
        inner = place.child(tag)
        pairs = match(entries.all(tag), element.all(tag), inner).pairs
        for entry, found in pairs:
            if is_absent(entry):
                gone.add((id(found), ITSELF))
                children = [child for child in children if child is not found]
            else:
                left = _left(entry, found, inner, gone)
                children = [left if child is found else child for child in children]
    if len(children) == len(element.children) and all(
        one is other for one, other in zip(children, element.children)
    ):
        return element
    return element.replaced(children=children)
