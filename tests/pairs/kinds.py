# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values in libvirt's schema that tell the kind of an element, and what each kind has."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_derivative import (
    with_attribute,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_file import (
    find_schema,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_grammar import (
    Grammar,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_pattern import (
    NOT_ALLOWED,
    TEXT,
    AttributePattern,
    Data,
    ElementPattern,
    Pair,
    Pattern,
    Repeated,
    Value,
    choice,
)

#: Attributes that name a kind, even where the schema allows all kinds the same.
_NAMES = {"type", "model", "mode", "bus", "protocol", "device", "offset", "backend"}
#: Below these, the schema repeats itself; a running guest alone has a mirror.
_REPEATED = ("devices/disk/backingStore/", "devices/disk/mirror", "os/nvram/backingStore")
_DEPTH = 3


@dataclasses.dataclass(frozen=True)
class Kind:
    """An attribute that tells the kind of the element at ``path``, with its values.

    ``parts`` are, below the element, what only some of the values allow: value paths,
    ``text()`` and tags; what is below one of them isn't listed.
    """

    path: str
    attribute: str
    values: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def top(self) -> str:
        """The path of the device, or of the part of the document."""
        steps = self.path.split("/")
        return "/".join(steps[:2] if steps[0] == "devices" else steps[:1])

    @property
    def decider(self) -> str:
        """The value path of the attribute below :attr:`top`."""
        below = self.path[len(self.top) :].strip("/")
        return f"{below}/@{self.attribute}" if below else f"@{self.attribute}"

    def __str__(self) -> str:
        return f"{self.path}/@{self.attribute}"


@functools.cache
def grammar() -> Grammar:
    """The schema of domains that is installed here."""
    path = find_schema("domain")
    assert path is not None
    return Grammar(path)


def leaves(pattern: Pattern) -> t.Iterator[Pattern]:
    """The attributes, elements and texts that a pattern consists of."""
    waiting, seen = [pattern], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Pair):
            waiting += (one.right, one.left)
        elif isinstance(one, Repeated):
            waiting.append(one.inner)
        else:
            yield one


def content_of(pattern: Pattern, name: str) -> Pattern:
    """What the elements with this name may contain, all of them together."""
    return functools.reduce(
        choice,
        (
            one.content
            for one in leaves(pattern)
            if isinstance(one, ElementPattern) and one.names.name == name
        ),
        NOT_ALLOWED,
    )


def names_in(pattern: Pattern) -> list[str]:
    """The names of the elements that may be there."""
    found = [one.names.name for one in leaves(pattern) if isinstance(one, ElementPattern)]
    return list(dict.fromkeys(name for name in found if name is not None))


def fixed_values(pattern: Pattern, attribute: str) -> list[str]:
    """The fixed values that an attribute may have."""
    found = [
        value.text
        for one in leaves(pattern)
        if isinstance(one, AttributePattern) and one.names.name == attribute
        for value in leaves(one.value)
        if isinstance(value, Value)
    ]
    return list(dict.fromkeys(found))


def parts_of(pattern: Pattern, depth: int = _DEPTH, prefix: str = "") -> set[str]:
    """The value paths and tags of all that a pattern allows."""
    found: set[str] = set()
    for one in leaves(pattern):
        if isinstance(one, AttributePattern):
            found.add(f"{prefix}@{one.names.name}")
        elif one is TEXT or isinstance(one, (Data, Value)):
            found.add(f"{prefix}text()")
    for name in names_in(pattern):
        found.add(f"{prefix}{name}")
        if depth and name not in prefix.split("/"):
            found |= parts_of(content_of(pattern, name), depth - 1, f"{prefix}{name}/")
    return found


def domain_content() -> Pattern:
    """What the root element of a domain may contain."""
    return content_of(grammar().start, "domain")


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """All that there are, by their paths."""
    found: list[Kind] = []
    _walk("", domain_content(), found)
    return tuple(sorted(found, key=lambda kind: (kind.path, kind.attribute)))


def _walk(path: str, pattern: Pattern, found: list[Kind]) -> None:
    attributes = {
        one.names.name: None for one in leaves(pattern) if isinstance(one, AttributePattern)
    }
    for attribute in attributes:
        values = fixed_values(pattern, attribute or "")
        if attribute is None or len(values) < 2 or set(values) <= {"yes", "no", "on", "off"}:
            continue
        allowed: list[set[str]] = [
            parts_of(with_attribute(pattern, attribute, value)) for value in values
        ]
        common = {part for part in allowed[0] if all(part in one for one in allowed)}
        differing = set[str]().union(*allowed) - common
        if differing or attribute in _NAMES:
            parts = sorted(p for p in differing if not any(_is_above(o, p) for o in differing))
            found.append(Kind(path, attribute, tuple(values), tuple(parts)))
    for name in names_in(pattern):
        below = f"{path}/{name}" if path else name
        if name not in path.split("/") and not f"{below}/".startswith(_REPEATED):
            _walk(below, content_of(pattern, name), found)


def _is_above(one: str, other: str) -> bool:
    return other.startswith(f"{one}/")
