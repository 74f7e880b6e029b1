# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operating system an installation tree has.

A tree describes itself in its file ``.treeinfo``. The database has patterns for that.
"""

from __future__ import annotations

import re
import typing as t

from .._xmltree.lxml_import import etree
from .database import Database
from .operating_system import OperatingSystem

_KEYS = ("family", "variant", "version", "arch")


def detect_tree(database: Database, general: t.Mapping[str, str]) -> OperatingSystem | None:
    """The operating system of a tree; ``None`` if the database doesn't know it.

    ``general`` is the section of that name in ``.treeinfo``.
    """
    found = tree_entry(database, general)
    return None if found is None else found[0]


def tree_entry(
    database: Database, general: t.Mapping[str, str]
) -> tuple[OperatingSystem, etree._Element] | None:
    """The operating system of a tree, and the database's entry for such trees."""
    for system in database.all():
        for tree in system.trees():
            patterns = {key: tree.findtext(f"treeinfo/{key}") for key in _KEYS}
            if any(patterns.values()) and all(
                pattern is None or re.search(pattern, general.get(key, ""))
                for key, pattern in patterns.items()
            ):
                return system, tree
    return None


#: The kinds of an installation by the words for it, and that of one that has all.
_PROFILES = {"jeos": "Server", "desktop": "Workstation"}
_ALL = "Everything"


def tree_url(system: OperatingSystem, arch: str, profile: str | None = None) -> str | None:
    """The URL of a system's tree for an architecture; ``None`` if the database knows none.

    Of several trees it is that of the ``profile``: ``jeos``, ``desktop``, or a word in the name of
    a variant of the system. By default it is that with everything.
    """
    trees = [tree for tree in system.trees() if tree.get("arch") == arch and tree.findtext("url")]
    word = _PROFILES.get(profile or "", profile or _ALL)
    for tree in trees:
        variants = (variant.get("id") or "" for variant in tree.iterfind("variant"))
        if any(word in (system.variant_name(variant) or "") for variant in variants):
            return tree.findtext("url")
    return trees[-1].findtext("url") if trees else None
