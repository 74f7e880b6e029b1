# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Suggestions for an unknown name."""

from __future__ import annotations

import typing as t

#: Two names that are at least so similar count as one name, misspelt.
_MISSPELT = 0.75


def nearest(
    name: str, known: t.Iterable[str], synonyms: t.Mapping[str, str] | None = None
) -> str | None:
    """The known name that is nearest; ``None`` if none is near.

    Case, blanks, dashes and the like don't count. The search tries the letters, then
    ``synonyms``, then misspelt names, then names whose last part fits.
    """
    names = list(known)
    by_letters: dict[str, str] = {}
    for known_name in names:
        by_letters.setdefault(_letters(known_name), known_name)
    letters = _letters(name)
    if letters in by_letters:
        return by_letters[letters]
    synonym = (synonyms or {}).get(letters)
    if synonym is not None:
        return synonym
    # Most tasks have no mistake.
    import difflib

    close = difflib.get_close_matches(letters, by_letters, n=1, cutoff=_MISSPELT)
    if close:
        return by_letters[close[0]]
    # The last part is right, such as cache for driver.cache.
    ends = [
        known_name for known_name in names if _letters(known_name.rpartition(".")[2]) == letters
    ]
    if ends:
        return min(ends, key=len)
    # Long names are alike by the parts that many have; the last one tells them apart.
    alike = [known for known in by_letters if _is_near(_last(letters), _last(known))]
    close = difflib.get_close_matches(letters, alike, n=1)
    return by_letters[close[0]] if close else None


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _is_near(name: str, known: str) -> bool:
    import difflib

    return bool(difflib.get_close_matches(name, [known], n=1))


def hint(
    name: str, known: t.Iterable[str], synonyms: t.Mapping[str, str] | None = None
) -> str | None:
    """A sentence that suggests the nearest name; ``None`` if none is near."""
    names = list(known)
    suggestion = nearest(name, names, synonyms)
    if suggestion is None:
        return None
    if name != name.strip() and name.strip() == suggestion:
        return f"there is a blank beside the name; write {suggestion}"
    return f"did you mean {suggestion}?"


def _letters(name: str) -> str:
    return "".join(
        character for character in name.lower() if character.isalnum() or character == "."
    )
