# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merging a list of children, each of them in its right place."""

from __future__ import annotations

from .._xmltree.element import Element


class Merger:
    """Collects the fate of each child, and puts the list together.

    ``kept`` grows by each child of the merged element as it becomes known.
    """

    def __init__(self, desired: list[Element], actual: list[Element], kept: list[Element]) -> None:
        self._desired = desired
        self._actual = actual
        self._kept = kept
        self._pairs: list[tuple[Element, Element]] = []
        self._merged: dict[int, Element] = {}
        self._added: set[int] = set()
        self._appended: list[Element] = []
        self._removed: set[int] = set()
        self._ordered: list[list[Element]] = []

    @property
    def pairs(self) -> list[tuple[Element, Element]]:
        """The desired children that stay, each with the actual one that it is."""
        return self._pairs

    def keep(self, desired: Element | None, actual: Element, merged: Element) -> None:
        """``merged`` stays; ``desired`` is ``None`` for what only libvirt has."""
        self._kept.append(merged)
        if desired is not None:
            self._pairs.append((desired, actual))
        if merged is not actual:
            self._merged[id(actual)] = merged

    def add(self, desired: Element) -> None:
        """``desired`` is new."""
        self._kept.append(desired)
        self._added.add(id(desired))

    def append(self, desired: Element) -> None:
        """``desired`` is new, and comes after all elements of its tag."""
        self._kept.append(desired)
        self._appended.append(desired)

    def remove(self, actual: Element) -> None:
        """``actual`` is removed."""
        self._removed.add(id(actual))

    def in_order(self, desired: list[Element]) -> None:
        """These elements get this order, at the places that they have together."""
        self._ordered.append(desired)

    def children(self) -> list[Element]:
        """The merged children; the actual list itself where nothing changed."""
        if not (self._merged or self._added or self._appended or self._removed or self._ordered):
            return self._actual
        slots = list(self._actual)
        partner = {id(desired): actual for desired, actual in self._pairs}
        self._insert_added(slots, partner)
        for desired in self._ordered:
            self._order(slots, desired, partner)
        for element in self._appended:
            like = [number for number, slot in enumerate(slots) if slot.tag == element.tag]
            slots.insert(like[-1] + 1 if like else len(slots), element)
        return [
            self._merged.get(id(element), element)
            for element in slots
            if id(element) not in self._removed
        ]

    def _insert_added(self, slots: list[Element], partner: dict[int, Element]) -> None:
        """A new element goes where the desired document has it.

        That is behind the nearest element above it that libvirt has.
        """
        before: Element | None = None
        for element in self._desired if self._added else ():
            if id(element) in self._added:
                slots.insert(_place(slots, before, element), element)
                before = element
            else:
                before = partner.get(id(element), before)

    def _order(
        self, slots: list[Element], desired: list[Element], partner: dict[int, Element]
    ) -> None:
        group = [
            partner.get(id(element), element)
            for element in desired
            if id(element) in self._added or id(element) in partner
        ]
        ids = {id(element) for element in group}
        places = [number for number, slot in enumerate(slots) if id(slot) in ids]
        for number, element in zip(places, group):
            slots[number] = element


def _place(slots: list[Element], before: Element | None, element: Element) -> int:
    for number, slot in enumerate(slots):
        if slot is before:
            return number + 1
    for number, slot in enumerate(slots):
        if slot.tag == element.tag:
            return number
    return len(slots) if before is None and slots else 0
