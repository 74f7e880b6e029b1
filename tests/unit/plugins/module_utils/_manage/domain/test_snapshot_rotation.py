# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which snapshots of a pattern are too many, and which of them stay."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.snapshots import (
    Kept,
    Snapshot,
    in_order,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_removal import (
    BranchError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.snapshot_rotation import (
    Surplus,
    rotate,
    surplus,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.snapshot import beside
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element

_NAMED, _CURRENT = "the task names it", "the domain goes on from it"


def _snapshots(current: str, *names: str) -> list[Snapshot]:
    return [Snapshot(name, None, name == current, "shutoff", 1, None) for name in names]


@pytest.mark.parametrize(
    ("name", "current", "keep", "goes", "stays"),
    [
        ("n4", "n4", 2, ("n1", "n2"), {}),
        ("n4", "n4", 4, (), {}),
        ("n4", "n4", 9, (), {}),
        # The one that the task names is older than others.
        ("n1", "n4", 2, ("n2",), {"n1": _NAMED}),
        # The domain has gone back.
        ("n4", "n1", 2, ("n2",), {"n1": _CURRENT}),
        ("n2", "n1", 1, ("n3",), {"n1": _CURRENT, "n2": _NAMED}),
        # It doesn't fit the pattern.
        ("mine", "mine", 2, ("n1", "n2"), {}),
    ],
)
def test_the_newest_stay(
    name: str, current: str, keep: int, goes: tuple[str, ...], stays: dict[str, str]
) -> None:
    found = surplus(_snapshots(current, "mine", "n1", "n2", "n3", "n4"), name, keep, "n*")
    assert found == Surplus(goes, stays)


class _Removals:
    """Refuses what libvirt refuses, while a domain goes on from ``current``."""

    def __init__(self, parents: dict[str, str | None], current: str, broken: str = "") -> None:
        self.parents, self.current, self.broken = parents, current, broken
        self.gone: list[str] = []

    def add(self, name: str) -> None:
        if name == self.broken:
            raise TaskError("name: it is broken; mend it")
        aside = beside(self.parents, name, self.current)
        if aside:
            raise BranchError(f"name: {', '.join(aside)} on top of it")
        parent = self.parents.pop(name)
        for child, its in self.parents.items():
            if its == name:
                self.parents[child] = parent
        self.gone.append(name)


#: The domain has gone back from s4 to s2.
_BRANCHED = {"s1": None, "s2": "s1", "s3": "s2", "s4": "s3", "s5": "s2"}


@pytest.mark.parametrize(
    ("goes", "gone", "stays"),
    [
        (("s1", "s2", "s3", "s4"), ["s4", "s3", "s1", "s2"], []),
        (("s1", "s2", "s3"), [], ["s1", "s2", "s3"]),
        (("s1", "s3"), [], ["s1", "s3"]),
        ((), [], []),
    ],
)
def test_branches_go_first(goes: tuple[str, ...], gone: list[str], stays: list[str]) -> None:
    removals = _Removals(dict(_BRANCHED), "s5")
    notes = rotate(t.cast("t.Any", removals), Surplus(goes, {}))
    assert removals.gone == gone
    assert [note.split("'")[1] for note in notes] == stays
    assert all(note.endswith("on top of it") for note in notes)


def test_what_a_person_can_mend_fails() -> None:
    removals = _Removals(dict(_BRANCHED), "s5", broken="s3")
    with pytest.raises(TaskError, match=r"^keep: it is broken; mend it$"):
        rotate(t.cast("t.Any", removals), Surplus(("s3",), {}))


def test_why_one_stays_is_said() -> None:
    notes = rotate(t.cast("t.Any", _Removals({}, "")), Surplus((), {"s1": _NAMED}))
    assert notes == (
        "keep: the snapshot 's1' is not among the newest and stays, because the task names it",
    )


def test_of_one_second_the_child_is_newer() -> None:
    found = [
        Kept(Snapshot(name, parent, False, "shutoff", time, None), Element("domainsnapshot"))
        for name, parent, time in [
            ("a", "b", 7),
            ("b", "c", 7),
            ("c", "d", 7),
            ("d", None, 6),
            ("e", None, None),
            # Parents in a circle come from documents that somebody has damaged.
            ("f", "g", 8),
            ("g", "f", 8),
        ]
    ]
    assert [kept.snapshot.name for kept in in_order(found)] == ["e", "d", "c", "b", "a", "f", "g"]
