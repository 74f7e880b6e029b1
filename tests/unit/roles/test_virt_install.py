# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role has an option for each one of the module."""

from __future__ import annotations

import pytest

from ..generators import TOP, load

GENERATOR = load("role_options")
FILES = GENERATOR.files(GENERATOR.module_options(TOP), GENERATOR.task_options(TOP))


@pytest.mark.parametrize("path", sorted(FILES))
def test_what_is_generated_is_up_to_date(path: str) -> None:
    written = (TOP / "roles" / "virt_install" / path).read_text(encoding="utf-8")
    assert written == FILES[path], "run: make generate"
