# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing a domain, with the files that libvirt keeps for it."""

from __future__ import annotations

import contextlib
import typing as t

from ..._hypervisor.domains import Domain, Domains, absent
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.named_volumes import Owner, volumes_that_go
from ..._hypervisor.objects import Facts
from ..._hypervisor.removal import Undefining, undefine, undefining
from ..._hypervisor.stopping import Shutdown, stop
from ..._hypervisor.volume_removal import Removal as Storage
from ..._hypervisor.volume_removal import remove
from ..._reconcile.plan import Change
from ..._reconcile.redact import redacted
from ..._rules.domain.book import DOMAIN, KIND
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .volume_deletion import deletion


class AbsentRequest(t.NamedTuple):
    """The request of a task; the fields are its options."""

    name: str
    keep: frozenset[str]
    remove_volumes: tuple[str, ...]
    shutdown: Shutdown


class Removal(t.NamedTuple):
    """The parts that go; every objection has been checked.

    ``undefining`` is ``None`` for a transient domain.
    """

    facts: Facts
    definition: Element
    undefining: Undefining | None
    storage: Storage

    def changes(self) -> tuple[dict[str, t.Any], ...]:
        """The removal of the document, as modules return it."""
        shown = serialise(redacted(self.definition, DOMAIN.top), indent=None)
        when = LIVE if self.facts.active else CONFIG
        return (Change("/domain", "remove", shown, None).as_result(when),)

    def actions(self) -> t.Iterator[Action]:
        """The stopping of the guest, and the files that are deleted with the domain."""
        if self.facts.active:
            yield Action("state", self.facts.state, None, LIVE)
        for part in self.undefining.gone if self.undefining is not None else ():
            yield Action(part.name, part.what, None, CONFIG)
        for volume in self.storage.volumes:
            yield deletion(volume)

    def kept(self) -> t.Iterator[str]:
        """A line for each file that stays."""
        for part in self.undefining.kept if self.undefining is not None else ():
            yield f"{part.name}: {part.what}"
        for disk in self.storage.kept:
            yield disk.words

    def notes(self) -> tuple[str, ...]:
        """Lines for a person about the files that stay."""
        return (*(self.undefining.notes if self.undefining else ()), *self.storage.notes)


def ensure_absent(domains: Domains, request: AbsentRequest, check_mode: bool) -> Outcome:
    """Stop and undefine the domain, and remove the named volumes.

    :raises TaskError: it was removed in part; the message has what is left.
    :raises HypervisorError: it may not, or can't, be removed; nothing was removed.
    """
    domain = domains.find(request.name)
    if domain is None:
        return _left_over(domains, request, check_mode)
    removal = prepare(domains, domain, request)
    jobs = tuple(_jobs(domain)) if removal.facts.active else ()
    if not check_mode:
        removal = _apply(domains, domain, removal, request)
    return Outcome(
        absent(domain.name, domain.uuid),
        changes=removal.changes(),
        actions=tuple(removal.actions()),
        kept=tuple(removal.kept()),
        notes=(*removal.notes(), *jobs),
        before=removal.definition,
        kind=KIND,
    )


def _jobs(domain: Domain) -> t.Iterator[str]:
    """A line for each block job that ends with the guest."""
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from ..._hypervisor.block_jobs import jobs_of

    for job in jobs_of(domain):
        what = f"; {job.path} stays, incomplete" if job.path else ""
        yield f"{job.target} {job.words}, which ends with the guest{what}"


def _left_over(domains: Domains, request: AbsentRequest, check_mode: bool) -> Outcome:
    """Remove the named volumes of a domain that is absent, such as after an interrupted task."""
    storage = volumes_that_go(domains, Owner(request.name), request.remove_volumes)
    for volume in () if check_mode else storage.volumes:
        remove(domains.connection, volume)
    return Outcome(
        absent(request.name, None),
        actions=tuple(deletion(volume) for volume in storage.volumes),
        notes=storage.notes,
    )


def prepare(domains: Domains, domain: Domain, request: AbsentRequest) -> Removal:
    """Find the parts that have to go, and check that they may."""
    facts = domain.facts()
    definition = domain.document()
    return Removal(
        facts=facts,
        definition=definition,
        undefining=undefining(domain, definition, request.keep) if facts.persistent else None,
        storage=volumes_that_go(
            domains, Owner(domain.name, domain, definition), request.remove_volumes
        ),
    )


def _apply(domains: Domains, domain: Domain, removal: Removal, request: AbsentRequest) -> Removal:
    """Remove the parts; return those that were removed in fact."""
    if removal.facts.active:
        stop(domain, request.shutdown)
        remaining = domains.fresh().by_uuid(domain.uuid)
        with _progress_noted("the guest was stopped, but the domain is still defined"):
            # While the guest stopped, others may have begun to use a volume.
            removal = removal._replace(
                undefining=undefining(domain, removal.definition, request.keep)
                if remaining is not None
                else None,
                storage=volumes_that_go(
                    domains,
                    Owner(domain.name, domain, removal.definition),
                    request.remove_volumes,
                ),
            )
            if removal.undefining is not None:
                undefine(domain, removal.undefining.flags)
    elif removal.undefining is not None:
        undefine(domain, removal.undefining.flags)
    left = [volume.path for volume in removal.storage.volumes]
    # One that was started right before it was undefined runs on, without a definition.
    if domains.fresh().by_uuid(domain.uuid) is not None:
        kept = f"; nothing was deleted of {', '.join(left)}" if left else ""
        raise TaskError(
            "its definition was removed, but someone else started or defined it again meanwhile"
            f"{kept}; run the task again",
            changed=True,
        )
    for volume in removal.storage.volumes:
        with _progress_noted(f"the domain was removed, but not {', '.join(left)}"):
            remove(domains.connection, volume)
        left.remove(volume.path)
    return removal


@contextlib.contextmanager
def _progress_noted(done: str) -> t.Iterator[None]:
    """Add to an error what had been done before."""
    try:
        yield
    except HypervisorError as error:
        raise TaskError(f"{done}: {error}", changed=True) from error
