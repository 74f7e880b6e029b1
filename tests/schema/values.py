# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values to try where libvirt's schema allows more than words of its own."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_pattern import (
    TEXT,
    Data,
    Pattern,
    Value,
)

from tests.pairs.samples import sample_for

_UUID = "2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e11"
#: By what they are spellings of; of a row, all that the schema allows are tried.
_SPELLINGS: tuple[tuple[str, ...], ...] = (
    (_UUID, _UUID.upper(), _UUID.replace("-", "")),
    ("52:54:00:5e:00:0a", "52:54:00:5E:00:0A", "00:00:00:00:00:00"),
    ("192.0.2.7", "::1", "fe80::7", "FE80::7", "fe80:0:0:0:0:0:0:7"),
    ("/var/lib/libvirt/schema", "/var/lib//libvirt/schema/"),
    ("KiB", "k", "b", "bytes", "KB", "MiB", "M", "TiB"),
    ("0-1", "1,0", "0-2,^1", "0"),
    ("2026-01-31T12:00:00",),
    ("naa.5000c50015ea71ad", "naa.5000C50015EA71AD"),
    ("5000c50015ea71ad", "5000C50015EA71AD"),
    ("1.2", "0.5", "2.0", "2.00", "3"),
    ("Europe/Berlin",),
    ("1.1", "1.2.3"),
    ("sdy", "vdy", "hdb", "fdb"),
    ("a.b", "schema", "Schema", "a b"),
    ("org.schema.0",),
)
#: Numbers, and codes that are written like them.
_NUMBERS = (
    *("1", "07", "0", "2", "4096", "1048576", "0x1", "0x0", "0x0A", "0x0b", "0x001f", "0x0000001F"),
    *("-1", "64", "10", "010", "a", "0x00", "0xfffffe", "255"),
)
_WORDS = ("schema", "a", "0", "1", "on", "yes")
#: Most values of a place; each device may have each kind of address.
_MOST, _FEW = 7, 3


def samples(place: str, pattern: Pattern) -> list[str]:
    """The values to try of a pattern at a place, the most usual first."""
    if isinstance(pattern, Value):
        return [pattern.text]
    if pattern is TEXT:
        return [sample_for(place, "schema") or "schema"]
    if not isinstance(pattern, Data):
        return []
    usual = sample_for(place, None, pattern.allows)
    found = {} if usual is None else {usual: None}
    for value in _allowed(pattern.allows):
        found.setdefault(value, None)
    return list(found)[: _FEW if "/address/" in place else _MOST]


def _allowed(allows: t.Callable[[str], bool]) -> t.Iterator[str]:
    """Spellings of a kind that the pattern is made for; words where it is for any text."""
    anything = allows("any text, at all!") or allows("anytext")
    if anything:
        yield from (word for word in _WORDS[:1] if allows(word))
        return
    for row in (_NUMBERS, *_SPELLINGS):
        yield from (value for value in row if allows(value))
