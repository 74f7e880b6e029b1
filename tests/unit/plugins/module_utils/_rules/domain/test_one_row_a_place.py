# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first row of a kind holds for a place: a second one would be dead."""

from __future__ import annotations

import collections

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.defaults import (
    DEFAULTS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.implied import (
    IMPLIED,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.stored import STORED
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.unkept import UNKEPT
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.values import VALUES
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.rows import (
    Fill,
    Same,
    Stored,
)


def test_no_place_has_two_rows_of_a_kind():
    rows = [
        (type(row).__name__, row.path)
        for row in (*VALUES, *DEFAULTS, *IMPLIED, *STORED, *UNKEPT)
        if isinstance(row, (Fill, Same, Stored))
    ]
    assert len(rows) > 100
    assert [row for row, count in collections.Counter(rows).items() if count > 1] == []
