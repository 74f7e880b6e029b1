# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing snapshots of a domain, one after the other."""

from __future__ import annotations

import typing as t

from ..._hypervisor.chains import UnknownBase, chain_below
from ..._hypervisor.domains import Domain
from ..._hypervisor.file_users import is_absent
from ..._hypervisor.power import is_saved
from ..._hypervisor.snapshot_removal import delete, forget
from ..._hypervisor.snapshots import Kept, kept_snapshots
from ..._rules.domain.disks import disks_by_target
from ..._rules.snapshot import (
    EXTERNAL,
    FINDS_CHAIN,
    INTERNAL,
    NO_OVERLAY_ON_INACTIVE,
    REVERTS_EXTERNAL,
    beside,
    kind_of,
    on_top,
)
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action
from .current import current_of
from .snapshot_users import check_merge

if t.TYPE_CHECKING:
    from .snapshot import SnapshotTask


class BranchError(TaskError):
    """A snapshot can't go while there are others on top of it, which the domain has left."""


class SnapshotRemoval(t.NamedTuple):
    """A snapshot that goes."""

    name: str
    kept: Kept
    action: Action
    notes: tuple[str, ...] = ()


class Removals:
    """The snapshots that a task removes; each is checked when it is added."""

    def __init__(self, task: SnapshotTask, kept: t.Sequence[Kept]) -> None:
        self._task = task
        #: The parent of each snapshot that is left.
        self._parents = {each.snapshot.name: each.snapshot.parent for each in kept}
        self._kept = {each.snapshot.name: each for each in kept}
        self._current = next((each.snapshot.name for each in kept if each.snapshot.current), None)
        self.all: list[SnapshotRemoval] = []

    def descendants(self, name: str) -> list[str]:
        """The snapshots that are based on one, the newest first."""
        return on_top(self._parents, name)

    def add(self, name: str) -> None:
        """Plan that a snapshot goes.

        :raises BranchError: it can't go before others.
        :raises TaskError: it can't go, or something would be lost with it.
        """
        kept = self._kept[name]
        if not self._task.request.is_metadata_only:
            self._check(kept)
        is_external = kind_of(kept.document) == EXTERNAL
        is_active = self._task.existing.facts().active
        words = "metadata" if self._task.request.is_metadata_only else "merged"
        what = f"{kind_of(kept.document)} snapshot"
        notes = self._notes(kept)
        action = Action(
            f"snapshot {name}",
            f"{what}, {words}" if is_external or words == "metadata" else what,
            None,
            LIVE if is_active else CONFIG,
        )
        parent = self._parents.pop(name)
        if self._current == name:
            self._current = parent
        for child, its in list(self._parents.items()):
            if its == name:
                self._parents[child] = parent
        self.all.append(SnapshotRemoval(name, kept, action, notes))

    def _check(self, kept: Kept) -> None:
        if kind_of(kept.document) != EXTERNAL:
            return
        domain = self._task.existing
        if not domain.facts().active and is_saved(domain):
            # It has the disks of that time, and can't be restored without the overlay.
            raise TaskError(
                f"name: the saved state of the guest needs the overlays of '{kept.snapshot.name}'; let the guest run and stop it "
                "first"
            )
        name, own = kept.snapshot.name, self._kept
        resting = self._resting(name)
        if resting is not None:
            raise TaskError(
                f"name: the memory of the guest was saved in '{resting}' while it was paused, and QEMU doesn't write these images "
                "until it has run again; resume it with domain_state, and pause it again if it has to be"
            )
        inside = [
            child for child in self.descendants(name) if kind_of(own[child].document) == INTERNAL
        ]
        if inside:
            raise TaskError(
                f"name: the internal snapshot{'s' if len(inside) > 1 else ''} {', '.join(inside)} would be lost when the "
                f"overlay of '{name}' is merged; remove {'them' if len(inside) > 1 else 'it'} first"
            )
        parent = self._parents.get(name)
        if parent is not None and kind_of(own[parent].document) == INTERNAL:
            raise TaskError(
                f"name: '{name}' is external and based on the internal snapshot '{parent}', and libvirt can't merge it; "
                f"remove '{parent}' first"
            )
        aside = [] if self._current is None else beside(self._parents, name, self._current)
        if aside:
            raise BranchError(
                f"name: the domain has gone back since {', '.join(aside)} {'were' if len(aside) > 1 else 'was'} taken on top of "
                f"'{name}', and libvirt can't merge the overlay of '{name}' below {'them' if len(aside) > 1 else 'it'}; remove "
                f"{'them' if len(aside) > 1 else 'it'} first{', in this order' if len(aside) > 1 else ''}, or set children to "
                "true to remove all that is on top of it"
            )
        gone = sorted(kept.external.overlays.keys() - self._targets())
        if gone:
            # qemuSnapshotDeleteExternalPrepare…: disk not found in domain.
            raise TaskError(
                f"name: the domain has no disk {', '.join(gone)} any more, whose overlay libvirt would merge for '{name}'; "
                "add the disk again with the image that it had, or set metadata_only to make libvirt forget the snapshot, "
                "which leaves the overlays"
            )
        # Newer versions revert to external snapshots, and know the branches that this makes.
        is_old = self._task.domains.connection.version() < REVERTS_EXTERNAL
        missing = self._not_in_chain(kept) if is_old else []
        if missing:
            raise TaskError(
                f"name: the domain doesn't use the overlay {', '.join(missing)} of '{name}' any more, so that libvirt can't "
                "merge it; set metadata_only to make libvirt forget the snapshot, which leaves that file"
            )
        check_merge(domain, kept)

    def _resting(self, name: str) -> str | None:
        """A snapshot since which QEMU may not write the images of this one.

        Its migration to the file with the memory ends with bdrv_inactivate_all, and only
        qemuProcessStartCPUs ends that. libvirt doesn't know whether the guest has run since then.
        Tried on 9.0: Block node is read-only. Overlays that are newer are written, but not from
        QEMU 10.0 on.
        """
        if self._task.existing.facts().state != "paused":
            return None
        connection = self._task.domains.connection
        with connection.explained("read the hypervisor's version"):
            is_strict = bool(connection.raw.getVersion() >= NO_OVERLAY_ON_INACTIVE)
        below: list[str] = self._below(name) if is_strict else []
        for each in [name, *self.descendants(name), *below]:
            kept = self._kept[each]
            if kept.external.memory is not None and kept.snapshot.state == "paused":
                return each
        return None

    def _below(self, name: str) -> list[str]:
        """The snapshots that one is based on."""
        return [each for each in self._parents if each != name and name in self.descendants(each)]

    def _targets(self) -> set[str]:
        """The disks that the domain has."""
        return set(disks_by_target(current_of(self._task.existing)))

    def _not_in_chain(self, kept: Kept) -> list[str]:
        """The overlays that aren't in the chains of the disks; none where that is unknown."""
        domain = self._task.existing
        missing = []
        for target, overlay in kept.external.overlays.items():
            chain = chain_of(domain, current_of(domain), target)
            if chain is not None and overlay not in chain:
                missing.append(overlay)
        return missing

    def _notes(self, kept: Kept) -> tuple[str, ...]:
        external = kept.external
        if self._task.request.is_metadata_only:
            left = [*external.overlays.values(), *([external.memory] if external.memory else [])]
            if left:
                return (
                    f"libvirt forgets the snapshot '{kept.snapshot.name}', and {', '.join(left)} stays",
                )
            return (f"the data of the snapshot '{kept.snapshot.name}' stay in the images",)
        return ()

    def carry_out(self, removal: SnapshotRemoval) -> None:
        """Remove one of them, and check what is left.

        :raises TaskError, HypervisorError: it can't be removed, or isn't gone.
        """
        domain, name = self._task.existing, removal.name
        if self._task.request.is_metadata_only:
            forget(domain, name)
        else:
            external = removal.kept.external
            delete(
                domain,
                name,
                list(external.overlays),
                self._task.request.merge_timeout,
                self._has_to_start(removal.kept),
            )
        self._check_gone(removal)

    def _has_to_start(self, kept: Kept) -> bool:
        """Whether libvirt can't find the overlay of a guest that is off.

        qemuSnapshotDeleteExternalPrepare: the chain in the definition doesn't go below the first
        image, where the snapshots were taken while the guest was off.
        """
        domain = self._task.existing.fresh()
        if domain.facts_now().active or domain.connection.version() >= FINDS_CHAIN:
            return False
        tops = {
            disk.value("target/@dev"): disk.value("source/@file")
            for disk in domain.document().findall("devices/disk")
        }
        return any(
            tops.get(target) != overlay for target, overlay in kept.external.overlays.items()
        )

    def _check_gone(self, removal: SnapshotRemoval) -> None:
        domain = self._task.existing.fresh()
        names = [each.snapshot.name for each in kept_snapshots(domain)]
        if removal.name in names:
            raise TaskError(
                f"libvirt said that it removed the snapshot '{removal.name}', and it is still there; see libvirt's log",
                changed=True,
            )
        if self._task.request.is_metadata_only:
            return
        external = removal.kept.external
        for target, overlay in external.overlays.items():
            chain = chain_of(domain, current_of(domain), target)
            if chain is not None and overlay in chain:
                raise TaskError(
                    f"libvirt removed the snapshot '{removal.name}', and {target} still uses its overlay {overlay}; keep "
                    "that file, and see libvirt's log",
                    changed=True,
                )
        if external.memory is not None and not is_absent(domain.connection, external.memory):
            self._task.notes.append(
                f"libvirt has left the memory of the snapshot '{removal.name}' in {external.memory}; remove that file"
            )


def chain_of(domain: Domain, current: Element, target: str) -> tuple[str, ...] | None:
    """The image of a disk and those below it; ``None`` where that can't be read."""
    disk = disks_by_target(current).get(target)
    path = None if disk is None else disk.value("source/@file") or disk.value("source/@dev")
    if path is None:
        return None
    try:
        return (path, *chain_below(domain.connection, path))
    except UnknownBase:
        return None
