# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hiding what is secret before anything is shown."""

from __future__ import annotations

from ..rules.book import Place
from ..rules.domain import DOMAIN
from ..xmltree.element import Element
from .hidden import HIDDEN


def redacted(element: Element, place: Place = DOMAIN.top) -> Element:
    """The element with every secret value replaced by ``VALUE_HIDDEN``.

    The element itself is returned where it holds no secret.
    """
    attributes, text = element.attributes, element.text
    for name in place.secrets:
        if name.startswith("@") and name[1:] in attributes:
            attributes = {**attributes, name[1:]: HIDDEN}
        elif name == "text()" and text is not None:
            text = HIDDEN
    children = [redacted_child(child, place) for child in element.children]
    if (
        attributes is element.attributes
        and text is element.text
        and all(new is old for new, old in zip(children, element.children))
    ):
        return element
    copy = element.replaced(attributes, children)
    copy.text = text
    return copy


def redacted_child(child: Element, parent: Place) -> Element:
    """As :func:`redacted`, for an element whose parent's place is known."""
    shown = redacted(child, parent.child(child.tag))
    if child.tag in parent.secrets and shown.text is not None:
        shown = shown.replaced()
        shown.text = HIDDEN
    return shown


def hidden_value(place: Place, about: str, value: str | None) -> str | None:
    """``value``, or ``VALUE_HIDDEN`` where the table says that it is secret."""
    return HIDDEN if value is not None and about in place.secrets else value
