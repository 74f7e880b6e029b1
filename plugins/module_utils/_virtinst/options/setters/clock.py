# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timers by the names that they have in options."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ..rows import Kind, Setter
from ..values import converted

if t.TYPE_CHECKING:
    from ...guest import Guest


def timer(name: str, attribute: str, kind: Kind = Kind.TEXT) -> Setter:
    """A setter of an attribute of the timer with this name."""

    def set_timer(_guest: Guest, element: Element, value: str | None) -> None:
        found = next(
            (
                element_timer
                for element_timer in element.all("timer")
                if element_timer.get("name") == name
            ),
            None,
        )
        if found is None:
            found = Element("timer", {"name": name})
            element.children.append(found)
        if value is None:
            found.attributes.pop(attribute, None)
        else:
            found.attributes[attribute] = converted(kind, value)

    return set_timer


def ignore(_guest: Guest, _element: Element, _value: str | None) -> None:
    """Do nothing: libvirt has never used this value."""
