# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: summary.py RESULTS STEP...

Adds up the JUnit files in RESULTS/STEP, with the exit status and the seconds in
RESULTS/STEP/status, prints a table, and writes the totals as one line to
RESULTS/summary. Exits with 1 if anything failed. The status 77 is of a step that
this machine can't run; it counts as skipped. RESULTS/STEP/again.xml is of the tests
that failed and were run a second time: that one counts, and those that passed only
then are counted and named beside it.
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
    again: int = 0
    seconds: int = 0

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]
        return Counts(*(mine + theirs for mine, theirs in zip(self, other)))


def outcome(case: ElementTree.Element) -> Counts:
    if case.find("failure") is not None or case.find("error") is not None:
        return Counts(failed=1)
    if case.find("skipped") is not None:
        return Counts(skipped=1)
    return Counts(passed=1)


def outcomes(report: Path) -> dict[str, Counts]:
    """How each test ended, by its name; empty where there is no such report."""
    if not report.exists():
        return {}
    cases: dict[str, Counts] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        # One that fails to clean up has two entries.
        if name not in cases or not cases[name].failed:
            cases[name] = outcome(case)
    return cases


def count(directory: Path) -> Counts:
    status, seconds = map(int, (directory / "status").read_text().split())
    total = Counts(seconds=seconds)
    again = outcomes(directory / "again.xml")
    for report in directory.rglob("*.xml"):
        if report.name == "again.xml":
            continue
        for name, end in outcomes(report).items():
            total += (
                again[name]._replace(again=again[name].passed)
                if end.failed and name in again
                else end
            )
    if status == CANNOT_RUN:
        return total + Counts(skipped=1)
    # A step that broke before or beside its tests, or that had none.
    if total.failed == 0 and (status != 0 or total.passed == 0):
        total += Counts(failed=1)
    return total


def main(results: Path, steps: list[str]) -> int:
    rows = {step: count(results / step) for step in steps}
    total = sum(rows.values(), Counts())
    layout = "{:<14} {:>8} {:>8} {:>8} {:>8} {:>8}"
    print()
    print(layout.format("step", "passed", "failed", "skipped", "again", "seconds"))
    for name, row in [*rows.items(), ("total", total)]:
        print(layout.format(name, *row))
    for step in steps:
        for name, end in outcomes(results / step / "again.xml").items():
            if end.passed:
                print(f"passed only when it was run again: {step}: {name}")
    (results / "summary").write_text(f"{total.passed} passed, {total.failed} failed\n")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
