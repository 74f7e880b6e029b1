# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of objects that are like one that there isn't, for messages."""

from __future__ import annotations

import difflib
import typing as t

from .errors import HypervisorError
from .objects import Objects


def near(name: str, objects: Objects[t.Any]) -> str:
    """The words ", but there is 'web1'" with the nearest name, or "" where none is near."""
    try:
        names = [each.name for each in objects.all()]
    except HypervisorError:
        # It is about the object that is missing.
        return ""
    return nearest(name, names)


def nearest(name: str, names: t.Iterable[str]) -> str:
    """As :func:`near`, of ``names``."""
    by_small = {each.lower(): each for each in names}
    found = difflib.get_close_matches(name.lower(), by_small, n=1, cutoff=0.7)
    return f", but there is '{by_small[found[0]]}'" if found else ""
