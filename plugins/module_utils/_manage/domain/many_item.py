# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry of a list of domains."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ..errors import TaskError
from .request import Request


@dataclasses.dataclass
class Item:
    """One entry of the list.

    ``name`` is its name in messages; ``is_named``: the entry itself has that name. It has a
    ``request``, or an ``error``, which is one line for a person.
    """

    name: str
    request: Request | None = None
    error: str | None = None
    is_named: bool = True


def check_names_differ(names: t.Iterable[str]) -> None:
    """Check that no name is there twice.

    :raises TaskError: a name is.
    """
    twice = [name for name, count in collections.Counter(names).items() if count > 1]
    if twice:
        raise TaskError(
            f"{', '.join(map(repr, twice))} is in the list more than once; nothing was done; leave "
            "one entry for each domain"
        )
