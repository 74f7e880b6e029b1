# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt's schema alone says that the tables have to know.

Paths need no rows: libvirt keeps them as they are written, which the cases show.
"""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules import (
    network,
    nwfilter,
    pool,
    secret,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.book import (
    RuleBook,
    alternatives,
    step_name,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.spelled import (
    NEWER_NUMBERS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.schema_pattern import (
    AttributePattern,
    Data,
    ElementPattern,
    Pair,
    Pattern,
    Repeated,
)

from tests.pairs.kinds import leaves

from .grammars import SCHEMAS, Path, Schema

Counts = collections.Counter
BOOKS: dict[str, RuleBook] = {
    "domain": DOMAIN,
    "network": network.KIND.book,
    "nwfilter": nwfilter.KIND.book,
    "secret": secret.KIND.book,
    "storagepool": pool.KIND.book,
}
#: Two spellings of one value, by the words that describe it in messages.
_NUMBER = ("07", "7")
_SPELLINGS = {
    "a whole number": _NUMBER,
    "a number": _NUMBER,
    "a hexadecimal number": _NUMBER,
    "a PCI": _NUMBER,
    "a USB identifier": _NUMBER,
    "a USB port": ("01.02", "1.2"),
    "a text of the form [0-9]{1": _NUMBER,
    "a text of the form (0x)?[0-9a-fA-F]{1": _NUMBER,
    "a UUID": ("2A5B2F0E3D5A4D0E8D4C6C3A7D5B9E11", "2a5b2f0e-3d5a-4d0e-8d4c-6c3a7d5b9e11"),
    "a MAC address": ("52:54:00:AA:BB:CC", "52:54:00:aa:bb:cc"),
    "a unicast MAC address": ("52:54:00:AA:BB:CC", "52:54:00:aa:bb:cc"),
    "a list of CPUs": ("1,0", "0-1"),
}
#: What needs no row, with the reason.
_NO_ROW = {
    "devices/interface/source/@portid": "a running guest's, and not kept",
    "cpu/numa/cell/cache/size/@unit": "never read: the unit is libvirt's own",
    "cpu/numa/cell/cache/line/@unit": "never read: the unit is libvirt's own",
    **dict.fromkeys(
        ("@connections", "forward/interface/@connections", "forward/address/@connections"),
        "of a running network, and not kept",
    ),
    **dict.fromkeys(
        ("bandwidth/@classID", "portgroup/bandwidth/@classID"), "of a running network's port"
    ),
    **dict.fromkeys(("@priority", "rule/@priority"), "the rules rewrite it"),
    **{
        f"{tag}/{about}": "what there is in a pool, and not kept"
        for tag in ("capacity", "allocation", "available")
        for about in ("text()", "@unit")
    },
    **dict.fromkeys(
        (
            "source/device/freeExtent",
            "source/device/freeExtent/@start",
            "source/device/freeExtent/@end",
        ),
        "what is free of a disk, and not kept",
    ),
    "source/name": "the schema of a source interleaves it with itself; there is one",
    **{
        f"{path}/seclabel/label": "libvirt reads one, whatever the schema allows"
        for path in (
            *("os/nvram/source", "devices/disk/source", "devices/disk/backingStore/source"),
            *("devices/console/source", "devices/parallel/source", "devices/serial/source"),
            *("devices/channel/source", "devices/smartcard/source", "devices/redirdev/source"),
            "devices/rng/backend/source",
        )
    },
}


def _judged(wrong: t.Iterable[str]) -> None:
    lacking = [path for path in dict.fromkeys(wrong) if path not in _NO_ROW]
    assert not lacking, "\n".join(["no row for", *lacking])


def _walk(schema: Schema) -> t.Iterator[tuple[Path, Pattern]]:
    """Each element of a schema with what it may contain."""
    yield (), schema.content
    for place in schema.places:
        if not place.about:
            yield place.steps, schema.content_at(place.steps)


def _path(steps: Path, about: str = "") -> str:
    return "/".join(filter(None, (*map(step_name, steps), about)))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_spellings_of_one_value_are_the_same(name: str, counts: Counts[str]) -> None:
    schema, book = SCHEMAS[name], BOOKS[name]
    wrong = []
    for steps, content in _walk(schema):
        place = book.place(_path(steps))
        values = [
            ("text()", one) if isinstance(one, Data) else (f"@{one.names.name}", data)
            for one in leaves(content)
            if isinstance(one, (Data, AttributePattern))
            for data in (leaves(one.value) if isinstance(one, AttributePattern) else (one,))
            if isinstance(data, Data)
        ]
        for about, data in values:
            for words, (written, kept) in _SPELLINGS.items():
                if data.words.startswith(words) and data.allows(written) and data.allows(kept):
                    counts[f"{name}: values with several spellings"] += 1
                    is_amount = any(row.amount == about for row in place.quantities)
                    if not is_amount and not place.are_same(about, written, kept):
                        wrong.append(_path(steps, about))
    _judged(wrong)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_amounts_are_compared_with_their_units(name: str, counts: Counts[str]) -> None:
    schema, book = SCHEMAS[name], BOOKS[name]
    wrong = []
    for steps, content in _walk(schema):
        place = book.place(_path(steps))
        for one in leaves(content):
            if isinstance(one, AttributePattern) and _is_unit(one):
                counts[f"{name}: amounts"] += 1
                if all(row.unit != f"@{one.names.name}" for row in place.quantities):
                    wrong.append(_path(steps, f"@{one.names.name}"))
    _judged(wrong)


def _is_unit(attribute: AttributePattern) -> bool:
    return any(
        isinstance(value, Data) and value.words.startswith("a unit")
        for value in leaves(attribute.value)
    )


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_what_repeats_has_an_identity(name: str, counts: Counts[str]) -> None:
    schema, book = SCHEMAS[name], BOOKS[name]
    wrong = []
    for steps, content in _walk(schema):
        for tag in sorted(_repeated(content)):
            path = _path((*steps, tag))
            if tag in steps:
                continue
            counts[f"{name}: elements that repeat"] += 1
            place = book.place(path)
            if place.identity is None and not place.is_whole:
                wrong.append(path)
    _judged(wrong)


def _repeated(pattern: Pattern) -> set[str]:
    """The tags of which there may be several."""
    found: set[str] = set()
    waiting = [(pattern, False)]
    seen: set[tuple[int, bool]] = set()
    while waiting:
        one, is_repeated = waiting.pop()
        if (id(one), is_repeated) in seen:
            continue
        seen.add((id(one), is_repeated))
        if isinstance(one, Pair):
            waiting += [(one.left, is_repeated), (one.right, is_repeated)]
        elif isinstance(one, Repeated):
            waiting.append((one.inner, True))
        elif is_repeated and isinstance(one, ElementPattern) and one.names.name:
            found.add(one.names.name)
    return found


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_spelled_rows_are_about_places_of_the_schema(name: str) -> None:
    schema, book = SCHEMAS[name], BOOKS[name]
    ends = {f"{_path(place.steps[-1:])}/{place.about}" for place in schema.places}
    newer = {end for path in NEWER_NUMBERS for end in alternatives(path)}
    assert sorted(set(book.spelled) - ends - newer) == []
