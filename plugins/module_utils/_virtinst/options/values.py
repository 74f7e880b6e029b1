# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of sub-options: from YAML to text, and from text into the document."""

from __future__ import annotations

import os
import typing as t

from ..._rules import amounts
from ..._secrecy import shown
from ..._xmltree.element import Element
from .. import writing
from ..errors import OptionError
from .rows import Kind, Option

_TRUE = frozenset(["y", "yes", "1", "true", "t", "on"])
_FALSE = frozenset(["n", "no", "0", "false", "f", "off"])
_TRUTHS = frozenset([Kind.YES_NO, Kind.ON_OFF, Kind.PRESENCE])
#: libvirt counts bytes in 64 bits, one of them for the sign.
_MOST_BYTES = 2**63 - 1
_UNITS = (
    "K, M, G and T (or KiB, MiB, GiB, TiB) stand for powers of 1024, KB, MB, GB and TB for "
    "powers of 1000"
)


def truth(text: str) -> bool | None:
    """The truth value of a word; ``None`` for a word that is none."""
    word = text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def needed_truth(text: str) -> bool:
    """The truth value of a word.

    :raises OptionError: the word is no truth value.
    """
    answer = truth(text)
    if answer is None:
        raise OptionError(f"{shown(text)} is neither yes nor no; give one of them")
    return answer


def number(text: str) -> int:
    """A whole number, decimal or with ``0x`` hexadecimal.

    :raises OptionError: the text is no whole number.
    """
    try:
        return int(text, 16 if "0x" in text else 10)
    except ValueError:
        raise OptionError(f"{shown(text)} is not a whole number; give one, such as 2") from None


def bare(text: str, unit: str) -> str:
    """Convert a text such as ``2G`` to a number of this unit; a bare number stays.

    :raises OptionError: the unit is unknown, or the amount isn't a whole number of this unit.
    """
    found = amounts.split(text)
    if found is None:
        return text
    given, given_unit = found
    if amounts.scale(given_unit) is None:
        raise OptionError(f"there is no unit {given_unit}, in {shown(text)}; {_UNITS}")
    if given.startswith("-"):
        raise OptionError(f"{shown(text)} is less than nothing; give an amount such as 2G")
    amount = amounts.in_units(given, given_unit, unit)
    if amount is None:
        raise OptionError(f"{shown(text)} is not a whole number of {unit}; give one that is")
    if amount * (amounts.scale(unit) or 1) > _MOST_BYTES:
        raise OptionError(f"{shown(text)} is more than libvirt can count; give less")
    return str(amount)


def mebibytes_in_kib(text: str) -> int:
    """Convert a bare number of MiB, or a number with its unit, to KiB.

    :raises OptionError: the text is no amount, or the amount is 0.
    """
    is_bare = amounts.split(text) is None
    amount = number(bare(text, "KiB")) * (1024 if is_bare else 1)
    if not 0 < amount * 1024 <= _MOST_BYTES:
        raise OptionError(
            f"{shown(text)} is not an amount that there can be; give MiB, such as 2048, or a number with "
            "its unit, such as 2G"
        )
    return amount


def spelled(option: Option, value: object) -> str:
    """Convert a YAML scalar to the text with the same meaning.

    :raises OptionError: a truth value stands for a word, and the word is unclear.
    """
    if isinstance(value, bool):
        if option.kind in _TRUTHS or option.is_flag:
            return "yes" if value else "no"
        word = "" if option.words is None else option.words[0 if value else 1]
        if not word:
            raise OptionError(
                f"{'true' if value else 'false'} is a truth value; put quotes around the word"
            )
        return word
    return str(value)


def write(
    root: Element, element: Element, option: Option, numbers: t.Sequence[int], text: str
) -> None:
    """Write a text at an option's place; an empty text removes the value.

    :raises OptionError: the text is of the wrong kind; the message is the reason alone.
    """
    path = option.path or "."
    path = path.format(*numbers) if numbers else path
    base = element
    if path.startswith("/"):
        base, path = root, path[1:]
    if option.kind is Kind.PRESENCE:
        _write_presence(base, path, text)
    elif text or not numbers:
        writing.write(base, path, _of_option(option, text) if text else None)
    else:
        # An element in the middle of a list stays until the whole list is written.
        _empty(base, path)


def _of_option(option: Option, text: str) -> str:
    if option.unit is not None and option.kind is not Kind.MEBIBYTES:
        text = bare(text, option.unit)
    return converted(option.kind, text)


def converted(kind: Kind, text: str) -> str:
    """Convert a text to the form of the document.

    :raises OptionError: the text is of the wrong kind.
    """
    if kind is Kind.MEBIBYTES:
        return str(mebibytes_in_kib(text))
    if kind is Kind.INTEGER:
        return str(number(text))
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
