# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measuring, and a line of the table.

Two things are measured. The CPU is what both sides of the connection work: this process and
libvirtd, by the kernel's clocks of the two. What else the machine does adds little to it. The
time that passes is measured where others work or wait as well: QEMU, disks, programs.
"""

from __future__ import annotations

import pathlib
import resource
import time
import typing as t

ROUNDS = 5
#: Short works are measured for this long, in seconds, but not more often than that.
_ENOUGH, _MOST_ROUNDS = 1.0, 50
#: Written by libvirtd when it starts.
_PID = pathlib.Path("/run/libvirtd.pid")
CPU, TIME = "CPU", "time"


class Row(t.NamedTuple):
    """A line of the table: what was measured, against what, the target, and what of it."""

    what: str
    seconds: float
    floor: float
    target: float | None
    measured: str = CPU

    def __str__(self) -> str:
        ratio, target = self.seconds / self.floor, ""
        if self.target is not None:
            target = f"≤ {self.target:<4} {'met' if ratio <= self.target else 'NOT MET'}"
        return (
            f"{self.what:70} {self.measured:4} {self.seconds * 1000:9.1f} ms "
            f"{self.floor * 1000:9.1f} ms {ratio:6.2f} {target}".rstrip()
        )


def timed(work: t.Callable[[], object]) -> float:
    """The seconds that pass."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def both_cpu(work: t.Callable[[], object]) -> float:
    """The seconds of CPU that this process and libvirtd take, with all of their threads."""
    daemon = _clock(int(_PID.read_text()))
    before = time.process_time() + time.clock_gettime(daemon)
    work()
    return time.process_time() + time.clock_gettime(daemon) - before


def _clock(process: int) -> int:
    """The kernel's clock of the CPU that a process takes (MAKE_PROCESS_CPUCLOCK of the libc)."""
    return ~process << 3 | 2


def paired(
    first: t.Callable[[], object],
    second: t.Callable[[], object],
    measure: t.Callable[[t.Callable[[], object]], float] = both_cpu,
) -> tuple[float, float]:
    """The fastest rounds of both, which take turns; one round of each isn't counted.

    What else the machine does only adds.
    """
    first(), second()
    rounds: list[tuple[float, float]] = []
    begun = time.monotonic()
    while len(rounds) < ROUNDS or (
        len(rounds) < _MOST_ROUNDS and time.monotonic() - begun < _ENOUGH
    ):
        rounds.append((measure(first), measure(second)))
    return min(one for one, _other in rounds), min(other for _one, other in rounds)


def cpu_time(work: t.Callable[[], object]) -> float:
    """The CPU that it and the processes that it starts take, of the user and of the kernel.

    What else a machine does adds less to it than to the time that passes.
    """
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    # The kernel counts both together to the nanosecond, and each of them in ticks.
    found = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in found)
