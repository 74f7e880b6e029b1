# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting after a domain has reached its state."""

from __future__ import annotations

import typing as t

from ..._choices import RUNNING
from ..._hypervisor import power, waiting
from ..._hypervisor.domains import Domain
from ..errors import TaskError

IP, AGENT, SHUTOFF = "ip", "agent", "shutoff"
INSTALLED = "installed"
#: The default time limits, in seconds; an installer takes longest.
TIMEOUT, INSTALL_TIMEOUT = 300.0, 3600.0


class Wait(t.NamedTuple):
    """The thing to wait for; ``timeout`` is in seconds."""

    what: str
    timeout: float
    sources: tuple[str, ...]


def wait_for(domain: Domain, wait: Wait) -> tuple[waiting.Address, ...]:
    """Wait for a state, an address or the agent; return the addresses that were waited for.

    :raises TaskError, HypervisorError: the time is over before.
    """
    if wait.what == IP:
        return waiting.wait_for_addresses(domain, wait.sources, wait.timeout)
    if wait.what == AGENT:
        waiting.wait_for_agent(domain, wait.timeout)
    elif wait.what == RUNNING:
        waiting.wait_for_state(domain, "running", wait.timeout)
    elif wait.what == SHUTOFF and not power.ends(domain, wait.timeout):
        raise TaskError(
            f"the guest still runs after {wait.timeout:g} s; give it more time with "
            "wait.timeout, or stop it with state: stopped"
        )
    return ()
