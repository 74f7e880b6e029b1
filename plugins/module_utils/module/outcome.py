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
class Outcome:
    """What was done, or would be in check mode.

    ``changes`` is empty exactly when nothing was. ``pending`` is what differs
    between the running guest and its definition. ``before`` and ``after`` are
    the definitions to show a diff of, ``None`` where there is none.
    ``unkept`` are changes that libvirt did not make although it was asked to.
    """

    facts: DomainFacts
    changes: tuple[dict[str, t.Any], ...] = ()
    pending: tuple[Change, ...] = ()
    before: Element | None = None
    after: Element | None = None
    unkept: tuple[Change, ...] = ()

    def as_result(self, with_diff: bool) -> dict[str, t.Any]:
        """The keyword arguments of ``exit_json``."""
        result: dict[str, t.Any] = {
            "changed": bool(self.changes),
            "domain": self.facts.as_result(),
            "changes": list(self.changes),
            "restart_required": bool(self.pending),
            "pending": [change.as_result(RESTART) for change in self.pending],
        }
        if with_diff:
            result["diff"] = readable_diff(self.before, self.after)
        return result

    def warnings(self, subject: str) -> t.Iterator[str]:
        """What a person has to know although the task succeeded."""
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
