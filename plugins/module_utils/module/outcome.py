# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module that manages a domain returns."""

from __future__ import annotations

import dataclasses
import typing as t

from ..hypervisor.domains import DomainFacts
from ..reconcile.diff import readable_diff
from ..reconcile.plan import Change
from ..xmltree.element import Element

CONFIG = "config"
LIVE = "live"
RESTART = "restart"


@dataclasses.dataclass(frozen=True)
class Action:
    """A change of something that is no part of a domain's document.

    ``path`` names it, such as ``state``; ``None`` is what isn't there.
    """

    path: str
    before: str | None
    after: str | None
    when: str

    def as_result(self) -> dict[str, t.Any]:
        """The change as modules return it."""
        op = "add" if self.before is None else "remove" if self.after is None else "modify"
        return {**dataclasses.asdict(self), "op": op}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What was done, or would be in check mode.

    ``changes`` (of the definition) and ``actions`` are empty exactly when nothing was. ``pending`` is what differs
    between the running guest and its definition. ``before`` and ``after`` are
    the definitions to show a diff of, ``None`` where there is none.
    ``unkept`` are changes that libvirt did not make although it was asked to;
    ``notes`` what a person should know besides.
    """

    facts: DomainFacts
    changes: tuple[dict[str, t.Any], ...] = ()
    pending: tuple[Change, ...] = ()
    before: Element | None = None
    after: Element | None = None
    unkept: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()

    def as_result(self, with_diff: bool) -> dict[str, t.Any]:
        """The keyword arguments of ``exit_json``."""
        result: dict[str, t.Any] = {
            "changed": bool(self.changes or self.actions),
            "domain": self.facts.as_result(),
            "changes": [*self.changes, *(action.as_result() for action in self.actions)],
            "restart_required": bool(self.pending),
            "pending": [change.as_result(RESTART) for change in self.pending],
        }
        if with_diff:
            result["diff"] = self._diff()
        return result

    def _diff(self) -> dict[str, str] | list[dict[str, str]]:
        """Ansible's diff of the definition, and another one of the rest if that changes."""
        document = readable_diff(self.before, self.after)
        if not self.actions:
            return document
        name = self.facts.name
        rest = {
            "before": "".join(f"{one.path}: {one.before}\n" for one in self.actions if one.before),
            "after": "".join(f"{one.path}: {one.after}\n" for one in self.actions if one.after),
            "before_header": f"{name} (state and storage)",
            "after_header": f"{name} (state and storage)",
        }
        return [document, rest] if self.changes else [rest]

    def warnings(self, subject: str) -> t.Iterator[str]:
        """What a person has to know although the task succeeded."""
        for note in self.notes:
            yield f"{subject}: {note}"
        for change in self.unkept:
            yield (
                f"{subject}: libvirt did not keep {_what(change)}; correct the document, or it "
                "is asked for again by each run"
            )


def _what(change: Change) -> str:
    if change.op == "remove":
        return f"the removal of {change.path}"
    if change.op == "move":
        return f"the order of {change.path}"
    return f"{change.path} as {change.after}"
