# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.selection import Selection

UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (None, True),
        ([], False),
        (["web"], True),
        (["we"], False),
        (["Web"], False),
        (["w*"], True),
        (["*b", "x"], True),
        (["w?b"], True),
        (["w[ef]b"], True),
        (["w[!e]b"], False),
        ([UUID.upper()], True),
        ([UUID.replace("-", "")], True),
        (["5f1a*"], False),
    ],
)
def test_what_a_list_of_names_means(names: list[str] | None, expected: bool) -> None:
    assert Selection(names).means("web", UUID) is expected


def test_a_glob_that_is_a_name() -> None:
    assert Selection(["a[b]"]).means("a[b]", UUID)
    assert Selection(["a[b]"]).means("ab", UUID)
