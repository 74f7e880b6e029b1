# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that found nothing to do before, of an object that is still the same."""

from __future__ import annotations

import hashlib
import typing as t

from .._hypervisor.connection import Connection
from .._hypervisor.objects import Object
from .memory import UNCHANGED, Memory
from .outcome import Outcome


class Unchanged:
    """Remembers requests that had nothing to do.

    ``host`` gives what a plan may depend on beside the request and the object, as one text.
    """

    def __init__(
        self, memory: Memory, connection: Connection, host: t.Callable[[], str] = str
    ) -> None:
        self._memory = memory
        self._connection = connection
        self._host = host
        self._common: tuple[str, ...] | None = None

    def outcome(self, found: Object | None, request: t.Callable[[], str]) -> Outcome | None:
        """That nothing has to be done, where it is known; ``None`` where a plan is needed.

        ``request`` gives all that a task asks of the object, as one text.
        """
        if found is None or not self._memory.is_on:
            return None
        if not self._memory.knows(UNCHANGED, *self._parts(found, request())):
            return None
        return Outcome(found.facts())

    def note(self, found: Object | None, request: t.Callable[[], str], outcome: Outcome) -> None:
        """Remember a request, if it had nothing to do and there is nothing to tell of it."""
        if found is None or not self._memory.is_on or outcome.facts.uuid != found.uuid:
            return
        if outcome.changed or outcome.notes or outcome.pending or outcome.unkept or outcome.kept:
            return
        if not self._is_lasting(found):
            return
        self._memory.note(UNCHANGED, *self._parts(found, request()))

    def _is_lasting(self, found: Object) -> bool:
        """Whether it will still have nothing to do as long as what was read stays the same."""
        return True

    def _parts(self, found: Object, request: str) -> t.Iterator[str]:
        if self._common is None:
            # The description of the host is long, and the same for each object.
            host = hashlib.blake2b(self._host().encode()).hexdigest()
            self._common = (self._connection.uri, str(self._connection.version()), host)
        yield from self._common
        yield request
        # Of the functions of libvirt for a kind, which are many, its noun stands for all.
        api, *facts = found.facts()
        yield repr((api.noun, facts))
        yield found.definition()
        yield found.live() or ""
