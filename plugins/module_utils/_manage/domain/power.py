# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps from the present state of a domain to the requested one."""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT, PAUSED, RUNNING, SAVED, STOPPED
from ..._hypervisor import power
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.objects import Facts
from ..._hypervisor.stopping import Shutdown, stop
from ..errors import TaskError
from ..outcome import LIVE, Action

RESTARTED, RESET = "restarted", "reset"
STATES = (RUNNING, STOPPED, PAUSED, SAVED, RESTARTED, RESET)

#: The kinds of libvirt's states; the other states are kinds of their own.
_KINDS = {
    "nostate": "running",
    "blocked": "running",
    "shutdown": "going",
    "shutoff": "off",
}
#: The steps from each kind of state. From a kind that isn't listed no step is needed.
_STEPS: dict[str, dict[str, tuple[str, ...]]] = {
    RUNNING: {
        "off": ("start",),
        "paused": ("resume",),
        "pmsuspended": ("wake",),
        "going": ("stop", "start"),
        "crashed": ("clear", "start"),
    },
    STOPPED: {
        "running": ("stop",),
        "paused": ("stop",),
        "pmsuspended": ("stop",),
        "going": ("stop",),
        "crashed": ("stop",),
    },
    PAUSED: {
        "off": ("start paused",),
        "running": ("pause",),
        "pmsuspended": ("wake", "pause"),
        "going": ("pause",),
        "crashed": ("clear", "start paused"),
    },
    SAVED: {
        "running": ("save",),
        "paused": ("save",),
        "pmsuspended": ("wake", "save"),
        "going": ("save",),
        "crashed": ("refuse",),
    },
    RESTARTED: {
        "off": ("start",),
        "running": ("stop", "start"),
        "paused": ("stop", "start"),
        "pmsuspended": ("stop", "start"),
        "going": ("stop", "start"),
        "crashed": ("stop", "start"),
    },
    RESET: {
        "off": ("refuse",),
        "running": ("reset",),
        "paused": ("reset",),
        "pmsuspended": ("reset",),
        "going": ("reset",),
        "crashed": ("reset",),
    },
}
#: The words for a first step, used when the next one fails.
_DONE = {"stop": "stopped", "wake": "woken up", "clear": "cleared away"}
#: libvirt's state after an action.
_AFTER = {STOPPED: "shutoff", SAVED: "shutoff", PAUSED: "paused"}


def change_state(
    domain: Domain | None, facts: Facts, state: str, shutdown: Shutdown
) -> Action | None:
    """Bring the domain into a state of :data:`STATES`; return ``None`` if it is in it already.

    Without ``domain`` nothing is changed. A guest is never switched off unless ``shutdown``
    allows it.

    :raises TaskError: there is no way to the state.
    :raises HypervisorError: libvirt refuses a step.
    """
    kind, steps = _way(facts, state)
    if not steps:
        return None
    _check_possible(facts, kind, state, steps, shutdown)
    if domain is not None:
        document = None
        if "stop" in steps and "start" in steps:
            # Ansible compiles a module's code anew in each task, and few restart a guest.
            from .install import next_start

            document = next_start(domain)
        for number, step in enumerate(steps):
            try:
                _take(domain, step, shutdown, document)
            except HypervisorError as error:
                if not number and _is_reached(domain, state):
                    # Another client was faster.
                    break
                if not number:
                    raise
                raise TaskError(f"it was {_DONE[steps[0]]}, but {error}", changed=True) from error
    after = "shutoff" if state == STOPPED else state
    return Action("state", facts.state, after, LIVE)


def _way(facts: Facts, state: str) -> tuple[str, tuple[str, ...]]:
    """The kind of state that it is in, and the steps from there."""
    kind = _KINDS.get(facts.state, facts.state)
    return kind, _STEPS[state].get(kind, ())


def _is_reached(domain: Domain, state: str) -> bool:
    facts = domain.facts_now()
    return not _way(facts, state)[1] and (facts.state != ABSENT or state == STOPPED)


def state_after(facts: Facts, action: Action) -> str:
    """The domain's state after this action: one of libvirt's states, or ``absent``."""
    after = _AFTER.get(action.after or "", action.after or "")
    if after == "shutoff" and not facts.persistent:
        return ABSENT
    return "running" if after in (RESTARTED, RESET) else after


def facts_after(facts: Facts, action: Action) -> Facts:
    """The facts of the domain after this action."""
    state = state_after(facts, action)
    number = facts.id if is_same_guest(facts, action) else None
    return facts._replace(state=state, id=number)


def is_same_guest(facts: Facts, action: Action) -> bool:
    """Whether the guest is the same before and after this action, if there is one."""
    return state_after(facts, action) in ("running", "paused") and action.after != RESTARTED


def _check_possible(
    facts: Facts, kind: str, state: str, steps: t.Collection[str], shutdown: Shutdown
) -> None:
    if "refuse" in steps:
        raise TaskError(
            f"state: it can't be {state}, because it is {facts.state}; let it run first, with "
            "state: running"
        )
    if not facts.persistent and state in (SAVED, RESTARTED):
        raise TaskError(
            f"state: it can't be {state}, because it is transient: nothing is left of it once it has "
            "stopped; define it first"
        )
    if not facts.persistent and kind in ("going", "crashed") and "start" in " ".join(steps):
        raise TaskError(
            f"state: it is {facts.state} and transient, so that it can't be started again; define it"
        )
    if "clear" in steps and not shutdown.force:
        raise TaskError(
            "it has crashed, and what is left of it is kept; set shutdown.force to throw that away"
        )


def _take(domain: Domain, step: str, shutdown: Shutdown, document: str | None) -> None:
    if step == "stop":
        stop(domain, shutdown)
    elif step == "clear":
        power.switch_off(domain)
    elif step == "start" and document is not None:
        power.start_once(domain, document)
    elif step == "start paused":
        power.start(domain, paused=True)
    else:
        _SIMPLE[step](domain)


_SIMPLE: dict[str, t.Callable[[Domain], None]] = {
    "start": power.start,
    "resume": power.resume,
    "wake": power.wake,
    "pause": power.pause,
    "save": power.save,
    "reset": power.reset,
}
