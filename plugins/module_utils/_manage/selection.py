# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selecting objects by a list of names, UUIDs and globs."""

from __future__ import annotations

import fnmatch
import re
import typing as t

from .._hypervisor.objects import as_uuid

_GLOB = frozenset("*?[")


class Selection:
    """The option ``name`` of modules that look at several domains; ``None`` is all of them.

    An entry that fits nothing selects nothing. An entry that looks like a glob also selects the
    domain with exactly that name.
    """

    def __init__(self, names: t.Sequence[str] | None) -> None:
        self._is_all = names is None
        self._names = frozenset(names or ())
        self._uuids = frozenset(filter(None, map(as_uuid, self._names)))
        globs = [fnmatch.translate(name) for name in sorted(self._names) if _GLOB & set(name)]
        self._globs = re.compile("|".join(globs)) if globs else None

    def means(self, name: str, identifier: str) -> bool:
        """Whether it selects the domain with this name and UUID."""
        return (
            self._is_all
            or name in self._names
            or identifier in self._uuids
            or (self._globs is not None and self._globs.match(name) is not None)
        )
