# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each thing that libvirt's schema allows in a domain, as options and back.

Of the documents in test_cases.py, whose shares and seeds hold here too; making a domain anew takes
longer than looking at it, so that a smaller share is tried unless all are.
"""

from __future__ import annotations

import collections
import os
import typing as t

import pytest

from .grammars import SCHEMAS, Place, short

if t.TYPE_CHECKING:
    from .trying import Bench

Counts = collections.Counter
_ALL = float(os.environ.get("SCHEMA_SHARE", "0.1"))
_SHARE = 1 if _ALL >= 1 else _ALL / 8
_SEED = os.environ.get("SCHEMA_SEED", "0")
_DOMAIN = SCHEMAS["domain"]
#: Values that are put into each place.
_VALUES = 3


def _places() -> dict[str, list[Place]]:
    """The places that are tried, by what they are below: a device, or another part."""
    from .trying import is_drawn

    found: dict[str, list[Place]] = {}
    for place in _DOMAIN.places:
        if is_drawn(f"{_SEED}/export/{place}", _SHARE):
            found.setdefault("/".join(map(short, place.steps[:2])) or ".", []).append(place)
    return found


_TRIED = _places()


@pytest.mark.parametrize("part", _TRIED)
def test_exported_and_back(
    part: str, bench_of: t.Any, counts: Counts[str], refused: list[str]
) -> None:
    from .trying import Refusals

    bench: Bench = bench_of(_DOMAIN)
    wrong = []
    for place in _TRIED[part]:
        bases: dict[t.Any, None] = {}
        for number, value in enumerate(place.values[:_VALUES]):
            try:
                case = bench.case(place, value, _SEED, tuple(bases), number)
            except Refusals as error:
                refused.append(f"export: {place}\t{value!r}\t{error}")
                continue
            bases[case.base] = None
            if bench.unheld(case) is not None:
                continue
            trip = bench.exported(case)
            counts["exported: values put in"] += 1
            counts[f"exported: values put in, of it: as {trip.export.form}"] += 1
            counts["exported: values put in, of it: back again"] += trip.problem is None
            if trip.problem is not None:
                wrong.append(f"{case.name} in {case.base.name}: {trip.problem}")
    assert not wrong, f"SCHEMA_SEED={_SEED}\n" + "\n".join(wrong)
