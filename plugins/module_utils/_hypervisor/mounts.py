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
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            points = [_unescaped(line.split(" ")[_POINT]) for line in file]
    except OSError:
        return []
    return [point for point in points if point.startswith(f"{folder.rstrip('/')}/")]


def file_system_of(path: str) -> str | None:
    """The type of the file system that a path is on, as ``nfs4``; ``None`` where it is unknown.

    ``path`` has no links.
    """
    found: tuple[int, str] | None = None
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                fields = line.split(" ")
                point = _unescaped(fields[_POINT])
                is_below = path == point or path.startswith(f"{point.rstrip('/')}/")
                # Of several mounts at one place, the last one is seen.
                if is_below and (found is None or len(point) >= found[0]):
                    found = len(point), fields[fields.index("-") + 1]
    except (OSError, ValueError):
        return None
    return None if found is None else found[1]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), text)
