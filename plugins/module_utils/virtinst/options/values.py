# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of sub-options: from YAML to text, and from text into the document."""

from __future__ import annotations

import os
import typing as t

from ...xmltree.element import Element
from .. import writing
from ..errors import OptionError
from .rows import Kind, Option

_TRUE = frozenset(["y", "yes", "1", "true", "t", "on"])
_FALSE = frozenset(["n", "no", "0", "false", "f", "off"])
_TRUTHS = frozenset([Kind.YES_NO, Kind.ON_OFF, Kind.PRESENCE])
_KIB_PER_MIB = 1024
#: libvirt counts bytes in 64 bits, one of them for the sign.
_MOST_MIB = 2**43 - 1


def truth(text: str) -> bool | None:
    """What a word for a truth value says; ``None`` for any other word."""
    word = text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def needed_truth(text: str) -> bool:
    """What a word for a truth value says.

    :raises OptionError: it is none.
    """
    said = truth(text)
    if said is None:
        raise OptionError(f"{text} is neither yes nor no")
    return said


def number(text: str) -> int:
    """A whole number, decimal or with ``0x`` hexadecimal.

    :raises OptionError: it is none.
    """
    try:
        return int(text, 16 if "0x" in text else 10)
    except ValueError:
        raise OptionError(f"{text} is not a whole number") from None


def _amount(text: str) -> int:
    amount = number(text)
    if not 0 < amount <= _MOST_MIB:
        raise OptionError(f"there can't be {text} MiB; give MiB, such as 2048")
    return amount


def spelled(option: Option, value: object) -> str:
    """A YAML scalar as the text that means the same.

    :raises OptionError: it doesn't say clearly what is meant.
    """
    if isinstance(value, bool):
        if option.kind in _TRUTHS or option.is_flag:
            return "yes" if value else "no"
        word = "" if option.words is None else option.words[0 if value else 1]
        if not word:
            raise OptionError(
                f"{'true' if value else 'false'} is a truth value; put quotes around the "
                "word that is meant"
            )
        return word
    return str(value)


def write(
    root: Element, element: Element, option: Option, numbers: t.Sequence[int], text: str
) -> None:
    """Write a text at an option's place; an empty one removes what is there.

    :raises OptionError: it is of the wrong kind; the message is the reason alone.
    """
    path = option.path or "."
    path = path.format(*numbers) if numbers else path
    base = element
    if path.startswith("/"):
        base, path = root, path[1:]
    if option.kind is Kind.PRESENCE:
        _write_presence(base, path, text)
    elif text or not numbers:
        writing.write(base, path, converted(option.kind, text) if text else None)
    else:
        # An element in the middle of a list stays until all of it is written.
        _empty(base, path)


def converted(kind: Kind, text: str) -> str:
    """A text as it is in the document.

    :raises OptionError: it is of the wrong kind.
    """
    if kind is Kind.INTEGER:
        return str(number(text))
    if kind is Kind.MEBIBYTES:
        return str(_amount(text) * _KIB_PER_MIB)
    if kind is Kind.YES_NO:
        return "yes" if needed_truth(text) else "no"
    if kind is Kind.ON_OFF:
        return "on" if needed_truth(text) else "off"
    if kind is Kind.PATH:
        return os.path.abspath(text)
    return text


def _write_presence(base: Element, path: str, text: str) -> None:
    if text and needed_truth(text):
        writing.element_made(base, path)
        return
    found = writing.element_at(base, path)
    if found is not None:
        writing.discard(writing.element_made(base, path.rpartition("/")[0] or "."), found)


def _empty(base: Element, path: str) -> None:
    place, _slash, attribute = path.rpartition("/@")
    found = writing.element_at(base, place or path)
    if found is None:
        return
    if place:
        found.attributes.pop(attribute, None)
    else:
        found.text = None
