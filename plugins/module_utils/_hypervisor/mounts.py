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


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), text)
