# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going back to a snapshot, where libvirt refuses the name of the second."""

from __future__ import annotations

import contextlib
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import snapshots


class Domain:
    """A domain, its connection, its raw one and its snapshot; going back fails so many times."""

    def __init__(self, failures: int, code: int) -> None:
        self.raw = self.connection = self
        self.left, self.code, self.calls = failures, code, 0

    def explained(self, _doing: str) -> t.ContextManager[None]:
        return contextlib.nullcontext()

    def snapshotLookupByName(self, _name: str, _flags: int) -> Domain:  # noqa: N802
        return self

    def revertToSnapshot(self, _snapshot: Domain, _flags: int) -> None:  # noqa: N802
        self.calls += 1
        self.left -= 1
        if self.left >= 0:
            error = libvirt.libvirtError("refused")
            error.err = (self.code, 0, "refused", 0, None, None, None, 0, 0)
            raise error


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_SECOND", 0.0)


def test_the_overlay_of_this_second_is_there() -> None:
    domain = Domain(1, libvirt.VIR_ERR_CONFIG_UNSUPPORTED)
    snapshots.revert(t.cast("t.Any", domain), "one", "as_then")
    assert domain.calls == 2


@pytest.mark.parametrize(
    ("code", "calls"),
    [(libvirt.VIR_ERR_CONFIG_UNSUPPORTED, 3), (libvirt.VIR_ERR_OPERATION_INVALID, 1)],
)
def test_what_stays_is_told(code: int, calls: int) -> None:
    domain = Domain(9, code)
    with pytest.raises(libvirt.libvirtError):
        snapshots.revert(t.cast("t.Any", domain), "one", "as_then")
    assert domain.calls == calls
