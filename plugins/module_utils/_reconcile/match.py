# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pairing desired elements with actual ones, among siblings of one tag."""

from __future__ import annotations

import functools
import typing as t

from .._rules.book import PathRules
from .._rules.rows import KeyOf
from .._rules.spelling import any_spelling
from .._xmltree.element import Element

Pair = tuple[Element, Element]


class Matched(t.NamedTuple):
    """``pairs`` (desired, actual) in desired order, and what has no partner."""

    pairs: list[Pair]
    missing: list[Element]
    extra: list[Element]


def match(desired: list[Element], actual: list[Element], place: PathRules) -> Matched:
    """Pair the desired siblings with the actual ones, as the place's row says.

    Elements that no key identifies are paired with an element that has all their parts already.
    The remaining elements, if the place has no row, are paired in their order.
    """
    identity = place.identity
    is_positional = identity is None or not identity.keys or identity.in_order
    names = [key_function(key) for key in identity.names] if identity is not None else []
    if is_positional and len(desired) == 1 == len(actual):
        if named_apart(desired[0], actual[0], names):
            return Matched([], desired, actual)
        return Matched([(desired[0], actual[0])], [], [])
    if not actual:
        return Matched([], desired, [])
    matching = _Matching(desired, actual, names)
    keys = [key_function(key) for key in identity.keys] if identity is not None else []
    for key_of in keys:
        if matching.is_complete():
            break
        matching.pair_by(key_of, matching.missing())
    unknown = [one for one in matching.missing() if all(key_of(one) is None for key_of in keys)]
    if unknown:
        if identity is None or identity.ordered:
            matching.pair_fitting_in_order(unknown)
        else:
            matching.pair_fitting(unknown, Element.__eq__)
            matching.pair_fitting(unknown, says_all_of)
    for weak in identity.weak if identity is not None else ():
        matching.pair_by(
            key_function(weak), [one for one in unknown if not matching.is_paired(one)]
        )
    if identity is None or identity.in_order:
        matching.pair_in_order()
    return Matched(matching.pairs(), matching.missing(), matching.extra())


def named_apart(one: Element, other: Element, names: t.Iterable[KeyOf]) -> bool:
    """Whether both elements have names of their own, and these differ.

    A user's own name for a device counts more than any other key.
    """
    own = one.value("alias/@name")
    if own is not None and own == other.value("alias/@name"):
        return False
    for name_of in names:
        ours, theirs = name_of(one), name_of(other)
        if ours is not None and theirs is not None and ours != theirs:
            return True
    return False


class _Matching:
    """The pairs found so far, and what is left; none of elements that ``names`` tell apart."""

    def __init__(
        self, desired: list[Element], actual: list[Element], names: t.Sequence[KeyOf]
    ) -> None:
        self._desired = desired
        self._actual = actual
        self._names = names
        self._partner: dict[int, Element] = {}
        self._taken: set[int] = set()

    def pair(self, one: Element, other: Element) -> None:
        self._partner[id(one)] = other
        self._taken.add(id(other))

    def is_paired(self, one: Element) -> bool:
        return id(one) in self._partner

    def is_complete(self) -> bool:
        return len(self._partner) in (len(self._desired), len(self._actual))

    def missing(self) -> list[Element]:
        return [one for one in self._desired if id(one) not in self._partner]

    def extra(self) -> list[Element]:
        return [other for other in self._actual if id(other) not in self._taken]

    def pairs(self) -> list[Pair]:
        partner = self._partner
        return [(one, partner[id(one)]) for one in self._desired if id(one) in partner]

    def pair_by(self, key_of: KeyOf, candidates: list[Element]) -> None:
        """Pair elements with the same key; among several, with one that fits."""
        if not candidates:
            return
        waiting: dict[t.Hashable, list[Element]] = {}
        for other in self.extra():
            key = key_of(other)
            if key is not None:
                waiting.setdefault(key, []).append(other)
        for one in candidates:
            key = key_of(one)
            found = waiting.get(key) if key is not None else None
            if not found:
                continue
            possible = [n for n, other in enumerate(found) if self._may_be(one, other)]
            if not possible:
                continue
            best = possible[0]
            if len(possible) > 1:
                best = next((n for n in possible if says_all_of(found[n], one)), best)
            self.pair(one, found.pop(best))

    def pair_in_order(self) -> None:
        """Pair the remaining elements in their order."""
        left = self.extra()
        for one in self.missing():
            number = next((n for n, other in enumerate(left) if self._may_be(one, other)), None)
            if number is not None:
                self.pair(one, left.pop(number))

    def _may_be(self, one: Element, other: Element) -> bool:
        return not named_apart(one, other, self._names)

    def pair_fitting(
        self, candidates: list[Element], fits: t.Callable[[Element, Element], bool]
    ) -> None:
        """Pair elements that nothing identifies with those that fit already.

        The most detailed go first, because the fewest fit them.
        """
        left = self.extra()
        for one in sorted(candidates, key=_size, reverse=True):
            if self.is_paired(one):
                continue
            for number, other in enumerate(left):
                if fits(other, one):
                    self.pair(one, left.pop(number))
                    break

    def pair_fitting_in_order(self, candidates: list[Element]) -> None:
        """Pair elements that fit already in their order, without crossing pairs."""
        left = self.extra()
        for one in candidates:
            for number, other in enumerate(left):
                if says_all_of(other, one):
                    self.pair(one, other)
                    left = left[number + 1 :]
                    break


def says_all_of(actual: Element, desired: Element) -> bool:
    """Whether ``actual`` has all parts of ``desired`` already."""
    if desired.text is not None and desired.text != actual.text:
        return False
    for name, value in desired.attributes.items():
        there = actual.attributes.get(name)
        if there != value and (there is None or any_spelling(there) != any_spelling(value)):
            return False
    left = list(actual.children)
    for child in desired.children:
        for number, other in enumerate(left):
            if other.tag == child.tag and says_all_of(other, child):
                del left[number]
                break
        else:
            return False
    return True


def _size(element: Element) -> int:
    return sum(1 + len(part.attributes) for part in element.walk())


@functools.cache
def key_function(key: str | KeyOf) -> KeyOf:
    """The function that computes a key of an :class:`Identity` row."""
    if not isinstance(key, str):
        return key
    paths = tuple(key.split())
    if len(paths) == 1:
        path = paths[0]

        def value_of(element: Element) -> t.Hashable | None:
            value = element.text if path == "text()" else element.value(path)
            return None if value is None else any_spelling(value)

        return value_of

    def values_of(element: Element) -> t.Hashable | None:
        values = []
        for path in paths:
            value = element.text if path == "text()" else element.value(path)
            if value is None:
                return None
            values.append(any_spelling(value))
        return tuple(values)

    return values_of
