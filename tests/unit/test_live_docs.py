# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of live changes is that of the table."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.live_calls import (
    LIVE_CALLS,
)

from .generators import TOP, load

GENERATOR = load("live_docs")


def test_what_is_generated_is_up_to_date() -> None:
    for path, text in GENERATOR.files().items():
        assert (TOP / path).read_text(encoding="utf-8") == text, "run: make generate"


def test_what_is_said_to_be_untested_is_in_the_table() -> None:
    assert set(GENERATOR.UNTESTED) <= {(row.path, row.call) for row in LIVE_CALLS}
