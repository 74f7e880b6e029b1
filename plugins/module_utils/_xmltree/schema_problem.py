# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mistake in a document."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Problem:
    """One mistake: at which line of the document, in which element, and what.

    ``path`` is the element's XPath, ``attribute`` the one that it is about, if it is about
    one. ``line`` is ``None`` where it is unknown.
    """

    line: int | None
    path: str
    message: str
    attribute: str | None = None

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"
