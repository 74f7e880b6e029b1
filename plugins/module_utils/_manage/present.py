# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain is defined as its document says."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._hypervisor.connection import Connection
from .._hypervisor.domains import Domain, DomainFacts, define, find_by_name, find_by_uuid
from .._hypervisor.errors import HypervisorError
from .._hypervisor.locking import Turn
from .._hypervisor.stopping import Shutdown
from .._reconcile.alike import Alike, kind_of
from .._reconcile.edit import Edit
from .._reconcile.plan import Change, Plan
from .._reconcile.reconcile import MERGE, differences, reconcile
from .._reconcile.redact import redacted
from .._reconcile.taken import Taken, nothing_taken
from .._virtinst.overlays import Images, of_documents, raised
from .._xmltree.element import Element, apart
from .._xmltree.parse import parse
from .._xmltree.serialise import Written, serialise
from .domain.conflicts import Conflicts, see_that_addresses_differ
from .errors import TaskError
from .identity import Identified, identify
from .outcome import CONFIG, Outcome
from .validation import Validation

#: How often a plan is made anew because someone else changed the domain
#: between reading and writing.
_ATTEMPTS = 5
#: That libvirt keeps all of a document, in :class:`._reconcile.alike.Alike`.
_KEPT = "kept"


#: What to do about changes that can't be made while the guest runs.
NEVER, IF_REQUIRED, ALWAYS = "never", "if_required", "always"


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a task asks for; the fields are its options.

    ``live_timeout`` is how long a guest has to take part in a change, in seconds.
    ``edit`` makes the document anew each time that the domain is read, ``edited`` is what
    it has made. ``replug`` is one of :data:`._reconcile.edit.REPLUGS`.
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
    edit: t.Callable[[Reading], Edit] | None = None
    edited: Edit | None = None
    replug: str = NEVER
    taken: t.Callable[[Element], Taken] = nothing_taken
    is_new: bool = False
    written: Written | None = None
    alike: Alike | None = None
    like_virt_install: bool = False
    bases: t.Callable[[], t.Mapping[str, str]] = dict


@dataclasses.dataclass(frozen=True)
class Reading:
    """An existing domain at one moment."""

    domain: Domain
    facts: DomainFacts
    text: str
    definition: Element
    live: Element | None


@dataclasses.dataclass(frozen=True)
class Step:
    """The plan: what changes of the definition, and the document to define.

    ``along`` are changes of a document that only the running guest is to be as.
    """

    changes: tuple[Change, ...]
    document: Element
    along: tuple[Change, ...] = ()


def ensure_present(
    connection: Connection,
    wanted: Wanted,
    validation: Validation,
    check_mode: bool,
    prepare: t.Callable[[], None] = lambda: None,
    known: Connection | None = None,
) -> Outcome:
    """Define the domain, or change its definition, if it isn't as wanted.

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
        with Turn() as turn:
            if name is not None:
                # Others were faster the last time.
                turn.take(name)
            target = identify(known or connection, wanted.document, wanted.name)
            name = target.name
            notes: list[str] = []
            finish = _attempt_made(
                connection, target, wanted, validation, check_mode, prepare, turn, notes, known
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
    wanted: Wanted,
    validation: Validation,
    check_mode: bool,
    prepare: t.Callable[[], None],
    turn: Turn,
    notes: list[str],
    known: Connection | None,
) -> t.Callable[[], Outcome] | None:
    """Plan, and define the domain if need be; what is left to do then, without the turn.

    ``None`` when someone else changed the definition meanwhile. ``notes`` gets what a person
    should know.
    """
    if wanted.is_new and target.domain is not None:
        raise _already_defined()
    before = read(target.domain) if target.domain is not None else None
    if before is None and (wanted.mode == MERGE or wanted.is_new):
        _see_that_it_is_whole(target.document)
    if wanted.edit is not None and before is not None:
        edited = wanted.edit(before)
        wanted = dataclasses.replace(wanted, edited=edited)
        target = dataclasses.replace(target, document=edited.document)
    elif before is not None:
        # What is said of a disk's base is said of the disk.
        disks = of_documents(before.definition, before.live, images_of(before))
        document, found = raised(target.document, disks, wanted.mode != MERGE)
        target = dataclasses.replace(target, document=document)
        notes += found
    if CONFIG not in wanted.affect:
        return lambda: _live_only(target, wanted, before, check_mode, prepare)
    step = plan(target, before, wanted)
    if before is None or step.changes:
        notes += _conflicts(known or connection, target, before, step, wanted)
    if before is not None and not step.changes:
        # What says the same as a definition that libvirt has is as valid.
        outcome = Outcome(before.facts, before=before.definition, after=step.document)
        return lambda: _as_it_runs(outcome, wanted, target.document, step, before, check_mode)
    see_that_addresses_differ(step.document)
    if wanted.mode == MERGE or wanted.edit is not None:
        validation.check_merged(step.document, before.definition if before else None)
    else:
        validation.check_source(target.name)
    if check_mode:
        return lambda: _predicted(target, wanted, step, before)
    prepare()
    turn.take(target.name)
    if not _is_still(connection, target, before):
        return None
    domain = define(connection, _text(step.document, wanted), validation.by_libvirt)
    after = _read_back(connection, domain, before is None)
    return lambda: _verified(target, wanted, step, before, after)


def _conflicts(
    connection: Connection, target: Identified, before: Reading | None, step: Step, wanted: Wanted
) -> list[str]:
    """What a person should know of what another domain has of the document as well.

    :raises TaskError: it can't have it too.
    """
    documents = [] if before is None else [before.definition]
    documents += [] if before is None or before.live is None else [before.live]
    uuid = "" if before is None else before.domain.uuid
    conflicts = Conflicts(
        connection, uuid, documents, step.document, wanted.like_virt_install, wanted.bases()
    )
    conflicts.check()
    return conflicts.notes


def images_of(reading: Reading) -> t.Callable[[], Images]:
    """What is known of the images of a domain's disks, read when it is asked for."""

    @functools.cache
    def images() -> Images:
        # A module's code is compiled each time that it runs, and this is seldom needed.
        from .._hypervisor.disk_images import DomainImages

        return DomainImages(reading.domain, reading.live)

    return images


def _see_that_it_is_whole(document: Element) -> None:
    """A part of a document can be merged into a domain, but makes none."""
    if document.get("type") is None:
        raise TaskError(
            "there is no such domain yet, and the document is only a part of one: <domain> lacks the "
            "attribute 'type'; give the name of a domain that exists, or a whole document"
        )


def read(domain: Domain, facts: DomainFacts | None = None) -> Reading:
    """Read each document of the domain once, and its facts unless they are known."""
    facts = domain.facts() if facts is None else facts
    text = domain.definition()
    return Reading(
        domain=domain,
        facts=facts,
        text=text,
        definition=apart(domain.document(text)),
        live=apart(parse(domain.live())) if facts.active else None,
    )


def plan(target: Identified, before: Reading | None, wanted: Wanted) -> Step:
    """What has to be done for the domain to be as its document says."""
    if before is None:
        return Step((_added(target.document, wanted),), target.document)
    planned = _planned(target.document, before.definition, wanted)
    if before.facts.persistent:
        return Step(planned.changes, planned.document)
    # A transient domain has no definition yet. It gets one with what libvirt
    # assigned to the running guest, which thus survives its next stop.
    return Step((_added(planned.document, wanted),), planned.document)


def _planned(document: Element, definition: Element, wanted: Wanted) -> Plan:
    edited = wanted.edited
    taken = None if edited is None else edited.taken
    if wanted.mode == MERGE:
        taken = wanted.taken(definition)
    turned = None if edited is None or edited.turned is None else edited.turned[:2]
    return reconcile(document, definition, wanted.mode, taken=taken, turned=turned)


def _added(document: Element, wanted: Wanted) -> Change:
    shown = redacted(document)
    if wanted.written is not None and shown is wanted.document:
        return Change("/domain", "add", None, wanted.written.line)
    return Change("/domain", "add", None, serialise(shown, indent=None))


def _text(document: Element, wanted: Wanted) -> str:
    """What libvirt gets."""
    if wanted.written is not None and document is wanted.document:
        return wanted.written.text
    return serialise(document)


def _live_only(
    target: Identified,
    wanted: Wanted,
    before: Reading | None,
    check_mode: bool,
    prepare: t.Callable[[], None],
) -> Outcome:
    if before is None:
        return Outcome(_absent(target))
    outcome = Outcome(before.facts, before=before.definition, after=before.definition)
    if before.live is None:
        return outcome
    # The guest is to be as the document says, whatever its definition is.
    planned = _planned(target.document, before.definition, wanted)
    wanted = dataclasses.replace(wanted, restart=NEVER)
    if not check_mode:
        prepare()
    step = Step((), planned.document, planned.changes)
    done = _as_it_runs(outcome, wanted, target.document, step, before, check_mode)
    left = read(before.domain) if done.live_changes and not check_mode else before
    return with_pending(done, left)


def _predicted(target: Identified, wanted: Wanted, step: Step, before: Reading | None) -> Outcome:
    if before is None:
        facts = dataclasses.replace(_absent(target), state="shutoff", persistent=True)
    else:
        facts = dataclasses.replace(before.facts, persistent=True)
    outcome = Outcome(
        facts,
        changes=_results(step.changes, CONFIG),
        before=_definition(before),
        after=step.document,
    )
    if before is None:
        return outcome
    return _as_it_runs(outcome, wanted, target.document, step, before, True)


def _already_defined() -> TaskError:
    return TaskError(
        "someone else defined a domain with this name at the same moment; nothing was done; "
        "run the task again to change that one"
    )


def _results(changes: t.Iterable[Change], when: str) -> tuple[dict[str, t.Any], ...]:
    return tuple(change.as_result(when) for change in changes)


def _is_still(connection: Connection, target: Identified, before: Reading | None) -> bool:
    """Whether the domain is what the plan was made from, right before writing.

    Other tasks of this user wait for their turn meanwhile, other programs don't. What
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


def _read_back(connection: Connection, domain: Domain, is_new: bool) -> Reading:
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
    target: Identified, wanted: Wanted, step: Step, before: Reading | None, after: Reading
) -> Outcome:
    """See what libvirt made of the document."""
    unkept = _unkept(target, wanted, after)
    kept = tuple(change for change in step.changes if change not in unkept)
    if before is not None and not kept and after.text != before.text:
        # libvirt has kept nothing of what was asked, and something else instead.
        kept = differences(after.definition, before.definition)
    outcome = Outcome(
        after.facts,
        changes=_results(kept, CONFIG),
        before=_definition(before),
        after=step.document,
        unkept=unkept,
    )
    made = Step(kept, after.definition)
    return _as_it_runs(outcome, wanted, target.document, made, after, False)


def _unkept(target: Identified, wanted: Wanted, after: Reading) -> tuple[Change, ...]:
    """What libvirt did not make so."""
    key = b""
    if wanted.alike is not None and wanted.written is not None and wanted.is_new:
        key = kind_of(target.name, after.domain.uuid, wanted.written.text, after.text).key
        if wanted.alike.is_known(_KEPT, key):
            return ()
    unkept = _planned(target.document, after.definition, wanted).changes
    if wanted.alike is not None and key and not unkept:
        wanted.alike.note(_KEPT, key)
    return unkept


def _as_it_runs(
    outcome: Outcome,
    wanted: Wanted,
    desired: Element,
    step: Step,
    reading: Reading,
    check_mode: bool,
) -> Outcome:
    """The outcome after the guest, if one runs, has become as its definition says.

    ``step`` has the changes and the definition as it is, or would be.
    """
    if reading.live is None:
        return outcome
    # A module's code is compiled each time that it runs, and most guests that
    # are looked at don't run.
    from .domain.live import LiveWork

    work = LiveWork(wanted, desired, step, reading, check_mode)
    return work.done(outcome)


def pending(
    reading: Reading,
    definition: Element | None = None,
    lost: t.Iterable[Change] = (),
    is_planned: bool = False,
) -> tuple[Change, ...]:
    """What differs between the running guest, if there is one, and its definition.

    ``definition`` is the one that it is about to get, ``lost`` are changes by which that has lost
    values. ``is_planned`` says that it doesn't have it yet.
    """
    if reading.live is None:
        return ()
    # A module's code is compiled each time that it runs, and most guests that
    # are looked at don't run.
    from .._hypervisor.balloon import has_driver
    from .domain.pending import pending as differing

    definition = reading.definition if definition is None else definition
    return differing(definition, reading.live, lambda: has_driver(reading.domain), lost, is_planned)


def with_pending(outcome: Outcome, reading: Reading) -> Outcome:
    """The outcome with what differs between the guest and its definition, and why."""
    if not reading.facts.persistent:
        # What libvirt says of its next start is what it was started with.
        return dataclasses.replace(outcome, pending=())
    changes, reasons = pending(reading, lost=outcome.lost), outcome.reasons
    if changes and reading.live is not None:
        from .domain.pending import reasons_of

        reasons = reasons_of(changes, reasons, reading.definition, reading.live)
    return dataclasses.replace(outcome, pending=changes, reasons=reasons)


def _definition(reading: Reading | None) -> Element | None:
    """The persistent definition, which a transient domain lacks."""
    return reading.definition if reading is not None and reading.facts.persistent else None


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
