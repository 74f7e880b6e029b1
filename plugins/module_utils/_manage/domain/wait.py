# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for when a domain is in its state."""

from __future__ import annotations

import typing as t

from ..._choices import RUNNING
from ..._hypervisor import power, waiting
from ..._hypervisor.domains import Domain
from ..errors import TaskError

IP, AGENT, SHUTOFF = "ip", "agent", "shutoff"
INSTALLED = "installed"
#: How long is waited by default, in seconds; installers take longer than all others.
TIMEOUT, INSTALL_TIMEOUT = 300.0, 3600.0


class Wait(t.NamedTuple):
    """What is waited for; ``timeout`` is in seconds."""

    what: str
    timeout: float
    sources: tuple[str, ...]


def wait_for(domain: Domain, wait: Wait) -> tuple[waiting.Address, ...]:
    """Wait for a state, an address or the agent; gives the addresses that were waited for.

    :raises TaskError, HypervisorError: it isn't so when the time is over.
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
