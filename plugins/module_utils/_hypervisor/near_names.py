# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words about an object that isn't there, with the nearest name of one that is."""

from __future__ import annotations

import difflib
import typing as t

from .errors import HypervisorError
from .objects import Objects


def no_such_domain(name: str, domains: Objects[t.Any]) -> str:
    """The error of a task about a domain that has to be there."""
    return f"there is no such domain{near(name, domains)}; define it with domain or domain_xml"


def no_domain(name: str, domains: Objects[t.Any]) -> str:
    """The same of a task with the domain in its option ``domain``."""
    return f"domain: there is no domain '{name}'{near(name, domains)}; define it first"


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
