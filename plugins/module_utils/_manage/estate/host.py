# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All objects of a host at once: planned as one, and changed in the order that they need each other."""

from __future__ import annotations

import collections
import threading
import time
import typing as t

from ..._choices import ABSENT, INACTIVE
from ..._errors import ExpectedError
from ..._hypervisor.connection import Connection
from ..._hypervisor.events import KeepAlive
from ..._hypervisor.planned_pool import placed
from ..._xmltree.element import Element
from ..domain.many import DomainDone, ManyDomains
from ..domain.many_item import Item
from ..domain.purge import Purge
from ..errors import TaskError
from ..many_done import Done
from ..memory import NOTHING, Memory
from ..outcome import Outcome
from .entry import Entry
from .needs import Need, names_of, needs_of

#: The kinds whose removal loses what no other task can make again.
_KEEPS_DATA = ("secret", "pool", "volume")


class DomainList(t.NamedTuple):
    """The domains of an estate, as the module ``domains`` has them."""

    items: t.Sequence[Item]
    purge: Purge | None
    parallel: int | None


class HostEstate:
    """The work of one task.

    Objects that go and that nothing uses make room first, the others go last. ``seconds`` are
    those of each phase.
    """

    nouns = "objects"
    is_of_kinds = True

    def __init__(
        self,
        connection: Connection,
        entries: t.Sequence[Entry],
        purged: t.Sequence[Entry],
        domains: DomainList,
        fail_fast: bool,
        check_mode: bool,
        memory: Memory = NOTHING,
    ) -> None:
        self._connection = connection
        self._entries = entries
        self._purged = purged
        self._listed = domains
        self._fail_fast = fail_fast
        self._check_mode = check_mode
        self._memory = memory
        self._stop = threading.Event()
        #: Those that go before and after the others change, and those that stay, in their order.
        self._early: list[Entry] = []
        self._late: list[Entry] = []
        self._staying: list[Entry] = []
        self._domains = self._many(domains.items, domains.purge, memory)
        self.seconds: dict[str, float] = {}

    @property
    def done(self) -> t.Sequence[Done]:
        """The objects that are listed: domains come last."""
        return [*self._entries, *self._domains.done]

    @property
    def purged(self) -> t.Sequence[Done]:
        """Those that are removed because they are not listed."""
        return [*self._purged, *self._domains.purged]

    def carry_out(self) -> None:
        """Plan everything, and do it.

        :raises TaskError: two entries contradict each other; nothing was done.
        :raises HypervisorError: the hypervisor can't be read; nothing was done.
        """
        self._check_names()
        self._timed("plan", self._plan)
        if self._check_mode:
            return
        self._timed("apply", self._apply)
        self._timed("wait", self._domains.wait)

    def _timed(self, phase: str, work: t.Callable[[], None]) -> None:
        begun = time.monotonic()
        work()
        self.seconds[phase] = round(time.monotonic() - begun, 3)

    def _many(self, items: t.Sequence[Item], purge: Purge | None, memory: Memory) -> ManyDomains:
        parallel = self._listed.parallel
        connection, fail_fast = self._connection, self._fail_fast
        return ManyDomains(connection, items, purge, fail_fast, parallel, self._check_mode, memory)

    def _check_names(self) -> None:
        counted = collections.Counter((entry.noun, entry.name) for entry in self._entries)
        twice = [f"{noun} '{name}'" for (noun, name), count in counted.items() if count > 1]
        if twice:
            raise TaskError(
                f"{', '.join(twice)} is listed more than once; nothing was done; leave one entry for "
                "each object"
            )

    # Planning.

    def _plan(self) -> None:
        coming = self._connection.coming
        try:
            self._note_what_comes()
            self._plan_going()
            self._plan_staying()
            if self._is_stopped():
                return
            if self._is_anything_changed():
                # What is found now depends on what is yet to be made.
                self._domains = self._many(self._listed.items, self._listed.purge, NOTHING)
            self._domains.plan()
            self._keep_what_is_needed()
            self._hold_back()
            self._domains.block(self._blocked)
            self._note_domains()
            going = sorted([*self._late, *self._purged], key=lambda entry: -entry.rank)
            planned, left = self._planned_in_order(going)
            self._late = [*planned, *left]
        finally:
            coming.clear()
        self._is_stopped()

    def _note_what_comes(self) -> None:
        """Note what goes and comes by name, before more is known of it."""
        coming = self._connection.coming
        for item in self._listed.items:
            if item.request is not None and item.request.state == ABSENT:
                coming.remove("domain", item.name)
        for entry in self._entries:
            if not entry.is_going and entry.noun in ("secret", "nwfilter"):
                coming.make(entry.noun, entry.name, None)

    def _plan_going(self) -> None:
        going = [entry for entry in self._entries if entry.is_going]
        going.sort(key=lambda entry: -entry.rank)
        # An image goes before the one that it is based on.
        planned, self._late = self._planned_in_order(going)
        # What they are in has to stay with them.
        kept = {entry.name.partition("/")[0] for entry in self._late if entry.noun == "volume"}
        for entry in planned:
            if entry.noun == "pool" and entry.name in kept:
                self._connection.coming.forget(entry.noun, entry.name)
                self._late.append(entry)
            else:
                self._early.append(entry)
        for entry in self._late:
            # What uses it may be changed before.
            entry.error, entry.outcome = None, None

    def _planned_in_order(self, entries: t.Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Plan each after those of its own kind that it depends on; those that can be, and can't."""
        keep_alive = KeepAlive()
        planned: list[Entry] = []
        left = [entry for entry in entries if entry.task is not None]
        while left:
            again: list[Entry] = []
            for entry in left:
                keep_alive.answer()
                (planned if self._plan_entry(entry) else again).append(entry)
            if len(again) == len(left):
                break
            left = again
        return planned, left

    def _plan_staying(self) -> None:
        for entry in self._entries:
            if entry.task is None and not entry.is_going:
                self._note(entry)
        staying = [entry for entry in self._entries if not entry.is_going]
        staying.sort(key=lambda entry: entry.rank)
        self._staying, _failed = self._planned_in_order(staying)

    def _plan_entry(self, entry: Entry) -> bool:
        """Whether the entry could be planned."""
        if entry.task is None:
            return False
        entry.error = None
        try:
            entry.outcome = entry.task.carry_out(self._connection, self._memory, True)
        except ExpectedError as error:
            entry.fail(error)
        else:
            entry.planned = _document_of(entry.outcome)
        self._note(entry)
        return entry.outcome is not None

    def _note(self, entry: Entry) -> None:
        """Note what an object will be, so that what needs it can be planned."""
        coming, outcome = self._connection.coming, entry.outcome
        if outcome is None:
            if not entry.is_going and entry.noun in ("secret", "nwfilter", "network"):
                # What needs it is not tried, for that reason.
                coming.make(entry.noun, entry.name, None)
            return
        name = outcome.facts.name
        if entry.is_going:
            coming.remove(entry.noun, name)
        elif outcome.changed:
            coming.make(entry.noun, name, entry.planned, outcome.facts.state != INACTIVE)

    def _keep_what_is_needed(self) -> None:
        """Let a purge leave what an entry needs, and refuse to remove that where it is listed."""
        if not self._early and not self._purged:
            return
        needed: dict[Need, str] = {}
        for entry in self._staying:
            if entry.planned is not None:
                for need in needs_of(entry.noun, entry.planned):
                    needed.setdefault(need, f"{entry.noun} '{entry.name}'")
        for done in self._domains.done:
            for document in () if done.is_going else _documents_of(done):
                for need in needs_of("domain", document):
                    needed.setdefault(need, f"domain '{done.name}'")
        for entry in list(self._early):
            before = None if entry.outcome is None else entry.outcome.before
            users = _users(entry, before, needed)
            if users:
                self._leave(entry)
                entry.fail(
                    TaskError(
                        f"state: it is listed as absent, and {', '.join(users)} is listed and needs it; "
                        "take it out of that, or leave it present"
                    )
                )
        self._purged = [
            entry for entry in self._purged if not _users(entry, entry.existing, needed)
        ]

    def _hold_back(self) -> None:
        """Remove nothing that can't be made again while it is unknown what an entry needs."""
        failed = [
            f"{done.noun} '{done.name}'"
            for done in (*self._entries, *self._domains.done)
            if done.error is not None and not done.is_going
        ]
        if not failed:
            return
        listed = [entry for entry in (*self._early, *self._late) if entry.noun in _KEEPS_DATA]
        for entry in (*listed, *self._purged):
            self._leave(entry)
            if entry.error is None:
                entry.outcome, entry.task = None, None
                entry.skipped = f"it stays, because {', '.join(failed)} failed and may need it"

    def _leave(self, entry: Entry) -> None:
        """Don't remove an object that was to be removed."""
        self._connection.coming.forget(entry.noun, entry.name)
        self._early = [each for each in self._early if each is not entry]
        self._late = [each for each in self._late if each is not entry]

    def _note_domains(self) -> None:
        for done in (*self._domains.done, *self._domains.purged):
            if done.outcome is None or not done.outcome.changed:
                continue
            name = done.outcome.facts.name
            if done.is_going:
                self._connection.coming.remove("domain", name)
            elif done.outcome.after is not None and not done.outcome.restart_required:
                # What waits for a restart is used until then.
                self._connection.coming.make("domain", name, done.outcome.after)

    def _is_stopped(self) -> bool:
        """Whether something failed, and nothing more is to be tried."""
        if self._fail_fast and any(done.error is not None for done in (*self.done, *self.purged)):
            self._stop.set()
        return self._stop.is_set()

    # Applying.

    def _apply(self) -> None:
        if self._is_stopped():
            self._give_up()
            return
        self._domains.apply(is_going=True)
        for entry in (*self._early, *self._staying):
            self._apply_entry(entry)
        if self._is_stopped():
            self._give_up()
            return
        if self._is_anything_changed():
            self._plan_domains_again()
        self._domains.block(self._blocked)
        self._domains.apply(is_going=False)
        for entry in self._late:
            self._apply_entry(entry)

    def _apply_entry(self, entry: Entry) -> None:
        outcome = entry.outcome
        if entry.task is None or outcome is None or not outcome.changed:
            return
        if self._is_stopped():
            entry.outcome = None
            return
        if not entry.is_going and outcome.after is not None:
            reason = self._blocked(outcome.after, entry.noun)
            if reason is not None:
                entry.outcome, entry.skipped = None, reason
                return
        try:
            entry.outcome = entry.task.carry_out(self._connection, self._memory, False)
        except ExpectedError as error:
            entry.fail(error)
        # What uses a file is read anew.
        self._connection.cache.clear()

    def _plan_domains_again(self) -> None:
        """Plan the domains that stay by what is there now; the others are gone by then."""
        before = self._domains
        listed = zip(self._listed.items, before.done)
        items = [item for item, done in listed if not done.is_going]
        self._domains = self._many(items, None, self._memory)
        try:
            for entry in self._entries:
                if entry.outcome is None:
                    self._note(entry)
            self._domains.plan()
        finally:
            self._connection.coming.clear()
        now = iter(self._domains.done)
        self._domains.done = [done if done.is_going else next(now) for done in before.done]
        self._domains.purged = before.purged

    def _is_anything_changed(self) -> bool:
        return any(entry.is_changed or entry.has_changed for entry in self._all_entries())

    def _all_entries(self) -> t.Sequence[Entry]:
        return [*self._entries, *self._purged]

    def _give_up(self) -> None:
        """Take nothing that was planned and not done for done."""
        for done in (*self.done, *self.purged):
            done.outcome = None

    # What needs what.

    def _blocked(self, document: Element, noun: str = "domain") -> str | None:
        """Why an object with this document isn't tried; ``None`` where it is."""
        failed = self._failed
        needed = needs_of(noun, document) if failed else ()
        for need, entry in failed.items():
            if need in needed:
                return (
                    f"it was not tried, because it needs the {entry.noun} '{entry.name}', which "
                    f"{'failed' if entry.error is not None else 'was not tried either'}"
                )
        return None

    @property
    def _failed(self) -> dict[Need, Entry]:
        """What is not as it should be, by what it is needed by."""
        found: dict[Need, Entry] = {}
        for entry in self._entries:
            if entry.is_going or (entry.error is None and entry.outcome is not None):
                continue
            for need in names_of(entry.noun, entry.name, entry.planned):
                found[need] = entry
        return found


def _users(entry: Entry, document: Element | None, needed: t.Mapping[Need, str]) -> list[str]:
    """What needs an object with this document, in words."""
    if document is None:
        return []
    names = names_of(entry.noun, entry.name, document)
    return sorted({needed[name] for name in names if name in needed})


def _documents_of(done: DomainDone) -> t.Iterator[Element]:
    """What a domain is to be, and its new images as volumes that are based on others."""
    if done.outcome is not None and done.outcome.after is not None:
        yield done.outcome.after
    elif done.work is not None and done.request is not None:
        yield done.work.result.domain
    for volume in () if done.work is None else done.work.volumes.missing:
        if volume.backing is not None:
            path = Element("path", text=volume.backing)
            yield Element("volume", children=[Element("backingStore", children=[path])])


def _document_of(outcome: Outcome) -> Element | None:
    """The document of an object as it will be, that of a new volume with its path."""
    document, path = outcome.after, outcome.details.get("path")
    if document is None or outcome.facts.api.noun != "volume" or path is None:
        return document
    return placed(document, document.value("name") or "", str(path))
