# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_state: its options, and what it does."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ..hypervisor import power, waiting
from ..hypervisor.connection import Connection, connected
from ..hypervisor.domains import Domain, DomainFacts, find
from ..hypervisor.errors import HypervisorError
from ..hypervisor.stopping import Shutdown
from .domain_power import RESTARTED, STATES, change_state, state_after
from .domain_present import pending, read
from .failures import TaskError, failures_reported
from .libraries import require_libraries
from .options import check_timeout, shutdown_of
from .outcome import CONFIG, Action, Outcome
from .spec import CONNECTION, SHUTDOWN, Spec

SPEC = (
    CONNECTION
    + SHUTDOWN
    + Spec(
        {
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": list(STATES)},
            "autostart": {"type": "bool"},
            "wait": {
                "type": "dict",
                "options": {
                    "for": {
                        "type": "str",
                        "choices": ["running", "ip", "agent", "shutoff"],
                        "required": True,
                    },
                    "timeout": {"type": "float", "default": 300},
                    "source": {
                        "type": "list",
                        "elements": "str",
                        "choices": list(waiting.SOURCES),
                        "default": list(waiting.SOURCES),
                    },
                },
            },
        },
        required_one_of=(("state", "autostart", "wait"),),
    )
)


@dataclasses.dataclass(frozen=True)
class Wait:
    """The option ``wait``; ``timeout`` is in seconds."""

    what: str
    timeout: float
    sources: tuple[str, ...]


def run(module: AnsibleModule) -> None:
    """Do what the module's options ask for, and exit with the result."""
    require_libraries(module)
    params = module.params
    auth = params["auth"] or {}
    with failures_reported(module, f"domain '{params['name']}'"):
        shutdown, wait = shutdown_of(params), _wait_of(params["wait"])
        with connected(params["uri"], auth.get("username"), auth.get("password")) as connection:
            work = StateWork(connection, params["name"], module.check_mode)
            work.set_autostart(params["autostart"])
            work.set_state(params["state"], shutdown)
            addresses = work.wait(wait)
            outcome = work.outcome()
    result = outcome.as_result(module._diff)
    if wait is not None and wait.what == "ip":
        result["addresses"] = [dataclasses.asdict(one) for one in addresses]
    module.exit_json(**result)


def _wait_of(option: dict[str, t.Any] | None) -> Wait | None:
    if option is None:
        return None
    if not option["source"]:
        raise TaskError("wait.source is empty; name where addresses are looked for")
    timeout = check_timeout(option["timeout"], "wait.timeout")
    return Wait(option["for"], timeout, tuple(option["source"]))


class StateWork:
    """One task's work on one domain."""

    def __init__(self, connection: Connection, name: str, check_mode: bool) -> None:
        domain = find(connection, name)
        if domain is None:
            raise TaskError("there is no such domain; define it with domain or domain_xml")
        self._domain = domain
        self._check_mode = check_mode
        self._before = domain.facts()
        self._actions: list[Action] = []
        self._has_waited = False

    @property
    def _changed(self) -> Domain | None:
        """The domain, where it may be changed."""
        return None if self._check_mode else self._domain

    def set_autostart(self, wanted: bool | None) -> None:
        """Let it start with the hypervisor, or not."""
        facts = self._before
        if wanted is None or wanted == facts.autostart:
            return
        if wanted and not facts.persistent:
            raise TaskError("a transient domain can't start by itself; define it first")
        if self._changed is not None:
            power.set_autostart(self._changed, wanted)
        self._actions.append(Action.switched("autostart", wanted, CONFIG))

    def set_state(self, wanted: str | None, shutdown: Shutdown) -> None:
        """Bring it into the state."""
        if wanted is None:
            return
        with self._what_was_done():
            action = change_state(self._changed, self._before, wanted, shutdown)
        if action is not None:
            self._actions.append(action)

    def wait(self, wait: Wait | None) -> tuple[waiting.Address, ...]:
        """Wait for what is asked for; check mode doesn't."""
        if wait is None or self._check_mode:
            return ()
        self._has_waited = True
        with self._what_was_done():
            if wait.what == "ip":
                return waiting.wait_for_addresses(self._domain, wait.sources, wait.timeout)
            if wait.what == "agent":
                waiting.wait_for_agent(self._domain, wait.timeout)
            elif wait.what == "running":
                waiting.wait_for_state(self._domain, "running", wait.timeout)
            elif not power.ends(self._domain, wait.timeout):
                raise TaskError(
                    f"the guest still runs after {wait.timeout:g} s; give it more time with "
                    "wait.timeout, or stop it with state: stopped"
                )
        return ()

    def outcome(self) -> Outcome:
        """What was done, or would be."""
        if self._check_mode:
            return self._foreseen()
        if not self._actions and not self._has_waited:
            return self._as_it_is(self._before)
        facts = self._domain.facts_or_absent()
        if facts.state == "absent":
            return Outcome(facts, actions=tuple(self._actions))
        return self._as_it_is(facts)

    def _as_it_is(self, facts: DomainFacts) -> Outcome:
        actions = tuple(self._actions)
        if not facts.active:
            # Only what runs can differ from its definition.
            return Outcome(facts, actions=actions)
        return Outcome(facts, pending=pending(read(self._domain, facts)), actions=actions)

    def _foreseen(self) -> Outcome:
        outcome = self._as_it_is(self._before)
        for action in self._actions:
            facts = outcome.facts
            if action.path == "autostart":
                facts = dataclasses.replace(facts, autostart=action.after == "yes")
                outcome = dataclasses.replace(outcome, facts=facts)
                continue
            state = state_after(facts, action)
            is_same_guest = state in ("running", "paused") and action.after != RESTARTED
            if not is_same_guest:
                # A guest that starts has what its definition says.
                outcome = dataclasses.replace(outcome, pending=())
                facts = dataclasses.replace(facts, id=None)
            outcome = dataclasses.replace(outcome, facts=dataclasses.replace(facts, state=state))
        return outcome

    def _what_was_done(self) -> _WhatWasDone:
        return _WhatWasDone(self._actions)


class _WhatWasDone:
    """Says of an error within the block that something had been changed before."""

    def __init__(self, actions: t.Sequence[Action]) -> None:
        self._actions = actions

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: t.Any, error: t.Any, _trace: t.Any) -> None:
        if self._actions and isinstance(error, (HypervisorError, TaskError)):
            raise TaskError(
                f"{', '.join(f'{one.path}: {one.after}' for one in self._actions)} is done, but "
                f"{error}",
                changed=True,
            ) from error
