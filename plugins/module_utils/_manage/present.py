# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain is defined as its document says."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._hypervisor.connection import Connection
from .._hypervisor.definition_lock import DefinitionLock
from .._hypervisor.domains import Domain, DomainFacts, define, find_by_name, find_by_uuid
from .._hypervisor.errors import HypervisorError
from .._hypervisor.stopping import Shutdown
from .._reconcile.domain.edit import Edit
from .._reconcile.domain.fingerprint import Proven, fingerprint_of
from .._reconcile.plan import Change, Plan
from .._reconcile.reconcile import MERGE, differences, reconcile
from .._reconcile.redact import redacted
from .._reconcile.taken import Taken, nothing_taken
from .._virtinst.overlays import Images, of_documents, raised
from .._xmltree.element import Element, apart
from .._xmltree.parse import parse
from .._xmltree.serialise import Written, serialise
from .domain.conflicts import Conflicts, check_addresses_differ
from .errors import TaskError
from .identity import Identified, identify
from .outcome import CONFIG, Outcome
from .validation import Validation

#: How often a plan is made anew because someone else changed the domain
#: between observed and writing.
_ATTEMPTS = 5
#: That libvirt keeps all of a document, in :class:`._reconcile.domain.fingerprint.Proven`.
_KEPT = "kept"


#: What to do about changes that can't be made while the guest runs.
NEVER, IF_REQUIRED, ALWAYS = "never", "if_required", "always"


@dataclasses.dataclass(frozen=True)
class Goal:
    """What a task asks for; the fields are its options.

    ``live_timeout`` is how long a guest has to take part in a change, in seconds.
    ``edit`` makes the document anew each time that the domain is read, ``edited`` is what
    it has made. ``replug`` is one of :data:`._reconcile.domain.edit.REPLUGS`.
    ``taken`` tells what is to go of a document of the domain, with the mode ``merge``.
    ``is_new`` says that the domain must not exist yet. ``written`` is the document as text,
    where that is known already. ``alike`` has what is known of domains that are alike.
    ``like_virt_install``: what virt-install refuses of two domains, or of two devices, is refused.
    ``bases`` gives what volumes to come are based on, by their paths.
    """

    document: Element
    name: str | None
    mode: str
    affect: frozenset[str]
    restart: str = NEVER
    shutdown: Shutdown = dataclasses.field(default_factory=Shutdown)
    live_timeout: float = 20.0
    edit: t.Callable[[Observed], Edit] | None = None
    edited: Edit | None = None
    replug: str = NEVER
    taken: t.Callable[[Element], Taken] = nothing_taken
    is_new: bool = False
    written: Written | None = None
    alike: Proven | None = None
    like_virt_install: bool = False
    bases: t.Callable[[], t.Mapping[str, str]] = dict


@dataclasses.dataclass(frozen=True)
class Observed:
    """An existing domain at one moment."""

    domain: Domain
    facts: DomainFacts
    text: str
    definition: Element
    live: Element | None


def ensure_present(
    connection: Connection,
    goal: Goal,
    validation: Validation,
    check_mode: bool,
    prepare: t.Callable[[], None] = lambda: None,
    known: Connection | None = None,
) -> Outcome:
    """Define the domain, or change its definition, if it isn't as goal.

    ``prepare`` is called before libvirt gets the document, if it does, and before a
    running guest alone is changed. ``known`` has the domains that were read before, where
    that is enough to tell whether there is one of this name: it is looked for again right
    before it is defined.

    :raises TaskError: what is wanted contradicts itself or what exists, or
        someone else changes the domain all the time.
    :raises HypervisorError: libvirt refuses; the old definition stays.
    :raises SchemaError: the document is not valid.
    """
    name: str | None = None
    for _attempt in range(_ATTEMPTS):
        with DefinitionLock() as lock:
            if name is not None:
                # Others were faster the last time.
                lock.acquire(name)
            target = identify(known or connection, goal.document, goal.name)
            name = target.name
            notes: list[str] = []
            finish = _attempt_made(
                connection, target, goal, validation, check_mode, prepare, lock, notes, known
            )
        if finish is not None:
            outcome = finish()
            return (
                dataclasses.replace(outcome, notes=(*outcome.notes, *notes)) if notes else outcome
            )
    raise TaskError(
        f"its definition was changed by someone else {_ATTEMPTS} times while this task was about "
        "to change it; nothing was done; run the task again when nothing else manages the domain"
    )


def _attempt_made(
    connection: Connection,
    target: Identified,
    goal: Goal,
    validation: Validation,
    check_mode: bool,
    prepare: t.Callable[[], None],
    lock: DefinitionLock,
    notes: list[str],
    known: Connection | None,
) -> t.Callable[[], Outcome] | None:
    """Plan, and define the domain if need be; what is left to do then, without the lock.

    ``None`` when someone else changed the definition meanwhile. ``notes`` gets what a person
    should know.
    """
    if goal.is_new and target.domain is not None:
        raise _already_defined()
    before = read(target.domain) if target.domain is not None else None
    if before is None and (goal.mode == MERGE or goal.is_new):
        _see_that_it_is_whole(target.document)
    if goal.edit is not None and before is not None:
        edited = goal.edit(before)
        goal = dataclasses.replace(goal, edited=edited)
        target = dataclasses.replace(target, document=edited.document)
    elif before is not None:
        # What is said of a disk's base is said of the disk.
        disks = of_documents(before.definition, before.live, images_of(before))
        document, found = raised(target.document, disks, goal.mode != MERGE)
        target = dataclasses.replace(target, document=document)
        notes += found
    if CONFIG not in goal.affect:
        return lambda: _live_only(target, goal, before, check_mode, prepare)
    plan = plan_for(target, before, goal)
    if before is None or plan.changes:
        notes += _conflicts(known or connection, target, before, plan, goal)
    if before is not None and not plan.changes:
        # What says the same as a definition that libvirt has is as valid.
        outcome = Outcome(before.facts, before=before.definition, after=plan.document)
        return lambda: _as_it_runs(outcome, goal, target.document, plan, before, check_mode)
    check_addresses_differ(plan.document)
    if goal.mode == MERGE or goal.edit is not None:
        validation.check_merged(plan.document, before.definition if before else None)
    else:
        validation.check_source(target.name)
    if check_mode:
        return lambda: _predicted(target, goal, plan, before)
    prepare()
    lock.acquire(target.name)
    if not _is_still(connection, target, before):
        return None
    domain = define(connection, _text(plan.document, goal), validation.by_libvirt)
    after = _read_back(connection, domain, before is None)
    return lambda: _verified(target, goal, plan, before, after)


def _conflicts(
    connection: Connection, target: Identified, before: Observed | None, plan: Plan, goal: Goal
) -> list[str]:
    """What a person should know of what another domain has of the document as well.

    :raises TaskError: it can't have it too.
    """
    documents = [] if before is None else [before.definition]
    documents += [] if before is None or before.live is None else [before.live]
    uuid = "" if before is None else before.domain.uuid
    conflicts = Conflicts(
        connection, uuid, documents, plan.document, goal.like_virt_install, goal.bases()
    )
    conflicts.check()
    return conflicts.notes


def images_of(observed: Observed) -> t.Callable[[], Images]:
    """What is known of the images of a domain's disks, read when it is asked for."""

    @functools.cache
    def images() -> Images:
        # A module's code is compiled each time that it runs, and this is seldom needed.
        from .._hypervisor.disk_images import DomainImages

        return DomainImages(observed.domain, observed.live)

    return images


def _see_that_it_is_whole(document: Element) -> None:
    """A part of a document can be merged into a domain, but makes none."""
    if document.get("type") is None:
        raise TaskError(
            "there is no such domain yet, and the document is only a part of one: <domain> lacks the "
            "attribute 'type'; give the name of a domain that exists, or a whole document"
        )


def read(domain: Domain, facts: DomainFacts | None = None) -> Observed:
    """Read each document of the domain once, and its facts unless they are known."""
    facts = domain.facts() if facts is None else facts
    text = domain.definition()
    return Observed(
        domain=domain,
        facts=facts,
        text=text,
        definition=apart(domain.document(text)),
        live=apart(parse(domain.live())) if facts.active else None,
    )


def plan_for(target: Identified, before: Observed | None, goal: Goal) -> Plan:
    """What has to be done for the domain to be as its document says."""
    if before is None:
        return Plan((_added(target.document, goal),), target.document)
    planned = _planned(target.document, before.definition, goal)
    if before.facts.persistent:
        return Plan(planned.changes, planned.document)
    # A transient domain has no definition yet. It gets one with what libvirt
    # assigned to the running guest, which thus survives its next stop.
    return Plan((_added(planned.document, goal),), planned.document)


def _planned(document: Element, definition: Element, goal: Goal) -> Plan:
    edited = goal.edited
    taken = None if edited is None else edited.taken
    if goal.mode == MERGE:
        taken = goal.taken(definition)
    turned = None if edited is None or edited.turned is None else edited.turned[:2]
    return reconcile(document, definition, goal.mode, taken=taken, turned=turned)


def _added(document: Element, goal: Goal) -> Change:
    shown = redacted(document)
    if goal.written is not None and shown is goal.document:
        return Change("/domain", "add", None, goal.written.line)
    return Change("/domain", "add", None, serialise(shown, indent=None))


def _text(document: Element, goal: Goal) -> str:
    """What libvirt gets."""
    if goal.written is not None and document is goal.document:
        return goal.written.text
    return serialise(document)


def _live_only(
    target: Identified,
    goal: Goal,
    before: Observed | None,
    check_mode: bool,
    prepare: t.Callable[[], None],
) -> Outcome:
    if before is None:
        return Outcome(_absent(target))
    outcome = Outcome(before.facts, before=before.definition, after=before.definition)
    if before.live is None:
        return outcome
    # The guest is to be as the document says, whatever its definition is.
    planned = _planned(target.document, before.definition, goal)
    goal = dataclasses.replace(goal, restart=NEVER)
    if not check_mode:
        prepare()
    plan = Plan((), planned.document, planned.changes)
    done = _as_it_runs(outcome, goal, target.document, plan, before, check_mode)
    left = read(before.domain) if done.live_changes and not check_mode else before
    return with_pending(done, left)


def _predicted(target: Identified, goal: Goal, plan: Plan, before: Observed | None) -> Outcome:
    if before is None:
        facts = dataclasses.replace(_absent(target), state="shutoff", persistent=True)
    else:
        facts = dataclasses.replace(before.facts, persistent=True)
    outcome = Outcome(
        facts,
        changes=_results(plan.changes, CONFIG),
        before=_definition(before),
        after=plan.document,
    )
    if before is None:
        return outcome
    return _as_it_runs(outcome, goal, target.document, plan, before, True)


def _already_defined() -> TaskError:
    return TaskError(
        "someone else defined a domain with this name at the same moment; nothing was done; "
        "run the task again to change that one"
    )


def _results(changes: t.Iterable[Change], when: str) -> tuple[dict[str, t.Any], ...]:
    return tuple(change.as_result(when) for change in changes)


def _is_still(connection: Connection, target: Identified, before: Observed | None) -> bool:
    """Whether the domain is what the plan was made from, right before writing.

    Other tasks of this user wait for the lock meanwhile, other programs don't. What
    libvirt does refuse is a name that exists with another UUID.

    :raises TaskError: it was undefined, or defined, in the meantime.
    """
    now = find_by_name(connection, target.name)
    if before is None:
        if now is None:
            return True
        raise _already_defined()
    if now is None or now.uuid != before.domain.uuid:
        raise TaskError(
            "someone else undefined it while this task was about to change it; nothing was done; "
            "run the task again to define it anew"
        )
    return now.definition() == before.text


def _read_back(connection: Connection, domain: Domain, is_new: bool) -> Observed:
    try:
        # What didn't exist before is off, and nobody has asked it to start by itself.
        return read(domain, _new(domain) if is_new else None)
    except HypervisorError:
        if find_by_uuid(connection, domain.uuid) is not None:
            raise
        raise TaskError(
            "someone else undefined it right after this task had defined it; run the task again "
            "to define it anew",
            changed=True,
        ) from None


def _verified(
    target: Identified, goal: Goal, plan: Plan, before: Observed | None, after: Observed
) -> Outcome:
    """See what libvirt made of the document."""
    unkept = _unkept(target, goal, after)
    kept = tuple(change for change in plan.changes if change not in unkept)
    if before is not None and not kept and after.text != before.text:
        # libvirt has kept nothing of what was asked, and something else instead.
        kept = differences(after.definition, before.definition)
    outcome = Outcome(
        after.facts,
        changes=_results(kept, CONFIG),
        before=_definition(before),
        after=plan.document,
        unkept=unkept,
    )
    made = Plan(kept, after.definition)
    return _as_it_runs(outcome, goal, target.document, made, after, False)


def _unkept(target: Identified, goal: Goal, after: Observed) -> tuple[Change, ...]:
    """What libvirt did not make so."""
    key = b""
    if goal.alike is not None and goal.written is not None and goal.is_new:
        key = fingerprint_of(target.name, after.domain.uuid, goal.written.text, after.text).key
        if goal.alike.is_known(_KEPT, key):
            return ()
    unkept = _planned(target.document, after.definition, goal).changes
    if goal.alike is not None and key and not unkept:
        goal.alike.note(_KEPT, key)
    return unkept


def _as_it_runs(
    outcome: Outcome,
    goal: Goal,
    desired: Element,
    plan: Plan,
    observed: Observed,
    check_mode: bool,
) -> Outcome:
    """The outcome after the guest, if one runs, has become as its definition says.

    ``plan`` has the changes and the definition as it is, or would be.
    """
    if observed.live is None:
        return outcome
    # A module's code is compiled each time that it runs, and most guests that
    # are looked at don't run.
    from .domain.live import LiveWork

    work = LiveWork(goal, desired, plan, observed, check_mode)
    return work.done(outcome)


def pending(
    observed: Observed,
    definition: Element | None = None,
    lost: t.Iterable[Change] = (),
    is_planned: bool = False,
) -> tuple[Change, ...]:
    """What differs between the running guest, if there is one, and its definition.

    ``definition`` is the one that it is about to get, ``lost`` are changes by which that has lost
    values. ``is_planned`` says that it doesn't have it yet.
    """
    if observed.live is None:
        return ()
    # A module's code is compiled each time that it runs, and most guests that
    # are looked at don't run.
    from .._hypervisor.balloon import has_driver
    from .domain.pending import pending as differing

    definition = observed.definition if definition is None else definition
    return differing(
        definition, observed.live, lambda: has_driver(observed.domain), lost, is_planned
    )


def with_pending(outcome: Outcome, observed: Observed) -> Outcome:
    """The outcome with what differs between the guest and its definition, and why."""
    if not observed.facts.persistent:
        # What libvirt says of its next start is what it was started with.
        return dataclasses.replace(outcome, pending=())
    changes, reasons = pending(observed, lost=outcome.lost), outcome.reasons
    if changes and observed.live is not None:
        from .domain.pending import reasons_of

        reasons = reasons_of(changes, reasons, observed.definition, observed.live)
    return dataclasses.replace(outcome, pending=changes, reasons=reasons)


def _definition(observed: Observed | None) -> Element | None:
    """The persistent definition, which a transient domain lacks."""
    return observed.definition if observed is not None and observed.facts.persistent else None


def _new(domain: Domain) -> DomainFacts:
    return DomainFacts(domain.name, domain.uuid, None, "shutoff", True, False)


def _absent(target: Identified) -> DomainFacts:
    return DomainFacts(
        name=target.name,
        uuid=target.document.value("uuid"),
        id=None,
        state="absent",
        persistent=False,
        autostart=False,
    )
