# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening a connection with a time limit.

libvirt itself waits without a limit for a peer that accepts a connection and never answers. So
a thread opens the connection; it ends with the process at the latest.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
import typing as t

from .errors import HypervisorError
from .libvirt_import import libvirt
from .uri import host_of, scheme_of, shown_uri

#: The number of unanswered keepalive messages before a connection counts as lost.
_UNANSWERED = 5


def opened(uri: str, open_it: t.Callable[[], t.Any], timeout: float) -> t.Any:
    """Call ``open_it`` with a time limit in seconds; 0 stands for none.

    :raises HypervisorError: the time is over.
    :raises libvirtError: the connection can't be opened.
    """
    if not timeout:
        return open_it()
    result: list[t.Any] = []
    errors: list[BaseException] = []
    is_late = threading.Event()

    def work() -> None:
        try:
            raw = open_it()
        except BaseException as error:
            errors.append(error)
            return
        if is_late.is_set():
            with contextlib.suppress(libvirt.libvirtError):
                raw.close()
        result.append(raw)

    thread = threading.Thread(target=work, daemon=True)
    begun = time.monotonic()
    thread.start()
    thread.join(timeout)
    if errors:
        raise errors[0]
    if result:
        _keep_alive(result[0], timeout)
        return result[0]
    is_late.set()
    for child in _children(thread):
        # A child, such as ssh, would go on waiting.
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGTERM)
    raise HypervisorError(_silent(uri, time.monotonic() - begun))


def _keep_alive(raw: t.Any, timeout: float) -> None:
    """Let calls fail when the peer is silent for that long.

    libvirt sends keepalive messages from its event loop, see :func:`.events.watched`. A daemon
    answers them even while it works on a call.
    """
    with contextlib.suppress(libvirt.libvirtError):
        # Drivers within this process have no peer.
        raw.setKeepAlive(max(1, math.ceil(timeout / (_UNANSWERED + 1))), _UNANSWERED)


def _silent(uri: str, seconds: float) -> str:
    """The message about a peer that accepts the connection and doesn't answer."""
    _driver, _plus, transport = scheme_of(uri).partition("+")
    host = host_of(uri)
    if transport in ("ssh", "libssh", "libssh2"):
        fact = f"ssh to {host} has not led to libvirt's answer"
        remedy = (
            "see that ssh to that host works without questions (known host key, key without "
            "passphrase) and that libvirtd answers there"
        )
    elif transport == "ext":
        fact = "the command of the uri has not led to libvirt's answer"
        remedy = "see what the command does when it is called by hand"
    elif host:
        fact = f"{host} has accepted the connection, or not even that, and libvirt has not answered"
        remedy = "see that libvirtd on that host answers, and that no firewall drops its packets"
    else:
        fact = "libvirt's socket is there, and the daemon has not answered"
        remedy = (
            "see whether libvirtd (or virtqemud) is stopped, hangs, or has as many clients as its "
            "max_clients allows; a restart of it doesn't stop guests"
        )
    return (
        f"connecting to {shown_uri(uri)}: {fact} within {seconds:.3g} s; {remedy}; or set timeout to "
        "more seconds"
    )


def _children(thread: threading.Thread) -> frozenset[int]:
    """The child processes that a thread of this process has started.

    Other threads may be opening connections of their own.
    """
    found: set[int] = set()
    # The thread may end meanwhile, and not every kernel has this file.
    with contextlib.suppress(OSError, ValueError):
        path = f"/proc/self/task/{thread.native_id}/children"
        with open(path, encoding="ascii") as file:
            found.update(map(int, file.read().split()))
    return frozenset(found)
