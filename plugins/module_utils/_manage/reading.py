# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading an existing object once."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._hypervisor.objects import Facts, ObjectT
from .._xmltree.element import Element, apart
from .._xmltree.parse import parse


@dataclasses.dataclass(frozen=True)
class Observed(t.Generic[ObjectT]):
    """``object`` as it was read: its definition as ``text``, and its live document, if it runs.

    Most documents of many objects are only ever compared as texts, and parsing costs more.
    """

    object: ObjectT
    facts: Facts
    text: str
    live_text: str | None

    @functools.cached_property
    def definition(self) -> Element:
        """Its definition as a tree, which no other holds a part of."""
        return apart(self.object.document())

    @functools.cached_property
    def live(self) -> Element | None:
        """Its live document as such a tree."""
        return None if self.live_text is None else apart(parse(self.live_text))


def observe(found: ObjectT, facts: Facts | None = None) -> Observed[ObjectT]:
    """Read each document of an object once, and its facts unless they are known.

    :raises HypervisorError: it can't be read.
    """
    live = None if facts is not None and not facts.active else found.live()
    return Observed(
        object=found,
        facts=found.facts() if facts is None else facts,
        text=found.definition(),
        live_text=live,
    )
