# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which snapshots of a pattern are too many, and which of them stay all the same."""

from __future__ import annotations

import fnmatch
import typing as t

from ..errors import TaskError
from .snapshot_removal import BranchError, Removals

if t.TYPE_CHECKING:
    from ..._hypervisor.snapshots import Snapshot

_NAMED = "the task names it"
_CURRENT = "the domain goes on from it"
#: Words that begin the messages about the snapshot that a task names.
_OF_NAME = "name: "


class Surplus(t.NamedTuple):
    """The snapshots beyond the newest, the oldest first. ``stays`` has the reason of each."""

    goes: tuple[str, ...]
    stays: t.Mapping[str, str]


def surplus(snapshots: t.Sequence[Snapshot], name: str, keep: int, pattern: str) -> Surplus:
    """What is beyond the ``keep`` newest of those that fit the pattern.

    ``snapshots`` are all that there will be, the oldest first. The one called ``name``, which the
    task wants to be there, and the current one stay, however old they are.
    """
    fitting = [one for one in snapshots if fnmatch.fnmatchcase(one.name, pattern)]
    goes, stays = [], {}
    for one in fitting[:-keep]:
        if one.name == name:
            stays[one.name] = _NAMED
        elif one.current:
            stays[one.name] = _CURRENT
        else:
            goes.append(one.name)
    return Surplus(tuple(goes), stays)


def rotate(removals: Removals, found: Surplus) -> tuple[str, ...]:
    """Plan that they go; return what stays and why, in words.

    An external snapshot on which the domain has branched is only removed once the branches
    beside the domain's are. So those that can't go yet are tried again after the others.

    :raises TaskError: one can't go, for a reason that a person can do something about.
    """
    left, why = list(found.goes), dict(found.stays)
    while left:
        refused = []
        for name in left:
            try:
                removals.add(name)
            except BranchError as error:
                refused.append(name)
                why[name] = _words(error)
            except TaskError as error:
                raise TaskError(f"keep: {_words(error)}") from None
            else:
                why.pop(name, None)
        if refused == left:
            break
        left = refused
    return tuple(
        f"keep: the snapshot '{name}' is not among the newest and stays, because {reason}"
        for name, reason in why.items()
    )


def _words(error: TaskError) -> str:
    return str(error).removeprefix(_OF_NAME)
