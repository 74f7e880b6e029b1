# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading several hypervisors at the same time, whatever becomes of some of them."""

from __future__ import annotations

import functools
import threading
import time
import traceback
import typing as t

from ..._errors import ExpectedError
from ..._hypervisor.connection import connected, effective_uri
from ..._hypervisor.uri import host_of, shown_uri
from ..errors import on_one_line
from .guests import guests
from .wish import Source, Wish

#: The time for what isn't a call of libvirt's, in seconds.
_SLACK = 2.0
#: The time between two looks at whether one is silent for too long, in seconds.
_LOOK = 0.5


def read_all(sources: t.Sequence[Source], wish: Wish) -> list[dict[str, t.Any]]:
    """What there is on each of the hypervisors, in their order, as JSON can have it.

    ``error`` is ``None``, or why a hypervisor could not be read. A hypervisor that gives no sign
    of life is given up; its thread ends with the process.
    """
    has_ended = threading.Event()
    readers = [_Reader(source, wish, has_ended) for source in sources]
    for reader in readers:
        reader.start()
    while any(reader.is_busy() for reader in readers):
        has_ended.wait(_LOOK)
        has_ended.clear()
    return [reader.answer() for reader in readers]


class _Reader(threading.Thread):
    def __init__(self, source: Source, wish: Wish, has_ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._source = source
        self._wish = wish
        self._uri = effective_uri(source.uri)
        self._has_ended = has_ended
        self._answer: dict[str, t.Any] | None = None
        self._last = time.monotonic()
        # Each phase ends by itself in one of these, as long as libvirt keeps its promises.
        self._limit = max(wish.timeout, wish.agent_timeout) + _SLACK

    def run(self) -> None:
        try:
            self._answer = self._read()
        except ExpectedError as error:
            self._answer = self._failed(on_one_line(str(error)))
        except Exception as error:
            # A fault of ours. Others' guests are not to be lost for it.
            self._answer = self._failed(on_one_line(f"{type(error).__name__}: {error}"))
            self._answer["traceback"] = traceback.format_exc()
        finally:
            self._has_ended.set()

    def is_busy(self) -> bool:
        """Whether there may be an answer yet."""
        if self._answer is not None or not self.is_alive():
            return False
        return not self._wish.timeout or time.monotonic() - self._last < self._limit

    def answer(self) -> dict[str, t.Any]:
        """The answer, also of a hypervisor that gave none."""
        return self._answer or self._failed(
            f"{shown_uri(self._uri)} has answered nothing for {self._limit:g} s; see whether its "
            "daemon hangs, or set timeout to more seconds"
        )

    def _read(self) -> dict[str, t.Any]:
        source, wish = self._source, self._wish
        opened = functools.partial(
            connected, source.uri, source.username, source.password, wish.timeout
        )
        with opened() as connection:
            self._mark()
            found = guests(connection, wish, opened, self._mark)
            uri = shown_uri(connection.uri)
        return {
            "uri": uri,
            "host": host_of(uri),
            "guests": [guest._asdict() for guest in found],
            "error": None,
        }

    def _failed(self, why: str) -> dict[str, t.Any]:
        uri = shown_uri(self._uri)
        return {"uri": uri, "host": host_of(uri), "guests": [], "error": why}

    def _mark(self) -> None:
        self._last = time.monotonic()
