# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defining an object as its document demands."""

from __future__ import annotations

import typing as t

from .._choices import ABSENT
from .._hypervisor.definition_lock import DefinitionLock
from .._hypervisor.errors import HypervisorError
from .._hypervisor.objects import Facts, Objects, ObjectT
from .._reconcile.edit import Edit
from .._reconcile.plan import Change, Plan
from .._reconcile.reconcile import differences, reconcile
from .._reconcile.redact import redacted
from .._rules.kind import Kind
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .errors import TaskError
from .goal import Goal
from .identity import Identified
from .memory import KEPT, NOTHING, Memory
from .outcome import Outcome
from .reading import Observed, observe
from .running import NoRunning
from .validation import Validation

#: The number of new plans after others changed the object between reading and writing.
_ATTEMPTS = 5


def ensure_present(
    objects: Objects[ObjectT],
    kind: Kind,
    goal: Goal[ObjectT],
    validation: Validation,
    check_mode: bool,
    prepare: t.Callable[[], None] = lambda: None,
    running: NoRunning[ObjectT] | None = None,
    known: Objects[ObjectT] | None = None,
    memory: Memory = NOTHING,
) -> Outcome:
    """Define the object, or change its definition, where it isn't as the goal says.

    ``prepare`` is called before libvirt gets the document, if it does, and before what runs
    alone is changed. ``running`` says what becomes of what runs. ``known`` has the objects that
    were read before, where that is enough to tell whether there is one of this name: it is
    looked for again right before it is defined. ``memory`` has what libvirt made of documents.

    :raises TaskError: the goal contradicts itself or what exists, or
        someone else changes the object all the time.
    :raises HypervisorError: libvirt refuses; the old definition stays.
    :raises SchemaError: the document is not valid.
    """
    running = NoRunning() if running is None else running
    task = _Task(objects, kind, goal, validation, check_mode, prepare, running, memory)
    name: str | None = None
    for attempt in range(_ATTEMPTS):
        with DefinitionLock(objects.api.noun) as lock:
            if name is not None:
                # Others were faster the last time.
                lock.acquire(name)
            if attempt:
                objects.forget()
            target = goal.identify(known or objects, goal.document, goal.name)
            name = target.name
            finish = task.attempt(target, lock)
        if finish is not None:
            outcome = finish()
            notes = (*outcome.notes, *task.notes)
            return outcome._replace(notes=notes) if task.notes else outcome
    raise TaskError(
        f"its definition was changed by someone else {_ATTEMPTS} times while this task was about "
        "to change it; nothing was done; run the task again when nothing else manages the "
        f"{objects.api.noun}"
    )


class _Task(t.Generic[ObjectT]):
    """The steps of one task; ``notes`` are what a person should know of the last attempt."""

    def __init__(
        self,
        objects: Objects[ObjectT],
        kind: Kind,
        goal: Goal[ObjectT],
        validation: Validation,
        check_mode: bool,
        prepare: t.Callable[[], None],
        running: NoRunning[ObjectT],
        memory: Memory,
    ) -> None:
        self._objects = objects
        self._kind = kind
        self._goal = goal
        self._validation = validation
        self._check_mode = check_mode
        self._prepare = prepare
        self._running = running
        self._memory = memory
        self.notes: list[str] = []

    def attempt(
        self, target: Identified[ObjectT], lock: DefinitionLock
    ) -> t.Callable[[], Outcome] | None:
        """Plan, and define the object if need be; what is left to do then, without the lock.

        ``None`` when someone else changed the definition meanwhile.
        """
        self.notes = []
        goal, running = self._goal, self._running
        if goal.is_new and target.found is not None:
            raise _already_defined(self._objects.api.noun)
        before = observe(target.found) if target.found is not None else None
        if before is None:
            running.check_new(target.document, goal.is_part or goal.is_new)
            edit = Edit(target.document)
        else:
            edit = goal.edit(before, target.document)
            edit, notes = running.adapted(edit, before)
            self.notes += notes
        if not running.defines:
            return lambda: self._live_only(target, edit, before)
        plan = self._plan(edit, before)
        if before is not None and plan.changes and self._is_kept(edit, before):
            outcome = self._outcome(before.facts, before, Plan((), before.definition))._replace(
                unkept=plan.changes, is_remembered=True
            )
            plan = Plan((), before.definition)
            return lambda: running.as_it_runs(outcome, edit, plan, before, self._check_mode)
        if before is not None and not plan.changes:
            # What says the same as a definition that libvirt has is as valid.
            outcome = self._outcome(before.facts, before, plan)
            return lambda: running.as_it_runs(outcome, edit, plan, before, self._check_mode)
        self._check(target, plan, before)
        if self._check_mode:
            self.notes += running.foresee(plan)
            return lambda: self._predicted(target, edit, plan, before)
        self._prepare()
        lock.acquire(target.name)
        if not self._is_still(target, before):
            return None
        made = self._objects.define(self._text(plan.document), self._validation.by_libvirt)
        after = self._read_back(made, before is None)
        if before is None:
            # What later tasks will see is how it is enforced from now on.
            edit = goal.edit(after, target.document)
        return lambda: self._verified(edit, plan, before, after)

    def _check(
        self, target: Identified[ObjectT], plan: Plan, before: Observed[ObjectT] | None
    ) -> None:
        """Check that the plan's document is valid, and conflicts with nothing.

        :raises SchemaError: it is not valid.
        :raises TaskError: it conflicts with something else.
        """
        self.notes += self._running.check(plan, before)
        if self._goal.is_part:
            existing = None if before is None else before.definition
            self._validation.check_merged(plan.document, existing)
        else:
            self._validation.check_source(target.name)

    def _is_kept(self, edit: Edit, observed: Observed[ObjectT]) -> bool:
        """Whether the object is what libvirt made of this document before."""
        return self._memory.is_on and self._memory.knows(KEPT, *self._parts(edit, observed))

    def _parts(self, edit: Edit, observed: Observed[ObjectT]) -> t.Iterator[str]:
        """All that it depends on what libvirt makes of a document, and what it has made."""
        connection, taken = self._objects.connection, edit.taken(observed.definition)
        yield from (connection.uri, str(connection.version()), self._kind.noun, edit.mode)
        yield serialise(edit.document)
        yield "" if taken is None else serialise(taken.document)
        yield observed.text

    def _plan(self, edit: Edit, before: Observed[ObjectT] | None) -> Plan:
        """What has to be done for the object to be as its document says."""
        if before is None:
            return Plan((self._added(edit.document),), edit.document)
        planned = self._planned(edit, before.definition)
        if before.facts.persistent:
            return planned
        # A transient object has no definition yet. It gets one with what libvirt
        # assigned to what runs, which thus survives its next stop.
        return Plan((self._added(planned.document),), planned.document)

    def _planned(self, edit: Edit, definition: Element) -> Plan:
        return reconcile(
            edit.document,
            definition,
            self._kind.book,
            edit.mode,
            taken=edit.taken(definition),
            turned=edit.turned,
        )

    def _added(self, document: Element) -> Change:
        goal, written = self._goal, self._goal.written
        if goal.shown is not None and document is goal.document:
            shown = goal.shown()
        else:
            shown = redacted(document, self._kind.book.top)
        path = f"/{self._kind.tag}"
        if written is not None and shown is goal.document:
            return Change(path, "add", None, written.line)
        return Change(path, "add", None, serialise(shown, indent=None))

    def _text(self, document: Element) -> str:
        """What libvirt gets."""
        written = self._goal.written
        if written is not None and document is self._goal.document:
            return written.text
        return serialise(document)

    def _outcome(self, facts: Facts, before: Observed[ObjectT] | None, plan: Plan) -> Outcome:
        is_defined = before is not None and before.facts.persistent
        return Outcome(
            facts,
            changes=tuple(change.as_result(self._running.when) for change in plan.changes),
            # A transient object has no definition.
            before=before.definition if before is not None and is_defined else None,
            after=plan.document,
            kind=self._kind,
        )

    def _live_only(
        self, target: Identified[ObjectT], edit: Edit, before: Observed[ObjectT] | None
    ) -> Outcome:
        if before is None:
            return Outcome(self._absent(target))
        outcome = Outcome(
            before.facts, before=before.definition, after=before.definition, kind=self._kind
        )
        if before.live is None:
            return outcome
        # What runs is to be as the document says, whatever its definition is.
        planned = self._planned(edit, before.definition)
        if planned.changes:
            self._check(target, planned, before)
        if not self._check_mode:
            self._prepare()
        plan = Plan((), planned.document, planned.changes)
        return self._running.as_it_runs(outcome, edit, plan, before, self._check_mode)

    def _predicted(
        self,
        target: Identified[ObjectT],
        edit: Edit,
        plan: Plan,
        before: Observed[ObjectT] | None,
    ) -> Outcome:
        if before is None:
            facts = self._running.facts_of_new(self._absent(target))
            return self._running.as_new(self._outcome(facts, None, plan))
        facts = before.facts._replace(persistent=True)
        return self._running.as_it_runs(
            self._outcome(facts, before, plan), edit, plan, before, True
        )

    def _absent(self, target: Identified[ObjectT]) -> Facts:
        return Facts(self._objects.api, target.name, target.document.value("uuid"), ABSENT)

    def _is_still(self, target: Identified[ObjectT], before: Observed[ObjectT] | None) -> bool:
        """Whether the object is what the plan was made from, right before writing.

        Other tasks of this user wait for the lock meanwhile, other programs don't. What
        libvirt does refuse is a name that exists with another UUID.

        :raises TaskError: it was undefined, or defined, in the meantime.
        """
        now = self._objects.fresh().by_name(target.name)
        if before is None:
            if now is None:
                return True
            raise _already_defined(self._objects.api.noun)
        if now is None or now.uuid != before.object.uuid:
            raise TaskError(
                "someone else undefined it while this task was about to change it; nothing was done; "
                "run the task again to define it anew"
            )
        return now.definition() == before.text

    def _read_back(self, made: ObjectT, is_new: bool) -> Observed[ObjectT]:
        try:
            if not is_new:
                return observe(made)
            # What didn't exist before is off, and nobody has asked it to start by itself.
            absent = Facts(self._objects.api, made.name, made.uuid, ABSENT)
            return observe(made, self._running.facts_of_new(absent))
        except HypervisorError:
            if self._objects.fresh().by_uuid(made.uuid) is not None:
                raise
            raise TaskError(
                "someone else undefined it right after this task had defined it; run the task again "
                "to define it anew",
                changed=True,
            ) from None

    def _verified(
        self,
        edit: Edit,
        plan: Plan,
        before: Observed[ObjectT] | None,
        after: Observed[ObjectT],
    ) -> Outcome:
        """See what libvirt made of the document."""
        unkept = self._unkept(edit, after)
        kept = tuple(change for change in plan.changes if change not in unkept)
        if before is not None and not kept and after.text != before.text:
            # libvirt has kept nothing of what was asked, and something else instead.
            kept = differences(after.definition, before.definition, self._kind.letters)
        if unkept and self._memory.is_on:
            self._memory.note(KEPT, *self._parts(edit, after))
        outcome = self._outcome(after.facts, before, Plan(kept, plan.document))._replace(
            unkept=unkept,
            is_remembered=self._memory.is_on,
            made=lambda: after.definition,
        )
        if after.live_text is None and not self._running.acts_when_off:
            return outcome
        made = Plan(kept, after.definition)
        return self._running.as_it_runs(outcome, edit, made, after, False)

    def _unkept(self, edit: Edit, after: Observed[ObjectT]) -> tuple[Change, ...]:
        """What libvirt did not make so."""
        return self._goal.unkept(
            after.object, after.text, lambda: self._planned(edit, after.definition).changes
        )


def _already_defined(noun: str) -> TaskError:
    return TaskError(
        f"someone else defined a {noun} with this name at the same moment; nothing was done; "
        "run the task again to change that one"
    )
