# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts that a task takes away from a document, or moves in it, beside its request."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .plan import Change, contexts_of

#: Parts of an element: the element itself, its text, and all its content.
_DEVICES = "devices"
ITSELF, TEXT, ALL = "", "text()", "*"

#: The ``id`` of an element of the document as it was, and what of it: ``@name`` for an
#: attribute, ``+tag`` for what was added to it, or one of the words above.
ElementPart = tuple[int, str]


class Taken(t.NamedTuple):
    """``document`` is what is left; ``places`` are its differences from the old document."""

    document: Element
    places: frozenset[ElementPart] = frozenset()

    @property
    def gone(self) -> frozenset[int]:
        """The ``id`` of each removed element."""
        return frozenset(element for element, what in self.places if what == ITSELF)

    def has(self, change: Change) -> bool:
        """Whether a change of the old document is one of these."""
        location = change.location
        if location is None or not self.places:
            return False
        contexts = contexts_of(location)
        if location.element is not None and (
            (id(location.element), ITSELF) in self.places
            or (id(location.context.actual), f"+{location.element.tag}") in self.places
        ):
            return True
        about = location.path.rpartition("/")[2]
        if location.element is None and (id(location.context.actual), about) in self.places:
            return True
        return any(
            (id(context.actual), what) in self.places
            for context in contexts
            for what in (ITSELF, ALL)
        )


def nothing_taken(document: Element) -> Taken:
    """Takes nothing away."""
    return Taken(document)


class Draft:
    """A copy of a document to change, which knows its changes.

    ``copy`` shares nothing with ``original``.
    """

    def __init__(self, original: Element) -> None:
        self.original = original
        #: The copies by the ``id`` of what they are copies of.
        self._copies: dict[int, Element] = {}
        #: What was left of the elements of the original, by their ``id``.
        self._rests: dict[int, Element] = {}
        self.copy = self._copied(original)

    def of(self, element: Element) -> Element:
        """The copy of an element of the original."""
        return self._copies[id(element)]

    def left(self, keeps: t.Callable[[Element], bool] = lambda _element: False) -> Taken:
        """The original without the parts that the copy has lost.

        What the copy has got besides is left out, and what differs is as it was, but for
        elements of the copy that ``keeps`` tells: their attributes are as in the copy.
        """
        present = {id(element) for element in self.copy.walk()}
        places: set[ElementPart] = set()
        return Taken(self._rest(self.original, present, keeps, places), frozenset(places))

    def rest_of(self, element: Element) -> Element:
        """The rest of an element of the original."""
        return self._rests[id(element)]

    def whole(self, places: frozenset[ElementPart], before: Draft) -> Taken:
        """The copy as it is; the original is what was left of that of ``before``.

        ``places`` are what differed already.
        """
        found = set(places)
        present = {id(element) for element in self.copy.walk()}
        found.update(
            (known, ITSELF)
            for known, rest in before._rests.items()
            if id(rest) in self._copies and id(self.of(rest)) not in present
        )
        roots = [before.original, *before.original.all(_DEVICES)]
        for parent in roots:
            for child in parent.children:
                rest = before._rests.get(id(child))
                if rest is not None and child.tag != _DEVICES and self.of(rest) != rest:
                    found.add((id(child), ALL))
            found.update((id(parent), f"+{element.tag}") for element in self._added(before, parent))
        return Taken(self.copy, frozenset(found))

    def _added(self, before: Draft, parent: Element) -> list[Element]:
        rest = before._rests[id(parent)]
        present = {id(self.of(child)) for child in rest.children}
        return [child for child in self.of(rest).children if id(child) not in present]

    def _copied(self, element: Element) -> Element:
        copy = element.replaced(children=[self._copied(child) for child in element.children])
        self._copies[id(element)] = copy
        return copy

    def _rest(
        self,
        element: Element,
        present: set[int],
        keeps: t.Callable[[Element], bool],
        places: set[ElementPart],
    ) -> Element:
        copy, children = self.of(element), []
        attributes = {
            name: copy.attributes[name] if keeps(copy) else value
            for name, value in element.attributes.items()
            if name in copy.attributes
        }
        for child in element.children:
            if id(self.of(child)) in present:
                children.append(self._rest(child, present, keeps, places))
            else:
                places.add((id(child), ITSELF))
        has_lost_text = element.text is not None and not copy.text
        if has_lost_text:
            places.add((id(element), TEXT))
        places.update(
            (id(element), f"@{name}")
            for name, value in element.attributes.items()
            if attributes.get(name) != value
        )
        is_same = len(children) == len(element.children) and all(
            new_child is old_child for new_child, old_child in zip(children, element.children)
        )
        if is_same and attributes == element.attributes and not has_lost_text:
            self._rests[id(element)] = element
            return element
        rest = element.replaced(attributes, children)
        rest.text = None if has_lost_text else element.text
        self._rests[id(element)] = rest
        return rest
