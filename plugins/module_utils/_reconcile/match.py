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
    unknown = [
        desired_element
        for desired_element in matching.missing()
        if all(key_of(desired_element) is None for key_of in keys)
    ]
    if unknown:
        if identity is None or identity.ordered:
            matching.pair_fitting_in_order(unknown)
        else:
            matching.pair_fitting(unknown, Element.__eq__)
            matching.pair_fitting(unknown, has_all_of)
    for weak in identity.weak if identity is not None else ():
        matching.pair_by(
            key_function(weak),
            [
                desired_element
                for desired_element in unknown
                if not matching.is_paired(desired_element)
            ],
        )
    if identity is None or identity.in_order:
        matching.pair_in_order()
    return Matched(matching.pairs(), matching.missing(), matching.extra())


def named_apart(first: Element, second: Element, names: t.Sequence[KeyOf]) -> bool:
    """Whether both elements have names of their own, and these differ.

    A user's own name for a device counts more than any other key.
    """
    if not names:
        return False
    own = first.value("alias/@name")
    if own is not None and own == second.value("alias/@name"):
        return False
    for name_of in names:
        first_name, second_name = name_of(first), name_of(second)
        if first_name is not None and second_name is not None and first_name != second_name:
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

    def pair(self, desired: Element, actual: Element) -> None:
        self._partner[id(desired)] = actual
        self._taken.add(id(actual))

    def is_paired(self, desired: Element) -> bool:
        return id(desired) in self._partner

    def is_complete(self) -> bool:
        return len(self._partner) in (len(self._desired), len(self._actual))

    def missing(self) -> list[Element]:
        return [desired for desired in self._desired if id(desired) not in self._partner]

    def extra(self) -> list[Element]:
        return [actual for actual in self._actual if id(actual) not in self._taken]

    def pairs(self) -> list[Pair]:
        partner = self._partner
        return [
            (desired, partner[id(desired)]) for desired in self._desired if id(desired) in partner
        ]

    def pair_by(self, key_of: KeyOf, candidates: list[Element]) -> None:
        """Pair elements with the same key; among several, with one that fits."""
        if not candidates:
            return
        waiting: dict[t.Hashable, list[Element]] = {}
        for actual in self.extra():
            key = key_of(actual)
            if key is not None:
                waiting.setdefault(key, []).append(actual)
        for desired in candidates:
            key = key_of(desired)
            found = waiting.get(key) if key is not None else None
            if not found:
                continue
            possible = [n for n, actual in enumerate(found) if self._may_be(desired, actual)]
            if not possible:
                continue
            best = possible[0]
            if len(possible) > 1:
                best = next((n for n in possible if has_all_of(found[n], desired)), best)
            self.pair(desired, found.pop(best))

    def pair_in_order(self) -> None:
        """Pair the remaining elements in their order."""
        left = self.extra()
        for desired in self.missing():
            number = next(
                (n for n, actual in enumerate(left) if self._may_be(desired, actual)), None
            )
            if number is not None:
                self.pair(desired, left.pop(number))

    def _may_be(self, desired: Element, actual: Element) -> bool:
        return not named_apart(desired, actual, self._names)

    def pair_fitting(
        self, candidates: list[Element], fits: t.Callable[[Element, Element], bool]
    ) -> None:
        """Pair elements that nothing identifies with those that fit already.

        The most detailed go first, because the fewest fit them.
        """
        left = self.extra()
        for desired in sorted(candidates, key=_size, reverse=True):
            if self.is_paired(desired):
                continue
            for number, actual in enumerate(left):
                if fits(actual, desired):
                    self.pair(desired, left.pop(number))
                    break

    def pair_fitting_in_order(self, candidates: list[Element]) -> None:
        """Pair elements that fit already in their order, without crossing pairs.

        An element of few values fits many: the one at its own place is tried first.
        """
        beside = {id(desired): actual for desired, actual in zip(self._desired, self._actual)}
        left = self.extra()
        for desired in candidates:
            same = beside.get(id(desired))
            place = next((n for n, actual in enumerate(left) if actual is same), None)
            order = range(len(left)) if place is None else (place, *range(len(left)))
            for number in order:
                if has_all_of(left[number], desired):
                    self.pair(desired, left[number])
                    left = left[number + 1 :]
                    break


def has_all_of(actual: Element, desired: Element) -> bool:
    """Whether ``actual`` has all parts of ``desired`` already."""
    if desired.text is not None and desired.text != actual.text:
        return False
    for name, value in desired.attributes.items():
        found = actual.attributes.get(name)
        if found != value and (found is None or any_spelling(found) != any_spelling(value)):
            return False
    left = list(actual.children)
    for child in desired.children:
        for number, part in enumerate(left):
            if part.tag == child.tag and has_all_of(part, child):
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
