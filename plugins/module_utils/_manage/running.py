# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of what runs of an object when its definition changes."""

from __future__ import annotations

import typing as t

from .._choices import PRESENT
from .._hypervisor.objects import Facts, ObjectT
from .._reconcile.edit import Edit
from .._reconcile.plan import Plan
from .._xmltree.element import Element
from .outcome import CONFIG, Outcome
from .reading import Observed


class NoRunning(t.Generic[ObjectT]):
    """For kinds of which nothing runs: a definition is all that there is.

    Kinds that run have a class that is based on this one. ``defines`` says whether the
    definition is to be changed, and not only what runs, and ``when`` when a change of the
    definition takes effect.
    """

    defines = True
    when = CONFIG

    def check_new(self, document: Element, is_part: bool) -> None:
        """Check a document of which a new object is to be made.

        :raises TaskError: it can't be, such as a part of a document.
        """

    def adapted(self, edit: Edit, observed: Observed[ObjectT]) -> tuple[Edit, list[str]]:
        """The edit as it holds for the object, and what a person should know of that."""
        return edit, []

    def check(self, plan: Plan, observed: Observed[ObjectT] | None) -> list[str]:
        """Check a plan that isn't empty; what a person should know of it.

        :raises TaskError: it can't be carried out.
        """
        return []

    def foresee(self, plan: Plan) -> list[str]:
        """Find out in check mode whether libvirt would take the document; what to know of it.

        :raises HypervisorError: it would refuse it.
        """
        return []

    def facts_of_new(self, absent: Facts) -> Facts:
        """What libvirt says of an object that was just defined."""
        return absent._replace(state=PRESENT, persistent=True)

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome, in check mode, of an object that is yet to be defined."""
        return outcome

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[ObjectT],
        check_mode: bool,
    ) -> Outcome:
        """The outcome after what runs has become as the definition is, as far as it can.

        ``plan`` has the changes and the definition as it is, or would be in check mode.

        :raises TaskError: it could not be; the message says what was done.
        """
        return outcome
