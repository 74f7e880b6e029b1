# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's event loop, run by the code that waits instead of by a thread of its own."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
import typing as t

from .libvirt_import import libvirt

if t.TYPE_CHECKING:
    from .connection import Connection

#: The longest run of the event loop within a wait, in seconds.
_TICK = 0.1
#: The time between two runs of the event loop beside a call, in seconds.
_WATCH = 0.5
#: The time to answer the messages that have arrived, in seconds.
_MOMENT = 0.01
#: Only one thread at a time may run the loop; it calls the functions of all threads.
_LOOP = threading.Lock()


@contextlib.contextmanager
def listening(
    connection: Connection, domain: t.Any, *callbacks: tuple[int, t.Callable[..., None]]
) -> t.Iterator[None]:
    """Call these functions for the events with these numbers, while :func:`wait` waits.

    Where the hypervisor's driver has no events, they aren't called.
    """
    numbers = []
    for event, callback in callbacks:
        with contextlib.suppress(libvirt.libvirtError):
            numbers.append(connection.raw.domainEventRegisterAny(domain, event, callback, None))
    try:
        yield
    finally:
        for number in numbers:
            # Fails only when the connection is lost.
            with contextlib.suppress(libvirt.libvirtError):
                connection.raw.domainEventDeregisterAny(number)


def wait(is_done: t.Callable[[], bool], timeout: float) -> bool:
    """Let events arrive until ``is_done``; return whether that was within ``timeout`` seconds."""
    end = time.monotonic() + timeout
    while not is_done():
        left = end - time.monotonic()
        if left <= 0:
            return False
        _run_loop(min(_TICK, left))
    return True


def idle(seconds: float) -> None:
    """Sleep, and answer libvirtd meanwhile: it ends a connection that is silent for 30 s.

    See ``keepalive_interval`` in libvirtd.conf.
    """
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if left <= 0:
            return
        _run_loop(left)


@contextlib.contextmanager
def watched() -> t.Iterator[None]:
    """Run the event loop beside calls, so that libvirt notices a silent peer during a call."""
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_WATCH):
            _run_loop(_MOMENT)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class KeepAlive:
    """Keeps a connection alive during long work without calls."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def answer(self) -> None:
        """Answer libvirtd, if that hasn't been done in the last second."""
        if time.monotonic() - self._last >= 1:
            idle(_MOMENT)
            self._last = time.monotonic()


def _run_loop(seconds: float) -> None:
    """Run the event loop once, until the first event or until the time is over."""
    if not _LOOP.acquire(blocking=False):
        time.sleep(seconds)
        return
    try:
        # Without a timer the loop would wait for an event without a limit.
        timer = _timer()
        libvirt.virEventUpdateTimeout(timer, int(seconds * 1000) or 1)
        try:
            libvirt.virEventRunDefaultImpl()
        finally:
            libvirt.virEventUpdateTimeout(timer, -1)
    finally:
        _LOOP.release()


@functools.cache
def _timer() -> int:
    """The timer of the loop. It is kept: removing it is an event that would end the next run."""
    return int(libvirt.virEventAddTimeout(-1, lambda *_: None, None))
