# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's event loop, run by whoever waits instead of by a thread of its own."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
import typing as t

from .libvirt_import import libvirt

if t.TYPE_CHECKING:
    from .connection import Connection

#: How often a wait looks up from the event loop, in seconds.
_TICK = 0.1
#: How often that is looked after, in seconds.
_WATCH = 0.5
#: How long it takes to answer what has come, in seconds.
_MOMENT = 0.01
#: One thread at a time may run the loop; it calls the functions of all of them.
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
    """Let events arrive until ``is_done``; whether that was within ``timeout`` seconds."""
    end = time.monotonic() + timeout
    while not is_done():
        left = end - time.monotonic()
        if left <= 0:
            return False
        _one_round(min(_TICK, left))
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
        _one_round(left)


@contextlib.contextmanager
def watched() -> t.Iterator[None]:
    """Let libvirt find out that its peer is silent, also while a call waits for an answer.

    It asks from the event loop, which nobody runs meanwhile.
    """
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_WATCH):
            _one_round(_MOMENT)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class SignOfLife:
    """Given to libvirtd by work that makes no calls for long."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def give(self) -> None:
        """Answer libvirtd, if that hasn't been done in the last second."""
        if time.monotonic() - self._last >= 1:
            idle(_MOMENT)
            self._last = time.monotonic()


def _one_round(seconds: float) -> None:
    """Of the event loop: it ends with the first event, or when the time is over."""
    if not _LOOP.acquire(blocking=False):
        time.sleep(seconds)
        return
    try:
        # Without a timer it would last until an event comes.
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
    """Kept, for removing a timer is an event itself, which would end the next round at once."""
    return int(libvirt.virEventAddTimeout(-1, lambda *_: None, None))
