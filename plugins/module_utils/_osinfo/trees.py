# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operating system an installation tree has.

A tree describes itself in its file ``.treeinfo``. The database has patterns for that.
"""

from __future__ import annotations

import re
import typing as t

from .database import Database
from .operating_system import OperatingSystem

_KEYS = ("family", "variant", "version", "arch")


def detect_tree(database: Database, general: t.Mapping[str, str]) -> OperatingSystem | None:
    """The operating system of a tree; ``None`` if the database doesn't know it.

    ``general`` is the section of that name in ``.treeinfo``.
    """
    for system in database.all():
        for tree in system.trees():
            patterns = {key: tree.findtext(f"treeinfo/{key}") for key in _KEYS}
            if any(patterns.values()) and all(
                pattern is None or re.search(pattern, general.get(key, ""))
                for key, pattern in patterns.items()
            ):
                return system
    return None
