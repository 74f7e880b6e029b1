# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of what keeps a domain from having a checkpoint, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.backup import (
    NO_CHECKPOINT,
    Drive,
    Situation,
    no_checkpoint,
    refusal,
)

ON = Situation((Drive("vda", "/vda.qcow2", "qcow2", 3), Drive("vdb", None, "qcow2")), True)

REFUSED: dict[str, Situation] = {
    "the guest is off": ON._replace(is_active=False),
    "the domain is transient": ON._replace(is_persistent=False),
    "the image of vdc is raw": ON._replace(drives=(*ON.drives, Drive("vdc", "/r", "raw"))),
    "the image of vdc is qcow2 of version 2": ON._replace(
        drives=(*ON.drives, Drive("vdc", "/q", "qcow2", 2))
    ),
    "its images have the snapshots one, two": ON._replace(snapshots=("one", "two")),
}


def test_possible() -> None:
    assert no_checkpoint(ON) is None
    assert refusal(ON) is None


@pytest.mark.parametrize("words", REFUSED)
def test_refused(words: str) -> None:
    assert (no_checkpoint(REFUSED[words]) or "").startswith(words)
    fitting = [row for row in NO_CHECKPOINT if row.fits(REFUSED[words])]
    assert len(fitting) == 1
    (row,) = fitting
    message = refusal(REFUSED[words]) or ""
    assert message.startswith(f"{row.option}: {words}")
    assert message.endswith(f"; {row.remedy}")


def test_each_row_has_a_case_and_a_reason() -> None:
    assert len(REFUSED) == len(NO_CHECKPOINT)
    assert all(row.reason and row.option and row.remedy for row in NO_CHECKPOINT)
