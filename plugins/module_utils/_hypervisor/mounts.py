# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mount points of this host."""

from __future__ import annotations

import re

#: Blanks and similar characters in a path; proc_pid_mountinfo(5).
_ESCAPE = re.compile(r"\\([0-7]{3})")
_MOUNTS = "/proc/self/mountinfo"
#: The field of the mount point.
_POINT = 4


def mounted_below(folder: str) -> list[str]:
    """The mount points below a folder, whose path has no links; empty where they are unknown."""
    return [point for point, _type in _mounts() if point.startswith(f"{folder.rstrip('/')}/")]


def file_system_of(path: str) -> str | None:
    """The type of the file system that a path is on, as ``nfs4``; ``None`` where it is unknown.

    ``path`` has no links.
    """
    found: tuple[str, str] | None = None
    for point, kind in _mounts():
        is_below = path == point or path.startswith(f"{point.rstrip('/')}/")
        # Of several mounts at one place, the last one is seen.
        if is_below and (found is None or len(point) >= len(found[0])):
            found = point, kind
    return None if found is None else found[1] or None


def _mounts() -> list[tuple[str, str]]:
    """The mount points and the types of their file systems; nothing where they are unknown."""
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            # Optional fields come before the type, and a hyphen ends them.
            lines = [line.partition(" - ") for line in file]
    except OSError:
        return []
    return [
        (_unescaped(first.split(" ")[_POINT]), rest.partition(" ")[0])
        for first, _hyphen, rest in lines
    ]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), text)
