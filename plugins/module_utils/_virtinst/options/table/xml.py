# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of the finished document that no other option can make."""

from __future__ import annotations

from ..rows import Group, Lists, Nothing, Pair, commas
from .common import XPATH

_PREFIX = "xpath."


def _split(text: str) -> list[Pair]:
    """Split a string: without a name it is the value of ``xpath.set``."""
    names = {option.name.replace("[]", "") for option in XPATH}
    if not text.startswith(_PREFIX):
        return [(f"{_PREFIX}set", text)]
    pairs: list[Pair] = []
    for piece in text.split(","):
        name, equals, value = piece.partition("=")
        if name in names and equals:
            pairs.append((name, value))
        elif pairs:
            before, so_far = pairs[-1]
            pairs[-1] = (before, f"{so_far},{piece}")
        else:
            pairs.append((name, value if equals else None))
    return pairs


XML = Group(
    "xml",
    ".",
    "changes of the finished document by XPath, such as ./cpu/@mode=maximum",
    tuple(
        commas(option.name.replace("[]", ""), None, option.about, lists=Lists.NONE)
        for option in XPATH
    ),
    flags=("--xml",),
    none=Nothing.VALUE,
    text=_split,
)
