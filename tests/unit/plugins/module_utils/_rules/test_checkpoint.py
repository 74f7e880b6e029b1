# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names checkpoints may have."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.checkpoint import (
    spelled,
    unfit,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.name_lengths import (
    LONGEST_NAME,
)


@pytest.mark.parametrize("name", ["a", "web.20260131T020000Z-2", "-1", "_", "x" * LONGEST_NAME])
def test_fit(name: str) -> None:
    assert unfit(name) is None
    assert spelled(name) == name


@pytest.mark.parametrize("name", [".a", "a b", "a/b", "a\n", "ä", "a+b", " "])
def test_unfit_and_spelled(name: str) -> None:
    assert "libvirt takes letters" in (unfit(name) or "")
    assert unfit(spelled(name)) is None
    assert len(spelled(name)) == len(name)


def test_empty_and_too_long() -> None:
    assert (unfit("") or "").startswith("name: it is empty")
    assert "has 248 bytes" in (unfit("x" * (LONGEST_NAME + 1)) or "")
