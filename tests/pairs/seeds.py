# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The smallest elements that the schema allows, with values that mean something to libvirt."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_derivative import (
    has_value,
    with_attribute,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_pattern import (
    EMPTY,
    NOT_ALLOWED,
    TEXT,
    AttributePattern,
    Choice,
    Data,
    ElementPattern,
    Group,
    Interleave,
    Pattern,
    Repeated,
    Value,
    alternatives,
)

from .kinds import content_of, domain_content, leaves, names_in
from .samples import BY_VALUE, SAMPLES, sample_for

#: What is to be there: ``@name`` or ``text()`` with a value (``None`` for any), or a tag with
#: what is to be in it.
Need = dict[str, t.Any]
_DEEPEST = 6


def needed(paths: t.Mapping[str, str | None]) -> Need:
    """What is needed for values at these value paths."""
    need: Need = {}
    for path, value in paths.items():
        *tags, last = path.split("/")
        inner = need
        for tag in tags:
            inner = inner.setdefault(tag, {})
        if last.startswith("@") or last == "text()":
            inner[last] = value
        else:
            inner.setdefault(last, {})
    return need


def smallest(path: str, need: Need) -> Element | None:
    """The smallest element at a path of a domain that has what is needed."""
    content = domain_content()
    for tag in path.split("/"):
        content = content_of(content, tag)
    return element_for(path.rpartition("/")[2], content, need, path)


_Part = t.Union[tuple[str, str], Element, str]
#: Names of what is needed, with the smallest parts that have them.
_Way = tuple[frozenset[str], list[_Part]]


def element_for(tag: str, content: Pattern, need: Need, path: str) -> Element | None:
    """The smallest element with this content that has what is needed.

    ``path`` is where it stands, for :data:`SAMPLES`.
    """
    wanted = _with_samples(need, path)
    ways = [way for way in _ways(content, wanted, path, 0) if set(need) <= way[0]]
    if not ways and wanted != need:
        # What is usual isn't right for each kind.
        ways = [way for way in _ways(content, need, path, 0) if set(need) <= way[0]]
    if not ways:
        return None
    _names, parts = min(ways, key=lambda way: (-len(way[0]), _weight(way[1])))
    return Element(
        tag,
        dict(one for one in parts if isinstance(one, tuple)),
        next((one for one in parts if isinstance(one, str)), None),
        [one for one in parts if isinstance(one, Element)],
    )


def _with_samples(need: Need, path: str) -> Need:
    wanted = {**SAMPLES.get(path, {}), **need}
    for name, value in list(wanted.items()):
        more = BY_VALUE.get(f"{path}/{name}", {}).get(value) if name.startswith("@") else None
        for tag, inner in (more or {}).items():
            wanted[tag] = {**inner, **wanted.get(tag, {})}
    return wanted


def _ways(pattern: Pattern, need: Need, path: str, depth: int) -> list[_Way]:
    """The ways to make a pattern right; more of what is needed is better than less."""
    if pattern is NOT_ALLOWED:
        return []
    if not _has_any(pattern, frozenset(need)):
        if pattern.nullable:
            return [(frozenset(), [])]
        if isinstance(pattern, (Value, Data)) or pattern is TEXT:
            text = _text(pattern, f"{path}/text()")
            return [] if text is None else [(frozenset(), [text])]
    if isinstance(pattern, (Group, Interleave)):
        left = _ways(pattern.left, need, path, depth)
        right = _ways(pattern.right, need, path, depth) if left else []
        return _best([(a[0] | b[0], a[1] + b[1]) for a in left for b in right])
    if isinstance(pattern, Choice):
        found = [way for one in alternatives(pattern) for way in _ways(one, need, path, depth)]
        return _best(found)
    if isinstance(pattern, Repeated):
        ways = _ways(pattern.inner, need, path, depth)
        everything = (
            frozenset[str]().union(*(w[0] for w in ways)),
            [p for w in ways for p in w[1]],
        )
        return _best([*ways, everything]) if len(ways) > 1 else ways
    if isinstance(pattern, AttributePattern):
        return _attribute(pattern, need, path)
    if isinstance(pattern, ElementPattern):
        name = pattern.names.name
        if name is None or depth > _DEEPEST:
            return []
        inner = need.get(name, {})
        below = f"{path}/{name}"
        element = element_for(name, pattern.content, inner, below) if depth <= _DEEPEST else None
        if element is None:
            return []
        return [(frozenset([name]) & frozenset(need), [element])]
    if isinstance(pattern, (Value, Data)) or pattern is TEXT:
        text = _text(pattern, f"{path}/text()", need.get("text()"))
        return [] if text is None else [(frozenset(["text()"]), [text])]
    return [(frozenset(), [])]


def _attribute(pattern: AttributePattern, need: Need, path: str) -> list[_Way]:
    name = pattern.names.name or "x"
    about = f"@{name}"
    value = _text(pattern.value, f"{path}/{about}", need.get(about))
    return [] if value is None else [(frozenset([about]) & frozenset(need), [(name, value)])]


def _best(ways: list[_Way]) -> list[_Way]:
    """Without ways that have no more than another one."""
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda way: (-len(way[0]), _weight(way[1]))):
        if not any(way[0] <= one[0] for one in kept):
            kept.append(way)
    return kept


_tops: dict[int, frozenset[str]] = {}


def _has_any(pattern: Pattern, names: frozenset[str]) -> bool:
    """Whether one of the names is at the top of a pattern."""
    found = _tops.get(id(pattern))
    if found is None:
        tops = set()
        for one in leaves(pattern):
            if isinstance(one, ElementPattern):
                tops.add(one.names.name or "")
            elif isinstance(one, AttributePattern):
                tops.add(f"@{one.names.name}")
            elif one is TEXT or isinstance(one, (Data, Value)):
                tops.add("text()")
        found = _tops[id(pattern)] = frozenset(tops)
    return bool(found & names)


def _text(pattern: Pattern, path: str, wanted: str | None = None) -> str | None:
    """A value for a place, the wanted one if there is any."""
    if wanted is not None:
        return wanted if has_value(pattern, wanted) else None
    fixed = [one.text for one in leaves(pattern) if isinstance(one, Value)]
    given = sample_for(path, None)
    for value in (given, "on", "yes", *fixed):
        if value is not None and has_value(pattern, value):
            return value
    for one in leaves(pattern):
        if isinstance(one, Data):
            return sample_for(path, None, one.allows)
        if one is TEXT:
            return sample_for(path, "a")
    return "" if pattern is EMPTY else None


def _size(element: Element) -> int:
    return sum(1 + len(one.attributes) for one in element.walk())


def _weight(parts: list[_Part]) -> int:
    return sum(_size(one) if isinstance(one, Element) else 1 for one in parts)


def all_parts(path: str, need: Need) -> list[str]:
    """Each value path that an element with what is needed may have besides, parents first."""
    content = domain_content()
    for tag in path.split("/"):
        content = content_of(content, tag)
    found: list[str] = []
    _collect(content, need, "", found, 2)
    return found


def _collect(content: Pattern, need: Need, prefix: str, found: list[str], depth: int) -> None:
    for name, value in need.items():
        if name.startswith("@") and value is not None:
            content = with_attribute(content, name[1:], value)
    for one in leaves(content):
        if isinstance(one, AttributePattern) and one.names.name is not None:
            found.append(f"{prefix}@{one.names.name}")
    for name in names_in(content):
        if name in prefix.split("/"):
            continue
        found.append(f"{prefix}{name}")
        if depth > 1:
            _collect(
                content_of(content, name), need.get(name, {}), f"{prefix}{name}/", found, depth - 1
            )
