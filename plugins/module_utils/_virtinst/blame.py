# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which option wrote what stands at a place of the document."""

from __future__ import annotations

import re
import typing as t

from .options.rows import Group
from .options.table import GROUPS
from .options.texts import TEXTS

#: Positions and conditions of a step, and what stands for a number.
_CONDITION = re.compile(r"\[[^\]]*\]")


def option_at(path: str, attribute: str | None, names: t.Iterable[str]) -> str | None:
    """The option, and the sub-option if it is known, that wrote an element or its attribute.

    ``path`` is the XPath of the element from the root, ``names`` are the options that were
    given. ``None`` where none of them wrote there.
    """
    steps = [_CONDITION.sub("", step) for step in path.split("/")[2:]]
    element = "/".join(steps)
    place = _joined(element, f"@{attribute}" if attribute is not None else "")
    names = list(names)
    given = [GROUPS[name] for name in names if name in GROUPS]
    for group in given:
        for option in group.options:
            if option.path is not None and _place(group, option.path) == place:
                return f"{group.title}: {option.name.replace('[]', '')}"
    for name in names:
        if TEXTS.get(name) == place:
            return name
    inside = [one for one in given if one.path != "." and f"{element}/".startswith(f"{one.path}/")]
    return max(inside, key=lambda group: len(group.path)).title if inside else None


def _place(group: Group, path: str) -> str:
    """Where a sub-option writes, from the root."""
    path = _CONDITION.sub("", path)
    if path.startswith("/"):
        return path[1:]
    return _joined("" if group.path == "." else group.path, "" if path == "." else path)


def _joined(base: str, rest: str) -> str:
    return "/".join(part for part in (base, rest) if part)
