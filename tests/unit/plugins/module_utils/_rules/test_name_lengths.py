# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.name_lengths import (
    LONGEST_FILE,
    too_long,
)


def test_bytes_are_counted_and_not_letters() -> None:
    assert too_long("n" * 247) is None
    assert "it has 248 bytes" in str(too_long("\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 124))
    assert too_long("n" * 248, LONGEST_FILE) is None
