# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a module that manages an object."""

from __future__ import annotations

import re
import types
import typing as t

from .._choices import ABSENT
from .._hypervisor.objects import Facts
from .._virtinst.errors import HostNote
from .._xmltree.element import Element

if t.TYPE_CHECKING:
    from .._hypervisor.waiting import Address
    from .._reconcile.plan import Change
    from .._rules.kind import Kind

#: The reason of differences in a guest that is being installed: they require no restart.
INSTALLING = (
    "the guest is being installed, and is not restarted in the middle of that; it starts with its "
    "definition when that has ended"
)
_PREFIX = re.compile("^/(domain/(devices/)?|pool/)")
_DOMAIN = "domain"
_MACHINE = "/domain/os/type/@machine"
_ADDRESS = "/address"
_MOST_NAMES = 12
#: What libvirt does where a change that is asked for doesn't stay.
_BY_ITSELF = {"add": "drops", "remove": "adds", "modify": "changes", "move": "moves"}
CONFIG = "config"
LIVE = "live"
RESTART = "restart"
#: The states after an action with which the guest starts with its definition.
_STARTS_ANEW = ("restarted", "shutoff", "saved")
#: The first words in the paths of actions about files.
_FILES = ("volume", "nvram")


class Action(t.NamedTuple):
    """A change outside of an object's document.

    ``path`` names it, such as ``state``; the value ``None`` stands for nothing.
    """

    path: str
    before: str | None
    after: str | None
    when: str

    @classmethod
    def switched(cls, path: str, is_on: bool, when: str) -> Action:
        """The change of a switch that is on or off."""
        return cls(path, "no" if is_on else "yes", "yes" if is_on else "no", when)

    def as_result(self) -> dict[str, t.Any]:
        """The change as modules return it."""
        op = "add" if self.before is None else "remove" if self.after is None else "modify"
        return {**self._asdict(), "op": op}


class Outcome(t.NamedTuple):
    """What was done, or would be in check mode.

    * ``changes``, ``live_changes``, ``actions``: the changes of the definition, of the running
      guest alone, and outside of the documents. All are empty exactly if nothing changes.
    * ``pending``, ``reasons``: the differences between the running guest and its definition,
      and the reasons by path.
    * ``before``, ``after``: the definitions for the diff, ``None`` where there is none.
    * ``made``: gives what libvirt made of ``after``, where it was read back.
    * ``unkept``, ``is_remembered``: the changes that libvirt did not make, and whether they
      aren't requested again.
    * ``notes``: further lines for a person.
    * ``kept``: lines about the files that stay where an object is removed.
    * ``addresses``: the addresses that were waited for, ``None`` if there was no waiting.
    * ``lost``: changes by which the definition has lost values that the running guest may
      still have.
    * ``kind``: the kind of the documents; needed with ``before`` or ``after``.
    * ``beside``: the subject of the actions, in words.
    * ``details``: what is returned of the object beside its facts.
    """

    facts: Facts
    changes: tuple[dict[str, t.Any], ...] = ()
    live_changes: tuple[Change, ...] = ()
    pending: tuple[Change, ...] = ()
    reasons: t.Mapping[str, str] = types.MappingProxyType({})
    before: Element | None = None
    after: Element | None = None
    made: t.Callable[[], Element] | None = None
    unkept: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    addresses: tuple[Address, ...] | None = None
    lost: tuple[Change, ...] = ()
    kind: Kind | None = None
    beside: str = "state and storage"
    is_remembered: bool = False
    details: t.Mapping[str, t.Any] = types.MappingProxyType({})

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self.changes or self.live_changes or self.actions)

    def deleted_files(self) -> t.Iterator[str]:
        """The paths of the files that are deleted."""
        for action in self.actions:
            kind, _space, path = action.path.partition(" ")
            if kind in _FILES and action.after is None:
                yield path

    @property
    def restart_required(self) -> bool:
        """Whether something waits for a restart; the end of an installation needs none."""
        return _requires_restart(self.pending, self.reasons)

    def as_result(self, with_diff: bool) -> dict[str, t.Any]:
        """The keyword arguments of ``exit_json``."""
        result: dict[str, t.Any] = {
            "changed": self.changed,
            self.facts.api.noun: {**self.facts.as_result(), **self.details},
            "changes": [
                *_without_each_address(self.changes),
                *(change.as_result(LIVE) for change in self.live_changes),
                *(action.as_result() for action in self.actions),
            ],
            **pending_as_result(self.pending, self.reasons),
        }
        if self.addresses is not None:
            result["addresses"] = [address._asdict() for address in self.addresses]
        if with_diff:
            result["diff"] = self._diff()
        return result

    def as_result_of_actions(self, with_diff: bool) -> dict[str, t.Any]:
        """The same of a module that changes no definition, of which nothing can wait."""
        result = self.as_result(with_diff)
        waiting = pending_as_result((), {})
        return {name: value for name, value in result.items() if name not in waiting}

    def _diff(self) -> dict[str, str] | list[dict[str, str]]:
        """Ansible's diff of the definition, and a second diff of the other changes."""
        document = self._documents()
        changes: tuple[Change | Action, ...] = (*self.live_changes, *self.actions)
        waiting = _waiting(self._changes_that_wait())
        if not changes and not self.kept and not waiting:
            return document
        what = f"{self._running}, {self.beside}" if self.live_changes else self.beside
        header = f"{self.facts.name} ({what})"
        kept = "".join(f"{line} (kept)\n" for line in self.kept)
        before = (f"{change.path}: {_before(change)}\n" for change in changes if change.before)
        rest = {
            "before": "".join(before) + kept,
            "after": "".join(
                f"{change.path}: {change.after}\n" for change in changes if change.after
            )
            + kept
            + waiting,
            "before_header": header,
            "after_header": header,
        }
        return [document, rest] if self.changes else [rest]

    @property
    def _running(self) -> str:
        """What runs, in words."""
        noun = self.facts.api.noun
        return "running guest" if noun == _DOMAIN else f"active {noun}"

    def _documents(self) -> dict[str, str]:
        if self.kind is None:
            words = ("absent", "absent") if self.facts.state == ABSENT else ("defined", "desired")
            before, after = (f"{self.facts.name} ({word})" for word in words)
            return {"before": "", "after": "", "before_header": before, "after_header": after}
        # The rules of its kind are seldom needed.
        from .._reconcile.diff import readable_diff

        return readable_diff(self.before, self.after, self.kind, self.facts.name)

    def _changes_that_wait(self) -> list[str]:
        """The paths of changes that wait for the guest's restart."""
        is_off = any(
            change.path == "state" and change.after in _STARTS_ANEW for change in self.actions
        )
        if is_off or INSTALLING in self.reasons.values():
            return []
        return [str(change["path"]) for change in self.changes if change["when"] == RESTART]

    def warnings(self, subject: str) -> t.Iterator[str]:
        """The warnings of a successful task."""
        for message in self.messages():
            yield message if isinstance(message, HostNote) else f"{subject}: {message}"

    def messages(self) -> t.Iterator[str]:
        """The warnings without the name of the domain."""
        yield from self.notes
        for change in self.unkept:
            if self.is_remembered:
                yield f"libvirt {_BY_ITSELF[change.op]} {change.path} by itself; correct the document"
            else:
                yield (
                    f"libvirt did not keep {_what(change)}; correct the document, or it is asked for "
                    "again by each run"
                )
        passing = {change.path for change in self.live_changes}
        ends = [change.path for change in self.pending if change.path in passing]
        if ends:
            # A restart is the last that is wanted.
            yield (
                f"ends with the {self._running}: {shortened(ends)}; add config to affect to keep it"
            )
        waits = [
            change.path
            for change in self.pending
            if change.path not in passing and self.reasons.get(change.path) != INSTALLING
        ]
        if waits:
            # A task with restart=if_required restarts only for what it asks for itself.
            how = ""
            if self.facts.api.noun == _DOMAIN:
                how = (
                    "stop the guest and start it again, which a reboot from within doesn't do, or "
                )
            # Guests lose a network or a pool that somebody else stops.
            yield (
                f"{_waiting(waits).strip()}; {how}set restart to if_required in the task that asks "
                "for it"
            )


def _without_each_address(changes: t.Sequence[dict[str, t.Any]]) -> t.Iterator[dict[str, t.Any]]:
    """The changes; the addresses that go with the machine, which libvirt gives anew, as one.

    They are of nearly all devices, and the diff has each.
    """
    gone = []
    if any(change["path"] == _MACHINE for change in changes):
        gone = [
            change
            for change in changes
            if change["op"] == "remove" and change["path"].endswith(_ADDRESS)
        ]
    for change in changes:
        if len(gone) < 2 or change not in gone:
            yield change
        elif change is gone[0]:
            yield {
                **change,
                "path": f"/domain/devices/*{_ADDRESS}",
                "before": f"addresses of {len(gone)} devices",
            }


def pending_as_result(
    changes: t.Sequence[Change], reasons: t.Mapping[str, str]
) -> dict[str, t.Any]:
    """The differences between a running guest and its definition, as modules return them.

    ``reasons`` are by path.
    """
    return {
        "restart_required": _requires_restart(changes, reasons),
        "pending": [
            {**change.as_result(RESTART), "reason": reasons.get(change.path)} for change in changes
        ],
    }


def _waiting(paths: t.Sequence[str]) -> str:
    """A line about the changes that wait for a restart; empty if none do."""
    return f"waits for a restart: {shortened(paths)}\n" if paths else ""


def shortened(paths: t.Iterable[str]) -> str:
    """Places in a document, without their common beginning."""
    names = list(dict.fromkeys(_PREFIX.sub("", path) for path in paths))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"


def _before(change: Change | Action) -> str:
    is_deleted = isinstance(change, Action) and change.after is None and change.path != "state"
    return f"{change.before} (deleted)" if is_deleted else str(change.before)


def _requires_restart(changes: t.Iterable[Change], reasons: t.Mapping[str, str]) -> bool:
    return any(reasons.get(change.path) != INSTALLING for change in changes)


def _what(change: Change) -> str:
    if change.op == "remove":
        return f"the removal of {change.path}"
    if change.op == "move":
        return f"the order of {change.path}"
    return f"{change.path} as {change.after}"
