# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of operating systems that are near one that the database doesn't have."""

from __future__ import annotations

import difflib
import re
import typing as t

_RELEASE = re.compile(r"(.*?[^0-9.])([0-9]+(?:\.[0-9]+)*)")
_MOST = 3

_Version = tuple[int, ...]


def release(name: str) -> tuple[str, _Version] | None:
    """The system and the numbers of its release, such as of ``ubuntu22.04``."""
    found = _RELEASE.fullmatch(name)
    if found is None:
        return None
    return found[1], tuple(int(number) for number in found[2].split("."))


def older_releases(identifier: str, known: t.Iterable[str]) -> list[str]:
    """The releases before one that is newer than all that are known, the newest first.

    Nothing where that isn't so: for an unknown system, or one with later releases.
    """
    wanted = release(identifier)
    if wanted is None:
        return []
    releases = _releases(wanted[0], known)
    if not releases or max(releases.values()) > wanted[1]:
        return []
    return sorted(releases, key=lambda name: releases[name], reverse=True)[:_MOST]


def near(identifier: str, known: t.Iterable[str]) -> list[str]:
    """The names that are most like one: other releases of the same system come first."""
    names, wanted = sorted(known), release(identifier)
    releases = {} if wanted is None else _releases(wanted[0], names)
    if wanted is None or not releases:
        return difflib.get_close_matches(identifier, names, n=_MOST, cutoff=0.6)
    version = wanted[1]
    return sorted(releases, key=lambda name: _distance(releases[name], version))[:_MOST]


def _releases(system: str, known: t.Iterable[str]) -> dict[str, _Version]:
    """The numbers of all releases of a system, by their names."""
    found = ((name, release(name)) for name in known)
    return {name: one[1] for name, one in found if one is not None and one[0] == system}


def _distance(one: _Version, other: _Version) -> tuple[tuple[int, ...], bool]:
    length = max(len(one), len(other))
    pairs = zip((*one, *(0,) * length), (*other, *(0,) * length))
    return tuple(abs(left - right) for left, right in pairs)[:length], one > other
