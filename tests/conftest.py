# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests count, gathered from all workers and printed at the end."""

from __future__ import annotations

import collections
import statistics
import typing as t

import pytest

_COUNTS: collections.Counter[str] = collections.Counter()
_MEASURED: collections.defaultdict[str, list[float]] = collections.defaultdict(list)
_KEY, _MEASURED_KEY = "counts", "measured"


@pytest.fixture(scope="session")
def counts() -> collections.Counter[str]:
    """What has been counted, by what it is."""
    return _COUNTS


@pytest.fixture(scope="session")
def measured() -> collections.defaultdict[str, list[float]]:
    """What has been measured, by what it is: shares, of which the median is printed."""
    return _MEASURED


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    """What was counted; a part of something with its share: ``something, of it: the part``."""
    if _COUNTS or _MEASURED:
        terminalreporter.section("counted")
    for name, count in sorted(_COUNTS.items()):
        whole = _COUNTS[name.partition(", of it: ")[0]]
        share = f" ({100 * count / whole:.2f} %)" if ", of it: " in name and whole else ""
        terminalreporter.write_line(f"{count:7} {name}{share}")
    for name, values in sorted(_MEASURED.items()):
        median = 100 * statistics.median(values)
        terminalreporter.write_line(f"{median:5.1f} % {name} (median of {len(values)})")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker has counted goes to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = dict(_COUNTS)
        output[_MEASURED_KEY] = dict(_MEASURED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    output = getattr(node, "workeroutput", {})
    _COUNTS.update(output.get(_KEY, {}))
    for name, values in output.get(_MEASURED_KEY, {}).items():
        _MEASURED[name] += values
