# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage of one domain: creating volumes, and making disks larger."""

from __future__ import annotations

import contextlib
import os
import typing as t

from ..._file_use.users import Going
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import UnknownOutcome
from ..._hypervisor.resizing import grow_disk
from ..._hypervisor.volume_creation import Pools, Storage
from ..._images.errors import ImageError
from ..._images.request import ImageRequest, is_kept_image
from ..._rules.amounts import readable
from ..._virtinst.defaults import Result
from ..._virtinst.disk_image import kept_beside
from ..._virtinst.disk_source import existing_storage
from ..._virtinst.errors import OptionError
from ..._virtinst.storage import (
    SECTOR,
    DiskSize,
    Existing,
    NewVolume,
    StorageFacts,
    images_of_disk,
    missing_image,
)
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action

if t.TYPE_CHECKING:
    from .disk_moves import DiskMoves

#: Storage may be larger than requested by this number of bytes, because it comes in sectors, or
#: in the extents of a volume group.
_ROUNDED_FILE, _ROUNDED_BLOCK = 1024**2, 64 * 1024**2
#: The formats by the endings of images' names.
_ENDINGS = {".qcow2": "qcow2"}
#: The formats of images whose size QEMU can't change: block drivers without bdrv_co_truncate.
_FIXED = frozenset(["bochs", "cloop", "cow", "dmg", "qcow", "vdi", "vhdx", "vmdk", "vpc"])


class Growth(t.NamedTuple):
    """A disk that becomes larger, from its present size to ``capacity`` bytes."""

    target: str
    volume: Existing
    capacity: int

    def action(self, when: str) -> Action:
        """The change as tasks return it."""
        before, after = readable(self.volume.capacity or 0), readable(self.capacity)
        return Action(f"volume {self.volume.path}", before, after, when)


class DomainStorage:
    """The work on the storage of a domain.

    ``images`` has the targets of the domain's present disks, by the images' paths. A new volume
    replaces a missing image only if the task ``recreates_missing``. ``name`` is the domain's.
    ``installs``: the volumes that are for its installation alone are made, too.

    :raises TaskError: a disk would have to become smaller, or its path has something that
        is no disk.
    """

    def __init__(
        self,
        connection: Connection,
        pools: Pools | None,
        facts: StorageFacts | None,
        result: Result,
        images: t.Mapping[str, str] | None = None,
        recreates_missing: bool = False,
        name: str = "",
        installs: bool = True,
    ) -> None:
        self._name = name
        self._connection = connection
        self._storage = Storage(connection, pools)
        self._result = result
        self._facts = facts
        self._images = images or {}
        self._recreates_missing = recreates_missing
        self.missing = [
            volume
            for volume in result.volumes
            if not volume.exists and (installs or not volume.is_for_install)
        ]
        for volume in self.missing:
            self._check_may_be_new(volume.path)
        self._moves: DiskMoves | None = None
        #: The new volumes of the disks that move.
        self.moved: list[NewVolume] = []
        self.growing: list[Growth] = []
        self._grown: list[Growth] = []
        #: What a person should know.
        self.notes: list[str] = []
        if facts is not None:
            self._look_at_sizes(facts)
            self._look_at_bases(facts)

    def look_at_moves(self, domain: Domain, affect: frozenset[str]) -> list[str]:
        """See which disks move, and that they can be moved; return what a person should know.

        :raises TaskError, HypervisorError: one can't be.
        """
        if not self._result.moves or self._facts is None or self._moves is not None:
            return []
        # Ansible compiles a module's code anew in each task, and few disks move.
        from .disk_moves import DiskMoves

        self._moves = DiskMoves(domain, self._result.moves, self._facts, affect)
        self.moved = [move.volume for move in self._moves.moving]
        moved = {move.target: move.new_image for move in self._moves.moving}
        self.growing = [
            growth._replace(volume=moved[growth.target]) if growth.target in moved else growth
            for growth in self.growing
        ]
        return self._moves.notes

    @property
    def has_moves(self) -> bool:
        """Whether disks are to be where their entries say, with ``move``."""
        return self._moves is not None

    @property
    def is_moving(self) -> bool:
        """Whether disks move."""
        return self._moves is not None and bool(self._moves.moving)

    def move(self, domain: Domain | None, is_live: bool) -> t.Iterator[Action]:
        """Move disks, once, in the running guest or while it is off; without ``domain``, foresee it.

        :raises TaskError, HypervisorError: one can't be moved.
        """
        moves, self._moves = self._moves, None
        if moves is not None:
            yield from moves.actions(is_live) if domain is None else moves.carry_out(is_live)

    @property
    def recreated(self) -> list[str]:
        """The paths of the domain's missing images that are made anew."""
        return [volume.path for volume in self.missing if volume.path in self._images]

    def bases(self) -> dict[str, str]:
        """The backing files of the missing volumes, by the volumes' paths."""
        return {
            volume.path: volume.backing for volume in self.missing if volume.backing is not None
        }

    def remove_temporary(self) -> None:
        """Delete the volumes that the guest had to open when it started, and that nobody else may.

        A file that can't be deleted is noted.
        """
        for volume in self.missing:
            if volume.is_temporary:
                why = self._storage.remove(volume)
                if why is not None:
                    self.notes.append(
                        f"{volume.path}, which may have passwords, was not deleted: {why}; delete it"
                    )

    def create(self) -> None:
        """Create the missing volumes, once."""
        for volume in self.missing:
            try:
                self._storage.create_all([volume])
            except ImageError as error:
                is_disk = volume.image is not None and not volume.is_image
                option = "disk: image" if is_disk else volume.option or "location"
                raise TaskError(f"{option}: {error}") from error

    def foresee(self) -> None:
        """Check that volumes with content may be written.

        :raises HypervisorError: something else is at such a path.
        """
        for volume in self.missing:
            self._storage.check_writable(volume)

    def created(self) -> t.Iterator[Action]:
        """The changes that create volumes."""
        images = set()
        for volume in self.missing:
            if volume.is_temporary:
                # It is gone when the task ends.
                continue
            for path in volume.files:
                yield Action(f"file {path}", None, "a made-up password", CONFIG)
            if volume.new_image is not None and volume.image is not None:
                if volume.new_image not in images:
                    about = f"{'copy of' if volume.is_image else 'image'} {volume.image.title}"
                    yield Action(f"volume {volume.new_image}", None, about, CONFIG)
                images.add(volume.new_image)
            if not volume.is_image:
                yield Action(f"volume {volume.path}", None, described(volume), CONFIG)

    def check_jobs(self, domain: Domain) -> None:
        """Check that no job keeps disks of a running guest from becoming larger.

        :raises HypervisorError: one does.
        """
        moving = [] if self._moves is None else [move.target for move in self._moves.moving]
        for growth in self.growing:
            if growth.target not in moving:
                # Ansible compiles a module's code anew in each task, and few disks grow.
                from ..._hypervisor.block_jobs import check_no_job

                check_no_job(domain, growth.target, "size")

    def grow(self, domain: Domain | None, is_live: bool) -> t.Iterator[Action]:
        """Make disks larger, once, in the running guest or while it is off.

        Without ``domain`` the disks of a running guest aren't changed.
        """
        for growth in self.growing:
            if domain is not None and growth not in self._grown:
                # What a guest sees of a block device is not larger than that is.
                if not is_live or growth.volume.kind == "block":
                    self._storage.grow(growth.volume, growth.capacity)
                if is_live:
                    grow_disk(domain, growth.target, growth.capacity)
                self._grown.append(growth)
            yield growth.action(LIVE if is_live else CONFIG)

    def grow_before_first_start(self) -> None:
        """Make the existing disks of a new domain larger."""
        for growth in self.growing:
            if growth not in self._grown:
                self._storage.grow(growth.volume, growth.capacity)
                self._grown.append(growth)

    @contextlib.contextmanager
    def taken_back(self) -> t.Iterator[None]:
        """Delete the volumes that were created, if the block fails before anything uses them.

        Where the outcome is unknown nothing is deleted: a guest may run from the volumes.

        :raises TaskError: some of the work stays.
        """
        try:
            yield
        except UnknownOutcome as error:
            if not (self._storage.created or self._grown or self._storage.images):
                raise
            made = ", ".join([*self._storage.images, *self._storage.created])
            raise TaskError(
                f"{error}, which completes what is missing"
                + (f"; it uses what was made by then: {made}" if made else ""),
                changed=True,
            ) from error
        except Exception as error:
            # The definition has it by then.
            if getattr(error, "changed", False):
                raise
            left = self._storage.remove_created()
            done = [
                f"of what was created for it stays: {', '.join(left)}; the next run uses it"
            ] * bool(left)
            done += [
                f"the image that it was to have stays in its pool: {path}; the next run uses it"
                for path in self._storage.images
            ]
            done += [f"{size.volume.path} was made larger" for size in self._grown]
            if done:
                raise TaskError(f"{error}; {'; '.join(done)}", changed=True) from error
            raise

    def _look_at_sizes(self, facts: StorageFacts) -> None:
        for size in self._result.sizes:
            volume = existing_storage(facts, size.disk)
            if volume is None:
                self._note_missing(facts, size)
            else:
                self._note_size(facts, size, volume)

    def _look_at_bases(self, facts: StorageFacts) -> None:
        """Note images with another backing file than requested: it is never changed."""
        for base in self._result.bases:
            volume = existing_storage(facts, base.disk)
            if volume is None:
                continue
            if base.image is not None:
                self._look_at_image(facts, volume, base.image, base.is_new)
                continue
            chain = facts.chain(volume)
            if base.path is None or chain is None or facts.real(base.path) in chain:
                continue
            self.notes.append(
                f"disk: backing_store: {volume.path} {_based_on(chain)}, and not on {base.path}; an "
                "image that exists keeps what it is based on; leave backing_store out, or give a path "
                "or a target that is new"
            )

    def _look_at_image(
        self, facts: StorageFacts, volume: Existing, image: ImageRequest, is_new: bool
    ) -> None:
        """Note another image than requested, which a volume that exists never gets.

        :raises TaskError: a new disk would get what isn't from the image.
        """
        path = kept_beside(volume.path, image)
        if image.copy and not is_new:
            # What it is a copy of can't be told.
            return
        chain = facts.chain(volume)
        if path is not None and chain is not None and facts.real(path) in chain:
            return
        if path is None and not image.copy and any(map(is_kept_image, (chain or ())[:1])):
            # The checksum is looked up for new volumes alone.
            return
        what = "it can't be read what it is based on" if chain is None else _based_on(chain)
        wanted = f"and not on {image.title}" + (f" ({path})" if path is not None else "")
        if is_new:
            now = "is there already" if image.copy else f"is there already, {what}, {wanted}"
            raise TaskError(
                f"disk: image: {volume.path} {now}; nothing was written to it; give another path, leave "
                "image out to use it as it is, or remove or rename it"
            )
        if chain is not None:
            self.notes.append(
                f"disk: image: {volume.path} {what}, {wanted}; a disk that exists keeps its image; leave "
                "image as it was, or give a path or a target that is new"
            )

    def _check_may_be_new(self, path: str) -> None:
        """Check that the image exists.

        :raises TaskError: the domain has it, and it is gone.
        """
        target = self._images.get(path)
        if target is not None and not self._recreates_missing:
            raise TaskError(missing_image(path, target))

    def _note_missing(self, facts: StorageFacts, size: DiskSize) -> None:
        """Give a disk whose volume is gone a new volume, if the task allows it."""
        target, path = size.disk.value("target/@dev") or "", _path_of(facts, size.disk)
        if path is None or not facts.lacks(path):
            return
        if not self._recreates_missing:
            raise TaskError(missing_image(path, target))
        if size.volume is None or size.disk.value("source/@file") is None:
            raise TaskError(
                f"{path}, the image of {target}, is not there, and it can't be made anew by this "
                "task; put it back"
            )
        directory, name = os.path.split(path)
        pool = facts.pool_at(directory)
        if pool is None or pool.is_active:
            self.missing.append(
                size.volume._replace(
                    pool=pool.name if pool is not None else None,
                    path=path,
                    name=name,
                    exists=False,
                )
            )

    def _note_size(self, facts: StorageFacts, size: DiskSize, volume: Existing) -> None:
        if volume.kind == "dir" or (volume.kind == "file" and volume.capacity is None):
            what = "a directory" if volume.kind == "dir" else "no file"
            raise TaskError(
                f"size: {volume.path} is {what}, and has no size; give another path, or leave size out"
            )
        if volume.capacity is None or (size.disk.get("device") or "disk") not in ("disk", "lun"):
            return
        is_smaller = volume.capacity - size.capacity > _rounded(volume)
        is_larger = size.capacity - volume.capacity >= SECTOR
        if size.doubt is not None and (is_smaller or is_larger):
            raise TaskError(size.doubt)
        if size.is_new:
            _check_is_disk(volume, volume.capacity)
        if is_smaller:
            raise TaskError(
                f"size: {volume.path} has {readable(volume.capacity)}, and size asks for "
                f"{readable(size.capacity)}; no volume is made smaller, because the guest would "
                "lose what is behind its new end; set size to what it has, or leave it out; to add "
                "another disk, give it a path or a target"
            )
        if is_larger:
            target = size.disk.value("target/@dev") or ""
            if not any(move.target == target and not move.is_met for move in self._result.moves):
                self._check_may_grow(facts, target, volume)
            if size.remark is not None:
                self.notes.append(size.remark)
            self.growing.append(Growth(target, volume, size.capacity))

    def _check_may_grow(self, facts: StorageFacts, target: str, volume: Existing) -> None:
        """Check that the disk can become larger.

        :raises TaskError: it can't, or something else uses it.
        """
        # Ansible compiles a module's code anew in each task, and few disks grow.
        from ..._hypervisor.volume_resizing import check_no_old_snapshots

        if volume.format in _FIXED:
            raise TaskError(
                f"size: {volume.path} is a {volume.format} image, and such an image can't be made "
                "larger; convert it to qcow2 with qemu-img, or leave size out"
            )
        check_no_old_snapshots(self._connection, volume.path, "size")
        own = Going(targets=(target,), is_whole=True, name=self._name)
        reason = facts.users_of(volume.path, own).certain.reason
        if reason is not None:
            raise TaskError(
                f"size: {volume.path} {reason}, and would be made larger for that too; nothing was "
                "done; give another path, or leave size out"
            )


def _rounded(volume: Existing) -> int:
    return _ROUNDED_FILE if volume.kind == "file" else _ROUNDED_BLOCK


def _path_of(facts: StorageFacts, disk: Element) -> str | None:
    """The path of the image in a disk's document; ``None`` where it has none."""
    found = images_of_disk(disk)
    pool, volume = disk.value("source/@pool"), disk.value("source/@volume")
    if found or pool is None or volume is None:
        return found[0] if found else None
    try:
        directory = facts.pool(pool).path
    except OptionError:
        return None
    return None if directory is None else os.path.join(directory, volume)


def described(volume: NewVolume) -> str:
    """Format, size and backing file of a volume, for a person."""
    size = f", {readable(volume.capacity)}" if volume.capacity else ""
    base = f", based on {volume.backing}" if volume.backing else ""
    if volume.image is not None:
        base = f", {'a copy of' if volume.image.copy else 'based on'} {volume.image.title}"
    return f"{volume.format}{size}{base}"


def _based_on(chain: t.Sequence[str]) -> str:
    return f"is based on {chain[0]}" if chain else "is based on no other image"


def _check_is_disk(volume: Existing, capacity: int) -> None:
    """Refuse a file that is no disk image: it isn't made a disk of a new size."""
    expected = _ENDINGS.get(os.path.splitext(volume.path)[1])
    if volume.kind != "file":
        return
    if expected is not None and volume.format not in (None, expected):
        raise _foreign(volume, f"is no {expected} image")
    if volume.format == "raw" and capacity % SECTOR:
        raise _foreign(volume, f"is no disk image: {capacity} bytes are no whole sectors")


def _foreign(volume: Existing, why: str) -> TaskError:
    return TaskError(
        f"{volume.path} exists already, and {why}; nothing was written to it; give another path, or "
        "remove or rename it"
    )
