# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that are run in check mode, for real, and again."""

from __future__ import annotations

import typing as t

from .hypervisor import Result, task_of

State = t.Callable[[], object]


def three_ways(module: t.Any, read: State | None, /, **options: t.Any) -> Result:
    """Run a task in check mode, for real, and again; the result is that of the real run.

    Check mode foresees what is changed and changes nothing, and nothing is changed twice.
    ``read`` reads the object; ``None`` where the results of the task alone are compared.
    """
    look = read or _nothing
    before = look()
    predicted = task_of(module, check=True, diff=read is not None, **options)
    assert not predicted.failed, predicted.msg
    assert predicted.changed
    assert look() == before
    done = task_of(module, diff=read is not None, **options)
    assert not done.failed, done.msg
    assert done.changed
    # The warnings say why something was not made live.
    assert done.values["changes"] == predicted.values["changes"], (
        done.values["changes"],
        predicted.values["changes"],
        done.values.get("warnings"),
    )
    assert done.values.get("diff") == predicted.values.get("diff")
    assert read is None or read() != before
    if "domain" in done.values:
        assert predicted.values["domain"]["state"] == done.values["domain"]["state"]
    if read is not None:
        assert_unchanged(module, read, **options)
    else:
        again = task_of(module, **options)
        assert not again.changed, again.values
        assert again.values["changes"] == []
    return done


def _nothing() -> None:
    pass


def assert_unchanged(module: t.Any, read: State, /, **options: t.Any) -> None:
    """The task finds nothing to do, in check mode too."""
    before = read()
    for check in (True, False):
        again = task_of(module, check=check, diff=True, **options)
        assert not again.failed, again.msg
        assert not again.changed
        assert again.values["changes"] == []
        assert read() == before


def assert_fails(module: t.Any, read: State, words: str, /, **options: t.Any) -> None:
    """The task fails with these words, in check mode too, and leaves everything as it was."""
    before = read()
    for check in (True, False):
        failed = task_of(module, check=check, **options)
        assert failed.failed, failed.values
        assert words in failed.msg, failed.msg
        assert read() == before
