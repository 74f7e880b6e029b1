# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects that are on or off, when their definition changes: networks and storage pools."""

from __future__ import annotations

import dataclasses
import typing as t

from .._choices import ACTIVE, INACTIVE, PRESENT
from .._hypervisor.active_object import ActiveObjectT
from .._hypervisor.errors import HypervisorError
from .._hypervisor.objects import Facts
from .._reconcile.edit import Edit
from .._reconcile.plan import Plan
from .errors import TaskError
from .outcome import CONFIG, LIVE, Action, Outcome
from .reading import Observed
from .running import NoRunning


@dataclasses.dataclass(frozen=True)
class Lifecycle(NoRunning[ActiveObjectT], t.Generic[ActiveObjectT]):
    """Switches an object on or off, and its autostart, after its definition was changed.

    ``state`` is ``present``, which leaves it as it is, ``active`` or ``inactive``. ``autostart``
    is ``None`` where that is not asked for.
    """

    beside: t.ClassVar[str] = "state"

    state: str = PRESENT
    autostart: bool | None = None

    def check_stop(self, observed: Observed[ActiveObjectT]) -> list[str]:
        """Check that it may be switched off; return lines for a person about that.

        :raises TaskError: guests use it.
        """
        return []

    def start(self, found: ActiveObjectT) -> None:
        """Switch it on.

        :raises HypervisorError: libvirt refuses.
        """
        found.start()

    def changed_live(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[ActiveObjectT],
        check_mode: bool,
    ) -> Outcome:
        """The outcome after what is on, and stays on, was changed like its definition."""
        return outcome

    def facts_of_new(self, absent: Facts) -> Facts:
        """The facts of an object that was just defined: it is off, without autostart."""
        return absent._replace(state=INACTIVE, persistent=True)

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome in check mode for an object that isn't defined yet."""
        return with_actions(outcome, self.actions(outcome), self.beside)

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[ActiveObjectT],
        check_mode: bool,
    ) -> Outcome:
        """The outcome after the object was changed, and switched on or off.

        :raises TaskError: that failed; the message says what was done.
        """
        is_new = outcome.before is None
        actions = self.actions(outcome)
        notes: list[str] = []
        if observed.live is not None:
            if self.state == INACTIVE:
                notes = self.check_stop(observed)
            else:
                outcome = self.changed_live(outcome, edit, plan, observed, check_mode)
        if not check_mode:
            done: list[Action] = []
            try:
                for action in actions:
                    self.carry_out(action, observed.object)
                    done.append(action)
            except HypervisorError as error:
                raise self._failure(error, observed, outcome, is_new, done) from error.__cause__
        return with_actions(outcome._replace(notes=(*outcome.notes, *notes)), actions, self.beside)

    def actions(self, outcome: Outcome) -> tuple[Action, ...]:
        """What has to be switched, in this order."""
        found, facts = [], outcome.facts
        if self.state in (ACTIVE, INACTIVE) and self.state != facts.state:
            found.append(Action("state", facts.state, self.state, LIVE))
        # A transient object is gone when it is off.
        is_gone = self.state == INACTIVE and not facts.persistent
        if self.autostart is not None and self.autostart != facts.autostart and not is_gone:
            found.append(Action.switched("autostart", self.autostart, CONFIG))
        return tuple(found)

    def carry_out(self, action: Action, found: ActiveObjectT) -> None:
        """Do one of :meth:`actions`.

        :raises HypervisorError: libvirt refuses.
        """
        if action.path == "autostart":
            found.set_autostart(action.after == "yes")
        elif action.after == ACTIVE:
            self.start(found)
        else:
            found.stop()

    def take_back(self, found: ActiveObjectT, done: t.Sequence[Action]) -> None:
        """Remove a new object, after these actions of the task.

        :raises HypervisorError: libvirt refuses.
        """
        found.remove()

    def _failure(
        self,
        error: HypervisorError,
        observed: Observed[ActiveObjectT],
        outcome: Outcome,
        is_new: bool,
        done: t.Sequence[Action],
    ) -> TaskError:
        """The error with what was done before it; a new object is removed again."""
        noun = observed.object.api.noun
        if is_new and not observed.facts.active:
            try:
                self.take_back(observed.object.fresh(), done)
            except HypervisorError as other:
                return TaskError(
                    f"{error}; the {noun} that was made is still defined, for {other}; remove it",
                    changed=True,
                )
            return TaskError(f"{error}; the {noun} that was made is removed again")
        words = [f"{action.path}: {action.after}" for action in done]
        if outcome.changes:
            words.insert(0, "its definition was changed")
        if outcome.live_changes:
            words.insert(0, "it was changed live")
        if not words:
            return TaskError(str(error))
        return TaskError(f"{error}; {', '.join(words)}", changed=True)


def with_actions(outcome: Outcome, actions: t.Iterable[Action], beside: str = "state") -> Outcome:
    """The outcome with what was switched, and with the facts after that.

    ``beside`` is the subject of the actions, in words.
    """
    for action in actions:
        facts = outcome.facts
        if action.path == "state":
            facts = facts._replace(state=action.after or facts.state)
            # What is started has its definition.
            outcome = outcome._replace(pending=())
        elif action.path == "autostart":
            facts = facts._replace(autostart=action.after == "yes")
        outcome = outcome._replace(facts=facts, actions=(*outcome.actions, action), beside=beside)
    return outcome
