# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.near_names import (
    nearest,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wbe1", ", but there is 'web1'"),
        ("WEB1", ", but there is 'web1'"),
        ("db", ", but there is 'DB'"),
        ("mail", ""),
    ],
)
def test_only_what_is_near_is_named(name: str, words: str) -> None:
    assert nearest(name, ["web1", "DB", "proxy"]) == words
