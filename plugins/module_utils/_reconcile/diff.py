# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A readable diff: the changes, and the elements that they belong to."""

from __future__ import annotations

import typing as t

from .._rules.book import PathRules
from .._rules.kind import Kind
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .match import match
from .quantity import in_units_of
from .redact import marked_as_changed, redacted

#: The parts that are shown beside the changes, so that it is clear whose they are.
_ALWAYS = ("name",)


def readable_diff(
    before: Element | None, after: Element | None, kind: Kind, name: str = ""
) -> dict[str, str]:
    """Both documents in libvirt's formatting, without their equal parts.

    The keys are those of Ansible's diffs: ``before``, ``after``, ``before_header``,
    ``after_header``. ``None`` stands for an object that doesn't exist. ``name`` is
    for the headers where the documents have none.
    """
    shown: tuple[Element | None, Element | None]
    if before is not None and after is not None:
        shown = (
            _pruned(before, after, kind.book.top, kind.opened) if before != after else (None, None)
        )
    else:
        shown = (
            redacted(before, kind.book.top) if before is not None else None,
            redacted(after, kind.book.top) if after is not None else None,
        )
    return {
        "before": _text(shown[0]),
        "after": _text(shown[1]),
        **_headers(before, after, kind, name),
    }


def _headers(
    before: Element | None, after: Element | None, kind: Kind, name: str
) -> dict[str, str]:
    document = before if before is not None else after
    named = document.value(kind.named) if document is not None and kind.named else None
    name = named or name or kind.noun
    return {
        "before_header": f"{name} (defined)" if before is not None else f"{name} (absent)",
        "after_header": f"{name} (desired)" if after is not None else f"{name} (absent)",
    }


def _text(document: Element | None) -> str:
    return "" if document is None else serialise(document) + "\n"


def _pruned(
    before: Element, after: Element, place: PathRules, opened: t.Container[str]
) -> tuple[Element, Element]:
    """Both elements with only those children that differ or move, redacted."""
    partners = _partners(before, after, place)
    origin = {id(partners[id(child)]): child for child in before.children if id(child) in partners}
    moved = _moved(before, after, origin, place)
    old, new = [], []
    for child in before.children:
        partner = partners.get(id(child))
        if partner is None:
            old.append(_shown(child, place))
        elif partner != child:
            old.append(_side(child, partner, place, opened)[0])
        elif child.tag in _ALWAYS or id(child) in moved:
            old.append(_shown(child, place))
    for child in after.children:
        source = origin.get(id(child))
        if source is None:
            new.append(_shown(child, place))
        elif source != child:
            new.append(_side(source, child, place, opened)[1])
        elif child.tag in _ALWAYS or id(source) in moved:
            new.append(_shown(child, place))
    return before.replaced(children=old), after.replaced(children=new)


def _moved(
    before: Element, after: Element, origin: t.Mapping[int, Element], place: PathRules
) -> set[int]:
    """The ``id`` of the children before that are somewhere else after, and of those between them."""
    position = {id(child): number for number, child in enumerate(before.children)}
    moved: set[int] = set()
    for tags in ({*place.sequence}, *({child.tag} for child in before.children)):
        sources = [
            origin[id(child)]
            for child in after.children
            if child.tag in tags and id(child) in origin
        ]
        in_order = sorted(sources, key=lambda child: position[id(child)])
        elsewhere = [
            number for number, child in enumerate(sources) if child is not in_order[number]
        ]
        if elsewhere:
            moved.update(id(child) for child in in_order[elsewhere[0] : elsewhere[-1] + 1])
    return moved


def _side(
    before: Element, after: Element, parent: PathRules, opened: t.Container[str]
) -> tuple[Element, Element]:
    place = parent.child(before.tag)
    if before.tag in opened:
        return _pruned(before, after, place, opened)
    hidden = (
        redacted(before, place),
        in_units_of(redacted(before, place), redacted(after, place), place),
    )
    if hidden[0] == hidden[1]:
        # Only a secret differs; say so without saying what.
        return hidden[0], marked_as_changed(before, after, place)
    return hidden


def _shown(element: Element, parent: PathRules) -> Element:
    return redacted(element, parent.child(element.tag))


def _partners(before: Element, after: Element, place: PathRules) -> dict[int, Element]:
    """The element after, by the id of the same element before."""
    partners: dict[int, Element] = {}
    for tag in {child.tag for child in before.children}:
        matched = match(before.all(tag), after.all(tag), place.child(tag))
        for after_child, before_child in matched.pairs:
            partners[id(after_child)] = before_child
    return partners
