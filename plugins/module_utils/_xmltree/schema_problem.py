# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mistake in a document."""

from __future__ import annotations

import typing as t


class Problem(t.NamedTuple):
    """One mistake: its line in the document, its element and its description.

    ``path`` is the element's XPath. ``attribute`` is the wrong attribute's name, ``None`` if
    the element itself is wrong. ``line`` is ``None`` where it is unknown.
    """

    line: int | None
    path: str
    message: str
    attribute: str | None = None

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"
