# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The patterns that a RELAX NG grammar consists of.

They are those of the simple syntax in the RELAX NG specification, section 4.
Patterns of the same parts are the same object, so that results about them can
be kept by identity.
"""

from __future__ import annotations

import typing as t


class Pattern:
    """The allowed content of a part of a document.

    ``nullable`` is true if the part may be empty.
    """

    __slots__ = ("nullable",)

    def __init__(self, nullable: bool) -> None:
        self.nullable = nullable


class Pair(Pattern):
    """A pattern of two parts."""

    __slots__ = ("left", "right")

    def __init__(self, left: Pattern, right: Pattern, nullable: bool) -> None:
        super().__init__(nullable)
        self.left = left
        self.right = right


class Choice(Pair):
    """Either part."""

    __slots__ = ()


class Group(Pair):
    """Both parts, in this order; attributes may stand in any order."""

    __slots__ = ()


class Interleave(Pair):
    """Both parts, mixed in any way."""

    __slots__ = ()


class After(Pair):
    """The rest of an open element, then what may follow it."""

    __slots__ = ()


class Repeated(Pattern):
    """The same part, once or more often."""

    __slots__ = ("inner",)

    def __init__(self, inner: Pattern) -> None:
        super().__init__(inner.nullable)
        self.inner = inner


class Names:
    """The names that an element or attribute may have, in Clark notation.

    ``None`` is any name.
    """

    __slots__ = ("name",)

    def __init__(self, name: str | None) -> None:
        self.name = name

    def has(self, name: str) -> bool:
        """Whether this is one of the names."""
        return self.name is None or self.name == name


class AttributePattern(Pattern):
    """An attribute with a value."""

    __slots__ = ("names", "value")

    def __init__(self, names: Names, value: Pattern) -> None:
        super().__init__(False)
        self.names = names
        self.value = value


class ElementPattern(Pattern):
    """An element; ``content`` is made when it is first read."""

    __slots__ = ("_content", "_make", "names")

    def __init__(self, names: Names, make: t.Callable[[], Pattern]) -> None:
        super().__init__(False)
        self.names = names
        self._make = make
        self._content: Pattern | None = None

    @property
    def content(self) -> Pattern:
        """The attributes and children of the element."""
        if self._content is None:
            self._content = self._make()
        return self._content


class Value(Pattern):
    """Exactly this text; white space around it doesn't count."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__(False)
        self.text = text


class Data(Pattern):
    """A text that ``allows`` accepts; ``words`` describes it to a person."""

    __slots__ = ("allows", "words")

    def __init__(self, allows: t.Callable[[str], bool], words: str) -> None:
        super().__init__(False)
        self.allows = allows
        self.words = words


NOT_ALLOWED = Pattern(False)
EMPTY = Pattern(True)
TEXT = Pattern(True)

_PairType = t.TypeVar("_PairType", bound=Pair)
_pairs: dict[tuple[type, int, int], Pair] = {}
_repeated: dict[int, Repeated] = {}


def _pair(kind: type[_PairType], left: Pattern, right: Pattern, nullable: bool) -> _PairType:
    key = (kind, id(left), id(right))
    found = _pairs.get(key)
    if found is None:
        found = _pairs[key] = kind(left, right, nullable)
    return t.cast(_PairType, found)


def choice(left: Pattern, right: Pattern) -> Pattern:
    """The pattern of either part."""
    if left is NOT_ALLOWED:
        return right
    if right is NOT_ALLOWED or right in alternatives(left):
        return left
    return _pair(Choice, left, right, left.nullable or right.nullable)


def group(left: Pattern, right: Pattern) -> Pattern:
    """The pattern of both parts, in this order."""
    if left is NOT_ALLOWED or right is NOT_ALLOWED:
        return NOT_ALLOWED
    if left is EMPTY:
        return right
    if right is EMPTY:
        return left
    return _pair(Group, left, right, left.nullable and right.nullable)


def interleave(left: Pattern, right: Pattern) -> Pattern:
    """The pattern of both parts, in any order."""
    if left is NOT_ALLOWED or right is NOT_ALLOWED:
        return NOT_ALLOWED
    if left is EMPTY:
        return right
    if right is EMPTY:
        return left
    return _pair(Interleave, left, right, left.nullable and right.nullable)


def after(left: Pattern, right: Pattern) -> Pattern:
    """The pattern of the rest of an element, and of what follows it."""
    if left is NOT_ALLOWED or right is NOT_ALLOWED:
        return NOT_ALLOWED
    return _pair(After, left, right, False)


def repeated(inner: Pattern) -> Pattern:
    """The pattern of one or more of these parts."""
    if inner in (NOT_ALLOWED, EMPTY):
        return inner
    found = _repeated.get(id(inner))
    if found is None:
        found = _repeated[id(inner)] = Repeated(inner)
    return found


def optional(inner: Pattern) -> Pattern:
    """The pattern of this part or nothing."""
    return inner if inner.nullable else choice(inner, EMPTY)


def alternatives(pattern: Pattern) -> list[Pattern]:
    """The parts of a choice; any other pattern alone."""
    found: list[Pattern] = []
    waiting = [pattern]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Choice):
            waiting += (part.right, part.left)
        else:
            found.append(part)
    return found
