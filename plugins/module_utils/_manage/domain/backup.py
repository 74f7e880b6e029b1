# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeping backups of a domain: removing what was interrupted, making a new one, and rotation."""

from __future__ import annotations

import time
import typing as t

from ..._hypervisor import backup_files, checkpoints
from ..._hypervisor.backup_files import Folder, folder_of_pool, refresh_pool
from ..._hypervisor.backup_job import BackupJob, check_no_other_job, files_of_job
from ..._hypervisor.chains import known_chain
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domains
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.files import allocated_bytes
from ..._hypervisor.stand_in import left_behind
from ..._rules.backup import ENDED, PRESENT, SERVED, Drive
from ..._rules.domain.agent import CHANNEL, has_agent
from ..._rules.name_lengths import bytes_of
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .backup_making import Making
from .backup_plan import BackupPlan, BackupRequest, planned, selected_disks, targets_of
from .backup_record import NOTE, RECORD, Backup, BackupDisk, Note, chain, superfluous, written_note
from .backup_series import Series, described, files_of
from .checkpoint_situation import situation_of
from .current import current_of

#: The longest time that another task may take for a backup of the domain, in seconds.
_LONGEST = 24 * 3600.0
_LONGEST_NAME = 200
_GIBIBYTE = 1 << 30


class BackupTask:
    """The task of one request."""

    def __init__(self, domains: Domains, request: BackupRequest, check_mode: bool) -> None:
        self.domains = domains
        self.request = request
        self.check_mode = check_mode
        self.actions: list[Action] = []
        self.notes: list[str] = []
        self.made: Backup | None = None

    def run(self, state: str = PRESENT) -> Outcome:
        """See that there is a backup that is young enough, and that no more are kept than asked.

        :raises TaskError, HypervisorError: it can't be done. There is no new backup then.
        """
        with DefinitionLock("backup", _LONGEST, "making a backup of the domain") as lock:
            domain = self.domains.find(self.request.domain)
            if domain is None:
                # Most domains are there.
                from ..._hypervisor.near_names import no_domain

                raise TaskError(no_domain(self.request.domain, self.domains))
            self.folder = backup_folder(self.domains, self.request)
            if not self.check_mode:
                lock.acquire(f"{self.domains.connection.uri} {domain.uuid}")
                domain = domain.fresh()
            self.domain = domain
            self.series = Series(self.folder, domain.uuid, domain.name)
            if state == PRESENT:
                self._present()
            else:
                # Ansible compiles a module's code anew in each task, and few serve.
                from . import backup_serving

                if state == ENDED:
                    backup_serving.end(self)
                else:
                    backup_serving.serve(self, current_of(self.domain))
        facts = domain.facts() if self.check_mode else domain.facts_now()
        return Outcome(
            facts, actions=tuple(self.actions), notes=tuple(self.notes), beside="backups"
        )

    def exports(self) -> list[dict[str, str | None]]:
        """Where the disks of the guest can be read, if they are served."""
        from .backup_serving import exports

        job = BackupJob(self.domain.connection, self.domain.raw).document()
        socket = None if job is None else job.value("server/@socket")
        return [] if job is None or socket is None else exports(socket, job)

    def shown(self) -> dict[str, t.Any] | None:
        """The newest complete backup, as the module returns it."""
        series = [*self.series.complete, *([self.made] if self.made else [])]
        known = {backup.name: backup for backup in series}
        if not series or (self.check_mode and any(a.path == "backup" for a in self.actions)):
            return None
        return described(self.folder, series[-1], known)

    def _present(self) -> None:
        current = current_of(self.domain)
        wanted = targets_of(selected_disks(self.request.disks, current))
        for backup in self.series.broken:
            self.notes.append(
                f"the backup {backup.name} can't be restored, as files that it needs are missing; remove its record "
                f"{self.folder.at(backup.name + RECORD)} and what is left of it"
            )
        leftovers = self.leftovers()
        is_due = not any(self._is_young(backup, wanted) for backup in self.series.complete)
        plan = self._plan(current, leftovers) if is_due else None
        surplus = self._surplus(plan, current, wanted)
        for note in leftovers:
            self.clear(note)
        if plan is not None:
            self._back_up(plan, current)
        for backup in surplus:
            self._remove(backup)
        if self.request.pool is not None and self.actions and not self.check_mode:
            refresh_pool(self.domains.connection, self.request.pool)

    def _is_young(self, backup: Backup, wanted: t.Sequence[str]) -> bool:
        age = self.request.max_age
        return (
            age is not None
            and 0 <= time.time() - backup.time < age
            and backup.targets >= frozenset(wanted)
        )

    # The new backup.

    def _plan(self, current: Element, leftovers: t.Sequence[Note]) -> BackupPlan:
        """:raises TaskError: the backup is impossible."""
        request, domain = self.request, self.domain
        facts = domain.facts()
        self.check_job(leftovers)
        if bytes_of(domain.name) > _LONGEST_NAME:
            raise TaskError(
                f"domain: its name has more than {_LONGEST_NAME} bytes, so that the files of a backup can't have it; rename it"
            )
        if request.quiesce and facts.active and not has_agent(current):
            raise TaskError(
                f"quiesce: the domain has no channel for a guest agent; give it one with the target name {CHANNEL}, or set "
                "quiesce to false"
            )
        if request.quiesce and facts.active and facts.state != "running":
            self.notes.append(
                f"quiesce: the guest is {facts.state}, so that its agent can't hold the file systems; the backup has them as "
                "after a power failure"
            )
        situation = situation_of(domain, selected_disks(request.disks, current))
        plan = planned(request, situation, self._continuable(), self)
        self.notes += plan.notes
        self._note_room(plan)
        return plan

    def _continuable(self) -> list[Backup]:
        """The complete backups, of which one of a time that is yet to come seems the newest.

        It has no checkpoint any more, once that of a later one has taken its place.
        """
        now = time.time()
        return [
            backup._replace(checkpoint=None)
            if backup.time > now and self.lost(backup, ()) is not None
            else backup
            for backup in self.series.complete
        ]

    def check_job(self, leftovers: t.Sequence[Note]) -> None:
        """Check that libvirt can begin a backup, but for one of ``leftovers``, which is ended before.

        :raises TaskError, HypervisorError: another backup or another job is in progress.
        """
        job = BackupJob(self.domain.connection, self.domain.raw).document()
        own = {self.folder.at(name) for note in leftovers for name in files_of(note, self.series)}
        if job is not None and not files_of_job(job) & own:
            raise TaskError(
                "domain: another backup of it runs, and libvirt makes one at a time; wait until that has ended, or end it "
                "with virsh domjobabort"
            )
        check_no_other_job(self.domain.connection, self.domain.raw)

    def _note_room(self, plan: BackupPlan) -> None:
        """Note that the folder may be too small; a backup leaves out what is zero."""
        if plan.base is not None and plan.base.checkpoint is not None:
            sizes = checkpoints.changed_bytes(self.domain, plan.base.checkpoint) or {}
            needed = sum(sizes.get(drive.target, 0) for drive in plan.drives)
        else:
            needed = sum(self._allocated(drive) for drive in plan.drives)
        room = self.folder.room()
        if room is not None and needed > room:
            self.notes.append(
                f"the backup may need {needed / _GIBIBYTE:.1f} GiB, and {self.folder.path} has {room / _GIBIBYTE:.1f} GiB "
                "left; make room there, or set keep"
            )

    def _allocated(self, drive: Drive) -> int:
        if drive.path is None:
            return 0
        paths = (drive.path, *(known_chain(self.domain.connection, drive.path) or ()))
        return sum(allocated_bytes(path) or 0 for path in paths)

    def lost(self, backup: Backup, targets: t.Sequence[str]) -> str | None:
        """As :meth:`.Evidence.lost`."""
        sizes = checkpoints.changed_bytes(self.domain, backup.checkpoint or "")
        if sizes is None:
            return f"the checkpoint of {backup.name} is gone"
        found = checkpoints.creation_time_of(self.domain, backup.checkpoint or "")
        if backup.checkpoint_time not in (None, found):
            return f"the checkpoint of {backup.name} was deleted, and somebody has made another of that name"
        missing = [target for target in targets if target not in sizes]
        if not missing:
            return None
        return (
            f"what was written to {', '.join(missing)} since {backup.name} is unknown, as when QEMU was killed or the image "
            "was replaced"
        )

    def capacity(self, target: str) -> int | None:
        """As :meth:`.Evidence.capacity`."""
        return backup_files.disk_sizes(self.domain, self.domain.raw, [target])[target]

    def _back_up(self, plan: BackupPlan, current: Element) -> None:
        when = LIVE if self.domain.facts().active else CONFIG
        if not self.check_mode:
            making = Making(self.domain, self.folder, self.request, plan, current)
            self.made = making.make(self.series)
            self.notes += making.notes
        self.actions.append(Action("backup", None, plan.words, when))

    # What interrupted tasks have left.

    def leftovers(self) -> list[Note]:
        """The interrupted backups of which something can be removed."""
        return [note for note in self.series.unfinished if self._is_left(note)]

    def _is_left(self, note: Note) -> bool:
        """Whether something can be removed of an interrupted backup.

        :raises TaskError: it isn't interrupted, but is being made.
        """
        if note.backup.type == SERVED:
            if self._is_served(note):
                return False
        elif self._is_made_now(note):
            return False
        if any(self.folder.has(name) for name in files_of(note, self.series)):
            return True
        if self._stand_in() is not None:
            return True
        return not self._has_to_wait(note)

    def _is_served(self, note: Note) -> bool:
        job = BackupJob(self.domain.connection, self.domain.raw).document()
        own = {self.folder.at(name) for name in files_of(note, self.series)}
        return job is not None and bool(files_of_job(job) & own)

    def _stand_in(self) -> t.Any:
        return left_behind(self.domain.connection, self.domain.uuid)

    def _is_made_now(self, note: Note) -> bool:
        """Whether another task makes it; its lock is of another user then, or this is check mode."""
        if not backup_files.runs(note.owner):
            return False
        if self.check_mode:
            return True
        raise TaskError(
            f"domain: another task is making the backup {note.backup.name}; run the task again when that has ended"
        )

    def _has_to_wait(self, note: Note) -> bool:
        """Whether its checkpoint can't be deleted yet, since the guest is off."""
        name = note.backup.checkpoint
        is_complete = not files_of(note, self.series)
        if name is None or is_complete or self.domain.facts().active:
            return False
        return any(each.name == name for each in checkpoints.checkpoints(self.domain))

    def clear(self, note: Note) -> None:
        name, files = note.backup.name, files_of(note, self.series)
        if not self.check_mode:
            paths = {self.folder.at(file) for file in files}
            job = BackupJob(self.domain.connection, self.domain.raw)
            document = job.document()
            if document is not None and files_of_job(document) & paths:
                job.abort()
            stand_in = self._stand_in()
            if stand_in is not None:
                with self.domain.connection.explained("end what has stood in for the domain"):
                    stand_in.destroy()
            waits = self._has_to_wait(note)
            if files and note.backup.checkpoint is not None and not waits:
                checkpoints.delete(self.domain, note.backup.checkpoint)
            for file in files:
                self.folder.remove(file)
            if not waits:
                self.folder.remove(name + NOTE)
        self.actions.append(Action(f"backup {name}", "incomplete", None, CONFIG))

    # Rotation.

    def _surplus(
        self, plan: BackupPlan | None, current: Element, wanted: t.Sequence[str]
    ) -> list[Backup]:
        """The backups of the disks ``wanted`` that go; a new one counts."""
        keep, now = self.request.keep, int(time.time())
        if keep is None:
            return []
        future = [backup for backup in self.series.complete if backup.time > now]
        self.notes += [
            f"the backup {backup.name} stays and doesn't count, as it is of a time that is yet to come; see whether the clock "
            "was wrong"
            for backup in future
        ]
        series = [backup for backup in self.series.complete if backup not in future]
        if plan is not None:
            base = None if plan.base is None else plan.base.name
            disks = tuple(BackupDisk(target, "", 0) for target in wanted)
            new = Backup("", "", self.domain.uuid, now + 1, plan.type, disks, base)
            series.append(new)
        every = selected_disks((), current)
        there = set(targets_of(every))
        known = {backup.name: backup for backup in (*series, *future)}
        needed = {each.name for backup in future for each in chain(backup, known) or ()}
        found = [
            backup
            for backup in superfluous(series, keep, frozenset(wanted), there)
            if backup.name not in needed
        ]
        if not found:
            return []
        kept = {backup.name for backup in series} - {backup.name for backup in found}
        # What can't go stays with all that it needs.
        staying: set[str] = set()
        for backup in found:
            why = self._held(backup, {each.name for each in found})
            if why is not None:
                self.notes.append(f"the backup {backup.name} stays, as {why}")
                staying |= {each.name for each in chain(backup, known) or ()}
        return [backup for backup in found if backup.name not in staying | kept]

    def _held(self, backup: Backup, going: t.Collection[str]) -> str | None:
        if (
            backup.checkpoint is not None
            and not self.domain.facts().active
            and any(each.name == backup.checkpoint for each in checkpoints.checkpoints(self.domain))
        ):
            return f"its checkpoint {backup.checkpoint} can be deleted only while the guest runs"
        return self._used(backup, going)

    def _used(self, backup: Backup, going: t.Collection[str]) -> str | None:
        """Who uses the images of a backup, such as a guest that was made on top of one."""
        from ..._hypervisor.file_users import files_in_use

        use = files_in_use(self.domain.connection).use
        own = {
            self.folder.at(disk.file)
            for each in self.series.complete
            if each.name in going
            for disk in each.disks
        }
        for disk in backup.disks:
            answer = use.of(self.folder.at(disk.file)).certain
            images = tuple((link, uses) for link, uses in answer.images if link.overlay not in own)
            why = answer._replace(images=images).reason
            if why is not None:
                return f"{self.folder.at(disk.file)} {why}"
        return None

    def _remove(self, backup: Backup) -> None:
        if not self.check_mode:
            try:
                # Without its record it is none any more, whatever happens next.
                note = Note(backup, backup_files.this_process())
                self.folder.write(backup.name + NOTE, written_note(note))
                self.folder.remove(backup.name + RECORD)
                if backup.checkpoint is not None and self.domain.fresh().facts().active:
                    checkpoints.delete(self.domain, backup.checkpoint)
                for name in backup.files:
                    self.folder.remove(name)
                self.folder.remove(backup.name + NOTE)
            except HypervisorError as error:
                raise TaskError(
                    f"{', '.join(action.path for action in self.actions) or 'nothing'} is done, but {error}",
                    changed=bool(self.actions),
                ) from error
        self.actions.append(Action(f"backup {backup.name}", f"{backup.type} backup", None, CONFIG))


def backup_folder(domains: Domains, request: BackupRequest, is_written: bool = True) -> Folder:
    """The folder of the options ``directory`` and ``pool``.

    :raises TaskError, HypervisorError: there is none, or, with ``is_written``, it can't be written.
    """
    if not domains.connection.is_local:
        raise TaskError(
            "uri: the files of backups are seen on the hypervisor's own host alone; run the task there"
        )
    path, option = request.directory, "directory"
    if path is None:
        path, option = folder_of_pool(domains.connection, request.pool or ""), "pool"
    why = backup_files.problem(path, is_written)
    if why is not None:
        raise TaskError(f"{option}: {why}")
    return Folder(path)
