# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that several modules have, as values."""

from __future__ import annotations

import typing as t

from .._hypervisor.connection import Connection, connected
from .._hypervisor.stopping import Shutdown
from .._manage.errors import TaskError

#: The longest time that the operating system can wait, in seconds: 31 years.
_LONGEST = 1e9


def affect_of(params: t.Mapping[str, t.Any]) -> frozenset[str]:
    """The option ``affect``.

    :raises TaskError: it is empty.
    """
    if not params["affect"]:
        raise TaskError("the option affect is empty; set it to config, live, or both")
    return frozenset(params["affect"])


def connected_by(params: t.Mapping[str, t.Any]) -> t.ContextManager[Connection]:
    """Open the connection of the options.

    :raises TaskError: the timeout is impossible.
    """
    auth = params["auth"] or {}
    timeout = check_timeout(params["timeout"], "timeout")
    return connected(params["uri"], auth.get("username"), auth.get("password"), timeout)


def check_timeout(seconds: float, name: str) -> float:
    """Check a timeout in seconds.

    :raises TaskError: it is negative or infinite; the message names the option.
    """
    if seconds < 0:
        raise TaskError(f"{name} is negative; set it to a number of seconds")
    if not seconds < _LONGEST:
        raise TaskError(f"{name} is more than {_LONGEST:g} seconds, or no number; set it to less")
    return seconds


def shutdown_of(params: t.Mapping[str, t.Any]) -> Shutdown:
    """The option ``shutdown``.

    :raises TaskError: its timeout is negative, or it leaves no way to stop a guest.
    """
    option = params["shutdown"]
    if not (option["method"] or option["force"]):
        raise TaskError(
            "shutdown.method is empty and shutdown.force is false, so no guest could be stopped; "
            "name a method, or set force"
        )
    timeout = check_timeout(option["timeout"], "shutdown.timeout")
    return Shutdown(tuple(option["method"]), timeout, option["force"])
