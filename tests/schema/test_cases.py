# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that nobody wrote: each thing that libvirt's schema allows, on real libvirt.

``SCHEMA_SHARE`` says which part of them is tried, 1 for all; ``SCHEMA_SEED`` chooses another part,
other documents to put the things into, and other pairs.
"""

from __future__ import annotations

import collections
import os
import random
import typing as t

import pytest

from .gaps import differences
from .grammars import SCHEMAS, Place, Schema, short

if t.TYPE_CHECKING:
    from .trying import Bench

Counts = collections.Counter
_SHARE = float(os.environ.get("SCHEMA_SHARE", "0.1"))
_SEED = os.environ.get("SCHEMA_SEED", "0")
#: Documents that a thing is left out of.
_WITHOUT = 2
#: Of pairs, by schema: tests, and pairs in each.
_PAIRS = {"domain": (80, 25), "network": (8, 25), "nwfilter": (8, 25), "storagepool": (8, 25)}


def _groups() -> list[tuple[Schema, str]]:
    """The elements of each schema, by their paths."""
    return [
        (schema, path)
        for schema in SCHEMAS.values()
        for path in dict.fromkeys(_group(place) for place in schema.places)
    ]


def _group(place: Place) -> str:
    return "/".join(map(short, place.steps)) or "."


def _id(value: t.Any) -> str:
    return value.name if isinstance(value, Schema) else str(value)


@pytest.mark.parametrize(("schema", "path"), _groups(), ids=_id)
def test_one_thing(
    schema: Schema, path: str, bench_of: t.Any, counts: Counts[str], refused: list[str]
) -> None:
    from .trying import Refusals, is_drawn

    bench: Bench = bench_of(schema)
    tried: dict[str, str | None] = {}
    for place in schema.places:
        if _group(place) != path or not is_drawn(f"{_SEED}/{place}", _SHARE):
            continue
        bases: dict[t.Any, None] = {}
        with bench.host.alone():
            for number, value in enumerate(place.values):
                try:
                    case = bench.case(place, value, _SEED, tuple(bases), number)
                except Refusals as error:
                    refused.append(f"{schema.name}: {place}\t{value!r}\t{error}")
                    continue
                bases[case.base] = None
                _count(counts, f"{schema.name}: values put in", case.kept)
                tried[case.name] = bench.problem(case, place, value)
        counts[f"{schema.name}: places"] += 1
        counts[f"{schema.name}: places, of it: that libvirt takes"] += bool(bases)
    _judged(tried, counts, f"{schema.name}: one thing put in")


@pytest.mark.parametrize(("schema", "path"), _groups(), ids=_id)
def test_one_thing_left_out(
    schema: Schema, path: str, bench_of: t.Any, counts: Counts[str]
) -> None:
    from .trying import is_drawn

    bench: Bench = bench_of(schema)
    tried: dict[str, str | None] = {}
    for place in schema.places:
        if _group(place) == path and is_drawn(f"{_SEED}/{place}", _SHARE):
            with bench.host.alone():
                for case in bench.cases_without(place, _SEED, _WITHOUT):
                    tried[case.name] = bench.problem(case, None, None)
    _judged(tried, counts, f"{schema.name}: one thing left out")


@pytest.mark.parametrize(
    ("schema", "number"),
    [(SCHEMAS[name], number) for name, (tests, _size) in _PAIRS.items() for number in range(tests)],
    ids=_id,
)
def test_two_things(schema: Schema, number: int, bench_of: t.Any, counts: Counts[str]) -> None:
    from .trying import is_drawn

    if not is_drawn(f"{_SEED}/{schema.name}/{number}", _SHARE):
        pytest.skip("not drawn")
    bench: Bench = bench_of(schema)
    chance = random.Random(f"{_SEED}/{schema.name}/{number}")
    tried: dict[str, str | None] = {}
    with bench.host.alone():
        for case in bench.pairs(chance, _PAIRS[schema.name][1]):
            tried[case.name] = bench.problem(case, None, None)
    _judged(tried, counts, f"{schema.name}: two things put in")


def _count(counts: Counts[str], what: str, kept: bool) -> None:
    counts[what] += 1
    counts[f"{what}, of it: that libvirt keeps"] += kept


def _judged(tried: dict[str, str | None], counts: Counts[str], what: str) -> None:
    counts[what] += len(tried)
    counts[f"{what}, of it: exact"] += sum(problem is None for problem in tried.values())
    wrong = differences({f"{what.partition(':')[0]}: {name}": one for name, one in tried.items()})
    assert not wrong, f"SCHEMA_SEED={_SEED}\n" + "\n".join(wrong)
