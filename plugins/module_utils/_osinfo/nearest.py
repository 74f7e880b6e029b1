# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of operating systems that are like a name that the database doesn't have."""

from __future__ import annotations

import difflib
import re
import typing as t

_RELEASE = re.compile(r"(.*?[^0-9.])([0-9]+(?:\.[0-9]+)*)")
_MOST = 3

_Version = tuple[int, ...]


def release(name: str) -> tuple[str, _Version] | None:
    """The system and the numbers of its release: ``ubuntu`` and (22, 4) of ``ubuntu22.04``."""
    found = _RELEASE.fullmatch(name)
    if found is None:
        return None
    return found[1], tuple(int(number) for number in found[2].split("."))


def older_releases(identifier: str, known: t.Iterable[str]) -> list[str]:
    """The newest known releases of a system, if the requested release is newer than them all.

    Empty for an unknown system, and where the database knows a later release.
    """
    requested = release(identifier)
    if requested is None:
        return []
    releases = _releases(requested[0], known)
    if not releases or max(releases.values()) > requested[1]:
        return []
    return sorted(releases, key=lambda name: releases[name], reverse=True)[:_MOST]


def near(identifier: str, known: t.Iterable[str]) -> list[str]:
    """The names that are most like a name; releases of the same system come first."""
    names, requested = sorted(known), release(identifier)
    releases = {} if requested is None else _releases(requested[0], names)
    if requested is None or not releases:
        return difflib.get_close_matches(identifier, names, n=_MOST, cutoff=0.6)
    version = requested[1]
    return sorted(releases, key=lambda name: _distance(releases[name], version))[:_MOST]


def _releases(system: str, known: t.Iterable[str]) -> dict[str, _Version]:
    """The numbers of all releases of a system, by their names."""
    found = ((name, release(name)) for name in known)
    return {name: parts[1] for name, parts in found if parts is not None and parts[0] == system}


def _distance(first: _Version, second: _Version) -> tuple[tuple[int, ...], bool]:
    length = max(len(first), len(second))
    pairs = zip((*first, *(0,) * length), (*second, *(0,) * length))
    return tuple(abs(left - right) for left, right in pairs)[:length], first > second
