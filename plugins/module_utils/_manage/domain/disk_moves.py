# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving the disks of an existing domain to other volumes."""

from __future__ import annotations

import contextlib
import posixpath
import typing as t

from ..._errors import ExpectedError
from ..._hypervisor import power
from ..._hypervisor.chains import known_chain
from ..._hypervisor.cloned_volumes import allocated, room
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.disk_images import path_of
from ..._hypervisor.disk_moving import DiskMover
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError, UnknownOutcome
from ..._hypervisor.file_users import files_in_use, is_absent
from ..._hypervisor.move_notes import file_at, forget, note
from ..._hypervisor.qcow2 import snapshot_names
from ..._hypervisor.snapshots import kept_snapshots, names_of_snapshots
from ..._hypervisor.volume_removal import (
    Removable,
    as_removable,
    removable,
    remove,
    undeletable,
)
from ..._rules.amounts import readable
from ..._rules.domain.disks import disks_by_target
from ..._rules.kept import removal_of
from ..._virtinst.move_note import OldVolume, old_volume_of
from ..._virtinst.moving import DiskMove, is_met
from ..._virtinst.storage import StorageFacts
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action

#: The longest time that another task may take to move the same disk, in seconds.
_LONGEST = 24 * 3600.0


class Moving(t.NamedTuple):
    """A disk that moves. ``goes_on``: an interrupted task has begun to copy it."""

    move: DiskMove
    goes_on: bool
    removable: tuple[Removable, ...]

    def actions(self, when: str) -> t.Iterator[Action]:
        """The changes as tasks return them."""
        move = self.move
        if not self.goes_on:
            about = f"{move.volume.format or 'raw'}, {readable(move.volume.capacity)}, a copy of {move.source.path}"
            yield Action(f"volume {move.volume.path}", None, about, CONFIG)
        yield Action(f"disk {move.target}", move.source.path, move.volume.path, when)
        yield from map(_gone, self.removable)


class Leftover(t.NamedTuple):
    """A disk that has moved, and its old volume, which an interrupted task has left."""

    move: DiskMove
    volume: Removable

    @property
    def action(self) -> Action:
        """The change as tasks return it."""
        return _gone(self.volume)


def _gone(volume: Removable) -> Action:
    """The change that a volume goes."""
    return Action(f"volume {volume.path}", readable(volume.capacity), None, CONFIG)


class DiskMoves:
    """The moves of one domain's disks, which are looked at before anything is done.

    :raises TaskError, HypervisorError: a disk can't be moved.
    """

    def __init__(
        self,
        domain: Domain,
        moves: t.Sequence[DiskMove],
        storage: StorageFacts,
        affect: frozenset[str],
    ) -> None:
        self._domain = domain
        self._connection = domain.connection
        self._storage = storage
        self._affect = affect
        #: What a person should know.
        self.notes: list[str] = []
        #: The targets of disks whose old volumes are gone or in use again: their notes go.
        self._stale: list[str] = []
        self._met = [move for move in moves if move.is_met]
        wanted = [move for move in moves if not move.is_met]
        self._moving = list(self._looked_at(wanted)) if wanted else []
        self._leftovers = [
            leftover for leftover in map(self._leftover, self._met) if leftover is not None
        ]

    @property
    def moving(self) -> list[DiskMove]:
        """The disks that move."""
        return [moving.move for moving in self._moving]

    # Whether it can be.

    def _looked_at(self, moves: list[DiskMove]) -> t.Iterator[Moving]:
        self._check_affect()
        taken: dict[str, str] = {}
        for move in self._without_overlays(moves):
            path, target = move.volume.path, move.target
            if path in taken:
                raise TaskError(
                    f"disk: move: {target} and {taken[path]} would both have {path}; give vol to one of them"
                )
            taken[path] = target
            yield self._checked(move)

    def _check_affect(self) -> None:
        facts = self._domain.facts()
        missing = {CONFIG} if facts.persistent else set()
        missing |= {LIVE} if facts.active else set()
        missing -= self._affect
        if missing:
            raise TaskError(
                f"disk: move: a disk moves in the running guest and in the definition at once; add {' and '.join(sorted(missing))} "
                "to affect, or leave move out"
            )
        if not facts.active and power.is_saved(self._domain):
            raise TaskError(
                "disk: move: its state is saved, and a guest that goes on from there expects its disks where they "
                "were; make it run first, then move them"
            )

    def _without_overlays(self, moves: list[DiskMove]) -> list[DiskMove]:
        """The moves without those of disks that were where they are wanted before a snapshot.

        :raises TaskError: a disk has snapshots, which would lose what they are based on.
        """
        names = names_of_snapshots(self._domain)
        if not names:
            return moves
        overlays = {
            path
            for kept in kept_snapshots(self._domain)
            for path in kept.external.overlays.values()
        }
        left = []
        for move in moves:
            if not self._was_there(move, overlays):
                left.append(move)
        if left:
            raise TaskError(
                f"disk: move: {left[0].target} can't be moved, because the domain has {', '.join(names)}, which "
                f"a copy would not have; leave move out, or {removal_of(names)}"
            )
        return left

    def _was_there(self, move: DiskMove, overlays: t.Collection[str]) -> bool:
        """Whether the image below a disk's overlays is where the disk is wanted."""
        chain = (move.source.path, *(known_chain(self._connection, move.source.path) or ()))
        base = next((path for path in chain if path not in overlays), None)
        if base is None or base == move.source.path:
            return False
        image = self._storage.at(base)
        return image is not None and is_met(
            move.request, image, image.format or move.form, self._storage
        )

    def _checked(self, move: DiskMove) -> Moving:
        """:raises TaskError, HypervisorError: it can't be moved now."""
        mover = DiskMover(self._domain, move)
        self._check_same_image(move)
        self._check_format(move)
        goes_on = mover.job() is not None
        if not goes_on:
            mover.check_free()
            self._check_unclaimed(move)
            self._check_room(move, mover.freed())
        gone: tuple[Removable, ...] = ()
        if move.request.removes_source:
            gone = removable(
                self._domain,
                self._domain.document(),
                [move.target],
                False,
                "disk.remove_source",
            ).volumes
        return Moving(move, goes_on, gone)

    def _check_same_image(self, move: DiskMove) -> None:
        """:raises TaskError: the running guest has another image than the definition."""
        text = self._domain.live()
        if text is None:
            return
        disk = disks_by_target(parse(text)).get(move.target)
        running = None if disk is None else path_of(self._connection, disk)
        if running is None or self._storage.real(running) != self._storage.real(move.source.path):
            has = f"has {running}" if running else "doesn't have it"
            raise TaskError(
                f"disk: move: {move.target} is {move.source.path} in the definition, and the running guest {has}; "
                "restart the guest first"
            )

    def _check_format(self, move: DiskMove) -> None:
        """:raises TaskError: the image has what a copy loses, or isn't what the guest takes it for."""
        path, seen = move.source.path, move.source.format
        if seen not in (None, "iso", move.form) and move.source.kind == "file":
            # libvirt would copy another disk than the guest sees.
            raise TaskError(
                f"disk: move: {path} has the format {move.form} for the guest, and looks like {seen}; copy it with "
                "qemu-img, and give the copy's path without move"
            )
        if move.form != "qcow2" or not self._connection.is_local:
            return
        try:
            names = snapshot_names(path)
        except OSError:
            return
        if names:
            raise TaskError(
                f"disk: move: {path} has the internal snapshots {', '.join(names)}, which a copy would not have; remove "
                f"them first: qemu-img snapshot -d NAME {path}"
            )

    def _check_unclaimed(self, move: DiskMove) -> None:
        """:raises TaskError: a domain has the new volume already."""
        path = move.volume.path
        reason = files_in_use(self._connection).use.of(path).certain.reason
        if reason is not None:
            raise TaskError(
                f"disk: move: {path} {reason}; give another volume, as vol: POOL/VOLUME"
            )

    def _check_room(self, move: DiskMove, freed: int) -> None:
        """:raises TaskError: there is less room than the copy takes."""
        volume = move.volume
        needed = volume.allocation or allocated(self._connection, move.source)
        free = room(self._connection, posixpath.dirname(volume.path), move.pool) + freed
        if needed > free:
            where = f"the pool {volume.pool}" if volume.pool else posixpath.dirname(volume.path)
            raise TaskError(
                f"disk: move: the copy of {move.target} takes {readable(needed)}, and {where} has room for {readable(free)}; "
                "make room in it, or give another pool"
            )

    def _leftover(self, move: DiskMove) -> Leftover | None:
        """What a task that was interrupted before its end has left of a disk that has moved.

        ``None`` where there is nothing to remove; a note says why an old volume stays.
        """
        if not move.request.removes_source:
            return None
        old = old_volume_of(self._domain.document(), move.target)
        real = self._storage.real
        if old is None or real(old.new) != real(move.source.path):
            return None
        is_back = real(old.path) == real(move.source.path)
        if is_back or is_absent(self._connection, old.path):
            self._stale.append(move.target)
            return None
        if old.file is None or old.file != file_at(self._connection, old.path):
            # Somebody may have made another volume there.
            self._stale.append(move.target)
            self.notes.append(
                f"disk: remove_source: {move.target} has moved to {move.source.path}, but what is at {old.path} isn't known to "
                "be its old volume, so that it stays; remove it if nobody needs it"
            )
            return None
        files = files_in_use(self._connection)
        volume = files.volumes.at(old.path)
        why: str | None = "is in no active storage pool"
        if volume is not None:
            why = undeletable(files, volume) or files.use.of(volume.path).reason
        if volume is None or why is not None:
            self.notes.append(
                f"disk: remove_source: {move.target} has moved to {move.source.path}, but {old.path} {why}, so that it stays"
            )
            return None
        return Leftover(move, as_removable(move.target, volume))

    # Moving them.

    def actions(self, is_live: bool) -> t.Iterator[Action]:
        """The changes, as check mode foresees them."""
        for leftover in self._leftovers:
            yield leftover.action
        for moving in self._moving:
            yield from moving.actions(LIVE if is_live else CONFIG)

    def carry_out(self, is_live: bool) -> t.Iterator[Action]:
        """Move them, in the running guest or while it is off.

        :raises TaskError, HypervisorError: one can't be; those before it have moved.
        """
        with DefinitionLock("move", _LONGEST, "moving disks of the same domain") as lock:
            if self._moving or self._met:
                lock.acquire(f"{self._connection.uri} {self._domain.name}")
            for move in self._met:
                # What a task that was interrupted at its end has left.
                DiskMover(self._domain, move).keep()
            for leftover in self._leftovers:
                self._remove(leftover.move, [leftover.volume])
                forget(self._domain, leftover.move.target)
                yield leftover.action
            for target in self._stale:
                forget(self._domain, target)
            for moving in self._moving:
                self._move(moving, is_live)
                self._connection.cache.clear()
                self._remove(moving.move, moving.removable)
                if moving.removable:
                    forget(self._domain, moving.move.target)
                yield from moving.actions(LIVE if is_live else CONFIG)

    def _move(self, moving: Moving, is_live: bool) -> None:
        """Move one disk, with a note of its old volume where that is to go.

        :raises HypervisorError: it can't be.
        """
        move = moving.move
        old = None
        if moving.removable:
            old = OldVolume(move.target, moving.removable[0].path, move.volume.path)
            note(self._domain, old)
        mover = DiskMover(self._domain.fresh(), move)
        try:
            if is_live:
                mover.move_live()
            else:
                mover.move_off()
        except UnknownOutcome:
            raise
        except HypervisorError:
            if moving.removable:
                with contextlib.suppress(HypervisorError):
                    forget(self._domain, move.target)
            raise
        if old is not None:
            with contextlib.suppress(HypervisorError):
                note(self._domain, old._replace(file=file_at(self._connection, old.path)))

    def _remove(self, move: DiskMove, volumes: t.Iterable[Removable]) -> None:
        """Remove the old volume, if that is asked for.

        :raises TaskError: something uses it now.
        """
        for volume in volumes:
            done = f"disk: remove_source: {move.target} has moved to {move.volume.path}, but"
            try:
                why = files_in_use(self._connection).use.of(volume.path).reason
                if why is not None:
                    raise TaskError(f"{done} {volume.path} {why}, so that it stays", changed=True)
                remove(self._connection, volume)
            except TaskError:
                raise
            except ExpectedError as error:
                raise TaskError(f"{done} {error}", changed=True) from error
