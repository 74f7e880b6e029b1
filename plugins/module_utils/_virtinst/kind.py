# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults of a device that becomes one of another kind."""

from __future__ import annotations

import typing as t

from .._rules.domain import DOMAIN
from .._rules.rows import Depends
from .._xmltree.element import Element
from . import writing

#: Where a device sits is nothing that it is given.
_PLACE = ("address", "acpi", "rom")


def becomes_another(said: Element, actual: Element) -> bool:
    """Whether what is said makes a device one of another kind."""
    return any(True for _row in _changed(said, actual))


def with_defaults(said: Element, actual: Element, new: Element) -> Element:
    """What is said, and what a new device has in the places that the old kind clears.

    ``new`` is what is said with all defaults.
    """
    result = writing.copied(said)
    for row in _changed(said, actual):
        for path in row.dependents:
            if path.partition("/")[0] not in _PLACE:
                _copy(path, new, result)
    return result


def _changed(said: Element, actual: Element) -> t.Iterator[Depends]:
    for row in DOMAIN.place(f"devices/{said.tag}").depends:
        now = said.value(row.decider)
        if now is None or now == (actual.value(row.decider) or row.usual):
            continue
        if not row.becoming or now in row.becoming:
            yield row


def _copy(path: str, new: Element, result: Element) -> None:
    """What the one has at a path and the other lacks."""
    step, _slash, rest = path.partition("/")
    if step.startswith("@"):
        value = new.get(step[1:])
        if value is not None:
            result.attributes.setdefault(step[1:], value)
        return
    theirs, ours = new.child(step), result.child(step)
    if theirs is None:
        return
    if ours is None and rest in ("", "*"):
        result.children += [writing.copied(one) for one in new.all(step)]
    elif rest not in ("", "*"):
        made = Element(step) if ours is None else ours
        _copy(rest, theirs, made)
        if ours is None and (made.attributes or made.children):
            result.children.append(made)
