# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One object of an estate other than a domain."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._hypervisor.connection import Connection
from ..._xmltree.element import Element
from ..many_done import Done
from ..memory import Memory
from ..outcome import Outcome

#: The kinds that domains need, in the order that they need each other.
ORDER = ("secret", "nwfilter", "network", "pool", "volume")


class Task(t.Protocol):
    """What an entry asks for."""

    def carry_out(self, connection: Connection, memory: Memory, check_mode: bool) -> Outcome:
        """Do it, or foresee what that would do.

        :raises ExpectedError: it can't be done.
        """
        raise NotImplementedError


@dataclasses.dataclass
class Entry(Done):
    """An object; its ``task`` is ``None`` where the entry has a mistake, which is its error.

    ``planned`` is its document as it will be, and ``existing`` that of an object which a purge
    removes, where they are known.
    """

    task: Task | None = None
    planned: Element | None = None
    existing: Element | None = None

    @property
    def rank(self) -> int:
        """The place of its kind among those that need each other."""
        return ORDER.index(self.noun)
