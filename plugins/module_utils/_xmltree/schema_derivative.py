# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation by derivatives: each function returns the pattern of what may still follow.

The algorithm is James Clark's, "An algorithm for RELAX NG validation"
(https://relaxng.org/jclark/derivative.html), where its functions are proven.
At a mistake it knows what would have been right there; a validator that only
answers yes or no doesn't.
"""

from __future__ import annotations

import typing as t

from .schema_pattern import (
    EMPTY,
    NOT_ALLOWED,
    TEXT,
    After,
    AttributePattern,
    Choice,
    Data,
    ElementPattern,
    Group,
    Interleave,
    Pattern,
    Repeated,
    Value,
    after,
    choice,
    group,
    interleave,
    optional,
    repeated,
)


def opened(pattern: Pattern, name: str) -> Pattern:
    """The pattern after the start of an element with this name."""
    if isinstance(pattern, ElementPattern):
        return after(pattern.content, EMPTY) if pattern.names.has(name) else NOT_ALLOWED
    if isinstance(pattern, Choice):
        return choice(opened(pattern.left, name), opened(pattern.right, name))
    if isinstance(pattern, Group):
        right = pattern.right
        first = _then(opened(pattern.left, name), lambda rest: group(rest, right))
        return choice(first, opened(right, name)) if pattern.left.nullable else first
    if isinstance(pattern, Interleave):
        left, right = pattern.left, pattern.right
        return choice(
            _then(opened(left, name), lambda rest: interleave(rest, right)),
            _then(opened(right, name), lambda rest: interleave(left, rest)),
        )
    if isinstance(pattern, Repeated):
        return _then(opened(pattern.inner, name), lambda rest: group(rest, optional(pattern)))
    if isinstance(pattern, After):
        right = pattern.right
        return _then(opened(pattern.left, name), lambda rest: after(rest, right))
    return NOT_ALLOWED


def with_attribute(pattern: Pattern, name: str, value: str | None) -> Pattern:
    """The pattern after an attribute; the value ``None`` fits any pattern."""
    if isinstance(pattern, AttributePattern):
        fits = pattern.names.has(name) and (value is None or has_value(pattern.value, value))
        return EMPTY if fits else NOT_ALLOWED
    if isinstance(pattern, After):
        return after(with_attribute(pattern.left, name, value), pattern.right)
    if isinstance(pattern, Choice):
        return choice(
            with_attribute(pattern.left, name, value), with_attribute(pattern.right, name, value)
        )
    if isinstance(pattern, (Group, Interleave)):
        joined = group if isinstance(pattern, Group) else interleave
        return choice(
            joined(with_attribute(pattern.left, name, value), pattern.right),
            joined(pattern.left, with_attribute(pattern.right, name, value)),
        )
    if isinstance(pattern, Repeated):
        return group(with_attribute(pattern.inner, name, value), optional(pattern))
    return NOT_ALLOWED


def has_value(pattern: Pattern, value: str) -> bool:
    """Whether an attribute may have this value."""
    return (pattern.nullable and not value.strip()) or with_text(pattern, value).nullable


def closed(pattern: Pattern, lenient: bool = False) -> Pattern:
    """The pattern after the end of the start tag; ``lenient`` allows missing attributes."""
    if isinstance(pattern, AttributePattern):
        return EMPTY if lenient else NOT_ALLOWED
    if isinstance(pattern, After):
        return after(closed(pattern.left, lenient), pattern.right)
    if isinstance(pattern, Choice):
        return choice(closed(pattern.left, lenient), closed(pattern.right, lenient))
    if isinstance(pattern, Group):
        return group(closed(pattern.left, lenient), closed(pattern.right, lenient))
    if isinstance(pattern, Interleave):
        return interleave(closed(pattern.left, lenient), closed(pattern.right, lenient))
    if isinstance(pattern, Repeated):
        return repeated(closed(pattern.inner, lenient))
    return pattern


def with_text(pattern: Pattern, text: str) -> Pattern:
    """The pattern after a text."""
    if pattern is TEXT:
        return TEXT
    if isinstance(pattern, Value):
        return EMPTY if " ".join(text.split()) == pattern.text else NOT_ALLOWED
    if isinstance(pattern, Data):
        return EMPTY if pattern.allows(text) else NOT_ALLOWED
    if isinstance(pattern, After):
        return after(with_text(pattern.left, text), pattern.right)
    if isinstance(pattern, Choice):
        return choice(with_text(pattern.left, text), with_text(pattern.right, text))
    if isinstance(pattern, Group):
        first = group(with_text(pattern.left, text), pattern.right)
        return choice(first, with_text(pattern.right, text)) if pattern.left.nullable else first
    if isinstance(pattern, Interleave):
        return choice(
            interleave(with_text(pattern.left, text), pattern.right),
            interleave(pattern.left, with_text(pattern.right, text)),
        )
    if isinstance(pattern, Repeated):
        return group(with_text(pattern.inner, text), optional(pattern))
    return NOT_ALLOWED


def ended(pattern: Pattern, lenient: bool = False) -> Pattern:
    """The pattern after the end of the element; ``lenient`` allows missing parts."""
    if isinstance(pattern, Choice):
        return choice(ended(pattern.left, lenient), ended(pattern.right, lenient))
    if isinstance(pattern, After):
        return pattern.right if lenient or pattern.left.nullable else NOT_ALLOWED
    return NOT_ALLOWED


def _then(pattern: Pattern, follow: t.Callable[[Pattern], Pattern]) -> Pattern:
    """Apply ``follow`` to the pattern of what comes after the open element."""
    if isinstance(pattern, After):
        return after(pattern.left, follow(pattern.right))
    if isinstance(pattern, Choice):
        return choice(_then(pattern.left, follow), _then(pattern.right, follow))
    return NOT_ALLOWED
