# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``wait``: what a task waits for when a domain is in its state."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor import power, waiting
from .._hypervisor.domains import Domain
from .failures import TaskError
from .options import check_timeout

RUNNING, IP, AGENT, SHUTOFF = "running", "ip", "agent", "shutoff"
INSTALLED = "installed"
#: How long is waited by default, in seconds; installers take longer than all others.
TIMEOUT, INSTALL_TIMEOUT = 300.0, 3600.0


def wait_spec(kinds: t.Sequence[str], default: str | None = None) -> dict[str, t.Any]:
    """The option, with what can be waited for."""
    what: dict[str, t.Any] = {"type": "str", "choices": list(kinds)}
    what.update({"required": True} if default is None else {"default": default})
    timeout: dict[str, t.Any] = {"type": "float"}
    if default is None:
        timeout["default"] = TIMEOUT
    sources = {
        "type": "list",
        "elements": "str",
        "choices": list(waiting.SOURCES),
        "default": list(waiting.SOURCES),
    }
    return {"type": "dict", "options": {"for": what, "timeout": timeout, "source": sources}}


@dataclasses.dataclass(frozen=True)
class Wait:
    """The value of the option; ``timeout`` is in seconds."""

    what: str
    timeout: float
    sources: tuple[str, ...]


def wait_of(option: t.Mapping[str, t.Any] | None) -> Wait | None:
    """The option as a value.

    :raises TaskError: it makes no sense.
    """
    if option is None:
        return None
    if not option["source"]:
        raise TaskError("wait.source is empty; name where addresses are looked for")
    timeout = option["timeout"]
    if timeout is None:
        timeout = INSTALL_TIMEOUT if option["for"] == INSTALLED else TIMEOUT
    timeout = check_timeout(timeout, "wait.timeout")
    return Wait(option["for"], timeout, tuple(option["source"]))


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
