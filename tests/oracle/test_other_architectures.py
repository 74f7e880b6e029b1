# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests of other architectures than the host's."""

from __future__ import annotations

import collections
import typing as t

import pytest

from . import few_systems

_ARCHITECTURES = ("aarch64", "armv7l", "i686", "ppc64", "ppc64le", "riscv64", "s390x")


@pytest.mark.parametrize("arch", [*_ARCHITECTURES, "x86_64"])
@pytest.mark.parametrize("panic", ["default", "model=default"])
def test_the_default_panic_device(judge: t.Any, arch: str, panic: str) -> None:
    """Not every machine has one."""
    options = {"osinfo": "generic", "memory": 500, "disk": "none", "panic": panic}
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    difference = judge.compare(
        ["--arch", arch, "--pxe", *arguments], {"arch": arch, "pxe": True, **options}
    )
    assert difference is None


@pytest.mark.parametrize("scenario", few_systems.SCENARIOS)
@pytest.mark.parametrize("arch", _ARCHITECTURES)
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], arch: str, scenario: str
) -> None:
    counts["guests of other architectures"] += len(few_systems.SYSTEMS)
    found = few_systems.differences(judge, scenario, ["--arch", arch], {"arch": arch})
    assert not found, few_systems.shown(found)
