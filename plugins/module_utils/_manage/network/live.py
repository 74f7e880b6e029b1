# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing a network that is on like its definition, as far as libvirt has calls for that."""

from __future__ import annotations

import re
import typing as t

from ..._choices import ALWAYS, EXACT, IF_REQUIRED
from ..._hypervisor.active_object import ActiveObject
from ..._hypervisor.errors import HypervisorError
from ..._reconcile.edit import Edit
from ..._reconcile.network.updates import UpdatePlan, planned_updates
from ..._reconcile.plan import Change, Plan
from ..._reconcile.reconcile import reconcile
from ..._rules.network import KIND
from ..._rules.network.live import as_defined
from ..._rules.network.updates import Update
from ..._rules.spelling import any_spelling
from ..._xmltree.element import apart
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, RESTART, Action, Outcome
from .pending import pending, reasons_of
from .restart import restarted

if t.TYPE_CHECKING:
    from .running import NetworkRunning, ObservedNetwork

#: An IPv6 address by which the path of a change names an element.
_ADDRESS = re.compile("'([0-9A-Fa-f]*:[0-9A-Fa-f:.]*)'")


class NetworkWork:
    """The work of one task on a network that is on.

    ``plan`` has what changes, or has changed, of its definition, and the definition as it then is.
    """

    def __init__(
        self,
        running: NetworkRunning,
        edit: Edit,
        plan: Plan,
        observed: ObservedNetwork,
        check_mode: bool,
    ) -> None:
        self._running = running
        self._edit = edit
        self._plan = plan
        self._network: ActiveObject = observed.object
        self._is_persistent = observed.facts.persistent
        self._check_mode = check_mode
        live = observed.live
        self._live = plan.document if live is None else live
        self._refused: dict[str, str] = {}

    def done(self, outcome: Outcome) -> Outcome:
        """The outcome after the network was changed, and started anew if need be.

        :raises TaskError: it could not be; the message says what was done.
        """
        unkept = {change.path for change in outcome.unkept}
        before = self._asked(unkept)
        updates = self._updates()
        if self._check_mode:
            self._live = updates.live
        elif updates:
            self._apply(updates, outcome)
        left = self._asked(unkept)
        left_paths = {change.path for change in left}
        made = tuple(change for change in before if change.path not in left_paths)
        waiting = self._pending()
        outcome = outcome._replace(
            changes=tuple(
                change.as_result(self._when(change, before, waiting))
                for change in self._plan.changes
            ),
            live_changes=self._only_live(made),
            pending=waiting,
            reasons=reasons_of(waiting, self._refused),
            notes=(*outcome.notes, *self._not_made(left)),
        )
        if not self._has_to_restart(before, left):
            return outcome
        return self._restarted(outcome)

    def _asked(self, unkept: t.Collection[str]) -> tuple[Change, ...]:
        """What differs between what is on and what the task asks of it.

        Without what libvirt doesn't keep of the definition either.
        """
        return tuple(c for c in self._asked_plan().changes if c.path not in unkept)

    def _asked_plan(self) -> Plan:
        live = as_defined(self._live, self._plan.document)
        if self._edit.mode == EXACT:
            return reconcile(self._plan.document, live, KIND.book)
        return reconcile(
            self._edit.document, live, KIND.book, self._edit.mode, taken=self._edit.taken(live)
        )

    def _updates(self) -> UpdatePlan:
        live = as_defined(self._live, self._plan.document)
        if LIVE not in self._running.affect or self._running.restart == ALWAYS:
            return UpdatePlan((), live)
        desired = self._asked_plan().document
        if desired is live:
            return UpdatePlan((), live)
        # Ansible compiles a module's code anew in each task, and most change nothing live.
        from ..._hypervisor.network_update import describes

        version = self._network.connection.version()
        return planned_updates(live, desired, version, describes(self._network))

    def _apply(self, plan: UpdatePlan, outcome: Outcome) -> None:
        """Make the calls, and read what is on anew."""
        # Ansible compiles a module's code anew in each task, and most change nothing live.
        from ..._hypervisor.network_update import update_live

        refused: list[tuple[Update, str]] = []
        try:
            for updates in plan.lists:
                reason = update_live(self._network, updates)
                if reason is not None:
                    refused.append((updates[0], reason))
            self._network = self._network.fresh()
            text = self._network.live()
        except HypervisorError as error:
            raise TaskError(
                f"{_defined(outcome)}not all of the network that is on was changed: {error}; the next run "
                "completes it",
                changed=True,
            ) from error.__cause__
        if text is None:
            raise TaskError(
                f"{_defined(outcome)}somebody has stopped it meanwhile; run the task again",
                changed=bool(outcome.changes),
            )
        self._live = apart(parse(text))
        for change in self._asked_plan().changes:
            for update, reason in refused:
                if f"/{update.given.tag}" in change.path:
                    self._refused[change.path] = reason

    def _pending(self) -> tuple[Change, ...]:
        """What will be different once the network is started anew."""
        if not self._is_persistent and CONFIG not in self._running.affect:
            return ()
        definition = self._plan.document
        if CONFIG not in self._running.affect:
            # The plan has what is asked of the network that is on.
            definition = apart(self._network.document())
        return pending(definition, self._live)

    def _when(self, change: Change, before: t.Iterable[Change], waiting: t.Iterable[Change]) -> str:
        """When a change of the definition takes effect."""
        if any(_is_about(change, other) for other in waiting):
            return RESTART
        return LIVE if any(_is_about(change, other) for other in before) else CONFIG

    def _only_live(self, made: t.Sequence[Change]) -> tuple[Change, ...]:
        """The changes that no change of the definition in this task covers."""
        return tuple(
            change
            for change in made
            if not any(_is_about(planned, change) for planned in self._plan.changes)
        )

    def _not_made(self, left: t.Iterable[Change]) -> t.Iterator[str]:
        """Lines about what a task for what is on alone could not change."""
        if CONFIG in self._running.affect or self._running.restart != "never":
            return
        for change in left:
            reason = reasons_of([change], self._refused)[change.path]
            yield f"what is on was not changed at {change.path}: {reason}"

    def _has_to_restart(self, before: t.Sequence[Change], left: t.Sequence[Change]) -> bool:
        if CONFIG not in self._running.affect:
            # It would start with its definition.
            return False
        if self._running.restart == ALWAYS:
            return bool(self._plan.changes or before)
        return self._running.restart == IF_REQUIRED and bool(left)

    def _restarted(self, outcome: Outcome) -> Outcome:
        network, notes = restarted(
            self._network,
            self._running.force,
            self._check_mode,
            before=outcome.before,
            definition=self._plan.document,
            is_changed=outcome.changed,
        )
        action = Action("state", outcome.facts.state, "restarted", RESTART)
        outcome = outcome._replace(
            actions=(*outcome.actions, action),
            notes=(*outcome.notes, *notes),
            pending=(),
            beside="state",
        )
        if self._check_mode:
            return outcome
        live = network.live()
        waiting = () if live is None else pending(apart(network.document()), apart(parse(live)))
        return outcome._replace(pending=waiting, reasons=reasons_of(waiting, {}))


def _defined(outcome: Outcome) -> str:
    return "its definition is as wanted, but " if outcome.changes else ""


def _is_about(change: Change, other: Change) -> bool:
    """Whether two changes are of one place, or one is within the other."""
    first, second = _place(change), _place(other)
    return first == second or first.startswith(f"{second}/") or second.startswith(f"{first}/")


def _place(change: Change) -> str:
    """The path with one spelling of each address: libvirt writes fd00:0::1 as fd00::1."""
    return _ADDRESS.sub(lambda found: f"'{any_spelling(found[1])}'", change.path)
