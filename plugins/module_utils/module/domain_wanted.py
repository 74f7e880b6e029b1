# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole domain as it is wanted: its storage, its definition, and whether it runs."""

from __future__ import annotations

import dataclasses
import typing as t

from ..hypervisor import power
from ..hypervisor.connection import Connection
from ..hypervisor.domains import Domain, as_uuid, find
from ..hypervisor.errors import HypervisorError
from ..hypervisor.host import host_facts
from ..hypervisor.stopping import Shutdown
from ..hypervisor.volumes import Storage
from ..reconcile.reconcile import EXACT, MERGE, reconcile
from ..virtinst.defaults import Result, domain_defaults
from ..virtinst.existing import domain_options
from ..virtinst.storage import NewVolume
from ..xmltree.element import Element
from ..xmltree.parse import parse
from ..xmltree.serialise import serialise
from .domain_absent import Unwanted, ensure_absent
from .domain_install import install, is_installing
from .domain_power import RUNNING, STOPPED, change_state
from .domain_present import NEVER, Wanted, ensure_present, pending, read
from .domain_validation import Validation
from .failures import TaskError
from .outcome import CONFIG, LIVE, Action, Outcome

PRESENT, ABSENT = "present", "absent"
STATES = (PRESENT, ABSENT, RUNNING, STOPPED)
_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"), (1, "bytes"))


@dataclasses.dataclass(frozen=True)
class Request:
    """What a task asks for; the fields are its options.

    ``options`` are those of :func:`.virtinst.defaults.domain_defaults`.
    ``install_timeout`` says how long to wait for the end of an installation, in
    seconds; ``None`` for not at all.
    """

    name: str
    options: t.Mapping[str, t.Any]
    state: str
    autostart: bool | None
    mode: str
    validate: bool
    install_timeout: float | None
    keep: frozenset[str]
    remove_volumes: tuple[str, ...]
    shutdown: Shutdown
    affect: frozenset[str]
    restart: str
    live_timeout: float


def ensure(connection: Connection, request: Request, check_mode: bool) -> Outcome:
    """Make the domain as it is wanted.

    :raises TaskError, HypervisorError, SchemaError, OptionError: it can't be, or
        could be in part only; the message says so.
    """
    if request.state == ABSENT:
        unwanted = Unwanted(request.name, request.keep, request.remove_volumes, request.shutdown)
        return ensure_absent(connection, unwanted, check_mode)
    existing = find(connection, request.name)
    if existing is None and as_uuid(request.name) is not None:
        raise TaskError("no domain has this UUID; give the name of the domain that is to be made")
    host = host_facts(connection)
    if existing is None:
        if CONFIG not in request.affect:
            raise TaskError("it does not exist; add config to affect to define it")
        work = _Work(connection, request, domain_defaults(host, request.options), check_mode)
        return work.as_it_runs(work.made())
    request = dataclasses.replace(request, name=existing.name)
    options = {**request.options, "name": existing.name}
    # A guest that runs its installer without a definition is to get all of it.
    is_unfinished = not existing.facts().persistent and is_installing(existing)
    if request.mode == EXACT or is_unfinished:
        work = _Work(connection, request, domain_defaults(host, options), check_mode)
        return work.as_it_runs(work.defined(EXACT))
    said = domain_options(host, options, parse(existing.definition()))
    work = _Work(connection, request, said, check_mode)
    return work.as_it_runs(work.defined(MERGE))


class _Work:
    """One task's work on one domain."""

    def __init__(
        self, connection: Connection, request: Request, result: Result, check_mode: bool
    ) -> None:
        self._connection = connection
        self._request = request
        self._result = result
        self._check_mode = check_mode
        self._storage = Storage(connection)
        self._missing = [one for one in result.volumes if not one.is_there]
        self._actions: list[Action] = []

    # Its definition.

    def made(self) -> Outcome:
        """Make a domain that isn't there, by installing it if it is to run."""
        first_boot = self._result.first_boot
        if first_boot is not None and self._request.state != RUNNING:
            note = (
                "its definition is that for after its first boot, which would install or set it "
                "up; make it with state: running for that"
            )
            self._result = dataclasses.replace(self._result, notes=(*self._result.notes, note))
        if first_boot is None or self._request.state != RUNNING or self._check_mode:
            return self.defined(EXACT)
        validation = self._validation(self._result.domain)
        foreseen = ensure_present(self._connection, self._wanted(EXACT), validation, True)
        self._validation(first_boot).check_source(self._request.name)
        with self._taking_back():
            self._create_volumes()
            domain = install(
                self._connection, first_boot, self._result.domain, validation.by_libvirt
            )
        self._note_volumes()
        self._actions.append(Action("state", "shutoff", "running", LIVE))
        after = read(domain)
        unkept = reconcile(self._result.domain, after.definition, EXACT).changes
        return dataclasses.replace(foreseen, facts=after.facts, unkept=unkept)

    def defined(self, mode: str) -> Outcome:
        """Create what is missing of the storage, and define the domain."""
        with self._taking_back():
            outcome = ensure_present(
                self._connection,
                self._wanted(mode),
                self._validation(self._result.domain),
                self._check_mode,
                self._create_volumes,
            )
        if outcome.changes:
            self._note_volumes()
        return outcome

    def _wanted(self, mode: str) -> Wanted:
        request = self._request
        return Wanted(
            document=self._result.domain,
            name=request.name,
            mode=mode,
            # A guest that is to be off needs no changes any more.
            affect=request.affect - {LIVE} if request.state == STOPPED else request.affect,
            restart=NEVER if request.state == STOPPED else request.restart,
            shutdown=request.shutdown,
            live_timeout=request.live_timeout,
        )

    def _validation(self, document: Element) -> Validation:
        return Validation(self._connection, self._request.validate, serialise(document))

    # What isn't in its definition.

    def as_it_runs(self, outcome: Outcome) -> Outcome:
        """See that the guest runs or not, as it is wanted."""
        domain = None if self._check_mode else find(self._connection, outcome.facts.name)
        try:
            self._refresh_content(domain)
            self._set_autostart(domain, outcome)
            self._set_state(domain, outcome)
        except (HypervisorError, TaskError) as error:
            if outcome.changed or self._actions:
                raise TaskError(
                    f"its definition is as wanted, but {error}", changed=True
                ) from error
            raise
        if domain is None:
            outcome = self._foreseen(outcome)
        elif self._actions:
            after = read(domain)
            outcome = dataclasses.replace(outcome, facts=after.facts, pending=pending(after))
        actions = (*outcome.actions, *self._actions)
        return dataclasses.replace(outcome, actions=actions, notes=self._result.notes)

    def _foreseen(self, outcome: Outcome) -> Outcome:
        """The outcome with what the actions would do to the domain."""
        facts, wanted = outcome.facts, self._request
        if wanted.autostart is not None:
            facts = dataclasses.replace(facts, autostart=wanted.autostart)
        if self._has_state_changed:
            # A guest that starts has what its definition says.
            outcome = dataclasses.replace(outcome, pending=())
            runs = wanted.state == RUNNING
            facts = dataclasses.replace(
                facts, state="running" if runs else "shutoff", id=facts.id if runs else None
            )
        return dataclasses.replace(outcome, facts=facts)

    def _set_autostart(self, domain: Domain | None, outcome: Outcome) -> None:
        wanted, now = self._request.autostart, outcome.facts.autostart
        if wanted is None or wanted == now:
            return
        if domain is not None:
            power.set_autostart(domain, wanted)
        self._actions.append(Action.switched("autostart", wanted, CONFIG))

    def _set_state(self, domain: Domain | None, outcome: Outcome) -> None:
        request = self._request
        # One that was started for its installation may have ended already.
        if request.state in (RUNNING, STOPPED) and not self._has_state_changed:
            action = change_state(domain, outcome.facts, request.state, request.shutdown)
            self._actions += [] if action is None else [action]
        if request.state == RUNNING:
            self._wait_for_installation(domain)

    @property
    def _has_state_changed(self) -> bool:
        return any(action.path == "state" for action in self._actions)

    def _wait_for_installation(self, domain: Domain | None) -> None:
        timeout = self._request.install_timeout
        if timeout is None or domain is None or not is_installing(domain):
            return
        if not power.ends(domain, timeout):
            raise TaskError(
                f"its installation has not ended within {timeout:g} s; the guest goes on; run the "
                "task again to wait longer, or set wait.timeout",
                changed=bool(self._actions),
            )
        power.start(domain)
        self._actions.append(Action("state", "installing", "running", LIVE))

    # Its storage.

    def _create_volumes(self) -> None:
        self._storage.create_all(self._missing)

    def _note_volumes(self) -> None:
        for volume in self._missing:
            self._actions.append(Action(f"volume {volume.path}", None, _described(volume), CONFIG))

    def _refresh_content(self, domain: Domain | None) -> None:
        for volume in self._result.volumes:
            if volume.content is None or not volume.is_there or self._storage.has(volume):
                continue
            if domain is not None:
                self._storage.replace(volume)
            self._actions.append(
                Action(f"volume {volume.path}", "other content", "content as wanted", CONFIG)
            )

    def _taking_back(self) -> _TakingBack:
        return _TakingBack(self._storage)


class _TakingBack:
    """Deletes the volumes that were created within the block, if it fails."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: t.Any, error: t.Any, _trace: t.Any) -> None:
        left = self._storage.remove_created() if error is not None else []
        if left:
            raise TaskError(
                f"{error}; the volumes {', '.join(left)} were created for it and could not be "
                "deleted again; delete them yourself",
                changed=True,
            ) from error


def _described(volume: NewVolume) -> str:
    unit, name = next(one for one in _UNITS if volume.capacity >= one[0] or one[0] == 1)
    size = f"{volume.capacity / unit:.4g} {name}"
    base = f", based on {volume.backing}" if volume.backing else ""
    return f"{volume.format}, {size}{base}"
