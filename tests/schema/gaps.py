# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that the module isn't exact on, a line each in a file; a test fails for any other.

Behind a tab stands the reason; one that begins with ``now and then`` is no gap in each run.
"""

from __future__ import annotations

import functools
import pathlib

_FILE = pathlib.Path(__file__).with_name("gaps.txt")


@functools.cache
def gaps() -> frozenset[str]:
    """Their names."""
    lines = _FILE.read_text(encoding="utf-8").splitlines() if _FILE.exists() else []
    return frozenset(line.partition("\t")[0] for line in lines if not line.startswith("#"))


@functools.cache
def _now_and_then() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines() if _FILE.exists() else []
    return frozenset(line.partition("\t")[0] for line in lines if "\tnow and then" in line)


def differences(tried: dict[str, str | None]) -> list[str]:
    """What is wrong with the cases that were tried, so far as it isn't known."""
    found = [
        f"{name}: {problem}"
        for name, problem in tried.items()
        if problem is not None and name not in gaps()
    ]
    found += [
        f"{name}: it works now, take it from the list of gaps"
        for name, problem in tried.items()
        if problem is None and name in gaps() - _now_and_then()
    ]
    return found
