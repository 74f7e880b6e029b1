# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking a snapshot, changing its description, and the snapshots that a pattern has too many of."""

from __future__ import annotations

import functools
import posixpath

from ..._choices import ABSENT
from ..._hypervisor import snapshots as calls
from ..._hypervisor.checkpoints import checkpoints
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domain, Domains, absent
from ..._hypervisor.file_users import is_absent
from ..._hypervisor.host_files import is_taken
from ..._hypervisor.open_files import holder, loop_devices
from ..._hypervisor.power import is_saved
from ..._hypervisor.snapshots import Kept, Snapshot, kept_snapshots
from ..._reconcile.plan import Plan
from ..._rules.domain.book import KIND
from ..._rules.name_lengths import LONGEST_FILE, LONGEST_NAME, bytes_of
from ..._rules.snapshot import EXTERNAL, INTERNAL, kind_of
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .current import current_of
from .moments import carried_out, described
from .snapshot_images import check_new
from .snapshot_plan import SnapshotPlan, SnapshotRequest, check_same, planned
from .snapshot_removal import Removals
from .snapshot_users import check_take

#: The longest time that another task may take for the snapshots of the domain, in seconds.
_LONGEST = 24 * 3600.0
#: The characters before it are for control.
_BLANK = ord(" ")


class SnapshotTask:
    """The task of one request; ``outcome`` is there after one of its methods."""

    def __init__(self, domains: Domains, request: SnapshotRequest, check_mode: bool) -> None:
        self.domains = domains
        self.request = request
        self.check_mode = check_mode
        self.actions: list[Action] = []
        self.notes: list[str] = []
        #: What becomes of the definition.
        self.documents: tuple[Element, Plan] | None = None
        self.domain: Domain | None = None
        self.kept: list[Kept] = []

    def run(self, state: str) -> Outcome:
        """Bring the snapshot into the state.

        :raises TaskError, HypervisorError: it can't be done.
        """
        check_name(self.request.name)
        with DefinitionLock("snapshot", _LONGEST, "working on the domain's snapshots") as lock:
            domain = self.domains.find(self.request.domain)
            if domain is None and state == ABSENT:
                return Outcome(absent(self.request.domain, None))
            if domain is not None and not self.check_mode:
                lock.acquire(f"{self.domains.connection.uri} {domain.uuid}")
                domain = domain.fresh()
            self.domain = domain
            self.kept = kept_snapshots(self.existing)
            if state == "reverted":
                # Ansible compiles a module's code anew in each task, and few revert.
                from .snapshot_revert import revert

                return revert(self)
            if state == ABSENT:
                self._remove()
            else:
                self._present()
            return self.outcome()

    @property
    def found(self) -> Kept | None:
        """The snapshot of the request."""
        return self.by_name(self.request.name)

    def by_name(self, name: str) -> Kept | None:
        """The snapshot with this name, if the domain has one."""
        return next((kept for kept in self.kept if kept.snapshot.name == name), None)

    @property
    def existing(self) -> Domain:
        """The domain.

        :raises TaskError: there is none.
        """
        if self.domain is None:
            # Most domains are there.
            from ..._hypervisor.near_names import no_domain

            raise TaskError(no_domain(self.request.domain, self.domains))
        return self.domain

    def changes_definition(self, before: Element, plan: Plan) -> None:
        """Note what becomes of the definition."""
        self.documents = (before, plan)

    def outcome(self) -> Outcome:
        """What was done, or would be."""
        facts = self.existing.facts() if self.check_mode else self.existing.facts_now()
        outcome = Outcome(
            facts, actions=tuple(self.actions), notes=tuple(self.notes), beside="snapshots"
        )
        if self.documents is None:
            return outcome
        before, plan = self.documents
        return outcome._replace(
            changes=tuple(change.as_result(CONFIG) for change in plan.changes),
            before=before,
            after=plan.document,
            kind=KIND,
        )

    # Present.

    def _present(self) -> None:
        found = self.found
        if found is not None:
            check_same(self.request, found.document)
        # All is looked at before anything is done.
        plan = self._plan() if found is None else None
        removals = self._rotation(plan)
        if plan is not None:
            self._take(plan)
        if found is not None:
            self._describe(found)
        if removals is not None:
            self._carry_out(removals)

    def _describe(self, found: Kept) -> None:
        wished, before = self.request.description, found.snapshot.description or ""
        if wished is None or wished == before:
            return
        name = self.request.name
        action = Action(f"snapshot {name} description", before or None, wished or None, CONFIG)
        if not self.check_mode:
            text = calls.document_of(self.existing, name)
            calls.redefine(self.existing, described(text, wished), found.snapshot.current)
        self.actions.append(action)

    def _plan(self) -> SnapshotPlan:
        domain, connection = self.existing, self.domains.connection
        facts, current = domain.facts(), current_of(domain)
        chain = frozenset(kind_of(kept.document) for kept in self.kept)
        saved = not facts.active and is_saved(domain)
        with connection.explained("read the hypervisor's kind"):
            driver = connection.raw.getType()
        plan = planned(
            self.request,
            current,
            facts.active,
            connection.version(),
            chain,
            saved,
            driver,
            tuple(each.name for each in checkpoints(domain)),
            facts.persistent,
        )
        inside = [drive.target for drive in plan.taking.of_kind(INTERNAL)]
        check_new(domain, self.request.name, current, inside)
        if plan.files:
            check_take(domain, current, [drive.target for drive in plan.taking.of_kind(EXTERNAL)])
        self._check_files(plan)
        length = bytes_of(self.request.name)
        if length > LONGEST_NAME:
            # qemuDomainSnapshotWriteMetadata
            raise TaskError(
                f"name: it has {length} bytes, and libvirt keeps names of {LONGEST_NAME}; give a shorter one"
            )
        return plan

    def _check_files(self, plan: SnapshotPlan) -> None:
        """:raises TaskError: libvirt can't write the files of the snapshot, or would overwrite one."""
        connection = self.domains.connection
        files = [*plan.files, *([plan.memory_file] if plan.memory_file else [])]
        for path in files:
            if any(ord(character) < _BLANK for character in path):
                raise TaskError(
                    "name: a file of the snapshot would have a line break or another control character in its path, which "
                    "libvirt's definition of the domain doesn't keep; correct the name or the path"
                )
            if files.count(path) > 1:
                raise TaskError(
                    f"disks: two files of the snapshot would be {path}; give each a path"
                )
            folder, name = posixpath.split(path)
            if is_absent(connection, folder):
                raise TaskError(
                    f"name: the snapshot would write {path}, and there is no folder {folder}; make it, or give another path"
                )
            if bytes_of(name) > LONGEST_FILE:
                raise TaskError(
                    f"name: a file of the snapshot would have a name of {bytes_of(name)} bytes, and file systems take "
                    f"{LONGEST_FILE}; give a shorter name, or a path"
                )
            who = holder(path, loop_devices()) if connection.is_local else None
            if who is not None:
                # libvirtd may have died between QEMU's change and its own note of it, and removing
                # the overlay would lose what the guest has written.
                raise TaskError(
                    f"name: the snapshot would write {path}, which exists and is used by {who}; keep that file, and see with qemu-img "
                    "info -U whether the guest writes to it; give another name or path if not, else make it the disk's image in the "
                    "definition before the guest stops"
                )
            if is_taken(connection, path):
                raise TaskError(
                    f"name: the snapshot would write {path}, which exists; give another name or path, or remove that file"
                )

    def _take(self, plan: SnapshotPlan) -> None:
        taking = plan.taking
        if not self.check_mode:
            is_external = taking.kind == EXTERNAL
            disk_only = not taking.has_memory and (taking.is_active or is_external)
            calls.take(
                self.existing,
                serialise(plan.document),
                disk_only,
                taking.is_quiesced and taking.is_active,
                taking.has_memory and is_external,
            )
            self._check_taken(plan)
        when = LIVE if taking.is_active else CONFIG
        self.actions.append(Action(f"snapshot {self.request.name}", None, plan.words, when))

    def _check_taken(self, plan: SnapshotPlan) -> None:
        taken = next(
            (
                kept
                for kept in kept_snapshots(self.existing)
                if kept.snapshot.name == self.request.name
            ),
            None,
        )
        if taken is None:
            raise TaskError("libvirt took the snapshot, and somebody removed it at once", True)
        kind = kind_of(taken.document)
        if kind != plan.taking.kind:
            self.notes.append(f"libvirt took the snapshot as {kind} instead of {plan.taking.kind}")

    # Absent.

    def _remove(self) -> None:
        if self.found is None:
            return
        removals = Removals(self, self.kept)
        names = [self.request.name]
        if self.request.children:
            names = [*removals.descendants(self.request.name), *names]
        for name in names:
            removals.add(name)
        self._carry_out(removals)

    def _rotation(self, plan: SnapshotPlan | None) -> Removals | None:
        """The snapshots of the pattern that are too many once this one is there.

        ``plan`` is that of this one, if it is to be taken.
        """
        request = self.request
        if request.keep is None or request.pattern is None:
            return None
        # Ansible compiles a module's code anew in each task, and few rotate.
        from .snapshot_rotation import rotate, surplus

        kept = self.kept if plan is None else self._with_new(plan)
        snapshots = [each.snapshot for each in kept]
        removals = Removals(self, kept)
        found = surplus(snapshots, request.name, request.keep, request.pattern)
        self.notes += rotate(removals, found)
        return removals

    def _with_new(self, plan: SnapshotPlan) -> list[Kept]:
        """The snapshots once this one was taken: it is the newest, and the current one."""
        current = next((each.snapshot.name for each in self.kept if each.snapshot.current), None)
        old = [each._replace(snapshot=each.snapshot._replace(current=False)) for each in self.kept]
        state = self.existing.facts().state
        new = Snapshot(self.request.name, current, True, state, None, self.request.description)
        return [*old, Kept(new, plan.document)]

    def _carry_out(self, removals: Removals) -> None:
        for removal in removals.all:
            if not self.check_mode:
                carried_out(self.actions, functools.partial(removals.carry_out, removal))
            self.actions.append(removal.action)
            self.notes += removal.notes


def check_name(name: str) -> None:
    """Check the name of a snapshot.

    :raises TaskError: libvirt takes none like it (virDomainMomentDefValidate…: '/' and '.').
    """
    if not name.strip():
        raise TaskError("name: it is empty; give the name of the snapshot")
    if "/" in name or name.startswith("."):
        raise TaskError(
            "name: it has a / or begins with a dot, which no snapshot's name may; correct it"
        )
