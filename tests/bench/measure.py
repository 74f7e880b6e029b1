# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timing, and a line of the table."""

from __future__ import annotations

import os
import statistics
import time
import typing as t

ROUNDS = 5


class Row(t.NamedTuple):
    """A line of the table: what was measured, against what, and the target."""

    what: str
    seconds: float
    floor: float
    target: float | None

    def __str__(self) -> str:
        ratio, target = self.seconds / self.floor, ""
        if self.target is not None:
            target = f"≤ {self.target:<4} {'met' if ratio <= self.target else 'NOT MET'}"
        return (
            f"{self.what:62} {self.seconds * 1000:9.1f} ms {self.floor * 1000:9.1f} ms "
            f"{ratio:6.2f} {target}".rstrip()
        )


def timed(work: t.Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(first: t.Callable[[], object], second: t.Callable[[], object]) -> tuple[float, float]:
    """The medians of both, which take turns; one round of each isn't counted."""
    rounds = [(timed(first), timed(second)) for _round in range(ROUNDS + 1)][1:]
    return (
        statistics.median(one for one, _other in rounds),
        statistics.median(other for _one, other in rounds),
    )


def cpu_time(work: t.Callable[[], object]) -> float:
    """The CPU that it and the processes that it starts take, of the user and of the kernel.

    What else a machine does adds less to it than to the time that passes.
    """
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def user_time(work: t.Callable[[], object]) -> float:
    """The user CPU that it takes, that of the processes it starts included."""
    before = os.times()
    work()
    after = os.times()
    return after.user - before.user + after.children_user - before.children_user
