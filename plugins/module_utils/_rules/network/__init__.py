# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about networks."""

from __future__ import annotations

from ..book import RuleBook
from ..kind import Kind
from ..metadata import METADATA
from .defaults import DEFAULTS
from .identity import IDENTITY
from .masks import MASKS
from .stored import STORED
from .values import VALUES

ROWS = (*IDENTITY, *VALUES, *DEFAULTS, *STORED, *MASKS, *METADATA)

KIND = Kind(
    "network",
    "network",
    "network",
    RuleBook("network", ROWS),
    RuleBook("network", IDENTITY),
    opened=("dns", "ip", "dhcp"),
)
