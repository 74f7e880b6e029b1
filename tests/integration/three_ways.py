# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task tried in three ways: in check mode, for real, and once more."""

from __future__ import annotations

import typing as t

from .hypervisor import Result, task_of


def three_ways(module: t.Any, state: t.Callable[[], object], /, **options: t.Any) -> Result:
    """The result of the task for real, which check mode foresees and a second run leaves alone.

    ``state`` gives what there is of the object.
    """
    before = state()
    foreseen = task_of(module, check=True, diff=True, **options)
    assert not foreseen.failed, foreseen.msg
    assert foreseen.changed
    assert state() == before
    done = task_of(module, diff=True, **options)
    assert not done.failed, done.msg
    assert done.changed
    assert done.values["changes"] == foreseen.values["changes"]
    assert done.values["diff"] == foreseen.values["diff"]
    after = state()
    assert after != before
    assert_unchanged(module, state, **options)
    return done


def assert_unchanged(module: t.Any, state: t.Callable[[], object], /, **options: t.Any) -> None:
    """The task finds nothing to do, in check mode either."""
    before = state()
    for check in (True, False):
        again = task_of(module, check=check, diff=True, **options)
        assert not again.failed, again.msg
        assert not again.changed
        assert again.values["changes"] == []
        assert state() == before


def assert_fails(
    module: t.Any, state: t.Callable[[], object], words: str, /, **options: t.Any
) -> None:
    """The task fails with these words, in check mode too, and leaves everything as it was."""
    before = state()
    for check in (True, False):
        failed = task_of(module, check=check, **options)
        assert failed.failed, failed.values
        assert words in failed.msg
        assert state() == before
