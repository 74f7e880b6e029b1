# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing a running guest like its definition, as far as possible without a restart."""

from __future__ import annotations

import contextlib
import functools
import typing as t

from ..._choices import ALWAYS, IF_REQUIRED
from ..._hypervisor import power
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domains
from ..._hypervisor.errors import HypervisorError
from ..._reconcile.domain.device import Devices
from ..._reconcile.domain.live import LivePlan, live_plan
from ..._reconcile.edit import Edit
from ..._reconcile.plan import Change, Plan
from ..._rules.amounts import kib
from ..._rules.domain.addresses import twice
from ..._rules.domain.balloon import has_balloon, is_reached
from ..._rules.domain.live_calls import REPLUG
from ..._virtinst.first_boot import is_installation
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import CONFIG, INSTALLING, LIVE, RESTART, Action, Outcome, shortened
from ..reading import observe
from .install import next_start
from .live_differences import Differences, Left
from .live_steps import apply
from .running import GuestRunning, ObservedDomain, pending, with_pending

_CURRENT = "/domain/currentMemory"
#: The seconds without a change after which a balloon isn't on its way.
_STILL = 1.0
_NOT_YET = "the guest or libvirt has not made it so"


class LiveWork:
    """The work of one task on one running guest.

    ``definition_plan`` has what changes, or has changed, of its definition, and the definition
    as it then is.
    """

    def __init__(
        self,
        running: GuestRunning,
        edit: Edit,
        definition_plan: Plan,
        observed: ObservedDomain,
        check_mode: bool,
    ) -> None:
        self._running = running
        self._edit = edit
        self._definition_plan = definition_plan
        self._domain = observed.object
        self._check_mode = check_mode
        self._observed = observed
        self._refused: dict[str, str] = {}
        #: The paths of what differed until the definition was made as the guest.
        self._settled: frozenset[str] = frozenset()

    def done(self, outcome: Outcome) -> Outcome:
        """The outcome after the guest was changed, and restarted if need be.

        :raises TaskError: it could not be; the message says what was done.
        """
        self._wait_for_balloon()
        found, before = (
            self._differences(self._definition_plan.document, self._observed),
            self._observed.live,
        )
        plan = self._plan(found)
        if self._check_mode:
            left = Left(
                tuple(change for change in found.all if change.path not in plan.paths),
                tuple(change for change in found.asked if change.path not in plan.paths),
            )
        else:
            left = self._applied(plan, found, outcome.before)
        left_paths = {change.path for change in left.all}
        made = frozenset() if self._has_ended else plan.paths - left_paths - self._settled
        replugged = tuple(
            Action(step.path, "plugged in", "plugged out, and in again", LIVE)
            for step in plan.steps
            if step.row.call == REPLUG and any(change.path in made for change in step.changes)
        )
        reasons = self._reasons(plan, made, left)
        brought = () if self._check_mode else self._brought_along(before, made)
        outcome = outcome._replace(
            facts=outcome.facts if self._check_mode else self._observed.facts,
            actions=(*outcome.actions, *replugged),
            notes=(
                *outcome.notes,
                *self._not_made(left, reasons),
                *self._not_taken(left),
                *self._not_restarted(found, left),
            ),
            changes=tuple(
                change.as_result(self._when(change, found.of(change), left))
                for change in self._definition_plan.changes
            ),
            live_changes=(*self._only_live(found, made, left), *brought),
            pending=left.all,
            reasons=reasons,
            lost=self._definition_plan.changes,
        )
        return self._restarted(outcome) if self._has_to_restart(found, left) else outcome

    def _wait_for_balloon(self) -> None:
        """Wait while the guest's balloon is on its way to what the definition has had before.

        The guest was asked for that when it started, or by an earlier task, and asking again would
        change nothing. libvirt doesn't tell what a guest was asked for, but what it has now.
        """
        observed, plan = self._observed, self._definition_plan
        if observed.live is None or any(change.path == _CURRENT for change in plan.changes):
            return
        wanted = kib(plan.document.child("currentMemory"))
        present = kib(observed.live.child("currentMemory"))
        if (
            None in (wanted, present)
            or is_reached(wanted, present)
            or not has_balloon(observed.live)
        ):
            return
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from ..._hypervisor.balloon import wait_for_memory

        with contextlib.suppress(HypervisorError):
            wait_for_memory(self._domain, wanted, self._running.live_timeout, _STILL)
            self._observed = observe(self._domain.fresh())

    def _differences(self, definition: Element, observed: ObservedDomain) -> Differences:
        is_planned = self._check_mode and CONFIG in self._running.affect
        return Differences(self._edit, definition, observed, self._definition_plan, is_planned)

    def _plan(self, found: Differences) -> LivePlan:
        plan = live_plan(found.asked, self._running.replug)
        whole = tuple(f"{step.path}/" for step in plan.steps if step.row.call == REPLUG)
        # It comes in again with all that its definition has.
        along = {change.path for change in found.all if whole and change.path.startswith(whole)}
        plan = plan._replace(following=plan.following | along)
        if LIVE in self._running.affect and self._running.restart != ALWAYS:
            return plan
        return LivePlan(hindered=plan.hindered)

    def _applied(self, plan: LivePlan, found: Differences, before: Element | None) -> Left:
        """The differences that are left after the plan was carried out."""
        if not plan.steps:
            return Left(found.all, found.asked)
        self._refused = apply(self._domain, plan, self._running.live_timeout)
        self._observed = observe(self._domain.fresh())
        if self._has_ended:
            return Left((), ())
        self._define_as_plugged(before)
        # Only the running guest has changed, and what is asked of it is still the same.
        again = self._differences(self._definition_plan.document, self._observed)
        return Left(again.all, again.asked)

    def _define_as_plugged(self, before: Element | None) -> None:
        """Give the definition the addresses that new devices got in the guest.

        libvirt has chosen both, and didn't know when it defined them which ones are taken by
        what only the guest has. ``before`` is the definition without them.
        """
        observed = self._observed
        if before is None or CONFIG not in self._running.affect:
            return
        if self._as_plugged(before, observed) is observed.definition:
            return
        differing = {change.path for change in pending(observed)}
        with DefinitionLock(self._domain.api.noun) as lock:
            lock.acquire(self._domain.name)
            # Someone else may have changed it meanwhile.
            now = observe(self._domain.fresh())
            document = self._as_plugged(before, now)
            if document is not now.definition:
                # Where libvirt refuses the addresses together, the definition keeps its own.
                with contextlib.suppress(HypervisorError):
                    Domains(self._domain.connection).define(serialise(document), False)
        self._observed = observe(self._domain.fresh())
        self._definition_plan = Plan(self._definition_plan.changes, self._observed.definition)
        self._settled = frozenset(differing - {change.path for change in pending(self._observed)})

    def _as_plugged(self, before: Element, observed: ObservedDomain) -> Element:
        machine = "os/type/@machine"
        if observed.live is None or observed.live.value(machine) != observed.definition.value(
            machine
        ):
            # On another machine everything is elsewhere.
            return observed.definition
        old, desired, guest = Devices(before), Devices(self._edit.document), Devices(observed.live)
        document = observed.definition
        for device in Devices(document).all():
            running = guest.twin(device)
            address, live_address, old_address, desired_address = (
                None if element is None else element.child("address")
                for element in (device, running, old.twin(device), desired.twin(device))
            )
            if (
                None in (address, live_address)
                or address in (live_address, old_address)
                or desired_address is not None
            ):
                continue
            children = [live_address if child is address else child for child in device.children]
            moved = Devices(document).replaced(
                device,
                device.replaced(children=[element for element in children if element is not None]),
            )
            document = document if twice(moved) is not None else moved
        return document

    @property
    def _has_ended(self) -> bool:
        """Whether the guest has stopped meanwhile."""
        return self._observed.live is None

    def _when(self, change: Change, differences: t.Collection[Change], left: Left) -> str:
        """When a change of the definition takes effect."""
        if self._has_ended:
            return CONFIG
        if not differences:
            return RESTART if self._gives_way(change) else CONFIG
        waiting = {change.path for change in left.all}
        return RESTART if any(difference.path in waiting for difference in differences) else LIVE

    def _gives_way(self, change: Change) -> bool:
        """Whether a part of the guest goes that libvirt replaces when the guest starts again."""
        machines = ("os/type/@machine", "os/type/@arch")
        if any(
            planned.location is not None and planned.location.path in machines
            for planned in self._definition_plan.changes
        ):
            return self._observed.live is not None
        address, live = (
            change.location.element if change.location is not None else None,
            self._observed.live,
        )
        if change.op != "remove" or address is None or address.tag != "address" or live is None:
            return False
        taken = [
            used
            for device in (live.child("devices") or live).children
            for used in device.all("address")
        ]
        return any(used.attributes == address.attributes for used in taken)

    def _only_live(
        self, found: Differences, made: t.Collection[str], left: Left
    ) -> tuple[Change, ...]:
        """The changes of the guest that no finished change of the definition in this task covers."""
        covered: set[int] = set()
        for change in self._definition_plan.changes:
            differences = found.of(change)
            if self._when(change, differences, left) != RESTART:
                # A change of a part doesn't cover the whole device that the guest gets.
                whole = (
                    difference
                    for difference in differences
                    if not change.path.startswith(f"{difference.path}/")
                )
                covered.update(map(id, whole))
        return tuple(
            difference
            for difference in found.all
            if difference.path in made and id(difference) not in covered
        )

    def _brought_along(self, before: Element | None, made: t.Collection[str]) -> tuple[Change, ...]:
        """The controllers that libvirt has added to the guest for plugged-in devices."""
        live = self._observed.live
        if live is None or before is None or live is before:
            return ()
        devices, names = Devices(live), ("@type", "@index")
        present = [
            [controller.value(name) for name in names]
            for controller in before.findall("devices/controller")
        ]
        new = [
            controller
            for controller in live.findall("devices/controller")
            if [controller.value(name) for name in names] not in present
        ]
        return tuple(
            Change(devices.path_of(controller), "add", None, serialise(controller, indent=None))
            for controller in new
            if devices.path_of(controller) not in made
        )

    def _not_made(self, left: Left, reasons: t.Mapping[str, str]) -> t.Iterator[str]:
        """Lines about failed changes of the running guest alone, which are pending nowhere."""
        if CONFIG not in self._running.affect:
            for change in left.asked:
                reason = reasons.get(change.path, _NOT_YET)
                yield f"the running guest was not changed at {change.path}: {reason}"

    def _not_taken(self, left: Left) -> t.Iterator[str]:
        """Lines about failed changes of the running guest that its definition has got.

        Whether a restart brings them depends on why they failed.
        """
        if CONFIG in self._running.affect and not self._installs:
            for change in left.asked:
                if change.path in self._refused:
                    yield (
                        f"the running guest did not take {shortened([change.path])}: "
                        f"{self._refused[change.path]}"
                    )

    def _reasons(self, plan: LivePlan, made: frozenset[str], left: Left) -> t.Mapping[str, str]:
        # A change of the running guest alone makes it differ from its definition.
        tried = dict.fromkeys(plan.paths - made, _NOT_YET)
        reasons = {**tried, **plan.hindered, **self._refused}
        if self._installs:
            return {**reasons, **{change.path: INSTALLING for change in left.all}}
        return reasons

    @functools.cached_property
    def _installs(self) -> bool:
        """Whether the guest is in the middle of its installation."""
        live = self._observed.live
        return live is not None and is_installation(self._definition_plan.document, live)

    def _has_to_restart(self, found: Differences, left: Left) -> bool:
        return not self._installs and self._asks_for_restart(found, left)

    def _asks_for_restart(self, found: Differences, left: Left) -> bool:
        if self._running.restart == ALWAYS:
            return bool(self._definition_plan.changes or found.asked)
        return self._running.restart == IF_REQUIRED and bool(left.asked)

    def _not_restarted(self, found: Differences, left: Left) -> t.Iterator[str]:
        """The note that replaces the restart which a task requests."""
        if self._installs and self._asks_for_restart(found, left):
            yield f"it was not restarted: {INSTALLING}"

    def _restarted(self, outcome: Outcome) -> Outcome:
        state = outcome.facts.state
        # A guest that could not start again goes on running.
        self._check_start(outcome)
        if not self._check_mode:
            try:
                power.restart(self._domain, self._running.shutdown, next_start(self._domain))
            except HypervisorError as error:
                raise TaskError(
                    f"its definition is as wanted, but it could not be restarted: {error}",
                    changed=outcome.changed or self._is_another(outcome.facts.id),
                ) from error
        action = Action("state", state, "restarted", RESTART)
        outcome = outcome._replace(pending=(), lost=(), actions=(*outcome.actions, action))
        if self._check_mode:
            return outcome
        after = observe(self._domain.fresh())
        return with_pending(outcome._replace(facts=after.facts), after)

    def _check_start(self, outcome: Outcome) -> None:
        # Ansible compiles a module's code anew in each task, and few restart a guest.
        from ..._hypervisor.networks import Networks
        from .start import Start

        connection, document = self._running.connection, self._definition_plan.document
        try:
            Start(connection, Networks(connection), document, None)
        except TaskError as error:
            raise TaskError(
                f"it is not restarted, and runs on: {error}", changed=outcome.changed
            ) from None

    def _is_another(self, number: int | None) -> bool:
        """Whether the guest with this number runs no more; false where that can't be read."""
        try:
            return self._domain.facts_now().id != number
        except HypervisorError:
            return False
