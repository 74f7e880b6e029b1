# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operating system, in each scenario, gives the same documents as with virt-install."""

from __future__ import annotations

import collections
import typing as t

import pytest

from .scenarios import SCENARIOS

_MOST_SHOWN = 3


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], scenario: str
) -> None:
    arguments, options = SCENARIOS[scenario]
    systems = [system.short_id for system in judge.host.osinfo.all()] + ["generic"]
    assert len(systems) > 700
    different = {}
    for system in systems:
        difference = judge.compare(["--osinfo", system, *arguments], {"osinfo": system, **options})
        if difference is not None:
            different[system] = difference
    counts["compared with virt-install"] += len(systems)
    counts["different from virt-install"] += len(different)
    shown = [f"{system}: {what}" for system, what in list(different.items())[:_MOST_SHOWN]]
    assert not different, f"{len(different)} of {len(systems)}:\n" + "\n".join(shown)
