# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.device_match import (
    position_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)


@pytest.mark.parametrize(
    ("match", "position"),
    [
        (1, 1),
        ("2", 2),
        (-1, -1),
        (" -3 ", -3),
        ("all", None),
        ("target=vda", None),
        ({"target": {"dev": "vda"}}, None),
        (True, None),
        (1.5, None),
        ("", None),
    ],
)
def test_positions(match: object, position: int | None) -> None:
    assert position_of(match) == position


@pytest.mark.parametrize("match", [0, "0", "-0"])
def test_no_position(match: object) -> None:
    with pytest.raises(OptionError, match="match: 0 is no position"):
        position_of(match)
