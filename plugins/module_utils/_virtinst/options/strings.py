# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading virt-install's own form: ``size=20,bus=virtio``.

Commas separate the pieces; quotes and backslashes protect commas as in a shell. Pieces
without a name at the beginning are the group's first sub-options. A value that may
contain commas extends to the next piece with a known name.
"""

from __future__ import annotations

import functools
import re
import shlex

from ..._secrecy import shown
from ..errors import OptionError
from .rows import Group, Pair
from .settings import Settings, find


def read(group: Group, text: str) -> Settings:
    """The settings that a string gives.

    :raises OptionError: it can't be read, or has unknown sub-options.
    """
    settings = Settings(group)
    settings.is_bare = not re.search("[=,]", text)
    if group.text is not None:
        found = group.text(text)
    else:
        found = _joined(group, _named(group, split(group.title, text)))
    if group.pairs is not None:
        found = group.pairs(found)
    for key, value in found:
        option, _numbers = find(group, key)
        if value is None:
            if not option.is_flag:
                raise OptionError(f"{group.title}: {shown(key)} has no value; write {shown(key)}=…")
            value = "yes"
        settings.add(key, value)
    return settings


def split(name: str, text: str) -> list[Pair]:
    """The pieces of an option's string as names and values.

    :raises OptionError: a quote isn't closed.
    """
    return list(_split(name, text))


@functools.lru_cache(maxsize=1024)
def _split(name: str, text: str) -> tuple[Pair, ...]:
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace = ","
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        pieces = list(lexer)
    except ValueError as error:
        raise OptionError(f"{name}: {shown(text)}: {str(error).lower()}") from None
    return tuple(_pair(piece) for piece in pieces)


def _pair(piece: str) -> Pair:
    key, equals, value = piece.partition("=")
    return key, (value if equals else None)


def _named(group: Group, pairs: list[Pair]) -> list[Pair]:
    named = list(pairs)
    for position, name in enumerate(group.first):
        if position == len(named) or named[position][1] is not None:
            break
        named[position] = (name, named[position][0])
    return named


def _joined(group: Group, pairs: list[Pair]) -> list[Pair]:
    joined: list[Pair] = []
    is_open = False
    for key, value in pairs:
        found = group.option(key)
        if found is None and is_open:
            before, text = joined[-1]
            rest = key if value is None else f"{key}={value}"
            joined[-1] = (before, f"{text or ''},{rest}")
            continue
        joined.append((key, value))
        is_open = found is not None and found[0].commas
    return joined
