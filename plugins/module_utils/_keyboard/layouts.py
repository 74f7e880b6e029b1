# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is typed with which keys, by the layout that the guest believes its keyboard to have."""

from __future__ import annotations

import typing as t

from .errors import KeyboardError
from .keys import CODES

#: The keys that have characters, row by row. The last row begins with the key that is left of Z on
#: keyboards with 102 keys.
_KEYS = [
    "grave",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "0",
    "minus",
    "equal",
    "q",
    "w",
    "e",
    "r",
    "t",
    "y",
    "u",
    "i",
    "o",
    "p",
    "leftbrace",
    "rightbrace",
    "a",
    "s",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "semicolon",
    "apostrophe",
    "backslash",
    "102nd",
    "z",
    "x",
    "c",
    "v",
    "b",
    "n",
    "m",
    "comma",
    "dot",
    "slash",
]
#: What is typed by the same key everywhere.
_EVERYWHERE = {" ": "space", "\n": "enter", "\t": "tab"}


class _Layout(t.NamedTuple):
    """The characters of :data:`_KEYS`: alone, with Shift, and some with AltGr.

    A blank stands for no character, and for dead keys, which wait for the next one: consoles and
    desktops differ in them.
    """

    alone: str
    shift: str
    altgr: t.Mapping[str, str]


LAYOUTS: dict[str, _Layout] = {
    "us": _Layout(
        "`1234567890-=qwertyuiop[]asdfghjkl;'\\ zxcvbnm,./",
        '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"| ZXCVBNM<>?',
        {},
    ),
    "gb": _Layout(
        "`1234567890-=qwertyuiop[]asdfghjkl;'#\\zxcvbnm,./",
        '¬!"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~|ZXCVBNM<>?',
        {"€": "4"},
    ),
    "de": _Layout(
        " 1234567890ß qwertzuiopü+asdfghjklöä#<yxcvbnm,.-",
        "°!\"§$%&/()=? QWERTZUIOPÜ*ASDFGHJKLÖÄ'>YXCVBNM;:_",
        {
            "²": "2",
            "³": "3",
            "{": "7",
            "[": "8",
            "]": "9",
            "}": "0",
            "\\": "minus",
            "@": "q",
            "€": "e",
            "~": "rightbrace",
            "|": "102nd",
            "µ": "m",
        },
    ),
    "fr": _Layout(
        "²&é\"'(-è_çà)=azertyuiop $qsdfghjklmù*<wxcvbn,;:!",
        " 1234567890°+AZERTYUIOP £QSDFGHJKLM%µ>WXCVBN?./§",
        {
            "#": "3",
            "{": "4",
            "[": "5",
            "|": "6",
            "\\": "8",
            "@": "0",
            "]": "minus",
            "}": "equal",
            "€": "e",
        },
    ),
}


def strokes(text: str, layout: str) -> list[tuple[int, ...]]:
    """The keys that type a text, each with those that are held meanwhile; numbers of Linux.

    :raises KeyboardError: a character can't be typed; the message doesn't quote it, as the text may
        be a password.
    """
    table = _table(layout)
    found = []
    for number, letter in enumerate(text, 1):
        stroke = table.get(letter)
        if stroke is None:
            raise KeyboardError(
                f"character {number} has no key of its own in the layout {layout}; choose the layout that the guest "
                "has, or press its keys by their names"
            )
        found.append(stroke)
    return found


def _table(layout: str) -> dict[str, tuple[int, ...]]:
    """The keys of each character, those that are held first."""
    row = LAYOUTS[layout]
    shift, altgr = CODES["leftshift"], CODES["rightalt"]
    found: dict[str, tuple[int, ...]] = {}
    for letter, name in row.altgr.items():
        found[letter] = (altgr, CODES[name])
    found.update((letter, (shift, CODES[key])) for letter, key in zip(row.shift, _KEYS))
    found.update((letter, (CODES[key],)) for letter, key in zip(row.alone, _KEYS))
    # The blanks among them stand for nothing.
    found.update((letter, (CODES[key],)) for letter, key in _EVERYWHERE.items())
    return found
