# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's jobs in words."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.job_words import (
    BACKUP,
    job_words,
)


@pytest.mark.parametrize(
    ("stats", "expected"),
    [
        ({}, None),
        ({"type": 0, "operation": 5}, None),
        ({"type": 1}, "a job"),
        ({"type": 2, "operation": 5}, "an outgoing migration"),
        ({"type": 2, "operation": BACKUP}, "a backup"),
        ({"type": 2, "operation": 10}, "the removal of a snapshot"),
        # One of a libvirt that is yet to come.
        ({"type": 2, "operation": 99}, "a job"),
    ],
)
def test_words(stats: dict[str, t.Any], expected: str | None) -> None:
    assert job_words(stats) == expected
