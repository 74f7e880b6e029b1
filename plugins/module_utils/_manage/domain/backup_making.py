# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making one backup, of which nothing is left if it fails.

The order keeps a promise: what has a record is whole. The note comes first, then the job, then the
images are checked and get their names, and the record comes last.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
import typing as t

from ..._hypervisor import checkpoints
from ..._hypervisor.agent_calls import freeze, thaw
from ..._hypervisor.agent_channel import AgentChannel
from ..._hypervisor.backup_files import (
    Folder,
    definition_without_secrets,
    disk_sizes,
    this_process,
)
from ..._hypervisor.backup_job import BackupJob
from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError, LostConnection
from ..._hypervisor.nvram import path_of_nvram
from ..._hypervisor.qcow2 import disk_size
from ..._hypervisor.qcow2_backing import rebase
from ..._hypervisor.stand_in import stand_in, stand_in_document
from ..._hypervisor.tpm_state import folder_of, has_state
from ..._rules.checkpoint import spelled
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from .backup_plan import BackupPlan, BackupRequest, checkpoint_document, job_document, others_than
from .backup_record import (
    NOTE,
    PART,
    RECORD,
    Backup,
    BackupDisk,
    Note,
    name_at,
    written,
    written_note,
)
from .backup_series import Series, files_while_made

_QCOW2 = "qcow2"
#: The longest time that the agent may take to hold the file systems, in seconds.
_FREEZE = 60.0
#: The longest time until QEMU has closed an image after the job, in seconds.
_CLOSE = 60.0


class Making:
    """The making of one backup. ``current`` is the document of the guest, or the definition."""

    def __init__(
        self,
        domain: Domain,
        folder: Folder,
        request: BackupRequest,
        plan: BackupPlan,
        current: Element,
    ) -> None:
        self._domain = domain
        self._connection = domain.connection
        self._folder = folder
        self._request = request
        self._plan = plan
        self._current = current
        self._is_active = domain.facts().active
        self.notes: list[str] = []
        #: Whether the job has begun, and with it the checkpoint.
        self._has_begun = False

    def make(self, series: Series) -> Backup:
        """Make the backup.

        :raises TaskError, HypervisorError: it fails; what was written is removed.
        """
        backup = self._new(series)
        self._folder.write(backup.name + NOTE, written_note(Note(backup, this_process())))
        try:
            backup = self._written(backup)
            self._folder.write(backup.name + RECORD, written(backup))
        except LostConnection as error:
            raise HypervisorError(
                f"{error}; the backup is incomplete, and the next run removes what was written of it"
            ) from error
        except BaseException as error:
            self._undo(backup, error)
            raise
        self._folder.remove(backup.name + NOTE)
        self._drop_older(backup, series)
        return backup

    def _new(self, series: Series) -> Backup:
        moment = time.time()
        first = name_at(self._domain.name, moment)
        there = (*self._folder.names(), *series.names)
        names = itertools.chain([first], (f"{first}-{number}" for number in itertools.count(2)))
        name = next(
            name for name in names if not any(each.startswith(f"{name}.") for each in there)
        )
        plan = self._plan
        nvram, tpm = self._nvram(), self._tpm()
        return Backup(
            name=name,
            domain=self._domain.name,
            uuid=self._domain.uuid,
            time=int(moment),
            type=plan.type,
            disks=tuple(
                BackupDisk(drive.target, f"{name}.{drive.target}.qcow2", 0) for drive in plan.drives
            ),
            base=None if plan.base is None else plan.base.name,
            checkpoint=spelled(name) if plan.has_checkpoint else None,
            state=self._domain.facts().state,
            quiesced=self._is_quiesced,
            definition=f"{name}.xml",
            nvram=None if nvram is None else f"{name}.nvram",
            tpm=None if tpm is None else f"{name}.tpm.tar",
        )

    @property
    def _is_quiesced(self) -> bool:
        return self._request.quiesce and self._domain.facts().state == "running"

    def _nvram(self) -> str | None:
        path = path_of_nvram(self._current)
        return path if path is not None and os.path.isfile(path) else None

    def _tpm(self) -> str | None:
        tpms = self._current.findall("devices/tpm")
        if not any(tpm.value("backend/@type") == "emulator" for tpm in tpms):
            return None
        path = folder_of(self._connection, self._domain.uuid)
        if has_state(self._connection, self._domain.uuid):
            return path
        self.notes.append(f"the state of its TPM isn't in the backup, as there is none in {path}")
        return None

    # Writing.

    def _written(self, backup: Backup) -> Backup:
        with self._opened() as raw:
            sizes = disk_sizes(self._domain, raw, [disk.target for disk in backup.disks])
            disks = [disk._replace(capacity=sizes[disk.target]) for disk in backup.disks]
            backup = backup._replace(disks=tuple(disks))
            self._run(BackupJob(self._connection, raw), backup)
        for disk in backup.disks:
            self._check(disk)
        self._write_rest(backup)
        if backup.checkpoint is not None:
            made = checkpoints.creation_time_of(self._domain, backup.checkpoint)
            backup = backup._replace(checkpoint_time=made)
        for disk in backup.disks:
            self._folder.rename(disk.file + PART, disk.file)
        return backup

    def _opened(self) -> t.ContextManager[t.Any]:
        """The guest, or what stands in for one that is off."""
        if self._is_active:
            return contextlib.nullcontext(self._domain.raw)
        targets = [drive.target for drive in self._plan.drives]
        document = stand_in_document(self._current, self._domain.uuid, targets)
        return stand_in(self._connection, document)

    def _run(self, job: BackupJob, backup: Backup) -> None:
        files = {disk.target: self._folder.at(disk.file + PART) for disk in backup.disks}
        # What stands in for a guest has no others.
        others = others_than(backup.targets, self._current) if self._is_active else []
        checkpoint = None
        if backup.checkpoint is not None:
            document = checkpoint_document(backup.checkpoint, files, others)
            checkpoint = serialise(document)
        with job.heard():
            try:
                with self._held(backup):
                    job.begin(serialise(job_document(self._plan, files, others)), checkpoint)
                    self._has_begun = True
                job.wait(self._request.stall_timeout)
            except LostConnection:
                raise
            except BaseException:
                job.abort()
                raise

    @contextlib.contextmanager
    def _held(self, backup: Backup) -> t.Iterator[None]:
        """Let the guest's agent hold its file systems for the block."""
        if not backup.quiesced:
            yield
            return
        channel = AgentChannel(self._connection, self._domain.raw, _FREEZE)
        try:
            freeze(channel, _FREEZE)
            yield
        finally:
            # Also where the agent hasn't answered in time, and may have done it.
            with contextlib.suppress(HypervisorError):
                thaw(channel, _FREEZE)

    def _check(self, disk: BackupDisk) -> None:
        """Check an image, and let it be based on the backup before, of which it has the changes.

        :raises TaskError: it isn't what the job was to write.
        """
        path, base = self._folder.at(disk.file + PART), self._plan.base
        if not self._folder.is_released(disk.file + PART, _CLOSE):
            raise TaskError(
                f"QEMU still has the image of {disk.target} open, {_CLOSE:g} s after the backup; see libvirt's log"
            )
        try:
            size = disk_size(path)
            if base is not None:
                file = next(each.file for each in base.disks if each.target == disk.target)
                # libvirt has based it on the image that the guest writes.
                rebase(path, file, _QCOW2)
        except (OSError, ValueError) as error:
            raise TaskError(
                f"the image of {disk.target} can't be read after the backup: {error}; see libvirt's log"
            ) from None
        if size != disk.capacity:
            raise TaskError(
                f"the image of {disk.target} has {size} bytes after the backup instead of {disk.capacity}; see whether the "
                "disk was resized meanwhile, then run the task again"
            )

    def _write_rest(self, backup: Backup) -> None:
        if backup.definition is not None:
            text = definition_without_secrets(self._domain)
            self._folder.write(backup.definition, text.encode())
        for name, source in ((backup.nvram, self._nvram()), (backup.tpm, self._tpm())):
            if name is not None and source is not None:
                self._folder.copy(source, name)

    # The end.

    def _undo(self, backup: Backup, error: BaseException) -> None:
        """Remove what was written of the backup; the next run does it where that fails."""
        try:
            for name in files_while_made(backup):
                self._folder.remove(name)
            if self._has_begun and backup.checkpoint is not None:
                checkpoints.delete(self._domain, backup.checkpoint)
            self._folder.remove(backup.name + NOTE)
        except HypervisorError as left:
            if isinstance(error, (HypervisorError, TaskError)):
                raise HypervisorError(
                    f"{error} (what is left of the backup is removed by the next run: {left})"
                ) from error

    def _drop_older(self, backup: Backup, series: Series) -> None:
        """Delete the checkpoints of earlier backups, as the next one continues this one."""
        if backup.checkpoint is None:
            return
        older = {each.checkpoint for each in (*series.complete, *series.broken)} - {None}
        try:
            for checkpoint in checkpoints.checkpoints(self._domain):
                if checkpoint.name in older:
                    checkpoints.delete(self._domain, checkpoint.name)
        except HypervisorError as error:
            self.notes.append(f"an older checkpoint stays: {error}")
