# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from . import documents


@pytest.fixture(scope="session")
def host() -> t.Any:
    from .host import Host

    return Host()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = any(mark.args[0] == "path" for mark in metafunc.definition.iter_markers("parametrize"))
    if "path" in metafunc.fixturenames and not marked:
        found = documents.paths()
        metafunc.parametrize("path", found, ids=[path.stem for path in found])


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    if not documents.paths():
        terminalreporter.write_line(
            "corpus: no documents; set LIBVIRT_SOURCE to a libvirt source tree"
        )
