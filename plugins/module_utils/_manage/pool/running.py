# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A storage pool when its definition changes: built, started, and what waits for a restart."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._choices import ACTIVE, IF_REQUIRED, INACTIVE, NEVER
from ..._hypervisor.active_object import Pool
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.pool_building import (
    NO_OVERWRITE,
    OVERWRITE,
    build,
    folder_permissions,
    lacks_folder,
    obstacle,
    redefine,
    remove_folder,
)
from ..._reconcile.edit import Edit
from ..._reconcile.plan import Change, Plan
from ..._reconcile.reconcile import reconcile
from ..._rules.pool import KIND
from ..._rules.pool_types import type_of
from ..._xmltree.element import Element, with_child
from ..errors import TaskError
from ..lifecycle import Lifecycle
from ..outcome import CONFIG, LIVE, Action, Outcome
from ..reading import Observed
from .document import check_source

IF_MISSING = "if_missing"
BUILDS = (NEVER, IF_MISSING, NO_OVERWRITE, OVERWRITE)
_RESTARTED = "restarted"
_FOLDER, _DEVICE = "folder ", "device "
#: The only type whose folder is built as it is used later.
_DIR = "dir"
#: -1 is nobody in particular, with and without a sign.
_NOBODY = ("-1", str(2**32 - 1))
_REASON = "libvirt changes nothing of a pool that is active"


class Asked:
    """What the last plan was asked for beside the definition: ``permissions`` of the folder."""

    permissions: Element | None = None


@dataclasses.dataclass(frozen=True)
class PoolRunning(Lifecycle[Pool]):
    """Builds, starts and stops a pool.

    ``build`` is one of :data:`BUILDS`, ``restart`` is ``never`` or ``if_required``. With
    ``force`` a pool is stopped while guests run on it. ``source`` has the
    sub-options of ``source`` that are given. ``asked`` is what the definition can't keep.
    """

    beside: t.ClassVar[str] = "state and folder"

    build: str = IF_MISSING
    restart: str = NEVER
    force: bool = False
    source: tuple[str, ...] = ()
    connection: Connection | None = None
    asked: Asked = dataclasses.field(default_factory=Asked)

    def on(self, connection: Connection) -> PoolRunning:
        """The same on this connection."""
        return dataclasses.replace(self, connection=connection)

    def check(self, plan: Plan, observed: Observed[Pool] | None) -> list[str]:
        """Check that its folder can be one, and that nothing uses the devices which it overwrites.

        :raises TaskError: something is in the way, or uses them.
        """
        if self._opens(observed):
            self._check_folder(plan.document)
        if observed is not None and observed.live is not None:
            has_to_stop = self.restart == IF_REQUIRED and differences(plan.document, observed.live)
            if self.state == INACTIVE or has_to_stop:
                self.check_stop(observed)
        if observed is None and self._formats(plan.document) and self.connection is not None:
            _check_devices(self.connection, plan.document)
        return []

    def _check_folder(self, document: Element) -> None:
        """Check that the pool's folder is there, or can be made, where that is known."""
        path = obstacle(self.connection, document)
        if path is not None:
            raise TaskError(
                f"target.path: {path} is no folder; correct target.path, or move that out of the way"
            )
        if self.build == NEVER and lacks_folder(self.connection, document):
            raise TaskError(
                f"target.path: there is no folder {document.value('target/path')}, and build=never makes "
                "none; mount what it is in, correct target.path, or set build to if_missing"
            )

    def _opens(self, observed: Observed[Pool] | None) -> bool:
        """Whether its folder may be made, or the pool started with it."""
        if observed is None:
            return self.build != NEVER or self.state == ACTIVE
        if observed.live is None:
            return self.state == ACTIVE
        return self.restart == IF_REQUIRED and self.state != INACTIVE

    def check_stop(self, observed: Observed[Pool]) -> list[str]:
        """Check that no guest runs on the pool; with ``force``, say which do.

        :raises TaskError: guests do.
        """
        # Most tasks stop nothing.
        from ..._hypervisor.pool_users import running_guests

        guests = ", ".join(running_guests(observed.object))
        if not guests:
            return []
        if not self.force:
            raise TaskError(
                f"state: guests run on the pool, {guests}; stop them first, or set force to stop the "
                "pool under them"
            )
        return [f"guests run on the pool, which is stopped: {guests}"]

    def adapted(self, edit: Edit, observed: Observed[Pool]) -> tuple[Edit, list[str]]:
        """The edit without permissions that the folder has, or that wait for a restart.

        Those in a definition become what the folder has, whenever the pool is started or
        refreshed.

        :raises TaskError: the pool's type has no use for a part of the source.
        """
        kind = edit.document.get("type") or observed.definition.get("type") or _DIR
        check_source(self.source, kind)
        asked = edit.document.find("target/permissions")
        self.asked.permissions = asked
        if asked is None or (observed.live is None and not self._is_permitted(edit, observed)):
            return edit, []
        return dataclasses.replace(edit, document=_without_permissions(edit.document)), []

    def _is_permitted(self, edit: Edit, observed: Observed[Pool]) -> bool:
        """Whether the folder has the permissions that are asked for."""
        places = (edit.document.value("target/path"), observed.definition.value("target/path"))
        path, asked = next(filter(None, places), None), self.asked.permissions
        if path is None or asked is None or self.connection is None:
            return False
        known = folder_permissions(self.connection, path)
        return known is not None and not wrong_permissions(asked, known)

    def check_new(self, document: Element, is_part: bool) -> None:
        """Check its source, and note the permissions that its folder is asked to have.

        :raises TaskError: the pool's type has no use for a part of the source.
        """
        check_source(self.source, document.get("type") or _DIR)
        self.asked.permissions = document.find("target/permissions")

    def actions(self, outcome: Outcome) -> tuple[Action, ...]:
        """What has to be made before it starts, and what has to be switched."""
        switched = super().actions(outcome)
        document, is_new = outcome.after, outcome.before is None
        is_on = outcome.facts.state == ACTIVE
        if document is not None and self.state == ACTIVE and not is_on and not outcome.changed:
            # What changes was checked before it did.
            self._check_folder(document)
        if document is None or self.build == NEVER or (is_on and self.state != INACTIVE):
            return switched
        made = [*self._permitted(document)]
        if is_new or self.state == ACTIVE:
            made += self._folders(document)
        if is_new:
            made += self._devices(document)
        return (*switched, *made) if is_on else (*made, *switched)

    def _wrong(self, document: Element) -> list[Change]:
        """The permissions of the folder that are not those that are asked for."""
        path, asked = document.value("target/path"), self.asked.permissions
        if asked is None or path is None or self.connection is None:
            return []
        if document.get("type") != _DIR:
            return []
        known = folder_permissions(self.connection, path)
        return [] if known is None else wrong_permissions(asked, known)

    def carry_out(self, action: Action, found: Pool) -> None:
        """Do one of :meth:`actions`.

        :raises HypervisorError: libvirt refuses.
        """
        if action.path.startswith(_FOLDER):
            self._build(found)
        elif action.path.startswith(_DEVICE):
            build(found, self.build)
        else:
            super().carry_out(action, found)

    def _build(self, found: Pool) -> None:
        """Make the folder, with its permissions, which libvirt takes from a new definition alone."""
        if self.asked.permissions is not None:
            found = redefine(found, _with_permissions(found.document(), self.asked.permissions))
        build(found)

    def start(self, found: Pool) -> None:
        """Start it, whose folder may be on another host, where nobody sees whether it is there."""
        try:
            found.start()
        except HypervisorError:
            if self.build == NEVER or found.connection.is_local or not _makes_folder(found):
                raise
            build(found)
            found.start()

    def take_back(self, found: Pool, done: t.Sequence[Action]) -> None:
        """Remove a new pool, and the folder that was made for it.

        :raises HypervisorError: libvirt refuses.
        """
        if any(action.path.startswith(_FOLDER) and action.before is None for action in done):
            remove_folder(found)
        found.remove()

    def changed_live(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[Pool],
        check_mode: bool,
    ) -> Outcome:
        """What waits for a restart, or the outcome of that restart.

        :raises TaskError: guests run on the pool, or it doesn't start again.
        """
        live, definition = observed.live, outcome.after
        if live is None or definition is None:
            return outcome
        pending = (*differences(definition, live), *self._wrong(definition))
        if not pending:
            return outcome
        if self.restart != IF_REQUIRED:
            reasons = {change.path: _REASON for change in pending}
            return outcome._replace(pending=pending, reasons=reasons)
        notes = self.check_stop(observed)
        folders: list[Action] = []
        if self.build != NEVER:
            folders = [*self._folders(definition), *self._permitted(definition)]
        if not check_mode:
            self._restart(observed.object, folders, live, outcome.before)
        actions = (*outcome.actions, *folders, Action("state", ACTIVE, _RESTARTED, LIVE))
        return outcome._replace(actions=actions, notes=(*outcome.notes, *notes), beside=self.beside)

    def _restart(
        self, found: Pool, folders: t.Sequence[Action], live: Element, before: Element | None
    ) -> None:
        found.stop()
        try:
            if folders:
                self._build(found)
            self.start(found)
        except HypervisorError as error:
            if any(action.before is None for action in folders):
                remove_folder(found)
            raise _started_as_before(found, live, before, error) from error.__cause__

    def _folders(self, document: Element) -> t.Iterator[Action]:
        path = document.value("target/path")
        if path is not None and lacks_folder(self.connection, document):
            mode = document.value("target/permissions/mode")
            yield Action(f"{_FOLDER}{path}", None, f"mode {mode}" if mode else "made", CONFIG)

    def _permitted(self, document: Element) -> t.Iterator[Action]:
        path = document.value("target/path")
        for change in self._wrong(document):
            about = change.path.rpartition("/")[2]
            before, after = f"{about} {change.before}", f"{about} {change.after}"
            yield Action(f"{_FOLDER}{path}", before, after, CONFIG)

    def _devices(self, document: Element) -> t.Iterator[Action]:
        what = self._formats(document)
        if not what:
            return
        form = document.value("source/format/@type") or what
        devices = [device.get("path") or "" for device in document.findall("source/device")]
        # libvirt builds all of them at once.
        before = "what is on it" if self.build == OVERWRITE else None
        yield Action(f"{_DEVICE}{', '.join(devices)}", before, f"new {what}: {form}", CONFIG)

    def _formats(self, document: Element) -> str:
        """What is written to the devices of a new pool."""
        is_asked = self.build in (NO_OVERWRITE, OVERWRITE)
        return type_of(document.get("type")).formats if is_asked else ""


def _started_as_before(
    found: Pool, live: Element, before: Element | None, error: HypervisorError
) -> TaskError:
    """The error after the pool was started as it was, where libvirt does that.

    ``before`` is its definition before this task, ``None`` if it had none.
    """
    try:
        found = redefine(found, live)
        found.start()
        if before is not None:
            # It may have differed from what was on.
            redefine(found, before)
    except HypervisorError as other:
        return TaskError(
            f"restart: {error}; nor as it was before: {other}; it is off; correct it, then run the task "
            "again",
            changed=True,
        )
    return TaskError(f"restart: {error}; it is on and defined as before")


def _makes_folder(found: Pool) -> bool:
    return type_of(found.document().get("type")).makes_folder


def differences(definition: Element, live: Element) -> tuple[Change, ...]:
    """What of a definition an active pool hasn't got, but for permissions.

    When a pool starts, or is refreshed, those of its document become those of the file system.
    """
    return reconcile(_without_permissions(definition), live, KIND.book).changes


def wrong_permissions(asked: Element, known: t.Mapping[str, str]) -> list[Change]:
    """The permissions that differ; ``known`` are those of a folder."""
    found = []
    for tag, actual in known.items():
        value = asked.value(tag)
        if value is None or value.strip() in _NOBODY:
            continue
        if _number(tag, value) != _number(tag, actual):
            found.append(Change(f"/pool/target/permissions/{tag}", "modify", actual, value))
    return found


def _with_permissions(document: Element, permissions: Element) -> Element:
    target = _without_permissions(document).child("target") or Element("target")
    return with_child(document, target.replaced(children=[*target.children, permissions]))


def _number(tag: str, value: str) -> int | None:
    try:
        return int(value, 8 if tag == "mode" else 10)
    except ValueError:
        return None


def _without_permissions(document: Element) -> Element:
    target = document.child("target")
    if target is None:
        return document
    left = [child for child in target.children if child.tag != "permissions"]
    return with_child(document, target.replaced(children=left))


def _check_devices(connection: Connection, document: Element) -> None:
    # Few tasks format anything.
    from ..._hypervisor.file_users import files_in_use

    use = files_in_use(connection).use
    for device in document.findall("source/device"):
        path = device.get("path") or ""
        reason = use.of(path).reason
        if reason is not None:
            raise TaskError(
                f"build: {path} {reason}, and such a device is never overwritten; correct "
                "source.devices, or set build to never"
            )
