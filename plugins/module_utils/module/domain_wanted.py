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
from ..hypervisor.stopping import Shutdown, stop
from ..hypervisor.volumes import Storage
from ..reconcile.reconcile import EXACT, MERGE
from ..virtinst.defaults import Result, domain_defaults
from ..virtinst.existing import domain_options
from ..virtinst.storage import NewVolume
from ..xmltree.element import Element
from ..xmltree.parse import parse
from ..xmltree.serialise import serialise
from .domain_absent import Unwanted, ensure_absent
from .domain_present import Wanted, ensure_present
from .domain_validation import Validation
from .failures import TaskError
from .outcome import CONFIG, LIVE, Action, Outcome

PRESENT, ABSENT, RUNNING, STOPPED = "present", "absent", "running", "stopped"
STATES = (PRESENT, ABSENT, RUNNING, STOPPED)
#: What libvirt says of a guest that does what ``running`` asks for.
_RUNS = frozenset(["running", "blocked"])
_OFF = frozenset(["shutoff", "crashed", "absent"])
#: How libvirt's own document says that a guest ends instead of starting anew.
_ENDS = "destroy"


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
    result = _result(connection, request, existing)
    name = request.name if existing is None else existing.name
    work = _Work(connection, request, result, name, check_mode)
    if existing is None and result.first_boot is not None and request.state == RUNNING:
        outcome = work.installed(result.first_boot)
    else:
        outcome = work.defined(request.mode if existing is not None else EXACT)
    return work.as_it_runs(outcome)


def _result(connection: Connection, request: Request, existing: Domain | None) -> Result:
    host = host_facts(connection)
    if existing is None:
        return domain_defaults(host, request.options)
    options = {**request.options, "name": existing.name}
    if request.mode == MERGE:
        return domain_options(host, options, parse(existing.definition()))
    return domain_defaults(host, options)


class _Work:
    """One task's work on one domain."""

    def __init__(
        self,
        connection: Connection,
        request: Request,
        result: Result,
        name: str,
        check_mode: bool,
    ) -> None:
        self._connection = connection
        self._request = request
        self._result = result
        self._name = name
        self._check_mode = check_mode
        self._storage = Storage(connection)
        self._missing = [one for one in result.volumes if not one.is_there]
        self._created: list[NewVolume] = []
        self._actions: list[Action] = []

    def defined(self, mode: str) -> Outcome:
        """Create what is missing of the storage, and define the domain."""
        wanted = Wanted(self._result.domain, self._name, mode, frozenset([CONFIG, LIVE]))
        with self._taken_back():
            outcome = ensure_present(
                self._connection,
                wanted,
                self._validation(self._result.domain),
                self._check_mode,
                self._create_volumes,
            )
        if outcome.changes:
            self._note_volumes()
        return outcome

    def installed(self, first_boot: Element) -> Outcome:
        """Start the guest with the document of its first boot, then define it.

        The first start is one without a definition. When this is interrupted,
        no definition that would boot the installer for ever is left, and none that
        never did.
        """
        if self._check_mode:
            return self.defined(EXACT)
        self._validation(first_boot).check_source(self._request.name)
        with self._taken_back():
            self._create_volumes()
            guest = power.start_transient(self._connection, serialise(first_boot))
            try:
                outcome = self.defined(EXACT)
            except Exception:
                power.switch_off(guest)
                raise
        self._actions.append(Action("state", "absent", "running", LIVE))
        return dataclasses.replace(outcome, before=None)

    def as_it_runs(self, outcome: Outcome) -> Outcome:
        """See that the guest runs or not, as it is wanted."""
        domain = None if self._check_mode else find(self._connection, outcome.facts.name)
        changed = bool(outcome.changes or self._actions)
        try:
            self._set_autostart(domain, outcome)
            self._refresh_content(domain)
            self._set_state(domain, outcome)
            if domain is not None:
                outcome = dataclasses.replace(outcome, facts=domain.facts())
        except (HypervisorError, TaskError) as error:
            if changed or self._actions:
                raise TaskError(f"it is defined, but {error}", changed=True) from error
            raise
        facts = outcome.facts
        if self._check_mode:
            state = {RUNNING: "running", STOPPED: "shutoff"}.get(self._request.state, facts.state)
            autostart = self._request.autostart
            facts = dataclasses.replace(
                facts,
                state=state,
                autostart=facts.autostart if autostart is None else autostart,
            )
        return dataclasses.replace(
            outcome, facts=facts, actions=tuple(self._actions), notes=self._result.notes
        )

    # Storage.

    def _create_volumes(self) -> None:
        for volume in self._missing[len(self._created) :]:
            self._storage.create(volume)
            self._created.append(volume)

    def _note_volumes(self) -> None:
        for volume in self._missing:
            self._actions.append(Action(f"volume {volume.path}", None, _described(volume), CONFIG))

    def _taken_back(self) -> t.ContextManager[None]:
        return _TakenBack(self._storage)

    def _refresh_content(self, domain: Domain | None) -> None:
        for volume in self._result.volumes:
            if volume.content is None or not volume.is_there or self._storage.has(volume):
                continue
            if domain is not None:
                self._storage.replace(volume)
            self._actions.append(
                Action(f"volume {volume.path}", "other content", "content as wanted", CONFIG)
            )

    # Whether it runs.

    def _set_autostart(self, domain: Domain | None, outcome: Outcome) -> None:
        wanted, now = self._request.autostart, outcome.facts.autostart
        if wanted is None or wanted == now:
            return
        if domain is not None:
            power.set_autostart(domain, wanted)
        self._actions.append(Action("autostart", _yes(now), _yes(wanted), CONFIG))

    def _set_state(self, domain: Domain | None, outcome: Outcome) -> None:
        now = outcome.facts.state
        if self._request.state == RUNNING:
            if now not in _RUNS:
                self._start(domain, now)
            self._wait_for_installation(domain)
        elif self._request.state == STOPPED and now not in _OFF:
            if domain is not None:
                stop(domain, self._request.shutdown)
            self._actions.append(Action("state", now, "shutoff", LIVE))

    def _start(self, domain: Domain | None, now: str) -> None:
        if any(action.path == "state" for action in self._actions):
            # Its first boot has ended already.
            return
        if domain is not None:
            power.run(domain, now)
        self._actions.append(Action("state", now, "running", LIVE))

    def _wait_for_installation(self, domain: Domain | None) -> None:
        timeout = self._request.install_timeout
        if timeout is None or domain is None or not _installs(domain):
            return
        if not power.ends(domain, timeout):
            raise TaskError(
                f"its installation has not ended within {timeout:g} s; the guest goes on; run the "
                "task again to wait longer, or set wait.timeout",
                changed=bool(self._actions),
            )
        power.run(domain, "shutoff")
        self._actions.append(Action("state", "installing", "running", LIVE))

    def _validation(self, document: Element) -> Validation:
        return Validation(self._connection, self._request.validate, serialise(document))


class _TakenBack:
    """Deletes the volumes that were created within the block, if it fails."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: t.Any, error: t.Any, _trace: t.Any) -> None:
        if error is None:
            return
        left = self._storage.remove_created()
        if left:
            raise TaskError(
                f"{error}; the volumes {', '.join(left)} were created for it and could not be "
                "deleted again",
                changed=True,
            ) from error


def _installs(domain: Domain) -> bool:
    """Whether the guest is one that ends where its definition says that it starts anew."""
    if domain.facts().state not in _RUNS:
        return False
    live, definition = parse(domain.live()), parse(domain.definition())
    return live.value("on_reboot") == _ENDS != definition.value("on_reboot")


def _described(volume: NewVolume) -> str:
    size = f"{volume.capacity / 1024**3:g} GiB"
    base = f", based on {volume.backing}" if volume.backing else ""
    return f"{volume.format}, {size}{base}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
