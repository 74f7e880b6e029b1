# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which desired element is which actual one, among siblings of one tag."""

from __future__ import annotations

import functools
import typing as t

from ..rules.book import Place
from ..rules.rows import KeyOf
from ..xmltree.element import Element

Pair = t.Tuple[Element, Element]


class Matched(t.NamedTuple):
    """``pairs`` (desired, actual) in desired order, and what has no partner."""

    pairs: list[Pair]
    missing: list[Element]
    extra: list[Element]


def match(desired: list[Element], actual: list[Element], place: Place) -> Matched:
    """Pair the desired siblings with the actual ones, as the place's row says.

    Elements that no key tells apart are paired with one that already says all
    that they say; what is left then, without a row, as it stands.
    """
    identity = place.identity
    if len(desired) == 1 and len(actual) == 1 and (identity is None or not identity.keys):
        return Matched([(desired[0], actual[0])], [], [])
    missing, extra = list(desired), list(actual)
    partner: dict[int, Element] = {}

    def pair_by(key_of: KeyOf, candidates: list[Element]) -> None:
        waiting: dict[t.Hashable, list[Element]] = {}
        for element in extra:
            key = key_of(element)
            if key is not None:
                waiting.setdefault(key, []).append(element)
        for element in candidates:
            key = key_of(element)
            found = waiting.get(key) if key is not None else None
            if found:
                best = next((one for one in found if says_all_of(one, element)), found[0])
                _drop(found, best)
                _pair(element, best)

    def _pair(one: Element, other: Element) -> None:
        partner[id(one)] = other
        _drop(missing, one)
        _drop(extra, other)

    keys = [key_function(key) for key in identity.keys] if identity is not None else []
    for key_of in keys:
        pair_by(key_of, list(missing))
    unknown = [one for one in missing if all(key_of(one) is None for key_of in keys)]
    # The most detailed first: it has the fewest that fit.
    for element in sorted(unknown, key=_size, reverse=True):
        fitting = next((other for other in extra if says_all_of(other, element)), None)
        if fitting is not None:
            _pair(element, fitting)
    for weak in identity.weak if identity is not None else ():
        pair_by(key_function(weak), [one for one in unknown if id(one) not in partner])
    if identity is None or identity.in_order:
        for one, other in list(zip(missing, extra)):
            _pair(one, other)
    pairs = [(one, partner[id(one)]) for one in desired if id(one) in partner]
    return Matched(pairs, missing, extra)


def _drop(elements: list[Element], unwanted: Element) -> None:
    for number, element in enumerate(elements):
        if element is unwanted:
            del elements[number]
            return


def says_all_of(actual: Element, desired: Element) -> bool:
    """Whether nothing would have to change for ``actual`` to be as ``desired``."""
    if desired.text is not None and desired.text != actual.text:
        return False
    for name, value in desired.attributes.items():
        if actual.attributes.get(name) != value:
            return False
    return all(
        any(other.tag == child.tag and says_all_of(other, child) for other in actual.children)
        for child in desired.children
    )


def _size(element: Element) -> int:
    return sum(1 + len(part.attributes) for part in element.walk())


@functools.lru_cache(maxsize=None)
def _paths(key: str) -> tuple[str, ...]:
    return tuple(key.split())


def key_function(key: str | KeyOf) -> KeyOf:
    """The function that computes a key of an :class:`Identity` row."""
    if not isinstance(key, str):
        return key
    paths = _paths(key)

    def key_of(element: Element) -> t.Hashable | None:
        values = []
        for path in paths:
            value = element.text if path == "text()" else element.value(path)
            if value is None:
                return None
            values.append(value.lower())
        return tuple(values)

    return key_of
