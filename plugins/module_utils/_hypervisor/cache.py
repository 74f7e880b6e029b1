# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remembering for a while what was read of a whole hypervisor."""

from __future__ import annotations

import time
import typing as t

_T = t.TypeVar("_T")


class Cache:
    """Remembers values by name for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._read: dict[str, tuple[float, t.Any]] = {}

    def clear(self) -> None:
        """Forget everything, because something has changed."""
        self._read.clear()

    def get(self, name: str, read: t.Callable[[], _T]) -> _T:
        """The value with this name; it is read with ``read`` if it is missing or old."""
        known = self._read.get(name)
        if known is None or time.monotonic() - known[0] >= self._seconds:
            found = read()
            self._read[name] = (time.monotonic(), found)
            return found
        remembered: _T = known[1]
        return remembered
