# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module that manages an object returns."""

from __future__ import annotations

import re
import types
import typing as t

from .._choices import ABSENT
from .._hypervisor.objects import Facts
from .._reconcile.plan import Change
from .._rules.kind import Kind
from .._virtinst.errors import HostNote
from .._xmltree.element import Element

if t.TYPE_CHECKING:
    from .._hypervisor.waiting import Address

#: Why something differs in a guest that is being installed: no restart is required for it.
INSTALLING = (
    "the guest is being installed, and is not restarted in the middle of that; it starts with its "
    "definition when that has ended"
)
_PREFIX = re.compile("^/domain/(devices/)?")
_MOST_NAMES = 12
#: What libvirt does where a change that is asked for doesn't stay.
_BY_ITSELF = {"add": "drops", "remove": "adds", "modify": "changes", "move": "moves"}
CONFIG = "config"
LIVE = "live"
RESTART = "restart"
#: The states that an action brings after which the guest starts with its definition.
_STARTS_ANEW = ("restarted", "shutoff", "saved")
#: What the path of an action begins with that is about a file.
_FILES = ("volume", "nvram")


class Action(t.NamedTuple):
    """A change of something that is no part of a domain's document.

    ``path`` names it, such as ``state``; ``None`` is what isn't there.
    """

    path: str
    before: str | None
    after: str | None
    when: str

    @classmethod
    def switched(cls, path: str, wanted: bool, when: str) -> Action:
        """Something that is either so or not, and is now as it is wanted."""
        return cls(path, "no" if wanted else "yes", "yes" if wanted else "no", when)

    def as_result(self) -> dict[str, t.Any]:
        """The change as modules return it."""
        op = "add" if self.before is None else "remove" if self.after is None else "modify"
        return {**self._asdict(), "op": op}


class Outcome(t.NamedTuple):
    """What was done, or would be in check mode.

    ``changes`` (of the definition), ``live_changes`` (of the running guest alone)
    and ``actions`` are empty exactly when nothing was. ``pending`` is what differs
    between the running guest and its definition, ``reasons`` by path why.
    ``before`` and ``after`` are the definitions to show a diff of, ``None`` where
    there is none.
    ``unkept`` are changes that libvirt did not make although it was asked to, and
    ``is_remembered`` says that it isn't asked for them again;
    ``notes`` what a person should know besides. ``kept`` are lines of what stays where
    something is removed. ``addresses`` are those that were
    waited for, ``None`` if none were. ``lost`` are changes by which the definition has lost values
    that the running guest may still have. ``kind`` is that of the documents; whoever gives one
    of them gives it too. ``beside`` says what actions are about.
    """

    facts: Facts
    changes: tuple[dict[str, t.Any], ...] = ()
    live_changes: tuple[Change, ...] = ()
    pending: tuple[Change, ...] = ()
    reasons: t.Mapping[str, str] = types.MappingProxyType({})
    before: Element | None = None
    after: Element | None = None
    unkept: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    addresses: tuple[Address, ...] | None = None
    lost: tuple[Change, ...] = ()
    kind: Kind | None = None
    beside: str = "state and storage"
    is_remembered: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self.changes or self.live_changes or self.actions)

    def deleted_files(self) -> t.Iterator[str]:
        """The paths of the files that are deleted."""
        for one in self.actions:
            kind, _space, path = one.path.partition(" ")
            if kind in _FILES and one.after is None:
                yield path

    @property
    def restart_required(self) -> bool:
        """Whether something waits for a restart; what waits for an installation's end doesn't."""
        return _requires_restart(self.pending, self.reasons)

    def as_result(self, with_diff: bool) -> dict[str, t.Any]:
        """The keyword arguments of ``exit_json``."""
        result: dict[str, t.Any] = {
            "changed": self.changed,
            self.facts.api.noun: self.facts.as_result(),
            "changes": [
                *self.changes,
                *(change.as_result(LIVE) for change in self.live_changes),
                *(action.as_result() for action in self.actions),
            ],
            **pending_as_result(self.pending, self.reasons),
        }
        if self.addresses is not None:
            result["addresses"] = [one._asdict() for one in self.addresses]
        if with_diff:
            result["diff"] = self._diff()
        return result

    def _diff(self) -> dict[str, str] | list[dict[str, str]]:
        """Ansible's diff of the definition, and another one of the rest if that changes."""
        document = self._documents()
        others: tuple[Change | Action, ...] = (*self.live_changes, *self.actions)
        waiting = _waiting(self._changes_that_wait())
        if not others and not self.kept and not waiting:
            return document
        what = f"running guest, {self.beside}" if self.live_changes else self.beside
        header = f"{self.facts.name} ({what})"
        kept = "".join(f"{line} (kept)\n" for line in self.kept)
        before = (f"{one.path}: {_before(one)}\n" for one in others if one.before)
        rest = {
            "before": "".join(before) + kept,
            "after": "".join(f"{one.path}: {one.after}\n" for one in others if one.after)
            + kept
            + waiting,
            "before_header": header,
            "after_header": header,
        }
        return [document, rest] if self.changes else [rest]

    def _documents(self) -> dict[str, str]:
        if self.kind is None:
            words = ("absent", "absent") if self.facts.state == ABSENT else ("defined", "desired")
            before, after = (f"{self.facts.name} ({word})" for word in words)
            return {"before": "", "after": "", "before_header": before, "after_header": after}
        # The rules of its kind are seldom needed.
        from .._reconcile.diff import readable_diff

        return readable_diff(self.before, self.after, self.kind)

    def _changes_that_wait(self) -> list[str]:
        """The places that this task changes, and that the guest has when it is restarted."""
        is_off = any(one.path == "state" and one.after in _STARTS_ANEW for one in self.actions)
        if is_off or INSTALLING in self.reasons.values():
            return []
        return [str(one["path"]) for one in self.changes if one["when"] == RESTART]

    def warnings(self, subject: str) -> t.Iterator[str]:
        """What a person has to know although the task succeeded."""
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
        ends = [one.path for one in self.pending if one.path in passing]
        if ends:
            # A restart is the last that is wanted.
            yield f"ends with the running guest: {_shortened(ends)}; add config to affect to keep it"
        waits = [
            one.path
            for one in self.pending
            if one.path not in passing and self.reasons.get(one.path) != INSTALLING
        ]
        if waits:
            # A task with restart=if_required restarts only for what it asks for itself.
            yield (
                f"{_waiting(waits).strip()}; stop the guest and start it again, which a reboot from "
                "within doesn't do, or set restart to if_required in the task that asks for it"
            )


def pending_as_result(
    changes: t.Sequence[Change], reasons: t.Mapping[str, str]
) -> dict[str, t.Any]:
    """What differs between a running guest and its definition, as modules return it.

    ``reasons`` says by path why it does.
    """
    return {
        "restart_required": _requires_restart(changes, reasons),
        "pending": [
            {**change.as_result(RESTART), "reason": reasons.get(change.path)} for change in changes
        ],
    }


def _waiting(paths: t.Sequence[str]) -> str:
    """A line with what waits for a restart, if anything does."""
    return f"waits for a restart: {_shortened(paths)}\n" if paths else ""


def _shortened(paths: t.Iterable[str]) -> str:
    """Places in a document, without what all of them have in common."""
    names = list(dict.fromkeys(_PREFIX.sub("", path) for path in paths))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"


def _before(one: Change | Action) -> str:
    is_deleted = isinstance(one, Action) and one.after is None and one.path != "state"
    return f"{one.before} (deleted)" if is_deleted else str(one.before)


def _requires_restart(changes: t.Iterable[Change], reasons: t.Mapping[str, str]) -> bool:
    return any(reasons.get(one.path) != INSTALLING for one in changes)


def _what(change: Change) -> str:
    if change.op == "remove":
        return f"the removal of {change.path}"
    if change.op == "move":
        return f"the order of {change.path}"
    return f"{change.path} as {change.after}"
