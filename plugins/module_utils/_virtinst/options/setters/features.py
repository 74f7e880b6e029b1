# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Features that a guest has by default."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ... import writing
from ..rows import Setter
from ..values import needed_truth

if t.TYPE_CHECKING:
    from ...guest import Guest


def switch(name: str) -> Setter:
    """A setter that also remembers that nothing is to be added by default."""

    def set_feature(guest: Guest, element: Element, value: str | None) -> None:
        is_on = value is not None and needed_truth(value)
        found = element.child(name)
        if is_on:
            guest.unwanted_features.discard(name)
            if found is None:
                element.children.append(Element(name))
            return
        guest.unwanted_features.add(name)
        element.children = [child for child in element.children if child.tag != name]

    return set_feature


def part(place: str, is_default: bool) -> Setter:
    """A setter of a part of a feature that libvirt keeps only while it is on.

    What is off is not written, or taken away; only a new domain that would get it by default
    needs the word.
    """

    def set_part(guest: Guest, element: Element, value: str | None) -> None:
        is_on = value is not None and needed_truth(value)
        if is_on or (value is not None and is_default and not guest.exists):
            writing.write(element, f"{place}/@state", "on" if is_on else "off")
        else:
            writing.write(element, f"{place}/@state", None)

    return set_part
