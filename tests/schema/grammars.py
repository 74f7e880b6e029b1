# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Libvirt's schemas, and the places that they have."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_file import (
    find_schema,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_grammar import (
    Grammar,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_pattern import (
    TEXT,
    AttributePattern,
    Data,
    Pattern,
    Value,
)
from lxml import etree

from tests.pairs.kinds import content_of, leaves, names_in

from .values import samples

#: What the schema of a domain has and no definition: jobs and states of a running guest.
_LIVE_ONLY = ("devices/disk/mirror",)
Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an element, an attribute (``about`` is ``@name``) or a text may stand.

    ``steps`` are the tags from below the root. ``values`` are those to try there; of an element
    that has no text, the one ``""``.
    """

    steps: Path
    about: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(filter(None, (*map(short, self.steps), self.about)))


@dataclasses.dataclass(frozen=True)
class Schema:
    """One of libvirt's schemas: ``name`` is its file's, ``root`` the tag of a document."""

    name: str
    root: str

    @functools.cached_property
    def _path(self) -> str:
        path = find_schema(self.name)
        assert path is not None
        return path

    @functools.cached_property
    def content(self) -> Pattern:
        """What the root may contain."""
        found: Pattern = content_of(Grammar(self._path).start, self.root)
        return found

    @functools.cached_property
    def judge(self) -> etree.RelaxNG:
        """libxml2's judge of documents."""
        return etree.RelaxNG(file=self._path)

    def content_at(self, steps: Path) -> Pattern:
        """What the elements at a path may contain, all of them together."""
        if not steps:
            return self.content
        found: Pattern = content_of(self.content_at(steps[:-1]), steps[-1])
        return found

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """Each place of the schema; what repeats itself is there once."""
        found: list[Place] = []
        self._walk((), self.content, found)
        return tuple(found)

    def _walk(self, steps: Path, content: Pattern, found: list[Place]) -> None:
        texts: list[Pattern] = []
        attributes: dict[str, list[Pattern]] = {}
        for one in leaves(content):
            if isinstance(one, AttributePattern):
                attributes.setdefault(one.names.name or "", []).append(one.value)
            elif one is TEXT or isinstance(one, (Data, Value)):
                texts.append(one)
        for name, patterns in attributes.items():
            if name:
                about = f"@{name}"
                found.append(Place(steps, about, _values((*steps, about), patterns)))
        if texts:
            found.append(Place(steps, "text()", _values((*steps, "text()"), texts)))
        for tag in names_in(content):
            below = (*steps, tag)
            if tag in steps or "/".join(below) in _LIVE_ONLY:
                continue
            found.append(Place(below, "", ("",)))
            self._walk(below, content_of(content, tag), found)


def short(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def _values(path: Path, patterns: t.Iterable[Pattern]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for pattern in patterns:
        for one in leaves(pattern):
            found.update(dict.fromkeys(samples("/".join(map(short, path)), one)))
    return tuple(found)


SCHEMAS = {
    schema.name: schema
    for schema in (
        Schema("domain", "domain"),
        Schema("network", "network"),
        Schema("nwfilter", "filter"),
        Schema("secret", "secret"),
        Schema("storagepool", "pool"),
    )
}
