# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The running part of an object when its definition changes."""

from __future__ import annotations

import typing as t

from .._choices import PRESENT
from .._hypervisor.connection import Connection
from .._hypervisor.objects import Facts, ObjectT
from .._reconcile.edit import Edit
from .._reconcile.plan import Plan
from .._xmltree.element import Element
from .outcome import CONFIG, Outcome
from .reading import Observed

NoRunningT = t.TypeVar("NoRunningT", bound="NoRunning[t.Any]")


class NoRunning(t.Generic[ObjectT]):
    """For kinds that consist of their definition alone.

    Kinds that run have a class based on this one. ``defines``: the definition is to be changed,
    and not only the running part. ``when``: when a change of the definition takes effect.
    ``acts_when_off``: :meth:`as_it_runs` has something to do where nothing runs.
    """

    defines = True
    acts_when_off = True
    when = CONFIG

    def on(self: NoRunningT, connection: Connection) -> NoRunningT:
        """The same on a connection, for those that have to look at the hypervisor."""
        return self

    def check_new(self, document: Element, is_part: bool) -> None:
        """Check the document of a new object.

        :raises TaskError: it can't be used, for example because it is a part of a document.
        """

    def adapted(self, edit: Edit, observed: Observed[ObjectT]) -> tuple[Edit, list[str]]:
        """The edit for this object, and lines for a person about it."""
        return edit, []

    def check(self, plan: Plan, observed: Observed[ObjectT] | None) -> list[str]:
        """Check a plan that isn't empty; return lines for a person about it.

        :raises TaskError: the plan can't be carried out.
        """
        return []

    def foresee(self, plan: Plan) -> list[str]:
        """Find out in check mode whether libvirt would take the document; what to know of it.

        :raises HypervisorError: it would refuse it.
        """
        return []

    def facts_of_new(self, absent: Facts) -> Facts:
        """The facts of an object that was just defined."""
        return absent._replace(state=PRESENT, persistent=True)

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome in check mode for an object that isn't defined yet."""
        return outcome

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[ObjectT],
        check_mode: bool,
    ) -> Outcome:
        """The outcome after the running part was changed like the definition, as far as possible.

        ``plan`` has the changes and the resulting definition.

        :raises TaskError: that failed; the message has what was done.
        """
        return outcome
