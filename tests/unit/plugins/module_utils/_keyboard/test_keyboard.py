# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of keys, and what is typed with which."""

from __future__ import annotations

import pathlib
import re
import unicodedata

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._keyboard.errors import (
    KeyboardError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._keyboard.keys import (
    CODES,
    chord,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._keyboard.layouts import (
    LAYOUTS,
    strokes,
)

_HEADER = pathlib.Path("/usr/include/linux/input-event-codes.h")
#: QEMU's own tables, made of those of X11: the name of a character, a scan code, modifiers.
_KEYMAPS = pathlib.Path("/usr/share/qemu/keymaps")
_KEYMAP_OF = {"us": "en-us", "gb": "en-gb", "de": "de", "fr": "fr"}
#: X11's names of the characters that Unicode calls otherwise; letters and digits are themselves.
_X11 = {
    "exclam": "!",
    "quotedbl": '"',
    "numbersign": "#",
    "dollar": "$",
    "percent": "%",
    "ampersand": "&",
    "apostrophe": "'",
    "parenleft": "(",
    "parenright": ")",
    "asterisk": "*",
    "plus": "+",
    "comma": ",",
    "minus": "-",
    "period": ".",
    "slash": "/",
    "colon": ":",
    "semicolon": ";",
    "less": "<",
    "equal": "=",
    "greater": ">",
    "question": "?",
    "at": "@",
    "bracketleft": "[",
    "backslash": "\\",
    "bracketright": "]",
    "asciicircum": "^",
    "underscore": "_",
    "grave": "`",
    "braceleft": "{",
    "bar": "|",
    "braceright": "}",
    "asciitilde": "~",
    "sterling": "£",
    "notsign": "¬",
    "EuroSign": "€",
    "section": "§",
    "degree": "°",
    "ssharp": "ß",
    "twosuperior": "²",
    "threesuperior": "³",
    "mu": "µ",
}


def letter_of(name: str) -> str | None:
    if len(name) == 1:
        return name
    if name in _X11:
        return _X11[name]
    for ending, accent in (
        ("diaeresis", "\u0308"),
        ("acute", "\u0301"),
        ("grave", "\u0300"),
        ("cedilla", "\u0327"),
    ):
        if name.endswith(ending) and len(name) == len(ending) + 1:
            return unicodedata.normalize("NFC", name[0] + accent)
    return None


def known_to_qemu(layout: str) -> set[tuple[str, tuple[int, ...]]]:
    """Characters and the keys that type them."""
    held = {"shift": CODES["leftshift"], "altgr": CODES["rightalt"]}
    found = set()
    for line in (_KEYMAPS / _KEYMAP_OF[layout]).read_text("utf-8").splitlines():
        words = line.split()
        if len(words) < 2 or line.startswith(("#", "map", "include")):
            continue
        letter, modifiers = letter_of(words[0]), words[2:]
        if letter is not None and set(modifiers) <= set(held) and len(modifiers) < 2:
            # Scan codes of one byte are the numbers of Linux.
            found.add((letter, (*(held[each] for each in modifiers), int(words[1], 16))))
    return found


@pytest.mark.skipif(not _HEADER.exists(), reason="the headers of Linux aren't installed")
def test_numbers_are_those_of_linux() -> None:
    found = re.findall(r"#define KEY_(\w+)\s+(\d+)\b", _HEADER.read_text("utf-8"))
    header = {name.lower(): int(number) for name, number in found}
    assert {name: header.get(name) for name in CODES} == CODES


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("enter", (28,)),
        ("Return", (28,)),
        ("KEY_ENTER", (28,)),
        ("ctrl-alt-f2", (29, 56, 60)),
        ("Ctrl+Alt+Delete", (29, 56, 111)),
        ("ctrl - c", (29, 46)),
        ("5", (6,)),
        ("altgr-q", (100, 16)),
    ],
)
def test_keys_that_are_pressed_together(text: str, codes: tuple[int, ...]) -> None:
    assert chord(text) == codes


@pytest.mark.parametrize("text", ["", "-", "ctrl-", "ctrl--c", "nokey", "key_", "é", "a b"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(KeyboardError, match="is no key; use a name of Linux"):
        chord(text)


def test_no_more_keys_than_libvirt_presses() -> None:
    assert len(chord("-".join(["a"] * 16))) == 16
    with pytest.raises(KeyboardError, match="17 keys, and 16 can be pressed"):
        chord("-".join(["a"] * 17))


def test_a_text_of_the_usual_layout() -> None:
    assert strokes("aA1! \n\t", "us") == [(30,), (42, 30), (2,), (42, 2), (57,), (28,), (15,)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_has_letters_and_digits(layout: str) -> None:
    text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-_/:=@#$ \n\t"
    found = strokes(text, layout)
    assert len(set(found)) == len(text)


def test_all_of_ascii_can_be_typed_as_in_america() -> None:
    assert len(set(strokes("".join(map(chr, range(32, 127))), "us"))) == 95


@pytest.mark.parametrize(
    ("text", "layout", "number"),
    [("aé", "us", 2), ("^", "de", 1), ("ab`", "de", 3), ("€", "us", 1), ("\r", "us", 1)],
)
def test_a_character_without_a_key_is_refused_and_not_shown(
    text: str, layout: str, number: int
) -> None:
    with pytest.raises(KeyboardError) as caught:
        strokes(text, layout)
    assert str(caught.value).startswith(f"character {number} has no key of its own in the layout")
    assert text[number - 1] not in str(caught.value)


@pytest.mark.skipif(not _KEYMAPS.exists(), reason="QEMU's keymaps aren't installed")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_those_of_qemu(layout: str) -> None:
    known = known_to_qemu(layout)
    assert len(known) > 90
    row = LAYOUTS[layout]
    letters = {*row.alone, *row.shift, *row.altgr} - {" "}
    own = {(letter, strokes(letter, layout)[0]) for letter in letters}
    assert own - known == set()
