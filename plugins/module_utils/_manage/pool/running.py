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

IF_MISSING = "if_missing"
BUILDS = (NEVER, IF_MISSING, NO_OVERWRITE, OVERWRITE)
_RESTARTED = "restarted"
_FOLDER, _DEVICE = "folder ", "device "
#: The only type whose folder is built as it is used later.
_DIR = "dir"
#: -1 is nobody in particular, with and without a sign.
_NOBODY = ("-1", str(2**32 - 1))
_REASON = "libvirt changes nothing of a pool that is active"


@dataclasses.dataclass(frozen=True)
class PoolRunning(Lifecycle[Pool]):
    """Builds, starts and stops a pool.

    ``build`` is one of :data:`BUILDS`, ``restart`` is ``never`` or ``if_required``. With
    ``force`` a pool is stopped while guests run on it. ``permissions`` are those that its folder
    is asked to have.
    """

    beside: t.ClassVar[str] = "state and folder"

    build: str = IF_MISSING
    restart: str = NEVER
    force: bool = False
    connection: Connection | None = None
    permissions: Element | None = None

    def on(self, connection: Connection) -> PoolRunning:
        """The same on this connection."""
        return dataclasses.replace(self, connection=connection)

    def check(self, plan: Plan, observed: Observed[Pool] | None) -> list[str]:
        """Check that nothing uses the devices which a new pool overwrites.

        :raises TaskError: something does.
        """
        if observed is None and self._formats(plan.document) and self.connection is not None:
            _check_devices(self.connection, plan.document)
        return []

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
        """The edit without the permissions that the folder has, or that can't be set.

        libvirt sets those of a folder when it builds the pool, and of nothing else: what is
        mounted there has its own.
        """
        asked = edit.document.find("target/permissions")
        if asked is None:
            return edit, []
        kind = edit.document.get("type") or observed.definition.get("type")
        if kind == _DIR and not self._is_permitted(asked, edit.document, observed.definition):
            return edit, []
        return dataclasses.replace(edit, document=_without_permissions(edit.document)), []

    def _is_permitted(self, asked: Element, document: Element, definition: Element) -> bool:
        """Whether it is certain that the folder has the permissions."""
        path = document.value("target/path") or definition.value("target/path") or ""
        known = None
        if self.connection is not None:
            known = folder_permissions(self.connection, path)
        return known is not None and not wrong_permissions(asked, known)

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome in check mode for a pool that isn't defined yet."""
        asked = None if outcome.after is None else outcome.after.find("target/permissions")
        running = dataclasses.replace(self, permissions=asked)
        return super(PoolRunning, running).as_new(outcome)

    def as_it_runs(
        self, outcome: Outcome, edit: Edit, plan: Plan, observed: Observed[Pool], check_mode: bool
    ) -> Outcome:
        """As that of any object that is on or off, with the permissions of its folder."""
        asked = edit.document.find("target/permissions")
        running = dataclasses.replace(self, permissions=asked)
        return super(PoolRunning, running).as_it_runs(outcome, edit, plan, observed, check_mode)

    def actions(self, outcome: Outcome) -> tuple[Action, ...]:
        """What has to be made before it starts, and what has to be switched."""
        switched = super().actions(outcome)
        document, is_new = outcome.after, outcome.before is None
        if document is None or outcome.facts.state != INACTIVE or self.build == NEVER:
            return switched
        made = [*self._folders(document), *(self._devices(document) if is_new else ())]
        return (*made, *switched)

    def _wrong(self, document: Element) -> list[Change]:
        """The permissions of the folder that are not those that are asked for."""
        path = document.value("target/path")
        if self.permissions is None or path is None or self.connection is None:
            return []
        if document.get("type") != _DIR:
            return []
        known = folder_permissions(self.connection, path)
        return [] if known is None else wrong_permissions(self.permissions, known)

    def carry_out(self, action: Action, found: Pool) -> None:
        """Do one of :meth:`actions`.

        :raises HypervisorError: libvirt refuses.
        """
        if action.path.startswith(_FOLDER):
            build(found)
        elif action.path.startswith(_DEVICE):
            build(found, self.build)
        else:
            super().carry_out(action, found)

    def start(self, found: Pool) -> None:
        """Start it, whose folder may be on another host, where nobody sees whether it is there."""
        try:
            found.start()
        except HypervisorError:
            if self.build == NEVER or found.connection.is_local or not _makes_folder(found):
                raise
            build(found)
            found.start()

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
        folders = list(self._folders(definition)) if self.build != NEVER else []
        if not check_mode:
            self._restart(observed.object, bool(folders))
        actions = (*outcome.actions, *folders, Action("state", ACTIVE, _RESTARTED, LIVE))
        return outcome._replace(actions=actions, notes=(*outcome.notes, *notes), beside=self.beside)

    def _restart(self, found: Pool, builds: bool) -> None:
        found.stop()
        try:
            if builds:
                build(found)
            self.start(found)
        except HypervisorError as error:
            raise TaskError(
                f"{error}; its definition was changed and it was stopped; correct it, then run the "
                "task again",
                changed=True,
            ) from error.__cause__

    def _folders(self, document: Element) -> t.Iterator[Action]:
        path = document.value("target/path")
        if path is not None and lacks_folder(self.connection, document):
            mode = document.value("target/permissions/mode")
            yield Action(f"{_FOLDER}{path}", None, f"mode {mode}" if mode else "made", CONFIG)
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
