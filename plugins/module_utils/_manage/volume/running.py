# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be changed of a volume that exists: its capacity, and nothing else."""

from __future__ import annotations

import dataclasses
import posixpath
import typing as t

from ..._hypervisor.active_object import Pool
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.file_users import files_in_use
from ..._hypervisor.volume_resizing import check_resize
from ..._hypervisor.volumes import StoredVolume, check_free
from ..._reconcile.edit import Edit
from ..._reconcile.plan import Change, Plan
from ..._rules.pool_types import type_of
from ..._rules.volume import capacity_in
from ..._xmltree.element import Element, with_child
from ..errors import TaskError
from ..outcome import LIVE, Outcome
from ..reading import Observed
from ..running import NoRunning
from .document import check_new, with_backing
from .info import facts_in
from .origin import NOTHING, Backing, Origin, check_chain

#: The type whose volumes can't be called anything.
_DISK = "disk"
_CAPACITY = "/volume/capacity"
_PREFIX = "/volume/"
#: The options about the places of a document.
_OPTIONS = (
    ("target/format", "format"),
    ("target/permissions/mode", "permissions.mode"),
    ("target/permissions/owner", "permissions.owner"),
    ("target/permissions/group", "permissions.group"),
    ("target/permissions", "permissions"),
    ("target/encryption", "encryption"),
    ("target/clusterSize", "cluster_size"),
    ("backingStore/format", "backing.format"),
    ("backingStore", "backing"),
)
#: What QEMU's driver gives to the user of a guest while that runs (dynamic_ownership).
_OF_GUEST = ("owner", "group", "label")


@dataclasses.dataclass(frozen=True)
class VolumeRunning(NoRunning[StoredVolume]):
    """Checks a plan against what libvirt can do with a volume.

    ``may_shrink``: one may lose its end. ``backing`` is what it has to be based on, ``origin``
    what a new one is made of.
    """

    when: str = LIVE
    may_shrink: bool = False
    backing: Backing | None = None
    origin: Origin = NOTHING
    pool: t.Callable[[Connection], Pool] | None = None
    connection: Connection | None = None

    def on(self, connection: Connection) -> VolumeRunning:
        """The same on this connection."""
        return dataclasses.replace(self, connection=connection)

    def adapted(self, edit: Edit, observed: Observed[StoredVolume]) -> tuple[Edit, list[str]]:
        """The edit with what it is based on, and without what a guest has changed."""
        self.origin.check_existing(observed.object)
        document = edit.document
        if self.backing is not None and self.connection is not None:
            path, form = self.backing.found(self.connection)
            # Which format an image of a chain has is what it was made with.
            document = with_backing(document, path, form if self.backing.form else None)
        if document.find("target/permissions") is not None and _is_running(observed.object):
            document = _without_owner(document)
        return dataclasses.replace(edit, document=document), []

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome in check mode for a volume that isn't there yet: with the path that it gets."""
        document, pool = outcome.after, None
        if self.connection is not None and self.pool is not None:
            pool = self.pool(self.connection).document()
        if document is None or pool is None or not type_of(pool.get("type")).makes_folder:
            return outcome
        folder, name = pool.value("target/path") or "", document.value("name") or ""
        return outcome._replace(details={"path": posixpath.join(folder, name), "type": "file"})

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[StoredVolume],
        check_mode: bool,
    ) -> Outcome:
        """The outcome with the facts of the volume that was made."""
        is_made = outcome.before is None and not check_mode
        return outcome._replace(details=facts_in(plan.document)) if is_made else outcome

    def check(self, plan: Plan, observed: Observed[StoredVolume] | None) -> list[str]:
        """Check a new volume, or that nothing but the capacity of an existing one is to change.

        :raises TaskError: something else is.
        :raises HypervisorError: the capacity can't change now.
        """
        if observed is None:
            if self.connection is not None and self.pool is not None:
                pool = self.pool(self.connection)
                document = pool.document()
                names = pool.volume_names() if document.get("type") == _DISK else None
                check_free(pool, plan.document.value("name") or "", is_planned=True)
                check_new(plan.document, document, names or (), self.origin.has_content)
                self.origin.check(self.connection, plan.document)
                base = plan.document.value("backingStore/path")
                if base is not None:
                    check_chain(self.connection, base, "backing")
            return []
        others = [change for change in plan.changes if change.path != _CAPACITY]
        if others:
            words = "; ".join(map(_different, others))
            raise TaskError(
                f"{words}; libvirt can't change that of a volume: ask for what it has, or remove it with "
                "state=absent, which loses its content, and create it anew"
            )
        capacity = capacity_in(plan.document)
        if plan.changes and capacity is not None:
            check_resize(observed.object, capacity, self.may_shrink)
        return []


def _different(change: Change) -> str:
    """What differs, with the name of the option if there is one for it."""
    place = change.path[len(_PREFIX) :]
    option = next((name for start, name in _OPTIONS if place.startswith(start)), place)
    return f"{option}: it is {change.before or 'none'}, and {change.after or 'none'} is asked for"


def _is_running(found: StoredVolume) -> bool:
    try:
        uses = files_in_use(found.connection).use.of(found.path).uses
    except HypervisorError:
        return True
    return any(use.is_running for use in uses)


def _without_owner(document: Element) -> Element:
    target = document.child("target")
    permissions = None if target is None else target.child("permissions")
    if target is None or permissions is None:
        return document
    left = [child for child in permissions.children if child.tag not in _OF_GUEST]
    changed = with_child(target, permissions.replaced(children=left))
    return with_child(document, changed)
