# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading an existing object once."""

from __future__ import annotations

import dataclasses
import typing as t

from .._hypervisor.objects import Facts, ObjectT
from .._xmltree.element import Element, apart
from .._xmltree.parse import parse


@dataclasses.dataclass(frozen=True)
class Observed(t.Generic[ObjectT]):
    """``object`` as it was read: its ``definition``, also as ``text``, and its live document."""

    object: ObjectT
    facts: Facts
    text: str
    definition: Element
    live: Element | None


def observe(found: ObjectT, facts: Facts | None = None) -> Observed[ObjectT]:
    """Read each document of an object once, and its facts unless they are known.

    :raises HypervisorError: it can't be read.
    """
    live = None if facts is not None and not facts.active else found.live()
    return Observed(
        object=found,
        facts=found.facts() if facts is None else facts,
        text=found.definition(),
        definition=apart(found.document()),
        live=None if live is None else apart(parse(live)),
    )
