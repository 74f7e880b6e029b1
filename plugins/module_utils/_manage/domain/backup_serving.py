# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serving the disks of a guest, as they are at one moment, for another program to read.

QEMU keeps what the guest overwrites meanwhile in scratch files. They have a note as a backup has
that is being made, and no record ever.
"""

from __future__ import annotations

import os
import time
import typing as t

from ..._hypervisor import checkpoints
from ..._hypervisor.backup_files import this_process
from ..._hypervisor.backup_job import BackupJob, files_of_job
from ..._hypervisor.errors import HypervisorError, LostConnection
from ..._hypervisor.files import is_deserted
from ..._rules.backup import SERVED
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import LIVE, Action
from .backup_plan import BackupRequest, others_than, selected_disks, served_document, targets_of
from .backup_record import NOTE, PART, Backup, BackupDisk, Note, name_at, written_note
from .backup_series import files_while_made

if t.TYPE_CHECKING:
    from .backup import BackupTask

_PATH = "served backup"
#: What NBD calls a bitmap (docs/interop/nbd.rst of QEMU).
_BITMAP = "qemu:dirty-bitmap:"


def serve(task: BackupTask, current: Element) -> None:
    """Serve the disks at the socket of the request, unless they are served there.

    :raises TaskError, HypervisorError: it is impossible; nothing is left then.
    """
    socket = task.request.socket or ""
    domain = task.domain
    if not domain.facts().active:
        raise TaskError(
            "state: the guest is off, and libvirt serves the disks of guests that run; start it"
        )
    job = BackupJob(domain.connection, domain.raw)
    running = job.document()
    if running is not None and running.value("server/@socket") == socket:
        _check_same(task.request, running)
        return
    for note in task.leftovers():
        task.clear(note)
    task.check_job(task.series.unfinished if task.check_mode else [])
    targets = targets_of(selected_disks(task.request.disks, current))
    _check_free(socket)
    if task.request.since is not None:
        _check_since(task, task.request.since, targets)
    if not task.check_mode:
        _begin(task, job, targets, current)
    task.actions.append(Action(_PATH, None, f"{', '.join(targets)} at {socket}", LIVE))


def _check_free(socket: str) -> None:
    """:raises TaskError: QEMU can't make a socket of this path."""
    parent = os.path.dirname(socket)
    if not os.path.isdir(parent):
        raise TaskError(
            f"socket: there is no folder {parent}; make it, so that QEMU's user can write there"
        )
    if os.path.lexists(socket) and not is_deserted(socket):
        raise TaskError(f"socket: {socket} exists; remove it, or give another path")


def _begin(task: BackupTask, job: BackupJob, targets: t.Sequence[str], current: Element) -> None:
    """Begin to serve the disks with these targets.

    :raises HypervisorError: libvirt refuses; no file is left then, unless the connection was lost.
    """
    request, domain, folder = task.request, task.domain, task.folder
    socket = request.socket or ""
    if is_deserted(socket):
        # A guest has ended while its disks were served.
        os.unlink(socket)
    moment = time.time()
    name = f"{name_at(domain.name, moment)}-served"
    disks = tuple(BackupDisk(target, f"{name}.{target}.scratch", 0) for target in targets)
    backup = Backup(name, domain.name, domain.uuid, int(moment), SERVED, disks)
    folder.write(name + NOTE, written_note(Note(backup, this_process())))
    scratch = {disk.target: folder.at(disk.file + PART) for disk in disks}
    others = others_than(targets, current)
    document = served_document(socket, scratch, others, request.since)
    try:
        job.begin(serialise(document), None)
    except LostConnection:
        raise
    except HypervisorError:
        for file in [*files_while_made(backup), name + NOTE]:
            folder.remove(file)
        raise


def _check_same(request: BackupRequest, job: Element) -> None:
    """:raises TaskError: other disks are served at the socket, or since another checkpoint."""
    remedy = "end that first with state: ended, or give another socket"
    served = {disk.get("name") for disk in job.findall("disks/disk") if disk.get("backup") == "yes"}
    if request.disks and set(request.disks) != served:
        names = ", ".join(sorted(filter(None, served)))
        raise TaskError(f"disks: {request.socket} serves {names}; {remedy}")
    since = job.value("incremental")
    if request.since not in (None, since):
        words = "the disks without a checkpoint" if since is None else f"the disks since {since}"
        raise TaskError(f"since: {request.socket} serves {words}; {remedy}")


def _check_since(task: BackupTask, since: str, targets: t.Sequence[str]) -> None:
    """:raises TaskError: there is no such checkpoint, or it doesn't say what was written since."""
    names = [each.name for each in checkpoints.checkpoints(task.domain)]
    if since not in names:
        raise TaskError(
            f"since: the domain has no checkpoint '{since}'; it has {', '.join(names) or 'none'}; give one of them, or make one "
            "with the module domain_checkpoint"
        )
    known = checkpoints.changed_bytes(task.domain, since) or {}
    lost = [target for target in targets if target not in known]
    if lost:
        raise TaskError(
            f"since: what was written to {', '.join(lost)} since {since} is unknown, as the checkpoint isn't of that disk, or QEMU "
            "was killed; leave since out and copy all"
        )


def end(task: BackupTask) -> None:
    """End the serving of this folder, if there is one, and remove the scratch files.

    :raises TaskError, HypervisorError: another backup runs, or it doesn't end.
    """
    domain, folder = task.domain, task.folder
    job = BackupJob(domain.connection, domain.raw)
    running = job.document()
    for note in task.series.unfinished:
        if note.backup.type != SERVED:
            continue
        files = files_while_made(note.backup)
        is_own = running is not None and files_of_job(running) & {folder.at(name) for name in files}
        socket = running.value("server/@socket") if running is not None and is_own else None
        if not task.check_mode:
            if is_own:
                job.abort()
            for name in [*files, note.backup.name + NOTE]:
                folder.remove(name)
        targets = ", ".join(disk.target for disk in note.backup.disks)
        words = f"{targets} at {socket}" if socket else f"{targets}, ended"
        task.actions.append(Action(_PATH, words, None, LIVE))
        running = None if is_own else running
    if running is not None:
        raise TaskError(
            "state: a backup of it runs that has no note in this directory; wait until that has ended, or end it with virsh "
            "domjobabort"
        )


def exports(request_socket: str, job: Element) -> list[dict[str, str | None]]:
    """Where each disk is read, for programs such as qemu-img and nbdcopy."""
    return [
        {
            "target": disk.get("name") or "",
            "uri": f"nbd+unix:///{disk.get('exportname') or disk.get('name')}?socket={request_socket}",
            "bitmap": disk.get("exportbitmap") and f"{_BITMAP}{disk.get('exportbitmap')}",
        }
        for disk in job.findall("disks/disk")
        if disk.get("backup") == "yes"
    ]
