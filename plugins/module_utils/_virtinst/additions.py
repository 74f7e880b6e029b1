# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Separating what options wrote into a document from what stood there before."""

from __future__ import annotations

import dataclasses

from .._xmltree.element import Element


@dataclasses.dataclass
class _Before:
    """An element as it was. It is kept, so that no new element gets its ``id``."""

    element: Element
    attributes: dict[str, str]
    text: str | None


class Additions:
    """The additions to a document since this object was made."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._before = {
            id(element): _Before(element, dict(element.attributes), element.text)
            for element in root.walk()
        }

    def is_new(self, element: Element) -> bool:
        """Whether the element was added."""
        return id(element) not in self._before

    def document(self) -> Element:
        """A copy of the additions alone, with the elements on the way to them."""
        return self._written(self._root) or Element(self._root.tag)

    def _written(self, element: Element) -> Element | None:
        before = self._before.get(id(element))
        children = [child for child in map(self._written, element.children) if child is not None]
        if before is None:
            attributes, text = dict(element.attributes), element.text
        else:
            attributes = {
                name: value
                for name, value in element.attributes.items()
                if before.attributes.get(name) != value
            }
            text = element.text if element.text != before.text else None
            if not (attributes or children or text):
                return None
        return Element(element.tag, attributes, text, children, element.namespaces, element.tail)
