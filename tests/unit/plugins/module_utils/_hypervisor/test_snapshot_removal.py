# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for overlays that are merged, with a domain that merges as slowly as wished."""

from __future__ import annotations

import itertools
import threading
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.snapshot_removal import (
    delete,
)


class Domain:
    """A domain, its raw one and its snapshot, whose call ends after so many looks."""

    def __init__(self, progress: t.Iterator[int], looks: int) -> None:
        self.raw = self
        self._progress = progress
        self._left = looks
        self._ends = threading.Event()

    def snapshotLookupByName(self, _name: str, _flags: int) -> Domain:  # noqa: N802
        return self

    def delete(self, _flags: int) -> None:
        assert self._ends.wait(30)

    def blockJobInfo(self, _target: str, _flags: int) -> dict[str, int]:  # noqa: N802
        self._left -= 1
        if self._left <= 0:
            self._ends.set()
        return {"cur": next(self._progress), "end": 100}

    def end(self) -> None:
        self._ends.set()


def test_progress_is_waited_for() -> None:
    domain = Domain(itertools.count(), looks=5)
    delete(t.cast("t.Any", domain), "one", ["vda"], 0.2, False)


def test_no_progress_ends_the_task() -> None:
    domain = Domain(itertools.repeat(7), looks=1000)
    with pytest.raises(HypervisorError, match=r"^merge_timeout: .* no progress for 0\.2 s"):
        delete(t.cast("t.Any", domain), "one", ["vda"], 0.2, False)
    domain.end()
