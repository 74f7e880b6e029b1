# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a network that is on, and of the guests on it, when its definition changes."""

from __future__ import annotations

import dataclasses

from ..._choices import ACTIVE, INACTIVE, NEVER, PRESENT
from ..._hypervisor.active_object import ActiveObject
from ..._hypervisor.connection import Connection
from ..._reconcile.edit import Edit
from ..._reconcile.plan import Plan
from ..errors import TaskError
from ..lifecycle import Lifecycle
from ..outcome import CONFIG, LIVE, Outcome
from ..reading import Observed
from .clashes import clashes
from .connected import Connected
from .others import Others
from .parking import Parking
from .reconnection import Reconnection

ObservedNetwork = Observed[ActiveObject]


@dataclasses.dataclass(frozen=True)
class NetworkRunning(Lifecycle[ActiveObject]):
    """A network that is on gets what its definition gets, live where that can be.

    The fields are options; ``reconnect``: NICs without a port get one.
    """

    affect: frozenset[str] = frozenset((CONFIG, LIVE))
    restart: str = NEVER
    force: bool = False
    reconnect: bool = False
    connection: Connection | None = None

    def on(self, connection: Connection) -> NetworkRunning:
        """The same on this connection."""
        return dataclasses.replace(self, connection=connection)

    @property
    def defines(self) -> bool:  # type: ignore[override]
        """Whether the definition is to be changed, and not only what is on."""
        return CONFIG in self.affect

    def check(self, plan: Plan, observed: ObservedNetwork | None) -> list[str]:
        """Refuse what libvirt refuses or can't keep apart later, and to stop what guests use.

        :raises TaskError: the plan has that.
        """
        known = [] if observed is None else clashes(observed.definition)
        for words in clashes(plan.document):
            if words not in known:
                raise TaskError(words)
        if observed is not None and observed.live is not None and self.state == INACTIVE:
            self.check_stop(observed)
        if self.connection is not None:
            others = Others(self.connection, plan.document.value("name") or "")
            others.check_definition(plan.document)
            if self._starts(observed):
                live = None if observed is None else observed.live
                others.check_start(plan.document, live)
        return []

    def _starts(self, observed: ObservedNetwork | None) -> bool:
        """Whether the network may be started, or started anew."""
        if observed is None or observed.live is None:
            return self.state == ACTIVE
        return self.restart != NEVER and self.state != INACTIVE

    def check_stop(self, observed: ObservedNetwork) -> list[str]:
        """Refuse to cut guests off, without ``force``.

        :raises TaskError: guests are connected.
        """
        users = Connected(observed.object).users()
        if not users:
            return []
        words = ", ".join(users)
        if not self.force:
            raise TaskError(
                f"state=inactive: it is used by {words}, which would lose the network; stop "
                f"{'them' if len(users) > 1 else 'that'} first, or set force to stop it all the same"
            )
        return [f"{words} lost the network; set reconnect when it is on again"]

    def changed_live(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: ObservedNetwork,
        check_mode: bool,
    ) -> Outcome:
        """The outcome after what is on was changed like its definition.

        :raises TaskError: it could not be; the message says what was done.
        """
        # Ansible compiles a module's code anew in each task, and many networks are off.
        from .live import NetworkWork

        return NetworkWork(self, edit, plan, observed, check_mode).done(outcome)

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: ObservedNetwork,
        check_mode: bool,
    ) -> Outcome:
        """The outcome after the network was changed, switched, and NICs were connected again.

        :raises TaskError: that failed; the message says what was done.
        """
        if self.autostart and not self.defines and not observed.facts.persistent:
            raise TaskError(
                "autostart: a transient network has none; add config to affect, which makes it persistent, or "
                "leave autostart out"
            )
        heals = self.reconnect or self.restart != NEVER
        running: NetworkRunning = self
        if (
            heals
            and self.state == PRESENT
            and observed.live is None
            and Parking(observed.object).is_there
        ):
            # A restart has failed, and left it off.
            running = dataclasses.replace(self, state=ACTIVE)
        if running.state == ACTIVE and observed.live is None and not outcome.changed:
            Others(observed.object.connection, observed.object.name).check_start(
                observed.definition, None
            )
        outcome = super(NetworkRunning, running).as_it_runs(
            outcome, edit, plan, observed, check_mode
        )
        is_started = any(action.path == "state" for action in outcome.actions)
        if outcome.facts.state != ACTIVE or not (heals or is_started):
            # To look for NICs, each running guest has to be read.
            return outcome
        return self._reconnected(outcome, observed, heals, check_mode)

    def _reconnected(
        self, outcome: Outcome, observed: ObservedNetwork, heals: bool, check_mode: bool
    ) -> Outcome:
        reconnection = Reconnection(observed.object.fresh(), self.reconnect)
        actions = reconnection.actions() if heals else ()
        if actions and not check_mode:
            reconnection.carry_out(outcome.changed)
        return outcome._replace(
            actions=(*outcome.actions, *actions),
            notes=(*outcome.notes, *reconnection.notes()),
            beside="state and guests" if actions else outcome.beside,
        )
