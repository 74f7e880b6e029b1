# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Putting one thing into a document, and taking it out."""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)
from lxml import etree

from tests.pairs.seeds import element_for

from .grammars import Path, Place, Schema, short

_Node = t.Any


def depth(paths: t.Container[Path], steps: Path) -> int:
    """How many of the steps a document with these paths has."""
    for length in range(len(steps), 0, -1):
        if steps[:length] in paths:
            return length
    return 0


def paths_of(root: _Node) -> set[Path]:
    """The paths of a document's elements."""
    found: set[Path] = set()

    def walk(node: _Node, steps: Path) -> None:
        for child in node:
            below = (*steps, child.tag)
            found.add(below)
            walk(child, below)

    walk(root, ())
    return found


def with_thing(schema: Schema, base: _Node, place: Place, value: str) -> t.Iterator[_Node]:
    """Copies of a document with a value at a place, and what the place needs."""
    there = depth(paths_of(base), place.steps)
    hosts = len(_at(base, place.steps[:there]))
    for number in dict.fromkeys((hosts - 1, 0)):
        root = copy.deepcopy(base)
        host = _at(root, place.steps[:there])[number]
        if there == len(place.steps):
            _write(host, place.about, value)
            yield root
            continue
        if there and place.steps[there - 1] == place.steps[-1] and not place.about:
            continue
        added = _smallest(schema, place, value, there)
        if added is None:
            return
        host.append(added)
        yield root
    if place.steps and there == len(place.steps) and place.about:
        # Another element, with nothing but that.
        root = copy.deepcopy(base)
        added = _smallest(schema, place, value, there - 1)
        if added is not None:
            old = _at(root, place.steps)[-1]
            old.getparent().replace(old, added)
            yield root
    if there == len(place.steps) > 1 and place.steps[0] == "devices":
        # Another device, with nothing but that.
        root = copy.deepcopy(base)
        added = _smallest(schema, place, value, 1)
        if added is not None:
            _at(root, place.steps[:1])[0].append(added)
            yield root


def _smallest(schema: Schema, place: Place, value: str, there: int) -> _Node | None:
    """The smallest element at the first of the steps that aren't there."""
    need: dict[str, t.Any] = {}
    inner = need
    for tag in place.steps[there + 1 :]:
        inner = inner.setdefault(tag, {})
    if place.about:
        inner[place.about] = value
    steps = place.steps[: there + 1]
    path = "/".join(map(short, steps))
    element = element_for(steps[-1], schema.content_at(steps), need, path)
    return None if element is None else etree.fromstring(serialise(element, indent=None))


def _write(node: _Node, about: str, value: str) -> None:
    if about == "text()":
        node.text = value
    elif about:
        node.set(about[1:], value)


def values_at(root: _Node, place: Place) -> list[str]:
    """What a document has at a place, for each element there; ``""`` for an element."""
    found = []
    for node in _at(root, place.steps):
        value = _read(node, place.about)
        if value is not None:
            found.append(value)
    return found


def _read(node: _Node, about: str) -> str | None:
    if about == "text()":
        return (node.text or "").strip() or None
    return str(node.get(about[1:])) if about and about[1:] in node.attrib else None if about else ""


def without_thing(root: _Node, place: Place, value: str | None = None) -> _Node | None:
    """A copy without what is at a place; the element with the value, if there are several.

    ``None`` where nothing is there.
    """
    root = copy.deepcopy(root)
    nodes = [node for node in _at(root, place.steps) if _read(node, place.about) is not None]
    if not nodes:
        return None
    node = next((one for one in reversed(nodes) if _read(one, place.about) == value), nodes[-1])
    if place.about.startswith("@"):
        del node.attrib[place.about[1:]]
    else:
        node.getparent().remove(node)
    return root


def _at(root: _Node, steps: Path) -> list[_Node]:
    found = [root]
    for tag in steps:
        found = [child for node in found for child in node if child.tag == tag]
    return found
