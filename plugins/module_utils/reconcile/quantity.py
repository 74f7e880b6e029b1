# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing amounts together with their units."""

from __future__ import annotations

from ..rules.amounts import scale
from ..rules.rows import Quantity
from ..xmltree.element import Element


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


def read(element: Element, about: str) -> str | None:
    """An attribute (``@name``) or the text (``text()``) of an element."""
    return element.text if about == "text()" else element.attributes.get(about[1:])
