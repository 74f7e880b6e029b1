# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names that libvirt takes for a domain."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.name import (
    check_name,
    check_new_name,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError


@pytest.mark.parametrize("name", [".x", "...", "a b", "-x"])
def test_names_that_libvirt_takes(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", [".", "..", "a/b", "a\nb"])
def test_names_that_libvirt_refuses(name: str) -> None:
    with pytest.raises(TaskError, match="can't be"):
        check_name(name)


def test_the_longest_name() -> None:
    # NAME.xml.new has the 255 bytes of Linux.
    check_new_name("x" * 247)
    check_new_name("ü" * 123)
    for name in ("x" * 248, "ü" * 124):
        with pytest.raises(TaskError, match="has 248 bytes, and libvirt keeps names of 247"):
            check_new_name(name)
