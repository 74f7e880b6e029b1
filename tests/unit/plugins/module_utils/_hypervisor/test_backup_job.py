# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which jobs of a domain are in the way of a backup or a checkpoint."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.backup_job import (
    check_no_other_job,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.job_words import (
    BACKUP,
)


class Raw:
    """A domain with a job."""

    def __init__(self, stats: dict[str, t.Any]) -> None:
        self._stats = stats

    def jobStats(self, _flags: int) -> dict[str, t.Any]:  # noqa: N802
        return self._stats


@pytest.mark.parametrize("stats", [{"type": 0}, {"type": 2, "operation": BACKUP}])
def test_nothing_else(stats: dict[str, t.Any]) -> None:
    check_no_other_job(t.cast("t.Any", None), Raw(stats))


def test_another_job() -> None:
    words = r"^domain: an outgoing migration is in progress, .*; run the task again when"
    with pytest.raises(HypervisorError, match=words):
        check_no_other_job(t.cast("t.Any", None), Raw({"type": 2, "operation": 5}))
