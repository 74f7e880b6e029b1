# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import os
import pathlib
import typing as t

import pytest

_TOP = pathlib.Path(__file__).resolve().parents[2]
_REPORT = _TOP / ".build" / "results" / "schema" / "refused.txt"
_KEY = "refused"
_REFUSED: list[str] = []


@pytest.fixture(scope="session")
def bench_of() -> t.Any:
    """The bench of a schema; there is one of each."""
    if os.environ.get("PRIVATE_LIBVIRTD") != "1":
        pytest.skip("needs the private libvirtd: make schema")
    from .trying import Bench

    return functools.cache(Bench)


@pytest.fixture(scope="session")
def refused() -> list[str]:
    """What libvirt accepts in no document, or can't hold, a line each; the report has them all."""
    return _REFUSED


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker has found goes to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = _REFUSED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: t.Any) -> None:
    _REFUSED.extend(getattr(node, "workeroutput", {}).get(_KEY, []))


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    if _REFUSED:
        _REPORT.parent.mkdir(parents=True, exist_ok=True)
        _REPORT.write_text("\n".join(sorted(_REFUSED)) + "\n", encoding="utf-8")
        terminalreporter.write_line(f"what libvirt refuses, and why: {_REPORT}")
