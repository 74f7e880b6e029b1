# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a clone of a domain, once.

The clone is defined first, with a note in its metadata of what will be its own; then its volumes
are made, and last the note says that it is complete. A task that finds an incomplete clone removes
it with what is its own, and makes it anew: the source may have run meanwhile.
"""

from __future__ import annotations

import contextlib
import typing as t

from ..._choices import RUNNING
from ..._errors import ExpectedError
from ..._hypervisor.clone_definition import note_origin, unmake
from ..._hypervisor.cloned_volumes import ClonedVolumes, own_paths
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domain, Domains, absent
from ..._hypervisor.errors import HypervisorError, UnknownOutcome
from ..._hypervisor.networks import Networks
from ..._hypervisor.objects import as_uuid
from ..._hypervisor.stopping import Shutdown
from ..._hypervisor.tpm_state import copy_state
from ..._reconcile.plan import Change
from ..._reconcile.reconcile import reconcile
from ..._reconcile.redact import redacted
from ..._rules.domain.book import DOMAIN, KIND
from ..._virtinst.clone.origin import Origin, origin_of, with_origin
from ..._virtinst.clone.request import CloneRequest
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import CONFIG, Action, Outcome
from .clone_moment import check_still_there, moment_of
from .clone_plan import ClonePlan, planned
from .conflicts import Conflicts, check_addresses_differ
from .name import check_new_name
from .power import change_state, facts_after
from .start import Start
from .state import StateWork

#: The longest time that another task may take to make the same clone, in seconds.
_LONGEST = 24 * 3600.0
_EXACT = "exact"


def ensure_cloned(domains: Domains, request: CloneRequest, check_mode: bool) -> Outcome:
    """Make the clone of a domain, if there is none yet.

    :raises TaskError, HypervisorError, OptionError: it can't be made; nothing is left of it, or
        the message says what.
    """
    if not request.clone:
        found = domains.find(request.name)
        request = request._replace(clone=f"{found.name if found else request.name}-clone")
    with DefinitionLock("clone", _LONGEST, "making the same clone") as lock:
        if not check_mode:
            lock.acquire(f"{domains.connection.uri} {request.clone}")
        return _Cloning(domains, request, check_mode).done()


class _Cloning:
    def __init__(self, domains: Domains, request: CloneRequest, check_mode: bool) -> None:
        self._domains = domains
        self._connection = domains.connection
        self._request = request
        self._check_mode = check_mode
        self._notes: list[str] = []

    def done(self) -> Outcome:
        request = self._request
        source, clone = self._domains.find(request.name), self._domains.by_name(request.clone)
        origin = None if clone is None else origin_of(clone.document())
        if clone is not None:
            _check_is_clone(request, source, clone, origin)
            if origin is not None and origin.is_complete:
                return self._as_it_is()
        if source is None:
            # Most domains are there.
            from ..._hypervisor.near_names import near

            raise TaskError(
                f"name: there is no domain '{request.name}'{near(request.name, self._domains)}; give one that exists"
            )
        _check_source(source, request.snapshot)
        check_new_name(request.clone)
        if as_uuid(request.clone) is not None:
            raise TaskError(
                "clone: it is a UUID; give the name of the clone, and uuid for its UUID"
            )
        moment = None if request.snapshot is None else moment_of(source, request.snapshot)
        own = own_paths(origin) if origin else set()
        plan = planned(self._domains, source, request, clone, own, moment)
        self._notes += plan.notes
        self._check(plan, "" if clone is None else clone.uuid)
        start = self._start(plan)
        if clone is not None and origin is not None:
            self._clear(clone, origin)
        if self._check_mode:
            return self._foreseen(plan)
        outcome = self._made(plan)
        return self._started(outcome) if start is not None else outcome

    def _as_it_is(self) -> Outcome:
        """The clone exists; at most it is started."""
        work = StateWork(self._domains, self._request.clone, self._check_mode)
        if self._request.runs:
            work.check_reachable(RUNNING, Shutdown())
            work.set_state(RUNNING, Shutdown())
        return work.outcome()

    # Before anything is done.

    def _check(self, plan: ClonePlan, uuid: str) -> None:
        conflicts = Conflicts(self._connection, uuid, [], plan.document, True, plan.bases())
        conflicts.check()
        self._notes += conflicts.notes
        check_addresses_differ(plan.document)
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from ..._hypervisor.define_refusal import refusal

        found = refusal(self._connection, plan.as_files())
        if found is None:
            return
        if not found.is_of_start:
            raise HypervisorError(
                f"libvirt would fail to define the clone: {found.words}; {found.advice}"
            )
        self._notes.append(f"libvirt could not start the clone as things are: {found.words}")

    def _start(self, plan: ClonePlan) -> Start | None:
        if not self._request.runs:
            return None
        made = [copy.volume.path for copy in plan.copies]
        return Start(self._connection, Networks(self._connection), plan.document, None, made)

    def _clear(self, clone: Domain, origin: Origin) -> None:
        """Remove what an interrupted task has left."""
        self._notes.append(
            "an earlier task was interrupted while it made this clone; what it has left is removed, and the clone "
            "is made anew"
        )
        if self._check_mode:
            if clone.facts().active:
                raise HypervisorError(
                    "it was not completed, and someone has started it, so that it can't be made anew; stop it with "
                    "domain_state, then run the task again"
                )
            return
        left = unmake(clone, origin, False)
        if left:
            raise TaskError(
                f"an interrupted task has left an incomplete clone, of which stays: {', '.join(left)}; see what uses "
                "it, then remove it and run the task again",
                changed=True,
            )
        self._domains.forget()

    # The clone.

    def _outcome(self, plan: ClonePlan) -> Outcome:
        shown = serialise(redacted(plan.document, DOMAIN.top), indent=None)
        facts = absent(self._request.clone, plan.identity.uuid)
        return Outcome(
            facts._replace(state="shutoff", persistent=True),
            changes=(Change("/domain", "add", None, shown).as_result(CONFIG),),
            actions=tuple(plan.actions()),
            notes=tuple(self._notes),
            after=plan.document,
            kind=KIND,
        )

    def _foreseen(self, plan: ClonePlan) -> Outcome:
        outcome = self._outcome(plan)
        if not self._request.runs:
            return outcome
        action = change_state(None, outcome.facts, RUNNING, Shutdown())
        if action is None:
            return outcome
        facts = facts_after(outcome.facts, action)
        return outcome._replace(facts=facts, actions=(*outcome.actions, action))

    def _made(self, plan: ClonePlan) -> Outcome:
        incomplete = plan.incomplete()
        text = serialise(with_origin(plan.document, incomplete))
        if self._domains.fresh().by_name(self._request.clone) is not None:
            raise TaskError(
                "someone else defined a domain with the name of the clone at the same moment; nothing was done; run "
                "the task again"
            )
        clone = self._domains.define(text, False)
        notes = _Notes(clone, incomplete)
        with self._undone(clone, notes):
            volumes = ClonedVolumes(self._connection, notes.note)
            for copy, own in zip(plan.copies, incomplete.volumes):
                volumes.make(copy, own)
            if plan.copies_tpm:
                copy_state(self._connection, plan.source.uuid, clone.uuid)
            _check_unwritten(plan)
            note_origin(clone, plan.origin())
        made = clone.fresh()
        unkept = reconcile(plan.document, made.document(), DOMAIN, _EXACT).changes
        return self._outcome(plan)._replace(
            facts=made.facts(), made=made.document, unkept=tuple(unkept)
        )

    @contextlib.contextmanager
    def _undone(self, clone: Domain, notes: _Notes) -> t.Iterator[None]:
        """Remove the clone and what is its own, if the block fails.

        :raises TaskError: something is left.
        """
        try:
            yield
        except UnknownOutcome as error:
            raise TaskError(
                f"{error}; an incomplete clone is left, which the next run removes and makes anew",
                changed=True,
            ) from error
        except ExpectedError as error:
            try:
                left = unmake(clone, notes.origin, True)
            except HypervisorError as second:
                raise TaskError(
                    f"{error}; an incomplete clone is left, which the next run removes and makes anew: {second}",
                    changed=True,
                ) from error
            if left:
                raise TaskError(
                    f"{error}; of what was made for the clone stays: {', '.join(left)}",
                    changed=True,
                ) from error
            raise

    def _started(self, outcome: Outcome) -> Outcome:
        domain = self._domains.fresh().by_name(self._request.clone)
        if domain is None:
            raise TaskError("it was cloned, and someone else has removed it since", changed=True)
        try:
            action = change_state(domain, domain.facts(), RUNNING, Shutdown())
        except (HypervisorError, TaskError) as error:
            raise TaskError(f"it is cloned, but {error}", changed=True) from error
        actions: tuple[Action, ...] = outcome.actions
        if action is not None:
            actions = (*actions, action)
        return outcome._replace(facts=domain.facts_now(), actions=actions)


class _Notes:
    """Keeps the note in the metadata of a clone that is being made."""

    def __init__(self, clone: Domain, origin: Origin) -> None:
        self._clone = clone
        self.origin = origin

    def note(self, path: str, stage: str) -> None:
        self.origin = self.origin.with_stage(path, stage)
        note_origin(self._clone, self.origin)


def _check_is_clone(
    request: CloneRequest, source: Domain | None, clone: Domain, origin: Origin | None
) -> None:
    """:raises TaskError: a domain with the name of the clone is another one."""
    if source is not None and source.uuid == clone.uuid:
        raise TaskError("clone: it is the domain itself; give another name for the clone")
    if origin is None:
        raise TaskError(
            f"clone: there is a domain '{request.clone}' already, which is no clone that this module made; give "
            "another name for the clone, or remove that domain"
        )
    is_same = origin.uuid == source.uuid if source else request.name in (origin.name, origin.uuid)
    if not is_same:
        raise TaskError(
            f"clone: the domain '{request.clone}' is a clone of '{origin.name}' ({origin.uuid}) and not of this one; "
            "give another name for the clone, or remove that domain"
        )


def _check_source(source: Domain, snapshot: str | None) -> None:
    """:raises TaskError: it can't be copied as it is."""
    facts = source.facts()
    if snapshot is not None or not facts.active:
        if origin_is_incomplete(source.document()):
            raise TaskError(
                "name: the domain is itself a clone that was not completed; run the task that makes it again"
            )
        return
    if not facts.persistent:
        raise TaskError(
            f"name: '{source.name}' is a transient domain, which is gone when it stops, and only what is off can be "
            "cloned; define it first with domain_xml"
        )
    raise TaskError(
        f"name: '{source.name}' is {facts.state}, so that a copy of its disks would be damaged; stop it with "
        "domain_state, or take an external snapshot with domain_snapshot and give its name as snapshot, then run the "
        "task again"
    )


def _check_unwritten(plan: ClonePlan) -> None:
    """:raises TaskError: something may have written to the images of the source while they were copied."""
    source = plan.source.fresh()
    if plan.moment is not None:
        check_still_there(source, plan.moment, plan.disks)
    elif source.facts().active:
        raise TaskError(
            f"'{source.name}' was started while its disks were copied, so that the copies may be damaged; stop it, then "
            "run the task again"
        )


def origin_is_incomplete(document: Element) -> bool:
    """Whether a document is that of a clone that was not completed."""
    origin = origin_of(document)
    return origin is not None and not origin.is_complete
