# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests count, gathered from all workers and printed at the end."""

from __future__ import annotations

import collections
import typing as t

import pytest

_COUNTS: collections.Counter[str] = collections.Counter()
_KEY = "counts"


@pytest.fixture(scope="session")
def counts() -> collections.Counter[str]:
    """What has been counted, by what it is."""
    return _COUNTS


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    """What was counted; a part of something with its share: ``something, of it: the part``."""
    if _COUNTS:
        terminalreporter.section("counted")
    for name, count in sorted(_COUNTS.items()):
        whole = _COUNTS[name.partition(", of it: ")[0]]
        share = f" ({100 * count / whole:.2f} %)" if ", of it: " in name and whole else ""
        terminalreporter.write_line(f"{count:7} {name}{share}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker has counted goes to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = dict(_COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    _COUNTS.update(getattr(node, "workeroutput", {}).get(_KEY, {}))
