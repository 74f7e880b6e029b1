# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps that make a whole domain: its storage, its definition, and its state."""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT, EXACT, MERGE, NEVER, PAUSED, PRESENT, RUNNING, SAVED, STOPPED
from ..._hypervisor import power
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError
from ..._reconcile.domain.fingerprint import fingerprint_of
from ..._reconcile.plan import Change, Plan
from ..._reconcile.reconcile import reconcile
from ..._rules.domain.book import DOMAIN, KIND
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..goal import Goal, whole
from ..outcome import CONFIG, LIVE, Action, Outcome
from ..present import ensure_present
from ..reading import observe
from ..validation import Validation
from .install import install, restarting
from .power import change_state, facts_after, is_same_guest
from .running import GuestRunning, with_pending
from .start import Start

if t.TYPE_CHECKING:
    from .whole import DomainTask

#: That libvirt keeps all of a document.
_KEPT = "kept"

_NOTHING_TO_BOOT = (
    "the guest has nothing to boot: its disks are new and empty; install it with cdrom, location or "
    "pxe, give a disk that has a system, or set import: true if that is intended"
)


class Run:
    """The steps, gone through once for real or in check mode."""

    def __init__(
        self, work: DomainTask, domains: Domains, check_mode: bool, known: Domains | None
    ) -> None:
        self._work = work
        self._known = known if work.resolved.is_new else None
        self._domains = domains
        self._request = work.request
        self._result = work.result
        self._volumes = work.volumes
        self._check_mode = check_mode
        self._notes = [*work.request.notes, *work.result.notes, *work.volumes.notes]
        self._actions: list[Action] = []
        #: That the guest was started for its installation.
        self._started: Action | None = None
        #: That it is installed once more.
        self._reinstalls = False
        #: The networks that were started for that.
        self._networks: list[Action] = []
        #: What its start needs, if it has to start.
        self._start: Start | None = None
        #: The definition with the changes that are for the next start alone, if that is all.
        self._for_this_start: Plan | None = None

    def done(self) -> Outcome:
        """Everything but the waiting."""
        has_disks = self._volumes.growing or self._result.moves
        found = self._domains.find(self._request.name) if has_disks else None
        if found is not None and not self._work.resolved.is_new:
            # Before anything is done, see that it can be.
            self._notes += self._volumes.look_at_moves(found, self._request.affect)
            changes = self._volumes.growing or self._volumes.is_moving
            active = found.facts().active
            if changes and self._works_live(found, active) and active:
                self._volumes.check_jobs(found)
        if self._volumes.recreated:
            self._check_none_runs()
        self._volumes.foresee()
        self._for_this_start = self._planned_for_this_start()
        if self._request.state in (RUNNING, PAUSED):
            self._look_at_start()
        outcome = self._made() if self._work.resolved.is_new else self._defined_or_installed()
        return self._as_it_runs(outcome)

    def _check_none_runs(self) -> None:
        """:raises TaskError: a guest runs from an image that was moved away under it."""
        found = self._domains.find(self._request.name)
        if found is not None and found.facts().active:
            raise TaskError(
                f"{' and '.join(self._volumes.recreated)} is not there any more, and the guest still "
                "runs from it; put it back under this name, or stop the guest before a new and "
                "empty one is made"
            )

    def _look_at_start(self) -> None:
        """See that the guest can start, if it doesn't run, before anything is done."""
        request, document = self._request, self._result.domain
        if not self._work.resolved.is_new:
            found = self._domains.find(request.name)
            if found is None or found.facts().active:
                return
            if self._for_this_start is not None:
                document = self._for_this_start.document
            else:
                validation = self._work.validation(self._domains, document)
                planned = self._ensured(validation, True)
                document = planned.after if planned.after is not None else document
        made = {volume.path for volume in self._volumes.missing}
        networks = self._work.networks
        self._start = Start(
            self._domains.connection, networks, document, request.start_networks, made
        )

    def _planned_for_this_start(self) -> Plan | None:
        """The changes of a guest that starts without its definition being changed.

        :raises TaskError: it would go on from a saved state, which has its own document.
        """
        request = self._request
        if CONFIG in request.affect or LIVE not in request.affect or self._work.resolved.is_new:
            return None
        found = self._domains.find(request.name)
        if request.state not in (RUNNING, PAUSED) or found is None:
            return None
        if found.facts().state != "shutoff":
            return None
        observed = observe(found)
        edit = self._goal().edit(observed, self._result.domain)
        plan = reconcile(
            edit.document,
            observed.definition,
            DOMAIN,
            edit.mode,
            taken=edit.taken(observed.definition),
            turned=edit.turned,
        )
        if not plan.changes:
            return None
        if power.is_saved(found):
            raise TaskError(
                "affect: its state is saved, and it would go on from there without these changes; let "
                "it run and stop first, or add config to affect"
            )
        self._work.validation(self._domains, self._result.domain).check_merged(
            plan.document, observed.definition
        )
        return plan

    def _with_networks(self) -> None:
        """Start the networks that the guest needs and that are off."""
        if self._start is not None:
            self._actions += self._start.started(self._request.name, not self._check_mode)

    # Its definition.

    def _made(self) -> Outcome:
        """Make a new domain, by installing it if it is to run."""
        first_boot = self._result.first_boot
        if self._result.is_blank and self._request.state in (RUNNING, PAUSED):
            self._notes.append(_NOTHING_TO_BOOT)
        if first_boot is not None and not self._result.installs:
            first_boot = restarting(first_boot, self._result.domain)
        if first_boot is not None and self._request.state != RUNNING:
            self._notes.append(
                "it is defined without its first boot, which would install it or set it up; for that, "
                "make it with state: running"
            )
        if first_boot is None or self._request.state != RUNNING or self._check_mode:
            return self._defined()
        validation = self._work.validation(self._domains, self._result.domain)
        foreseen = self._ensured(validation, True)
        self._work.validation(self._domains, first_boot).check_source(self._request.name)
        with self._volumes.taken_back():
            self._prepare_storage()
            if self._start is not None:
                self._networks += self._start.started(self._request.name, True)
            with self._work.start_slot():
                domain = install(
                    self._domains, first_boot, self._result.domain, validation.by_libvirt
                )
        self._remove_temporary()
        self._actions += self._volumes.created()
        self._started = Action("state", "shutoff", "running", LIVE)
        after = observe(domain)
        unkept = reconcile(self._result.domain, after.definition, DOMAIN, EXACT).changes
        return foreseen._replace(facts=after.facts, unkept=unkept)

    def _remove_temporary(self) -> None:
        """Delete what the guest had to open for its first boot."""
        known = len(self._volumes.notes)
        self._volumes.remove_temporary()
        self._notes += self._volumes.notes[known:]

    def _defined_or_installed(self) -> Outcome:
        """Bring an existing domain up to date, by installing it once more if that is asked for."""
        again = self._result.reinstallation
        found = self._domains.find(self._request.name)
        if again is None or found is None:
            return self._defined()
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .reinstall import check_possible, installs_already, reinstall_action, stop

        if installs_already(found, again.label):
            # The task that started it was interrupted, and its note lacks.
            return self._defined()
        check_possible(found, self._request)
        self._reinstalls = True
        validation = self._work.validation(self._domains, self._result.domain)
        foreseen = self._ensured(validation, True)
        document = foreseen.after if foreseen.after is not None else found.document()
        first = again.first_boot(document)
        self._work.validation(self._domains, first).check_source(self._request.name)
        is_off = not found.facts().active
        action = reinstall_action(again, found.document(), document, is_off)
        if self._check_mode:
            self._actions += [*self._volumes.created(), action]
            return foreseen
        with self._volumes.taken_back():
            # What fails here leaves a guest that runs alone.
            self._prepare_storage()
            if self._start is not None:
                self._networks += self._start.started(self._request.name, True)
            with self._work.start_slot():
                stop(found, self._request)
                domain = install(self._domains, first, document, validation.by_libvirt)
        self._remove_temporary()
        self._actions += [*self._volumes.created(), action]
        if is_off:
            self._started = Action("state", "shutoff", "running", LIVE)
        after = observe(domain.fresh())
        unkept = reconcile(document, after.definition, DOMAIN, MERGE).changes
        return foreseen._replace(facts=after.facts, unkept=unkept)

    def _defined(self) -> Outcome:
        """Create the missing storage, and define the domain."""
        validation = self._work.validation(self._domains, self._result.domain)
        if validation.warning is not None and self._request.text is not None:
            self._notes.append(validation.warning)
        with self._volumes.taken_back():
            outcome = self._ensured(validation, self._check_mode)
        self._actions += self._volumes.created()
        if self._for_this_start is not None:
            if not self._check_mode:
                self._prepare_storage()
            return outcome._replace(live_changes=self._for_this_start.changes)
        is_off = outcome.facts.id is None and not self._work.resolved.is_new
        found = self._domains.find(outcome.facts.name) if outcome.changes and is_off else None
        if found is not None and power.is_saved(found):
            self._notes.append(
                "its state is saved, and its next start goes on with the definition of that time; "
                "the changes wait for the start after it"
            )
        return outcome

    def _prepare_storage(self) -> None:
        self._volumes.create()
        if self._work.resolved.is_new:
            self._volumes.grow_before_first_start()

    def _ensured(self, validation: Validation, check_mode: bool) -> Outcome:
        """Make the requested definition; check mode only plans it."""
        return ensure_present(
            self._domains,
            KIND,
            self._goal(),
            validation,
            check_mode,
            self._prepare_storage,
            self._running(),
            self._known,
            self._work.memory,
        )

    def _goal(self) -> Goal[Domain]:
        resolved = self._work.resolved
        return Goal(
            document=self._result.domain,
            name=self._request.name,
            edit=whole(self._mode(), self._result.taken),
            is_part=resolved.mode == MERGE,
            is_new=resolved.is_new,
            written=self._work.written if resolved.is_new else None,
            shown=self._work.shown if resolved.is_new else None,
            unkept=self._unkept,
        )

    def _mode(self) -> str:
        """How the document is enforced; that of a new domain as later tasks will enforce it."""
        request, resolved = self._request, self._work.resolved
        is_given = request.text is not None and resolved.is_new
        return request.mode if is_given else resolved.mode

    def _running(self) -> GuestRunning:
        request = self._request
        # One that is installed anew is stopped for that.
        is_off = request.state == STOPPED or self._reinstalls
        return GuestRunning(
            (self._known or self._domains).connection,
            # A guest that is to be off needs no changes any more.
            affect=request.affect - {LIVE} if is_off else request.affect,
            restart=NEVER if is_off else request.restart,
            shutdown=request.shutdown,
            live_timeout=request.live_timeout,
            like_virt_install=request.text is None,
            bases=self._volumes.bases,
            asks_libvirt=self._work.asks_libvirt,
        )

    def _unkept(
        self, made: Domain, text: str, planned: t.Callable[[], tuple[Change, ...]]
    ) -> tuple[Change, ...]:
        """What libvirt did not keep of the document: nothing where it kept all of one alike."""
        alike, key = self._work.alike, b""
        if alike is not None and self._work.resolved.is_new:
            written = self._work.written.text
            key = fingerprint_of(made.name, made.uuid, written, text).key
            if alike.is_known(f"{_KEPT} {self._mode()}", key):
                return ()
        unkept = planned()
        if alike is not None and key and not unkept:
            alike.note(f"{_KEPT} {self._mode()}", key)
        return unkept

    # What isn't in its definition.

    def _as_it_runs(self, outcome: Outcome) -> Outcome:
        """Bring the guest into the requested state."""
        if not self._has_to_act(outcome):
            return self._with_notes(outcome)
        found = self._domains.find(outcome.facts.name)
        domain = None if self._check_mode else found
        try:
            if not self._check_mode:
                # Of a domain whose definition is right already, too.
                self._volumes.create()
            self._set_autostart(domain, outcome)
            self._change_disks_and_set_state(domain, found, outcome)
        except (HypervisorError, TaskError) as error:
            if self._for_this_start is not None:
                # Nothing has been changed.
                raise
            if outcome.changed or self._actions:
                raise TaskError(
                    f"its definition is as wanted, but {error}", changed=not self._check_mode
                ) from error
            raise
        outcome = self._with_notes(outcome)
        if not self._actions:
            return outcome
        return self._foreseen(outcome) if domain is None else read_again(domain, outcome)

    def _has_to_act(self, outcome: Outcome) -> bool:
        """Whether there may be something to do beside the definition."""
        request = self._request
        return bool(
            self._actions
            or self._result.volumes
            or self._volumes.missing
            or self._volumes.growing
            or self._volumes.has_moves
            or request.autostart not in (None, outcome.facts.autostart)
            or request.state != PRESENT
        )

    def _with_notes(self, outcome: Outcome) -> Outcome:
        if not (self._notes or self._actions):
            return outcome
        return outcome._replace(
            actions=(*outcome.actions, *self._actions),
            notes=(*outcome.notes, *self._notes),
        )

    def _foreseen(self, outcome: Outcome) -> Outcome:
        """The outcome with what the actions would do to the domain."""
        facts, request = outcome.facts, self._request
        if request.autostart is not None:
            facts = facts._replace(autostart=request.autostart)
        for action in self._actions:
            if action.path == "state":
                if not is_same_guest(facts, action):
                    # A guest that starts has what its definition says.
                    outcome = outcome._replace(pending=())
                facts = facts_after(facts, action)
        return outcome._replace(facts=facts)

    def _set_autostart(self, domain: Domain | None, outcome: Outcome) -> None:
        is_on, now = self._request.autostart, outcome.facts.autostart
        if is_on is None or is_on == now:
            return
        if domain is not None:
            power.set_autostart(domain, is_on)
        self._actions.append(Action.switched("autostart", is_on, CONFIG))

    def _change_disks_and_set_state(
        self, domain: Domain | None, found: Domain | None, outcome: Outcome
    ) -> None:
        """Move disks, and make them larger, while the guest runs or while it is off."""
        active = outcome.facts.active
        if not (self._volumes.growing or self._volumes.has_moves):
            self._set_state(domain, outcome)
            return
        is_idle = not (self._volumes.growing or self._volumes.is_moving)
        is_live = active if is_idle else self._works_live(found, active)
        waits = is_live != active
        if waits:
            self._set_state(domain, outcome)
        self._actions += self._volumes.move(domain, is_live)
        self._actions += self._volumes.grow(domain, is_live)
        if not waits:
            self._set_state(domain, outcome)

    def _works_live(self, found: Domain | None, active: bool) -> bool:
        """Whether disks move or become larger in the running guest, and not while it is off.

        :raises TaskError: neither can be.
        """
        state = self._request.state
        is_saved = not active and found is not None and power.is_saved(found)
        is_live = (active and state != STOPPED) or (is_saved and state in (RUNNING, PAUSED))
        if is_saved and not is_live:
            raise TaskError(
                "its state is saved, and a guest that goes on from there expects its disks as they "
                "were; make it run first, then give a larger size"
            )
        if is_live and LIVE not in self._request.affect:
            raise TaskError(
                "a disk of a guest that runs can only be made larger live; add live to affect, or "
                "stop the guest"
            )
        return is_live

    def _set_state(self, domain: Domain | None, outcome: Outcome) -> None:
        request = self._request
        if self._started is not None:
            # It may have ended already.
            self._actions += [*self._networks, self._started]
            return
        if request.state == PRESENT or (self._reinstalls and not self._check_mode):
            return
        found = self._domains.find(outcome.facts.name) if request.state == SAVED else None
        if found is not None and outcome.facts.active and not outcome.changed:
            # What the task has changed, or would, may be what hinders it.
            from .saving import check_saveable

            check_saveable(found)
        self._with_networks()
        with self._work.start_slot():
            plan = self._for_this_start
            if plan is not None and domain is not None:
                with self._volumes.taken_back():
                    power.start_with(domain, serialise(plan.document), request.state == PAUSED)
                domain = None
            action = change_state(domain, outcome.facts, request.state, request.shutdown)
        self._actions += [] if action is None else [action]


def read_again(domain: Domain, outcome: Outcome) -> Outcome:
    """The outcome, with what the domain is like now."""
    facts = domain.facts_now()
    if facts.state == ABSENT:
        return outcome._replace(facts=facts, pending=())
    after = observe(domain.fresh())
    if outcome.facts.id != after.facts.id:
        # It has started since.
        outcome = outcome._replace(lost=())
    return with_pending(outcome._replace(facts=after.facts), after)
