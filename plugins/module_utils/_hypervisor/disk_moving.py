# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving one disk of a domain to another volume.

The new volume is made under the name of a part, which has the domain's UUID in it, and gets its name by
a link, which never replaces a file. The part stays until the domain has the new volume for good. So a
later task knows what an interrupted one has left: a part, or a volume that is one file with its part.
In other places than folders of this host nothing tells that, and what is there is refused.

A running guest's disk is copied by QEMU (virDomainBlockCopy), which goes on after the end of a task that
was interrupted; the next task continues it. TRANSIENT_JOB: without it libvirt refuses to copy for a
domain that has a definition (qemuDomainBlockCopyCommon), and the pivot changes the definition anyway
(qemuBlockJobProcessEventConcludedCopyPivot).
"""

from __future__ import annotations

import contextlib
import os
import time
import typing as t

from .._virtinst.clone.origin import MADE
from .._virtinst.moving import DiskMove
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .._xmltree.serialise import serialise
from .block_jobs import COPY, BlockJob, job_of
from .cloned_volumes import ClonedVolumes, Copy, is_own, own_volume, part_of
from .domains import Domain, Domains
from .errors import HypervisorError, UnknownOutcome
from .events import idle, wait
from .file_users import files_in_use, host_names
from .files import allocated_bytes
from .flags import flag
from .host_files import is_taken
from .libvirt_import import libvirt

#: The times between two looks at the progress, in seconds: the first and the longest.
_FIRST, _LONGEST = 0.05, 0.5
#: How long libvirt may take to notice that QEMU has ended, in seconds.
_END = 3.0
_ADVICE = "make room in its pool, or choose another pool"


class DiskMover:
    """Moves one disk of a domain."""

    def __init__(self, domain: Domain, move: DiskMove) -> None:
        self._domain = domain
        self._connection = domain.connection
        self._move = move
        self._own = own_volume(self._connection, move.volume, domain.uuid)
        self._volumes = ClonedVolumes(self._connection, lambda _path, _stage: None)
        self._is_made = False

    # What is there.

    def job(self) -> BlockJob | None:
        """The job of an interrupted task that copies the disk to its new volume.

        :raises HypervisorError: the disk has another block job.
        """
        job = job_of(self._domain, self._move.target)
        if job is None or (job.kind == COPY and self._is_new(job.path)):
            return job
        raise HypervisorError(
            f"disk: move: {self._move.target} {job.words}, beside which it can't be moved; wait until it has ended, or end it: "
            f"virsh blockjob {self._domain.name} {self._move.target} --abort"
        )

    def check_free(self) -> None:
        """Check that nothing has the name of the new volume but what an interrupted task has left.

        :raises HypervisorError: something has, or something uses what is left.
        """
        volume, own = self._move.volume, self._own
        if own.part is None:
            if is_taken(self._connection, volume.path):
                raise _taken(volume.path, "is there already")
            return
        part = part_of(own)
        if os.path.lexists(volume.path) and not is_own(own):
            raise _taken(volume.path, "is there already")
        for path in (part, volume.path):
            if os.path.lexists(path):
                self._connection.cache.clear()
                why = files_in_use(self._connection).use.of(path).reason
                if why is not None:
                    raise _taken(path, f"was left by an interrupted task, and {why}")

    def freed(self) -> int:
        """The bytes that what an interrupted task has left takes."""
        return allocated_bytes(part_of(self._own)) or 0

    def _is_new(self, path: str | None) -> bool:
        real = host_names(self._connection).real
        return path is not None and real(path) == real(self._move.volume.path)

    # Moving it.

    def move_live(self) -> None:
        """Move the disk of a running guest.

        :raises HypervisorError: it can't be; the guest has its old disk.
        :raises UnknownOutcome: that is unknown; the next task goes on.
        """
        job = self.job()
        with self._undone():
            if job is None:
                self._make(is_empty=True)
                self._start_job()
            self._wait()
            self._pivot()
        self._check_live()
        self.keep()

    def move_off(self) -> None:
        """Move the disk of a guest that is off.

        :raises HypervisorError: it can't be; the domain has its old disk.
        """
        with self._undone():
            self._make(is_empty=False)
            if self._domain.fresh().facts().active:
                raise HypervisorError(
                    f"disk: move: the guest was started while {self._move.target} was copied, so that the copy may be damaged; run "
                    "the task again"
                )
            self._define()
        self.keep()

    def _make(self, is_empty: bool) -> None:
        """Make the new volume: an empty one, or a copy."""
        if self._own.part is not None and any(
            os.path.lexists(path) for path in (part_of(self._own), self._own.path)
        ):
            # What an interrupted task has left; see check_free.
            self._remove()
        self._volumes.make(
            Copy(self._move.source, self._move.volume),
            self._own,
            is_empty=is_empty,
            keeps_part=True,
        )
        self._is_made = True

    def _start_job(self) -> None:
        move = self._move
        disk = move.by_path
        kept = ("driver", "source")
        document = Element(
            "disk",
            {"type": disk.get("type") or "file"},
            children=[
                child
                if child.tag == "source"
                else Element("driver", {"type": child.get("type") or "raw"})
                for child in disk.children
                if child.tag in kept
            ],
        )
        flags = flag("VIR_DOMAIN_BLOCK_COPY_REUSE_EXT") | flag(
            "VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB"
        )
        with self._connection.explained(f"copy {move.target} to {move.volume.path}", _ADVICE):
            self._domain.raw.blockCopy(move.target, serialise(document), {}, flags)

    def _wait(self) -> None:
        """Wait until the copy has all that the disk has.

        :raises HypervisorError: it fails, or makes no progress.
        """
        move, seen = self._move, -1
        end, pause = time.monotonic() + move.request.move_timeout, _FIRST
        while True:
            job = self._watched_job()
            if job is None or not self._is_new(job.path):
                raise HypervisorError(
                    f"disk: move: {move.target} stays on {move.source.path}: {self._why()}"
                )
            if job.is_ready:
                return
            if job.done != seen:
                seen, end = job.done, time.monotonic() + move.request.move_timeout
            elif time.monotonic() >= end:
                raise HypervisorError(
                    f"disk: move_timeout: copying {move.target} to {move.volume.path} has had no progress for "
                    f"{move.request.move_timeout:g} s, and was given up; see why the storage is slow, or give more time"
                )
            idle(pause)
            pause = min(pause * 2, _LONGEST)

    def _watched_job(self) -> BlockJob | None:
        """The job; ``None`` where it is gone, or the guest is."""
        try:
            return job_of(self._domain, self._move.target)
        except UnknownOutcome:
            raise
        except HypervisorError:
            # libvirt notices in the middle of the call that QEMU is gone, and the domain is off soon.
            if not wait(lambda: not self._domain.fresh().facts_now().active, _END):
                raise
            return None

    def _why(self) -> str:
        """Why a job is gone."""
        if not self._domain.fresh().facts_now().active:
            return "the guest has stopped while it was copied; run the task again to copy it while the guest is off"
        return (
            f"copying it to {self._move.volume.path} has failed, as it does where the storage is full or broken; see the "
            f"guest's log, {_ADVICE}"
        )

    def _pivot(self) -> None:
        move = self._move
        with self._connection.explained(
            f"switch {move.target} to {move.volume.path}", "run the task again"
        ):
            self._domain.raw.blockJobAbort(move.target, flag("VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT"))

    def _check_live(self) -> None:
        """See that the guest and its definition have the new volume, named as the definition names it.

        :raises HypervisorError: they haven't.
        """
        domain = self._domain.fresh()
        live = domain.live()
        if live is not None and not self._has_new(parse(live)):
            raise UnknownOutcome(
                f"disk: move: libvirt said that {self._move.target} has {self._move.volume.path} now, and the guest has "
                "another image; both are kept; see libvirt's log, then run the task again"
            )
        if domain.facts().persistent and (
            self._move.named is not None or not self._has_new(domain.document())
        ):
            self._define()

    def _has_new(self, document: Element) -> bool:
        for disk in document.findall("devices/disk"):
            if disk.value("target/@dev") == self._move.target:
                path = disk.value("source/@file") or disk.value("source/@dev")
                return self._is_new(path)
        return False

    def _define(self) -> None:
        """Define the domain with the new volume."""
        domain = self._domain.fresh()

        def with_new(element: Element) -> Element:
            if element.tag == "devices":
                children = [
                    self._move.moved(child)
                    if child.tag == "disk" and child.value("target/@dev") == self._move.target
                    else child
                    for child in element.children
                ]
                return element.replaced(children=children)
            return element

        document = domain.document()
        document = document.replaced(children=[with_new(child) for child in document.children])
        Domains(self._connection).define(serialise(document), False)

    # What is made.

    @contextlib.contextmanager
    def _undone(self) -> t.Iterator[None]:
        """End the copy and remove the new volume, if the block fails."""
        try:
            yield
        except UnknownOutcome:
            # It may be the guest's by now.
            raise
        except HypervisorError as error:
            left = self._given_up()
            if left is not None:
                raise UnknownOutcome(f"{error}; {left}; run the task again") from None
            raise

    def _given_up(self) -> str | None:
        """End the job and remove the new volume; return what is left, in words."""
        domain, move = self._domain.fresh(), self._move
        try:
            job = job_of(domain, move.target)
            if job is not None and job.kind == COPY and self._is_new(job.path):
                domain.raw.blockJobAbort(move.target, 0)
                job = job_of(domain, move.target)
            live = domain.fresh().live()
            if job is not None or (live is not None and self._has_new(parse(live))):
                return f"the guest may have {move.volume.path} by now, so that it stays"
            if self._has_new(domain.document()):
                return f"the definition has {move.volume.path} by now, so that it stays"
            self._remove()
        except (HypervisorError, libvirt.libvirtError):
            return f"of what was made for it stays {move.volume.path}"
        return None

    def _remove(self) -> None:
        """Remove the new volume, if it is certain that it is one of this kind of task.

        :raises HypervisorError: it can't be.
        """
        own = self._own
        if own.part is None and not self._is_made:
            return
        if self._is_made and own.part is None:
            own = own._replace(stage=MADE)
        why = self._volumes.not_removed(own)
        if why is not None:
            raise HypervisorError(f"{own.path} can't be removed: {why}; remove it")

    def keep(self) -> None:
        """Take the name of its part from a volume that the domain has, where it still has that."""
        part = part_of(self._own)
        with contextlib.suppress(OSError):
            if part and is_own(self._own):
                os.unlink(part)
                self._volumes.refresh(self._own)


def _taken(path: str, words: str) -> HypervisorError:
    return HypervisorError(
        f"disk: move: {path} {words}; nothing was written to it; give another volume, as vol: POOL/VOLUME, or remove "
        f"what is there"
    )
