# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of a definition a task has said itself."""

from __future__ import annotations

from ..rules.domain import DOMAIN
from ..rules.site import Site
from ..xmltree.element import Element
from .compare import Comparison
from .plan import Change


class Said:
    """A desired document over the definition that is as it says.

    The definition has to be the very tree that a change was found with.
    """

    def __init__(self, desired: Element, definition: Element) -> None:
        self._desired = desired
        self._overlay = Comparison(exact=False)
        self._overlay.merged(Site(desired, definition, DOMAIN.top))

    def of(self, element: Element) -> Element | None:
        """The desired element that an element of the definition came from."""
        return self._overlay.said(element)

    def has(self, change: Change) -> bool:
        """Whether the desired document says what this change makes so."""
        spot = change.spot
        if spot is None:
            return False
        said: Element | None = self._desired
        chain = [spot.site]
        while chain[0].parent is not None:
            chain.insert(0, chain[0].parent)
        elements = [site.desired for site in chain[1:]]
        if spot.element is not None:
            elements.append(spot.element)
        for element in elements:
            above, said = said, self._overlay.said(element)
            if said is None:
                # What is said to the letter was not looked into.
                return above is not None and any(
                    element is child or element == child for child in above.walk()
                )
        about = spot.path.rpartition("/")[2]
        if said is not None and about.startswith("@"):
            return about[1:] in said.attributes
        return said is not None
