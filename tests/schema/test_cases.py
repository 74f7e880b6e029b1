# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that nobody wrote: each thing that libvirt's schema allows, on real libvirt.

``SCHEMA_SHARE`` says which part of them is tried, 1 for all; ``SCHEMA_SEED`` chooses another part,
other documents to put the things into, and other pairs. With ``SCHEMA_MEMORY=on`` the tasks
remember what they have found out.
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
    from .trying import Bench, Case

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
    what = _Tried(f"{schema.name}: one thing put in", counts, refused)
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
                what.tried(case, bench, place, value)
                dropping = bench.dropping(place, value, _SEED) if case.kept and not number else None
                if dropping is not None:
                    counts[f"{schema.name}: values put in where libvirt drops them"] += 1
                    what.tried(dropping, bench)
        counts[f"{schema.name}: places"] += 1
        counts[f"{schema.name}: places, of it: that libvirt takes"] += bool(bases)
    what.judged()


@pytest.mark.parametrize(("schema", "path"), _groups(), ids=_id)
def test_one_thing_left_out(
    schema: Schema, path: str, bench_of: t.Any, counts: Counts[str], refused: list[str]
) -> None:
    from .trying import is_drawn

    bench: Bench = bench_of(schema)
    what = _Tried(f"{schema.name}: one thing left out", counts, refused)
    for place in schema.places:
        if _group(place) == path and is_drawn(f"{_SEED}/{place}", _SHARE):
            with bench.host.alone():
                for case in bench.cases_without(place, _SEED, _WITHOUT):
                    what.tried(case, bench)
    what.judged()


@pytest.mark.parametrize(
    ("schema", "number"),
    [(SCHEMAS[name], number) for name, (tests, _size) in _PAIRS.items() for number in range(tests)],
    ids=_id,
)
def test_two_things(
    schema: Schema, number: int, bench_of: t.Any, counts: Counts[str], refused: list[str]
) -> None:
    from .trying import is_drawn

    if not is_drawn(f"{_SEED}/{schema.name}/{number}", _SHARE):
        pytest.skip("not drawn")
    bench: Bench = bench_of(schema)
    chance = random.Random(f"{_SEED}/{schema.name}/{number}")
    what = _Tried(f"{schema.name}: two things put in", counts, refused)
    with bench.host.alone():
        for case in bench.pairs(chance, _PAIRS[schema.name][1]):
            what.tried(case, bench)
    what.judged()


def _count(counts: Counts[str], what: str, kept: bool) -> None:
    counts[what] += 1
    counts[f"{what}, of it: that libvirt keeps"] += kept


class _Tried:
    """The cases of a test: what is wrong with each, if anything is.

    Those that libvirt by itself can't hold are tried as well, but make a count of their own.
    """

    def __init__(self, what: str, counts: Counts[str], refused: list[str]) -> None:
        self._what = what
        self._counts = counts
        self._refused = refused
        self._problems: dict[str, str | None] = {}

    def tried(
        self, case: Case, bench: Bench, place: Place | None = None, value: str | None = None
    ) -> None:
        why, problem = bench.unheld(case, place), bench.problem(case, place, value)
        if why is None:
            self._problems[case.name] = problem
            return
        unheld = f"{self._what}, but libvirt by itself can't hold it"
        self._counts[unheld] += 1
        self._counts[f"{unheld}, of it: exact"] += problem is None
        self._refused.append(f"{bench.schema.name}: {case.name}\tnot held: {why}")

    def judged(self) -> None:
        what, problems = self._what, self._problems
        self._counts[what] += len(problems)
        self._counts[f"{what}, of it: exact"] += sum(one is None for one in problems.values())
        kind = what.partition(":")[0]
        wrong = differences({f"{kind}: {name}": one for name, one in problems.items()})
        assert not wrong, f"SCHEMA_SEED={_SEED}\n" + "\n".join(wrong)
