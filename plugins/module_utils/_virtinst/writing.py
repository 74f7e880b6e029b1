# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and setting values at paths of a document in the making.

A path is a list of steps joined by ``/``. A step is a tag, a tag with an
attribute that identifies it (``entry[@name='serial']``), or a tag with its
position among its like, from zero (``host[1]``). The last step may be an
attribute (``@dev``); ``.`` is the element itself.
"""

from __future__ import annotations

import functools
import re
import typing as t

from .._xmltree.element import Element

_STEP = re.compile(
    r"(?P<tag>[^\[]+)(\[(?:@(?P<key>[\w.-]+)='(?P<value>[^']*)'|(?P<position>\d+))\])?$"
)

_UNIT = "unit"


class _Step(t.NamedTuple):
    tag: str
    key: str | None
    value: str | None
    position: int

    def among(self, element: Element) -> Element | None:
        tag, key, position = self.tag, self.key, self.position
        for child in element.children:
            if child.tag == tag and (key is None or child.get(key) == self.value):
                if not position:
                    return child
                position -= 1
        return None

    def made_in(self, element: Element) -> Element:
        while True:
            found = self.among(element)
            if found is not None:
                return found
            attributes = {} if self.key is None else {self.key: self.value or ""}
            element.children.append(Element(self.tag, attributes))


@functools.cache
def _parsed(path: str) -> tuple[tuple[_Step, ...], str | None]:
    steps: list[_Step] = []
    attribute = None
    for text in path.split("/"):
        if text.startswith("@"):
            attribute = text[1:]
        elif text != ".":
            match = _STEP.match(text)
            if match is None:
                raise ValueError(f"not a path: {path}")
            steps.append(
                _Step(match["tag"], match["key"], match["value"], int(match["position"] or 0))
            )
    return tuple(steps), attribute


def element_at(root: Element, path: str) -> Element | None:
    """The element at a path without an attribute; ``None`` when it is missing."""
    found: Element | None = root
    for step in _parsed(path)[0]:
        found = step.among(found) if found is not None else None
    return found


def element_made(root: Element, path: str) -> Element:
    """The element at a path; it is added if it is missing, with the elements on the way."""
    for step in _parsed(path)[0]:
        root = step.made_in(root)
    return root


def value_at(root: Element, path: str) -> str | None:
    """The attribute or text at a path; ``None`` when there is none."""
    steps, attribute = _parsed(path)
    found: Element | None = root
    for step in steps:
        found = step.among(found) if found is not None else None
    if found is None:
        return None
    return found.text if attribute is None else found.get(attribute)


def write(root: Element, path: str, value: str | None) -> None:
    """Set the attribute or text at a path; ``None`` removes it.

    Elements that become empty by that are removed too, up to ``root``.
    """
    steps, attribute = _parsed(path)
    if value is None:
        _remove(root, steps, attribute)
        return
    element = element_made(root, path)
    if attribute is None:
        element.text = value
    else:
        element.attributes[attribute] = value


def _remove(root: Element, steps: tuple[_Step, ...], attribute: str | None) -> None:
    way = [root]
    for step in steps:
        found = step.among(way[-1])
        if found is None:
            return
        way.append(found)
    last = way[-1]
    if last.text is None if attribute is None else attribute not in last.attributes:
        # An element that was empty before stays.
        return
    if attribute is None:
        way[-1].text = None
        if not way[-1].children and set(way[-1].attributes) <= {_UNIT}:
            # The unit goes with its amount.
            way[-1].attributes.clear()
    else:
        way[-1].attributes.pop(attribute, None)
    while len(way) > 1:
        last = way.pop()
        if last.attributes or last.children or last.text:
            return
        discard(way[-1], last)


def discard(parent: Element, child: Element) -> None:
    """Remove a child, found by identity, from its parent."""
    parent.children[:] = [element for element in parent.children if element is not child]


def copied(element: Element) -> Element:
    """A copy that shares nothing with the original."""
    return element.replaced(dict(element.attributes), [copied(child) for child in element.children])
