# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests of libvirt's test driver, ``test:///default``."""

from __future__ import annotations

import collections
import os
import typing as t

import pytest

from . import few_systems
from .scenarios import SCENARIOS, WITHOUT_MEMORY

#: What the test driver lists no machine for: both refuse.
_NO_SUCH_MACHINE = {"machine pc", "machine q35", "qemu", "uefi", "several disks on each old bus"}


@pytest.fixture(scope="module", name="test_driver")
def fixture_test_driver() -> t.Any:
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make oracle")
    from .other_hosts import OtherHostJudge

    with OtherHostJudge.test_driver() as judge:
        yield judge


@pytest.mark.parametrize("scenario", few_systems.SCENARIOS)
def test_few_systems(test_driver: t.Any, counts: collections.Counter[str], scenario: str) -> None:
    counts["guests of the test driver"] += len(few_systems.SYSTEMS)
    found = few_systems.differences(test_driver, scenario)
    assert not found, few_systems.shown(found)


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != WITHOUT_MEMORY])
def test_scenarios(test_driver: t.Any, counts: collections.Counter[str], scenario: str) -> None:
    arguments, options = SCENARIOS[scenario]
    refused = set()
    for system in few_systems.SYSTEMS:
        verdict = test_driver.judged(
            ["--osinfo", system, "--memory", "1024", *arguments],
            {"memory": 1024, **options, "osinfo": system},
        )
        assert verdict.difference is None, f"{system}: {verdict.difference}"
        if verdict.is_refused:
            refused.add(system)
        counts["guests of the test driver"] += 1
    expected = set(few_systems.SYSTEMS) if scenario in _NO_SUCH_MACHINE else set()
    assert refused == expected
