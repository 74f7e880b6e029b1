# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The specification of the options that describe a network, made from their table."""

from __future__ import annotations

import typing as t

from .._choices import ABSENT, PRESENT
from .._rules.network.options import OPTIONS, Group, Value
from .spec import Spec

_STATE = {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT}


def _options(group: Group) -> dict[str, dict[str, t.Any]]:
    return {
        part.option: _of_value(part) if isinstance(part, Value) else _of_group(part)
        for part in group.parts
    }


def _of_value(value: Value) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {"type": value.type}
    if value.type == "list":
        found["elements"] = "str"
    if value.choices:
        found["choices"] = list(value.choices)
    if value.is_required:
        found["required"] = True
    return found


def _of_group(group: Group) -> dict[str, t.Any]:
    options = _options(group)
    if group.is_removable:
        options["state"] = dict(_STATE)
    if group.is_many:
        return {"type": "list", "elements": "dict", "options": options}
    return {"type": "dict", "options": options}


#: The options of :data:`._rules.network.options.OPTIONS`.
DESCRIBED = Spec(
    _options(OPTIONS),
    mutually_exclusive=tuple(
        (document, part.option)
        for document in ("xml", "src")
        for part in OPTIONS.parts
        if part.option != "uuid"
    ),
)
