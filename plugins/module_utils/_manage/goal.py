# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of an object's definition."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor.objects import ObjectT
from .._reconcile.edit import Edit
from .._reconcile.plan import Change
from .._reconcile.reconcile import MERGE
from .._reconcile.taken import Taken, nothing_taken
from .._xmltree.element import Element
from .._xmltree.serialise import Written
from .identity import Identify, identify
from .reading import Observed

MakeEdit = t.Callable[[Observed[ObjectT], Element], Edit]


def whole(mode: str, taken: t.Callable[[Element], Taken] = nothing_taken) -> MakeEdit[t.Any]:
    """The edit of a task that gives one document; ``taken`` is for the mode ``merge``."""

    def edit(_observed: Observed[t.Any], document: Element) -> Edit:
        return Edit(document, mode, taken) if mode == MERGE else Edit(document, mode)

    return edit


def keep_looking(
    _made: t.Any, _text: str, planned: t.Callable[[], tuple[Change, ...]]
) -> tuple[Change, ...]:
    """What libvirt did not make of a document, found by planning again."""
    return planned()


@dataclasses.dataclass(frozen=True)
class Goal(t.Generic[ObjectT]):
    """The document that names the object, and what it is to become.

    ``name`` is the name or UUID that is asked for beside the document. ``edit`` gives the
    document for an object that exists, of what that is and of ``document`` with its name; it is
    called each time that the object is read. ``is_part`` says that ``document`` need not be
    whole, and ``is_new`` that the object must not exist yet. ``written`` is the document as
    text, where that is known already. ``identify`` finds the object, and ``unkept`` finds what
    libvirt did not keep.
    """

    document: Element
    name: str | None
    edit: MakeEdit[ObjectT]
    is_part: bool = False
    is_new: bool = False
    written: Written | None = None
    identify: Identify[ObjectT] = identify
    unkept: t.Callable[[ObjectT, str, t.Callable[[], tuple[Change, ...]]], tuple[Change, ...]] = (
        keep_looking
    )
