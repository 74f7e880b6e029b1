# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a balloon that is on its way, by a clock that stands still in between."""

from __future__ import annotations

import contextlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import balloon

MIB = 1024


class Guest:
    """A guest with so much memory at each look, in MiB, the last of which stays; it is its own clock."""

    def __init__(self, *memory: float) -> None:
        self.raw = self.connection = self
        self._left = list(memory)
        self.looks = 0
        self.time = 0.0

    def explained(self, _doing: str) -> t.ContextManager[None]:
        return contextlib.nullcontext()

    def info(self) -> list[int]:
        self.looks += 1
        present = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        return [1, 0, int(present * MIB)]

    def monotonic(self) -> float:
        return self.time

    def idle(self, seconds: float) -> None:
        self.time += seconds


@pytest.mark.parametrize(
    ("memory", "timeout", "looks", "seconds"),
    [
        # It is there.
        ([64], 60, 1, 0),
        # It comes nearer all the time, from below and from above.
        ([*range(4, 65)], 60, 61, 6),
        ([*range(124, 63, -1)], 60, 61, 6),
        # Longer than a task may wait.
        ([*range(4, 65)], 2, 21, 2),
        # It doesn't come nearer.
        ([32], 60, 11, 1),
        ([32, 31, 30, 29], 60, 11, 1),
        # The last step of the driver.
        ([62, 63], 60, 7, 0.6),
        ([62, 63, 64], 60, 3, 0.2),
    ],
)
def test_waiting(
    monkeypatch: pytest.MonkeyPatch,
    memory: list[float],
    timeout: float,
    looks: int,
    seconds: float,
) -> None:
    guest = Guest(*memory)
    monkeypatch.setattr(balloon, "time", guest)
    monkeypatch.setattr(balloon, "idle", guest.idle)
    balloon.wait_for_memory(t.cast("t.Any", guest), 64 * MIB, timeout, 1.0)
    assert guest.looks == pytest.approx(looks, abs=1)
    assert guest.time == pytest.approx(seconds, abs=0.15)


def test_nothing_is_waited_for() -> None:
    guest = Guest(32)
    balloon.wait_for_memory(t.cast("t.Any", guest), None, 60, 1.0)
    assert guest.looks == 0
