# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was read of a whole hypervisor, for a while."""

from __future__ import annotations

import time
import typing as t

_T = t.TypeVar("_T")


class Cache:
    """Remembers what was read, each under a name, for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._read: dict[str, tuple[float, t.Any]] = {}

    def get(self, name: str, read: t.Callable[[], _T]) -> _T:
        """What is remembered under the name; what ``read`` gives where nothing is, or it is old."""
        known = self._read.get(name)
        if known is None or time.monotonic() - known[0] >= self._seconds:
            found = read()
            self._read[name] = (time.monotonic(), found)
            return found
        remembered: _T = known[1]
        return remembered
