# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role has an option for each one of the module."""

from __future__ import annotations

import importlib.util
import typing as t
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]


def generator() -> t.Any:
    path = TOP / "tests" / "setup" / "role_options.py"
    found = importlib.util.spec_from_file_location("role_options", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


FILES = generator().files(generator().module_options(TOP))


@pytest.mark.parametrize("path", sorted(FILES))
def test_what_is_generated_is_up_to_date(path: str) -> None:
    written = (TOP / "roles" / "virt_install" / path).read_text(encoding="utf-8")
    assert written == FILES[path], "run: make generate"
