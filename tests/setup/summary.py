# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: summary.py RESULTS STEP...

Adds up the JUnit files in RESULTS/STEP, with the exit status and the seconds in
RESULTS/STEP/status, prints a table, and writes the totals as one line to
RESULTS/summary. Exits with 1 if anything failed. The status 77 is of a step that
this machine can't run; it counts as skipped.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

CANNOT_RUN = 77


class Counts(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: int = 0

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]
        return Counts(*(mine + theirs for mine, theirs in zip(self, other)))


def outcome(case: ElementTree.Element) -> Counts:
    if case.find("failure") is not None or case.find("error") is not None:
        return Counts(failed=1)
    if case.find("skipped") is not None:
        return Counts(skipped=1)
    return Counts(passed=1)


def count(directory: Path) -> Counts:
    status, seconds = map(int, (directory / "status").read_text().split())
    total = Counts(seconds=seconds)
    for report in directory.rglob("*.xml"):
        for case in ElementTree.parse(report).iter("testcase"):
            total += outcome(case)
    if status == CANNOT_RUN:
        return total + Counts(skipped=1)
    # A step that broke before or beside its tests, or that had none.
    if total.failed == 0 and (status != 0 or total.passed == 0):
        total += Counts(failed=1)
    return total


def main(results: Path, steps: list[str]) -> int:
    rows = {step: count(results / step) for step in steps}
    total = sum(rows.values(), Counts())
    layout = "{:<14} {:>8} {:>8} {:>8} {:>8}"
    print()
    print(layout.format("step", "passed", "failed", "skipped", "seconds"))
    for name, row in [*rows.items(), ("total", total)]:
        print(layout.format(name, *row))
    (results / "summary").write_text(f"{total.passed} passed, {total.failed} failed\n")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
