# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about domains."""

from __future__ import annotations

from ..book import RuleBook
from ..kind import Kind
from ..metadata import METADATA
from ..rows import Row
from .companions import COMPANIONS
from .defaults import DEFAULTS
from .depends import DEPENDS
from .identity import IDENTITY
from .implied import IMPLIED
from .machine import MACHINE
from .mirrors import MIRRORS, WHOLES
from .numa import NUMA
from .placement import PLACEMENT
from .rewrites import REWRITES
from .secrets import SECRETS
from .stored import STORED
from .unkept import UNKEPT
from .values import VALUES

#: The rules for definitions of which each value counts.
LETTERS = RuleBook("domain", (*IDENTITY, *SECRETS))

#: The rows for definitions, of which the first one about a place holds.
ROWS: tuple[Row, ...] = (
    *IDENTITY,
    *VALUES,
    *DEFAULTS,
    *IMPLIED,
    *STORED,
    *UNKEPT,
    *REWRITES,
    *METADATA,
    *MACHINE,
    *NUMA,
    *PLACEMENT,
    # They go by what is left.
    *COMPANIONS,
    *SECRETS,
    *DEPENDS,
    *MIRRORS,
    *WHOLES,
)

#: The rules for definitions: the inactive XML that libvirt keeps.
DOMAIN = RuleBook("domain", ROWS)

KIND = Kind("domain", "domain", "domain", DOMAIN, LETTERS, opened=("devices",))
