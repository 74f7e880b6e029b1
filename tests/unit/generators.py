# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programs of tests/setup that write documentation, as modules."""

from __future__ import annotations

import importlib.util
import typing as t
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def load(name: str) -> t.Any:
    """The program with this name."""
    path = TOP / "tests" / "setup" / f"{name}.py"
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
