# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backup job of a guest: beginning it, waiting for its end, and ending it early.

libvirt has one job per guest. It makes the files of a backup itself, and deletes them where the
job fails (qemuBackupDiskDataCleanup).
"""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._xmltree.element import Element
from .._xmltree.parse import parse
from .connection import Connection
from .errors import HypervisorError, is_code, reason
from .events import listening, wait
from .flags import flag
from .job_words import BACKUP, job_words
from .libvirt_import import libvirt

#: The time between two looks at the progress, in seconds. The end itself is an event.
_POLL = 0.5
#: The longest time until a job that is ended early has ended, in seconds.
_END = 60.0
#: The longest time until libvirt has the data of a backup that is being begun, in seconds.
_KNOWN = 15.0


class BackupJob:
    """The backup job of one guest. ``raw`` is libvirt's ``virDomain``."""

    def __init__(self, connection: Connection, raw: t.Any) -> None:
        self._connection = connection
        self._raw = raw
        self._ends: list[t.Mapping[str, t.Any]] = []

    def document(self) -> Element | None:
        """The document of the job that runs; ``None`` if there is none.

        :raises HypervisorError: it can't be read.
        """
        with self._connection.explained("read the domain's backup job"):
            try:
                return parse(self._raw.backupGetXMLDesc(0))
            except libvirt.libvirtError as error:
                if is_code(
                    error,
                    "VIR_ERR_NO_DOMAIN_BACKUP",
                    "VIR_ERR_NO_SUPPORT",
                    # The guest is off.
                    "VIR_ERR_OPERATION_INVALID",
                    "VIR_ERR_NO_DOMAIN",
                ):
                    return None
                raise

    def begin(self, document: str, checkpoint: str | None) -> None:
        """Begin the job.

        :raises HypervisorError: libvirt refuses; nothing is left.
        """
        with self._connection.explained("begin the backup"):
            self._raw.backupBegin(document, checkpoint, 0)

    @contextlib.contextmanager
    def heard(self) -> t.Iterator[None]:
        """Hear of the end of jobs within the block."""

        def ended(_connection: t.Any, _domain: t.Any, facts: t.Any, _data: t.Any) -> None:
            if facts.get("operation") == BACKUP:
                self._ends.append(facts)

        event = flag("VIR_DOMAIN_EVENT_ID_JOB_COMPLETED")
        with listening(self._connection, self._raw, (event, ended)):
            yield

    def wait(self, stall: float) -> None:
        """Wait until the job has ended; it is given up after ``stall`` seconds without progress.

        :raises HypervisorError: it failed, or makes no progress.
        """
        last: object = None
        end = next_look = time.monotonic()
        end += stall
        is_stalled = False

        def is_done() -> bool:
            nonlocal last, end, next_look, is_stalled
            now = time.monotonic()
            if self._ends:
                return True
            if now < next_look:
                return False
            next_look = now + _POLL
            facts = self._facts(0)
            if not facts.get("type"):
                return True
            progress = facts.get("disk_processed"), facts.get("disk_remaining")
            if progress != last:
                last, end = progress, now + stall
            is_stalled = now >= end
            return is_stalled

        while not wait(is_done, stall + 1):
            pass
        if is_stalled:
            raise HypervisorError(
                f"stall_timeout: the backup has made no progress for {stall:g} s; see why the storage is slow, or give "
                "it more time"
            )
        facts = self._ends[-1] if self._ends else self._completed()
        if not facts.get("success"):
            why = facts.get("errmsg") or "the job was ended by somebody else, or with the guest"
            raise HypervisorError(f"the backup failed: {why}; {_remedy(str(why))}")

    def abort(self) -> None:
        """End the job, and wait until it has ended; nothing is done where there is none.

        :raises HypervisorError: it doesn't end.
        """
        if self.document() is None:
            return
        with self._connection.explained("end the backup"):
            try:
                self._raw.abortJob()
            except libvirt.libvirtError as error:
                # It has ended meanwhile.
                if not is_code(error, "VIR_ERR_OPERATION_INVALID", "VIR_ERR_NO_DOMAIN"):
                    raise
        if not wait(lambda: self.document() is None, _END):
            raise HypervisorError(
                f"the backup job doesn't end within {_END:g} s; see libvirt's log, and end it with virsh domjobabort"
            )

    def _facts(self, flags: int) -> t.Mapping[str, t.Any]:
        try:
            return t.cast("t.Mapping[str, t.Any]", self._raw.jobStats(flags))
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_OPERATION_INVALID", "VIR_ERR_NO_DOMAIN"):
                # The guest is off.
                return {}
            with self._connection.explained("watch the backup"):
                raise
        raise AssertionError

    def _completed(self) -> t.Mapping[str, t.Any]:
        facts = self._facts(flag("VIR_DOMAIN_JOB_STATS_COMPLETED"))
        return facts if facts.get("operation") == BACKUP else {}


def files_of_job(document: Element) -> set[str]:
    """The files that a job writes."""
    found = set()
    for disk in document.findall("disks/disk"):
        for tag in ("target", "scratch"):
            for name in ("file", "dev"):
                found.add(disk.value(f"{tag}/@{name}"))
    return {path for path in found if path is not None}


def _remedy(why: str) -> str:
    if "No space" in why:
        return "make room in the directory of the backups, then run the task again"
    return "see in the guest's log of libvirt why, then run the task again"


def check_no_other_job(connection: Connection, raw: t.Any) -> None:
    """Check that the domain has no job that isn't a backup, such as a migration.

    :raises HypervisorError: it has one, that can't be read, or libvirt keeps a backup that doesn't
        exist.
    """
    facts: t.Mapping[str, t.Any] = {}
    why = ""

    def is_known() -> bool:
        nonlocal facts, why
        try:
            facts = raw.jobStats(0)
        except libvirt.libvirtError as error:
            # qemuBackupGetJobInfoStats: a backup is a job before it has data.
            if is_code(error, "VIR_ERR_INTERNAL_ERROR"):
                why = reason(error)
                return False
            if not is_code(
                error, "VIR_ERR_OPERATION_INVALID", "VIR_ERR_NO_DOMAIN", "VIR_ERR_NO_SUPPORT"
            ):
                with connection.explained("read the domain's job"):
                    raise
        return True

    if not wait(is_known, _KNOWN):
        # qemuProcessRecoverJob: a daemon that was killed while it began a backup restores the job,
        # which QEMU doesn't have. qemuBackupJobCancelBlockjobs does nothing without data, so that
        # virsh domjobabort doesn't end it, and it outlives the guest in the daemon's memory.
        raise HypervisorError(
            f"domain: libvirt keeps a job that has no data ({why}), as when libvirtd is killed while it begins a backup, and "
            "nothing but its restart after the guest ends that; shut the guest down, restart libvirtd (or virtqemud) while it "
            "is off, then run the task again"
        )
    words = None if facts.get("operation") == BACKUP else job_words(facts)
    if words is not None:
        raise HypervisorError(
            f"domain: {words} is in progress, and libvirt does one job at a time; run the task again when that has ended"
        )
