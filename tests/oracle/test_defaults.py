# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operating system, in each scenario, gives the same documents as with virt-install."""

from __future__ import annotations

import collections
import os
import random
import typing as t

import pytest

from .judge import BOTH_REFUSE
from .scenarios import SCENARIOS, WITHOUT_MEMORY

#: A scenario takes long: so many tests share its systems, and the cores the tests.
_PARTS = 4
_MOST_SHOWN = 3
_ARCHITECTURES = ("all", "x86_64")
#: The share of the systems that one run tries in each scenario, and which ones; all by default.
_SHARE = float(os.environ.get("ORACLE_SHARE", "1"))
_SEED = int(os.environ.get("ORACLE_SEED", "0"))
_COUNTED = "operating systems in scenarios"


def _has_memory(system: t.Any) -> bool:
    """Whether the database knows how much memory an operating system needs."""
    return any(
        resources.ram
        for level in ("minimum", "recommended")
        for arch, resources in system.resources(level).items()
        if arch in _ARCHITECTURES
    )


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], scenario: str, part: int
) -> None:
    arguments, options = SCENARIOS[scenario]
    known = {system.short_id: _has_memory(system) for system in judge.host.osinfo.all()}
    known["generic"] = False
    assert len(known) > 700
    different = {}
    systems = sorted(known)[part::_PARTS]
    chosen = random.Random(f"{_SEED} {scenario} {part}").sample(
        systems, max(1, round(_SHARE * len(systems)))
    )
    for system in chosen:
        theirs, ours = ["--osinfo", system, *arguments], {"osinfo": system, **options}
        # Or both would refuse, and nothing be compared.
        if not known[system] and scenario != WITHOUT_MEMORY and "memory" not in ours:
            theirs, ours = [*theirs, "--memory", "1024"], {**ours, "memory": 1024}
        verdict = judge.judged(theirs, ours)
        if verdict.difference is not None:
            different[system] = verdict.difference
        elif verdict.is_refused and scenario != WITHOUT_MEMORY:
            different[system] = BOTH_REFUSE
        counts[_COUNTED] += 1
        counts[f"{_COUNTED}, of it: the same as with virt-install"] += system not in different
        counts[f"{_COUNTED}, of it: refused by both"] += verdict.is_refused
        counts["documents of operating systems in scenarios"] += verdict.documents
    shown = [f"{system}: {what}" for system, what in list(different.items())[:_MOST_SHOWN]]
    assert not different, f"{len(different)} systems:\n" + "\n".join(shown)
