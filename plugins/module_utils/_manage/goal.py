# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The goal of a task for an object's definition."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor.objects import ObjectT
from .._reconcile.edit import Edit
from .._reconcile.plan import Change
from .._reconcile.taken import Taken, nothing_taken
from .._xmltree.element import Element
from .._xmltree.serialise import Written
from .identity import Identify, identify
from .reading import Observed

MakeEdit = t.Callable[[Observed[ObjectT], Element], Edit]


def whole(mode: str, taken: t.Callable[[Element], Taken] = nothing_taken) -> MakeEdit[t.Any]:
    """The edit of a task that gives one document; ``taken`` has what the task takes away."""

    def edit(_observed: Observed[t.Any], document: Element) -> Edit:
        return Edit(document, mode, taken)

    return edit


def keep_looking(
    _made: t.Any, _text: str, planned: t.Callable[[], tuple[Change, ...]]
) -> tuple[Change, ...]:
    """The changes that libvirt did not make, found by planning again."""
    return planned()


@dataclasses.dataclass(frozen=True)
class Goal(t.Generic[ObjectT]):
    """The document that names the object, and its desired state.

    * ``name``: the name or UUID that the task gives beside the document.
    * ``edit``: makes the document for an existing object, from its definition and from
      ``document`` with its name; it is called each time that the object is read.
    * ``is_part``: ``document`` may be a part of a document.
    * ``is_new``: the object must not exist yet.
    * ``written``: the document as text, where it is known already.
    * ``shown``: gives the document without its secrets, where it is remembered.
    * ``identify``: finds the object.
    * ``unkept``: finds the changes that libvirt did not keep.
    """

    document: Element
    name: str | None
    edit: MakeEdit[ObjectT]
    is_part: bool = False
    is_new: bool = False
    written: Written | None = None
    shown: t.Callable[[], Element] | None = None
    identify: Identify[ObjectT] = identify
    unkept: t.Callable[[ObjectT, str, t.Callable[[], tuple[Change, ...]]], tuple[Change, ...]] = (
        keep_looking
    )
