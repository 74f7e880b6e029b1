# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random tasks on one domain after another: check mode says what the run does, and all of it.

A seed is a domain with its tasks. One is tried alone with ``-k seed-17``.
"""

from __future__ import annotations

import collections
import os
import random
import typing as t

import libvirt
import pytest

from . import material
from .judge import Judge
from .seen import look
from .tasks import Tasks

SEEDS = int(os.environ.get("RANDOM_SEEDS", "100"))
#: Tasks of one domain.
TASKS = 20
#: How often a seed with a fault is run again.
REPEATS = 3


@pytest.mark.parametrize("seed", range(SEEDS), ids=lambda seed: f"seed-{seed}")
def test_check_mode_is_the_run(
    seed: int, hypervisor: t.Any, counts: collections.Counter[str]
) -> None:
    faults = _faults(seed, hypervisor, counts)
    for _again in range(REPEATS):
        if not faults:
            break
        # A guest releases devices when it likes; what is wrong is so each time.
        counts["times that a seed was run again"] += 1
        faults = _faults(seed, hypervisor, counts)
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def _faults(seed: int, hypervisor: t.Any, counts: collections.Counter[str]) -> list[str]:
    """What isn't as it should be with the tasks of one seed."""
    draw = random.Random(seed)
    hypervisor.clear()
    tasks = Tasks(draw, material.document(draw))
    judge = Judge(hypervisor.raw, counts)
    judge.tried(tasks.first())
    runs = seed % 2 == 0
    for _number in range(TASKS):
        seen = look(hypervisor.raw)
        if runs and seen.definition is not None and seen.live is None and draw.random() < 0.5:
            _start(hypervisor.raw, counts)
            seen = look(hypervisor.raw)
        if seen.definition is None:
            # What libvirt refuses to make is no more to be done to.
            tasks.known = material.document(draw)
            judge.tried(tasks.first())
        else:
            judge.tried(tasks.next(seen.definition, seen.live))
    return judge.faults


def _start(raw: t.Any, counts: collections.Counter[str]) -> None:
    try:
        raw.lookupByName(material.NAME).createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    except libvirt.libvirtError:
        counts["guests that could not be started"] += 1
    else:
        counts["guests started, paused"] += 1
