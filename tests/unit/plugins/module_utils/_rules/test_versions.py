# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's numbers of versions."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.versions import (
    version_words,
)


@pytest.mark.parametrize(
    ("version", "expected"),
    [(9_000_000, "9.0"), (9_009_000, "9.9"), (10_010_003, "10.10"), (11_003_000, "11.3")],
)
def test_version_words(version: int, expected: str) -> None:
    assert version_words(version) == expected
