# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a checkpoint, changing its description, and deleting it."""

from __future__ import annotations

import functools
import typing as t

from ..._choices import ABSENT
from ..._hypervisor import checkpoints as calls
from ..._hypervisor.backup_job import BackupJob, check_no_other_job
from ..._hypervisor.checkpoints import Checkpoint, checkpoints
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domains, absent
from ..._rules.backup import refusal
from ..._rules.checkpoint import unfit
from ..._rules.snapshot import on_top
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .backup_plan import checkpoint_document, others_than, selected_disks, targets_of
from .checkpoint_situation import situation_of
from .current import current_of
from .moments import carried_out, described


class CheckpointRequest(t.NamedTuple):
    """The request of a task; the fields are the options of the module."""

    domain: str
    name: str
    disks: tuple[str, ...] = ()
    description: str | None = None
    children: bool = False
    is_metadata_only: bool = False


class CheckpointTask:
    """The task of one request."""

    def __init__(self, domains: Domains, request: CheckpointRequest, check_mode: bool) -> None:
        self.domains = domains
        self.request = request
        self.check_mode = check_mode
        self.actions: list[Action] = []

    def run(self, state: str) -> Outcome:
        """Bring the checkpoint into the state.

        :raises TaskError, HypervisorError: it can't be done.
        """
        with DefinitionLock("checkpoint", doing="working on the domain's checkpoints") as lock:
            domain = self.domains.find(self.request.domain)
            if domain is None and state == ABSENT:
                return Outcome(absent(self.request.domain, None))
            if domain is None:
                # Most domains are there.
                from ..._hypervisor.near_names import no_domain

                raise TaskError(no_domain(self.request.domain, self.domains))
            if not self.check_mode:
                lock.acquire(f"{self.domains.connection.uri} {domain.uuid}")
                domain = domain.fresh()
            self.domain = domain
            kept = checkpoints(domain)
            if state == ABSENT:
                self._absent(kept)
            else:
                self._present(kept)
        facts = domain.facts() if self.check_mode else domain.facts_now()
        return Outcome(facts, actions=tuple(self.actions), beside="checkpoints")

    # Present.

    def _present(self, kept: t.Sequence[Checkpoint]) -> None:
        found = next((each for each in kept if each.name == self.request.name), None)
        if found is None:
            self._make()
            return
        check_same(self.request, found)
        self._describe(found)

    def _describe(self, found: Checkpoint) -> None:
        wished, before = self.request.description, found.description or ""
        if wished is None or wished == before:
            return
        check_no_other_job(self.domain.connection, self.domain.raw)
        if not self.check_mode:
            calls.redefine(
                self.domain, described(calls.document_of(self.domain, found.name), wished)
            )
        path = f"checkpoint {found.name} description"
        self.actions.append(Action(path, before or None, wished or None, CONFIG))

    def _make(self) -> None:
        request, domain = self.request, self.domain
        why = unfit(request.name)
        if why is not None:
            raise TaskError(why)
        current = current_of(domain)
        disks = selected_disks(request.disks, current)
        why = refusal(situation_of(domain, disks))
        if why is not None:
            raise TaskError(why)
        check_no_other_job(domain.connection, domain.raw)
        targets = targets_of(disks)
        document = serialise(
            checkpoint_document(request.name, targets, others_than(targets, current))
        )
        if request.description:
            document = described(document, request.description)
        if not self.check_mode:
            calls.create(domain, document)
        after = f"checkpoint of {', '.join(targets)}"
        self.actions.append(Action(f"checkpoint {request.name}", None, after, LIVE))

    # Absent.

    def _absent(self, kept: t.Sequence[Checkpoint]) -> None:
        request, domain = self.request, self.domain
        by_name = {each.name: each for each in kept}
        if request.name not in by_name:
            return
        names = [request.name]
        if request.children:
            parents = {each.name: each.parent for each in kept}
            names = [*on_top(parents, request.name), *names]
        is_active = domain.facts().active
        if not is_active and not request.is_metadata_only:
            raise TaskError(
                "state: the guest is off, and libvirt deletes checkpoints of guests that run; start it first, or set metadata_only to "
                "true, with which its images keep the notes of what is written"
            )
        if BackupJob(domain.connection, domain.raw).document() is not None:
            raise TaskError(
                "domain: a backup of it runs, which may need the checkpoint; run the task again when that has ended, or end one that is "
                "served with state: ended of domain_backup"
            )
        check_no_other_job(domain.connection, domain.raw)
        remove = calls.forget if request.is_metadata_only else calls.delete
        for name in names:
            if not self.check_mode:
                carried_out(self.actions, functools.partial(remove, domain, name))
            words = f"checkpoint of {', '.join(by_name[name].targets) or 'no disk'}"
            when = LIVE if is_active and not request.is_metadata_only else CONFIG
            self.actions.append(Action(f"checkpoint {name}", words, None, when))


def check_same(request: CheckpointRequest, found: Checkpoint) -> None:
    """Check that a checkpoint that exists is the one that the task describes.

    :raises TaskError: it has other disks; a checkpoint is never replaced.
    """
    if request.disks and set(request.disks) != set(found.targets):
        raise TaskError(
            f"disks: the checkpoint '{found.name}' exists and is of {', '.join(found.targets) or 'no disk'}; remove it first, or "
            "give another name"
        )
