# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The element that every other part of the collection works on."""

from __future__ import annotations

import functools
import typing as t


class Element:
    """One XML element.

    ``tag`` and the keys of ``attributes`` are in Clark notation
    (``{namespace}name``) when they have a namespace. ``text`` is ``None``
    when there is no text but white space. ``tail`` is kept only where an
    application's own markup in ``<metadata>`` mixes text and elements.
    ``namespaces`` maps the prefixes that this element declares.

    An element that has been compared may be shared between trees: treat it as
    immutable and use :meth:`replaced` to derive another.
    """

    __slots__ = ("attributes", "children", "namespaces", "tag", "tail", "text")

    def __init__(
        self,
        tag: str,
        attributes: dict[str, str] | None = None,
        text: str | None = None,
        children: list[Element] | None = None,
        namespaces: dict[str | None, str] | None = None,
        tail: str | None = None,
    ) -> None:
        self.tag = tag
        self.attributes = {} if attributes is None else attributes
        self.text = text
        self.children = [] if children is None else children
        self.namespaces = namespaces
        self.tail = tail

    def __repr__(self) -> str:
        return f"<Element {self.tag} {self.attributes} at {id(self):#x}>"

    def __eq__(self, other: object) -> bool:
        """Whether both trees are equal to the letter, in the same order."""
        if not isinstance(other, Element):
            return NotImplemented
        return (
            self.attributes == other.attributes
            and self.text == other.text
            and self.tag == other.tag
            and self.tail == other.tail
            and self.children == other.children
        )

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str) -> str | None:
        """The value of the attribute ``name``."""
        return self.attributes.get(name)

    def child(self, tag: str) -> Element | None:
        """The first child with this tag."""
        for child in self.children:
            if child.tag == tag:
                return child
        return None

    def all(self, tag: str) -> list[Element]:
        """The children with this tag."""
        return [child for child in self.children if child.tag == tag]

    def walk(self) -> t.Iterator[Element]:
        """This element and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, path: str) -> Element | None:
        """The first descendant at ``path``, tags joined by ``/``."""
        found: Element | None = self
        for tag in path.split("/"):
            found = found.child(tag) if found is not None else None
        return found

    def findall(self, path: str) -> list[Element]:
        """Every descendant at ``path``, tags joined by ``/``."""
        found = [self]
        for tag in path.split("/"):
            found = [child for element in found for child in element.children if child.tag == tag]
        return found

    def value(self, path: str) -> str | None:
        """The attribute (``target/@dev``) or text (``name``) at ``path``."""
        tags, attribute = _steps(path)
        element = self
        for tag in tags:
            for child in element.children:
                if child.tag == tag:
                    element = child
                    break
            else:
                return None
        return element.text if attribute is None else element.attributes.get(attribute)

    def replaced(
        self,
        attributes: dict[str, str] | None = None,
        children: list[Element] | None = None,
    ) -> Element:
        """A copy of this element with other attributes or other children."""
        return Element(
            self.tag,
            dict(self.attributes) if attributes is None else attributes,
            self.text,
            list(self.children) if children is None else children,
            self.namespaces,
            self.tail,
        )

    def rewritten(
        self, attributes: dict[str, str], text: str | None, children: list[Element]
    ) -> Element:
        """A copy with these attributes, text and children, or itself where they are its own."""
        if (
            attributes is self.attributes
            and text is self.text
            and all(new is old for new, old in zip(children, self.children))
        ):
            return self
        copy = self.replaced(attributes, children)
        copy.text = text
        return copy


def with_child(parent: Element, child: Element) -> Element:
    """The parent with this child in place of the one with the same tag."""
    if parent.child(child.tag) is None:
        return parent.replaced(children=[child, *parent.children])
    return parent.replaced(
        children=[child if old.tag == child.tag else old for old in parent.children]
    )


def apart(root: Element) -> Element:
    """The tree with each element at one place only; an element at several places is copied.

    Parsed documents share equal parts, even within one document. Code that tells elements
    apart by identity needs this.
    """
    seen: set[int] = set()

    def alone(element: Element) -> Element:
        children = [alone(child) for child in element.children]
        is_same = all(copied is child for copied, child in zip(children, element.children))
        if id(element) in seen or not is_same:
            element = element.replaced(children=children)
        seen.add(id(element))
        return element

    return alone(root)


@functools.cache
def _steps(path: str) -> tuple[tuple[str, ...], str | None]:
    """The tags of a value path, and the attribute at its end."""
    steps = path.split("/")
    attribute = steps.pop()[1:] if steps[-1].startswith("@") else None
    return tuple(steps), attribute
