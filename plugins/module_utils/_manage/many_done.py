# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of one object of many."""

from __future__ import annotations

import dataclasses

from .errors import on_one_line
from .outcome import Outcome


@dataclasses.dataclass
class Done:
    """What became of one object.

    ``noun`` is the word for its kind, and ``name`` its name in messages. ``outcome`` is ``None``
    where it failed or was not tried. ``error`` is one line, and ``has_changed`` says whether
    something had been done before it. ``made`` is what was done of one that was waited for in
    vain. ``is_going``: it is to be absent. ``skipped`` is why it was not tried.
    """

    noun: str
    name: str
    outcome: Outcome | None = None
    error: str | None = None
    has_changed: bool = False
    made: Outcome | None = None
    is_going: bool = False
    skipped: str = "it was not tried, because another one failed before it and fail_fast is set"

    @property
    def is_changed(self) -> bool:
        """Whether something is, or would be, changed."""
        return self.outcome is not None and self.outcome.changed

    def fail(self, error: Exception) -> None:
        """Note an error of the collection's own."""
        self.error = on_one_line(str(error))
        self.has_changed = bool(getattr(error, "changed", False))
        self.outcome = None
