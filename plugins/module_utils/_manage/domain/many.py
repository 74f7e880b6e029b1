# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many domains at once: all are planned, and then what differs is changed."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import functools
import gc
import threading
import time
import typing as t

from ..._choices import ABSENT
from ..._errors import ExpectedError
from ..._hypervisor.connection import Connection
from ..._hypervisor.domain_index import DomainIndex
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.events import KeepAlive
from ..._hypervisor.host import host_facts
from ..._hypervisor.host_storage import HostStorage
from ..._hypervisor.networks import Networks
from ..._hypervisor.objects import as_uuid
from ..._hypervisor.volume_creation import Pools
from ..._reconcile.domain.fingerprint import Proven
from ..._reconcile.domain.shared_parts import SharedParts
from ..._xmltree.element import Element
from ..errors import TaskError
from ..many_done import Done
from ..memory import NOTHING, Memory
from .conflicts import macs_in
from .many_files import Entry, check_agreement
from .many_item import Item, check_names_differ
from .name import may_be
from .new_alike import NewDomains
from .proven import UnchangedDomains
from .purge import Purge
from .request import Request
from .resolve import Resolved, resolve
from .unchanged_requests import UnchangedRequests
from .whole import DomainTask

#: Guests that are waited for at the same time; each costs a thread, and a call twice a second.
_MOST_WAITING = 64
#: How many requests of a connection libvirt works on at once (max_client_requests).
_MOST_REQUESTS = 5


@dataclasses.dataclass
class DomainDone(Done):
    """What became of one domain.

    ``request`` is ``None`` where the entry has a mistake. ``is_named``: the entry has the name.
    """

    request: Request | None = None
    is_named: bool = True
    work: DomainTask | None = None

    @classmethod
    def of(cls, item: Item) -> DomainDone:
        """An entry of the list, before anything is done."""
        request = item.request
        return cls(
            "domain",
            item.name,
            error=item.error,
            is_going=request is not None and request.state == ABSENT,
            request=request,
            is_named=item.is_named,
        )

    @property
    def waits(self) -> bool:
        """Whether there is something to wait for."""
        return self.request is not None and self.request.wait is not None


class ManyDomains:
    """The work of one task."""

    nouns = "domains"
    is_of_kinds = False

    def __init__(
        self,
        connection: Connection,
        items: t.Sequence[Item],
        purge: Purge | None,
        fail_fast: bool,
        parallel: int | None,
        check_mode: bool,
        memory: Memory = NOTHING,
    ) -> None:
        self._connection = connection
        self._memory = memory
        self._remembered = UnchangedRequests(memory, connection)
        self._check_mode = check_mode
        self._fail_fast = fail_fast
        self._parallel = parallel
        #: How many guests are started or stopped at the same time.
        self._turns: t.ContextManager[t.Any] = contextlib.nullcontext()
        self._purge = purge
        self._stop = threading.Event()
        self._storage_lock = threading.Lock()
        self._pools = Pools(connection)
        self._networks = Networks(connection)
        self._index: DomainIndex | None = None
        self._alike = Proven()
        self._unchanged = UnchangedDomains()
        self._parts = SharedParts()
        self._new = NewDomains(self._parts)
        self.done = [DomainDone.of(item) for item in items]
        self.purged: list[DomainDone] = []
        self._seconds: dict[str, float] = collections.defaultdict(float)

    @property
    def seconds(self) -> dict[str, float]:
        """The seconds of each phase so far."""
        return {phase: round(spent, 3) for phase, spent in self._seconds.items()}

    def carry_out(self) -> None:
        """Read, plan, apply and wait.

        :raises TaskError: two entries contradict each other; nothing was done.
        :raises HypervisorError: the hypervisor can't be read; nothing was done.
        """
        self.plan()
        if not self._check_mode:
            # What goes makes room for what comes.
            for is_going in (True, False):
                self.apply(is_going)
            self.wait()

    def plan(self) -> None:
        """Read, and plan.

        :raises TaskError: two entries contradict each other.
        :raises HypervisorError: the hypervisor can't be read.
        """
        with _without_collector():
            index = self._index = self._timed("read", lambda: DomainIndex(self._connection))
            listed = self._seconds["read"]
            self._timed("plan", lambda: self._plan(index))
            # Each definition is read when its domain is planned.
            self._seconds["plan"] -= self._seconds["read"] - listed
            self._memory.save()

    def apply(self, is_going: bool) -> None:
        """Do what is planned of the domains that go, or of the others."""
        with _without_collector():
            self._timed("apply", lambda: self._apply(is_going))
            self._memory.save()

    def wait(self) -> None:
        """Wait as the entries ask for it."""
        self._timed("wait", self._wait)

    def block(self, why: t.Callable[[Element], str | None]) -> None:
        """Don't try the domains whose document, as it is planned, gives a reason for that."""
        for done in self.done:
            if done.outcome is None or done.outcome.after is None or done.is_going:
                continue
            reason = why(done.outcome.after)
            if reason is not None:
                done.outcome, done.skipped = None, reason

    def _timed(self, phase: str, work: t.Callable[[], t.Any]) -> t.Any:
        begun = time.monotonic()
        result = work()
        self._seconds[phase] += time.monotonic() - begun
        return result

    # Planning.

    def _plan(self, index: DomainIndex) -> None:
        host = functools.cache(functools.partial(host_facts, index))
        self._check_names(index)
        keep_alive = KeepAlive()
        for done in self.done:
            keep_alive.answer()
            if self._stop.is_set() or (done.error is not None and self._fail_fast):
                self._stop.set()
                continue
            if done.request is not None:
                self._plan_domain(done, index, host)
        if self._purge is not None and not self._stop.is_set():
            self._plan_purge(self._purge, index, host)
        self._check_uuids()
        self._check_macs()
        self._check_files(index)

    def _plan_domain(
        self, done: DomainDone, index: DomainIndex, host: t.Callable[[], t.Any]
    ) -> None:
        request = done.request
        if request is None:
            return
        found = index.find(request.name)
        try:
            self._plan_found(done, request, found, index, host)
        except ExpectedError as error:
            self._fail(done, error)
        if found is not None:
            # All of them would take more memory than everything else.
            found.release()

    def _plan_found(
        self,
        done: DomainDone,
        request: Request,
        found: Domain | None,
        index: DomainIndex,
        host: t.Callable[[], t.Any],
    ) -> None:
        """Read the domain, where there is one, and plan it.

        :raises ExpectedError: it can't be read, or what is wanted can't be.
        """
        if found is not None:
            self._timed("read", found.definition)
        done.outcome = self._remembered.outcome(found, request)
        if done.outcome is None:
            known = self._unchanged.outcome(index, request, lambda: host().storage)
            if known is not None:
                done.outcome, looked_at = known
                self._remembered.note(found, request, done.outcome, looked_at, host)
        if done.outcome is not None:
            return
        has_options = request.state != ABSENT and request.text is None
        storage = host().storage if has_options else None
        asked = len(storage.asked) if isinstance(storage, HostStorage) else 0
        alike = functools.partial(self._new.result, request, lambda: host().storage)
        resolved = resolve(index, host, request, alike)
        done.work = self._work(host, resolved)
        done.outcome = done.work.carried_out(index, True)
        if isinstance(storage, HostStorage):
            looked_at = storage.asked[asked:]
            storage.plan(done.work.volumes.missing)
        else:
            looked_at = []
        self._new.note(request, done.work, looked_at)
        self._unchanged.note(index, request, done.work, done.outcome, looked_at)
        self._remembered.note(found, request, done.outcome, looked_at, host)

    def _work(self, host: t.Callable[[], t.Any], resolved: Resolved) -> DomainTask:
        return DomainTask(
            Domains(self._connection),
            host,
            resolved,
            self._pools,
            self._alike,
            lambda: self._turns,
            self._networks,
            self._check_mode,
            self._memory,
            self._parts,
        )

    def _plan_purge(self, purge: Purge, index: DomainIndex, host: t.Callable[[], t.Any]) -> None:
        listed = {name for name in map(functools.partial(_name_of, index), self.done) if name}
        nameless = [done.name for done in self.done if not done.is_named]
        misspelt = [
            repr(name) for name in sorted(listed) if name not in index.by_names and not may_be(name)
        ]
        for _name, domain in sorted(index.by_names.items()):
            if domain.name in listed or not purge.has(domain.name):
                continue
            done = DomainDone.of(Item(domain.name, purge.request(domain.name)))
            self.purged.append(done)
            try:
                _check_all_are_named(nameless, misspelt)
                purge.check(domain)
            except ExpectedError as error:
                self._fail(done, error)
                continue
            self._plan_domain(done, index, host)

    def _check_names(self, index: DomainIndex) -> None:
        """A name and a UUID may mean the same domain."""
        found = [_name_of(index, done) for done in self.done]
        check_names_differ([name for name in found if name is not None])

    def _check_uuids(self) -> None:
        """What exists is known when each is planned; the others would meet when defined."""
        users: dict[str, list[str]] = collections.defaultdict(list)
        for done in self.done:
            if done.work is not None and done.outcome is not None and done.work.resolved.is_new:
                uuid = as_uuid(done.work.result.domain.value("uuid") or "")
                if uuid is not None:
                    users[uuid].append(done.name)
        for uuid, names in users.items():
            if len(names) > 1:
                raise TaskError(
                    f"{' and '.join(map(repr, names))} have the UUID {uuid}; nothing was done; give "
                    "each its own, or leave it out"
                )

    def _check_macs(self) -> None:
        """No two entries get one MAC address; that of a domain is seen when each is planned."""
        users: dict[str, str] = {}
        for done in self.done:
            if done.outcome is None or done.is_going or done.outcome.after is None:
                continue
            before = set() if done.outcome.before is None else set(macs_in(done.outcome.before))
            for mac in sorted({*macs_in(done.outcome.after)} - before):
                user = users.setdefault(mac, done.name)
                if user != done.name:
                    raise TaskError(
                        f"{mac} would be the MAC address of an interface of {user} and of "
                        f"{done.name}; nothing was done; give each its own, or none"
                    )

    def _check_files(self, index: DomainIndex) -> None:
        check_agreement(
            index.connection,
            [
                Entry(
                    done.name,
                    done.outcome,
                    (
                        (*done.work.volumes.missing, *done.work.volumes.moved)
                        if done.work is not None
                        else ()
                    ),
                    done.is_going,
                )
                for done in self.done
                if done.outcome is not None
            ],
        )

    # Applying.

    def _apply(self, is_going: bool) -> None:
        changed = [
            done
            for done in (*self.done, *self.purged)
            if done.is_changed and done.is_going == is_going
        ]
        if not changed:
            return
        parallel = self._parallel or _cpus(self._connection)
        self._turns = threading.Semaphore(parallel)
        # One after the other where the first that fails is to be the last.
        most = parallel if self._fail_fast else max(_MOST_REQUESTS, parallel)
        self._in_threads(self._apply_domain, changed, most)

    def _apply_domain(self, done: DomainDone) -> None:
        work = done.work
        if work is None:
            return
        try:
            if work.request.remove_volumes:
                # All pools are looked through for what else uses a volume.
                with self._storage_lock:
                    done.outcome = work.carried_out(Domains(self._connection), False)
                return
            if self._has_changed(work.resolved):
                # Someone else was faster.
                with self._storage_lock:
                    domains = Domains(self._connection)
                    host = functools.cache(functools.partial(host_facts, domains))
                    resolved = resolve(domains, host, work.request)
                    work = done.work = self._work(host, resolved)
            done.outcome = work.carried_out(Domains(self._connection), False, self._index)
        except ExpectedError as error:
            self._fail(done, error)

    def _has_changed(self, resolved: Resolved) -> bool:
        """Whether the domain isn't what it was when it was planned."""
        if resolved.result is None or resolved.is_new:
            # Whether one is new is seen right before it is defined.
            return False
        domain = Domains(self._connection).find(resolved.request.name)
        return resolved.definition != (None if domain is None else domain.definition())

    def _wait(self) -> None:
        waiting = [done for done in self.done if done.outcome is not None and done.waits]
        if not self._stop.is_set():
            self._in_threads(self._wait_for, waiting, _MOST_WAITING)

    def _wait_for(self, done: DomainDone) -> None:
        if done.work is None or done.outcome is None:
            return
        try:
            done.outcome = done.work.waited(Domains(self._connection), done.outcome)
        except ExpectedError as error:
            done.made = done.outcome
            self._fail(done, error)

    def _in_threads(
        self, work: t.Callable[[DomainDone], None], those: t.Sequence[DomainDone], most: int
    ) -> None:
        def unless_stopped(done: DomainDone) -> None:
            if self._stop.is_set():
                done.outcome = None
            else:
                work(done)

        if not those:
            return
        with concurrent.futures.ThreadPoolExecutor(min(most, len(those))) as threads:
            for result in [threads.submit(unless_stopped, done) for done in those]:
                # Bugs are raised here.
                result.result()

    def _fail(self, done: DomainDone, error: Exception) -> None:
        done.fail(error)
        if self._fail_fast:
            self._stop.set()


def _cpus(connection: Connection) -> int:
    with connection.explained("read how many CPUs the host has"):
        return int(connection.raw.getInfo()[2])


@contextlib.contextmanager
def _without_collector() -> t.Iterator[None]:
    """Without Python's search for cycles, of which documents have none.

    It looks at all of them again and again, which takes longer than all the rest.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _check_all_are_named(nameless: t.Sequence[str], misspelt: t.Sequence[str]) -> None:
    """:raises TaskError: any domain may be in the list, under a name that can't be read."""
    if misspelt:
        raise TaskError(
            f"it stays: {' and '.join(misspelt)} of the list, which no domain is called, may be "
            "meant for it; correct the name"
        )
    if nameless:
        raise TaskError(
            f"it stays: {' and '.join(nameless)} of the list has no name, and may be meant for it; "
            "name all entries"
        )


def _name_of(index: DomainIndex, done: DomainDone) -> str | None:
    """The name of the domain that an entry is about, as far as it is known."""
    if done.request is None:
        return done.name
    domain = index.find(done.request.name)
    return done.request.name if domain is None else domain.name
