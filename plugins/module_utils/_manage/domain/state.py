# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing a domain into a state."""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT, PAUSED, RUNNING, SAVED
from ..._hypervisor import power
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.objects import Facts
from ..._hypervisor.stopping import Shutdown
from ..errors import TaskError
from ..outcome import CONFIG, Action, Outcome
from .power import RESTARTED, change_state, facts_after, is_same_guest

if t.TYPE_CHECKING:
    from ..._hypervisor.waiting import Address
    from .wait import Wait


class StateWork:
    """The work of one task on one domain."""

    def __init__(self, domains: Domains, name: str, check_mode: bool) -> None:
        self._connection = domains.connection
        domain = domains.existing(name)
        self._domain = domain
        self._check_mode = check_mode
        self._before = domain.facts()
        self._actions: list[Action] = []
        self._has_waited = False

    @property
    def _changed(self) -> Domain | None:
        """The domain; ``None`` in check mode."""
        return None if self._check_mode else self._domain

    def check_reachable(self, state: str | None, shutdown: Shutdown) -> None:
        """Check that there is a way to the state.

        :raises TaskError: there is none; nothing was done.
        """
        if state is not None:
            change_state(None, self._before, state, shutdown)
        if state == SAVED and self._before.active:
            # Ansible compiles a module's code anew in each task, and few guests are saved.
            from .saving import check_saveable

            check_saveable(self._domain)

    def set_autostart(self, is_on: bool | None) -> None:
        """Switch on or off that it starts with the hypervisor."""
        facts = self._before
        if is_on is None or is_on == facts.autostart:
            return
        if is_on and not facts.persistent:
            raise TaskError("a transient domain can't start by itself; define it first")
        if self._changed is not None:
            power.set_autostart(self._changed, is_on)
        self._actions.append(Action.switched("autostart", is_on, CONFIG))

    def set_state(self, state: str | None, shutdown: Shutdown) -> None:
        """Bring it into the state."""
        if state is None:
            return
        is_starting = state in (RUNNING, PAUSED) and not self._before.active
        # One that could not start again goes on running.
        if (is_starting or state == RESTARTED) and self._before.persistent:
            # Ansible compiles a module's code anew in each task, and most guests are left as they are.
            from ..._hypervisor.networks import Networks
            from .start import Start

            with self._what_was_done():
                Start(self._connection, Networks(self._connection), self._domain.document(), None)
        with self._what_was_done():
            action = change_state(self._changed, self._before, state, shutdown)
        if action is not None:
            self._actions.append(action)

    def wait(self, wait: Wait | None) -> tuple[Address, ...]:
        """Wait as requested; check mode doesn't wait."""
        if wait is None or self._check_mode:
            return ()
        self._has_waited = True
        from .wait import wait_for

        with self._what_was_done():
            return wait_for(self._domain, wait)

    def outcome(self) -> Outcome:
        """The outcome of the task."""
        if self._check_mode:
            return self._foreseen()
        if not self._actions and not self._has_waited:
            return self._as_it_is(self._before)
        facts = self._domain.facts_now()
        if facts.state == ABSENT:
            return Outcome(facts, actions=tuple(self._actions))
        return self._as_it_is(facts)

    def _as_it_is(self, facts: Facts) -> Outcome:
        actions = tuple(self._actions)
        if not facts.active:
            # Only a running guest can differ from its definition.
            return Outcome(facts, actions=actions)
        # The task may have changed the documents that were read before.
        domain = self._domain.fresh() if self._actions or self._has_waited else self._domain
        # Ansible compiles a module's code anew in each task, and most guests that
        # are looked at don't run.
        from ..reading import observe
        from .running import with_pending

        return with_pending(Outcome(facts, actions=actions), observe(domain, facts))

    def _foreseen(self) -> Outcome:
        outcome = self._as_it_is(self._before)
        for action in self._actions:
            facts = outcome.facts
            if action.path == "autostart":
                facts = facts._replace(autostart=action.after == "yes")
                outcome = outcome._replace(facts=facts)
                continue
            if not is_same_guest(facts, action):
                # A guest that starts is equal to its definition.
                outcome = outcome._replace(pending=())
            outcome = outcome._replace(facts=facts_after(facts, action))
        return outcome

    def _what_was_done(self) -> _WhatWasDone:
        return _WhatWasDone(self._actions)


class _WhatWasDone:
    """Mark errors within the block: something had been changed before."""

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
