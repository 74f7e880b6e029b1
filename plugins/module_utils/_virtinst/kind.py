# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The defaults of a device whose kind changes."""

from __future__ import annotations

import typing as t

from .._rules.domain.book import DOMAIN
from .._rules.rows import Depends
from .._xmltree.element import Element
from . import writing

#: The parts about a device's place, which are no defaults of its kind.
_PLACE = ("address", "acpi", "rom")


def becomes_another(requested: Element, actual: Element) -> bool:
    """Whether the request changes the kind of a device."""
    return any(True for _row in _changed(requested, actual))


def with_defaults(requested: Element, actual: Element, new: Element) -> Element:
    """The request, with a new device's values at the places that depend on the changed kind.

    ``new`` is the request with all defaults.
    """
    result = writing.copied(requested)
    for row in _changed(requested, actual):
        for path in row.dependents:
            if path.partition("/")[0] not in _PLACE:
                _copy(path, new, result)
    return result


def _changed(requested: Element, actual: Element) -> t.Iterator[Depends]:
    for row in DOMAIN.place(f"devices/{requested.tag}").depends:
        now = requested.value(row.decider)
        if now is None or now == (actual.value(row.decider) or row.usual):
            continue
        if not row.becoming or now in row.becoming:
            yield row


def _copy(path: str, new: Element, result: Element) -> None:
    """Copy what ``new`` has at a path and ``result`` lacks."""
    step, _slash, rest = path.partition("/")
    if step.startswith("@"):
        value = new.get(step[1:])
        if value is not None:
            result.attributes.setdefault(step[1:], value)
        return
    source, target = new.child(step), result.child(step)
    if source is None:
        return
    if target is None and rest in ("", "*"):
        result.children += [writing.copied(child) for child in new.all(step)]
    elif rest not in ("", "*"):
        made = Element(step) if target is None else target
        _copy(rest, source, made)
        if target is None and (made.attributes or made.children):
            result.children.append(made)
