# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that a task makes for an object."""

from __future__ import annotations

import dataclasses
import typing as t

from .._choices import EXACT
from .._xmltree.element import Element
from .taken import Taken


@dataclasses.dataclass(frozen=True)
class Edit:
    """A document, made from what an object is at the moment, and how it is enforced.

    ``mode`` is :data:`._choices.EXACT` or :data:`._choices.MERGE`. ``taken`` gives what goes
    besides of one of the object's documents. ``turned`` is an element of ``document`` with the one of the
    object's that becomes it, whatever that was known by.
    """

    document: Element
    mode: str = EXACT
    taken: t.Callable[[Element], Taken | None] = lambda _document: None
    turned: tuple[Element, Element] | None = None
