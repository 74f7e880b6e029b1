# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may have been meant by a name that there isn't."""

from __future__ import annotations

import difflib
import typing as t

#: Up to here two names are the same one misspelt, rather than two words.
_MISSPELT = 0.75


def nearest(
    name: str, known: t.Iterable[str], synonyms: t.Mapping[str, str] | None = None
) -> str | None:
    """The known name that is nearest; ``None`` if none is near.

    A difference in case, blanks, dashes and the like is none. Then a misspelt name is
    looked for, then what others call it (``synonyms``), then a name that is near in part.
    """
    names = list(known)
    by_letters: dict[str, str] = {}
    for one in names:
        by_letters.setdefault(_letters(one), one)
    letters = _letters(name)
    if letters in by_letters:
        return by_letters[letters]
    meant = (synonyms or {}).get(letters)
    if meant is not None:
        return meant
    close = difflib.get_close_matches(letters, by_letters, n=1, cutoff=_MISSPELT)
    if close:
        return by_letters[close[0]]
    # A last part that is right, such as cache for driver.cache.
    ends = [one for one in names if _letters(one.rpartition(".")[2]) == letters]
    if ends:
        return min(ends, key=len)
    close = difflib.get_close_matches(letters, by_letters, n=1)
    return by_letters[close[0]] if close else None


def hint(
    name: str, known: t.Iterable[str], synonyms: t.Mapping[str, str] | None = None
) -> str | None:
    """The nearest name as a question; what is wrong with the name where that is only blanks."""
    names = list(known)
    meant = nearest(name, names, synonyms)
    if meant is None:
        return None
    if name != name.strip() and name.strip() == meant:
        return f"there is a blank beside the name; write {meant}"
    return f"did you mean {meant}?"


def _letters(name: str) -> str:
    return "".join(one for one in name.lower() if one.isalnum() or one == ".")
