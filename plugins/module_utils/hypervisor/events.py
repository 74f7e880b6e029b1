# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt's events, waited for without a thread."""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .connection import Connection
from .libvirt_import import libvirt

#: How often a wait looks up from the event loop, in seconds.
_TICK = 0.1
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
        _run_loop(min(_TICK, left))
    return True


def _run_loop(seconds: float) -> None:
    """One round of the event loop, which without a timer would last until an event comes."""
    with _LOOP:
        timer = libvirt.virEventAddTimeout(int(seconds * 1000) or 1, lambda *_: None, None)
        try:
            libvirt.virEventRunDefaultImpl()
        finally:
            libvirt.virEventRemoveTimeout(timer)
