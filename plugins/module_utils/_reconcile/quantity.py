# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing amounts together with their units."""

from __future__ import annotations

from .._rules.amounts import in_units, scale
from .._rules.book import PathRules
from .._rules.rows import Quantity
from .._xmltree.element import Element


def amount(element: Element, row: Quantity) -> int | str | None:
    """The element's amount in granules, or its text where it is no number."""
    number = read(element, row.amount)
    if number is None:
        return None
    factor = scale(read(element, row.unit) or row.default_unit)
    if factor is None or not number.strip().isdigit():
        return f"{number} {read(element, row.unit)}"
    return -(-int(number) * factor // row.granule)


def shown(element: Element, row: Quantity) -> str | None:
    """The amount with its unit, for a person."""
    number = read(element, row.amount)
    return None if number is None else f"{number} {read(element, row.unit) or row.default_unit}"


def in_units_of(before: Element, after: Element, place: PathRules) -> Element:
    """``after`` with its amounts in the units of ``before``, which is easier to compare."""
    attributes, text = after.attributes, after.text
    for row in place.quantities:
        number, unit = read(after, row.amount), read(after, row.unit) or row.default_unit
        old_unit = read(before, row.unit)
        if number is None or old_unit is None or read(after, row.unit) == old_unit:
            continue
        found = in_units(number, unit, old_unit) if number.isdigit() else None
        if found is None:
            continue
        attributes = {**attributes, row.unit[1:]: old_unit}
        if row.amount == "text()":
            text = str(found)
        else:
            attributes[row.amount[1:]] = str(found)
    children = [_child_in_units_of(before, after, child, place) for child in after.children]
    same = all(new is old for new, old in zip(children, after.children))
    if attributes is after.attributes and text is after.text and same:
        return after
    copy = after.replaced(attributes, children)
    copy.text = text
    return copy


def _child_in_units_of(
    before: Element, after: Element, child: Element, place: PathRules
) -> Element:
    """A child likewise, where there is but one of its kind on both sides."""
    counterparts = before.all(child.tag)
    if len(counterparts) != 1 or len(after.all(child.tag)) != 1:
        return child
    return in_units_of(counterparts[0], child, place.child(child.tag))


def read(element: Element, about: str) -> str | None:
    """An attribute (``@name``) or the text (``text()``) of an element."""
    return element.text if about == "text()" else element.attributes.get(about[1:])
