# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the option that wrote a place of the document."""

from __future__ import annotations

import re
import typing as t

from .options.rows import Group
from .options.table import GROUPS
from .options.texts import TEXTS

#: The position or condition of a step.
_CONDITION = re.compile(r"\[[^\]]*\]")

#: What is meant by a value that an option doesn't take.
_MEANT = {
    "network: type": (
        "a network of libvirt is written as {network: NAME}, a bridge of the host as {bridge: NAME}"
    ),
}


def meant_at(option: str | None) -> str | None:
    """What a person may have meant by a wrong value of an option, as :func:`option_at` names it."""
    return _MEANT.get(option or "")


def option_at(path: str, attribute: str | None, names: t.Iterable[str]) -> str | None:
    """The option, with its sub-option if it is known, that wrote an element or its attribute.

    ``path`` is the element's XPath from the root. ``names`` are the given options. ``None``
    where none of them wrote there.
    """
    steps = [_CONDITION.sub("", step) for step in path.split("/")[2:]]
    element = "/".join(steps)
    place = _joined(element, f"@{attribute}" if attribute is not None else "")
    names = list(names)
    given = [GROUPS[name] for name in names if name in GROUPS]
    for candidate in given:
        for option in candidate.options:
            if option.path is not None and _place(candidate, option.path) == place:
                return f"{candidate.title}: {option.name.replace('[]', '')}"
    for name in names:
        if TEXTS.get(name) == place:
            return name
    inside = [
        candidate
        for candidate in given
        if candidate.path != "." and f"{element}/".startswith(f"{candidate.path}/")
    ]
    return max(inside, key=lambda candidate: len(candidate.path)).title if inside else None


def _place(group: Group, path: str) -> str:
    """The place that a sub-option writes to, from the root."""
    path = _CONDITION.sub("", path)
    if path.startswith("/"):
        return path[1:]
    return _joined("" if group.path == "." else group.path, "" if path == "." else path)


def _joined(base: str, rest: str) -> str:
    return "/".join(part for part in (base, rest) if part)
