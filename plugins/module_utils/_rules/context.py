# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where in two documents a comparison stands; what rules get to see."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element

if t.TYPE_CHECKING:
    from .book import PathRules


class Context:
    """A desired element beside the actual one, and the way up from them."""

    __slots__ = ("actual", "desired", "kept", "notes", "parent", "place")

    def __init__(
        self, desired: Element, actual: Element, place: PathRules, parent: Context | None = None
    ) -> None:
        self.desired = desired
        self.actual = actual
        self.place = place
        self.parent = parent
        #: The children that the merged element has so far. What libvirt adds
        #: by itself may depend on them.
        self.kept: list[Element] = []
        #: What rules have found out about the context, by the rule's name.
        self.notes: dict[str, t.Any] = {}

    @property
    def root(self) -> Context:
        """The context of the two documents' roots."""
        context = self
        while context.parent is not None:
            context = context.parent
        return context

    def above(self, levels: int = 1) -> Context:
        """The context of the parent, the grandparent…

        :raises LookupError: there are fewer levels above.
        """
        context = self
        for _level in range(levels):
            if context.parent is None:
                raise LookupError(f"nothing is above {context.desired.tag}")
            context = context.parent
        return context
