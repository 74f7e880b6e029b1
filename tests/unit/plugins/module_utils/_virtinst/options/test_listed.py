# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of lists of devices that are to be absent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.listed import (
    split,
)


@pytest.mark.parametrize(
    ("value", "left", "absent"),
    [
        ([{"size": 5}], [{"size": 5}], None),
        ("size=5", "size=5", None),
        ([{"size": 5}, {"target": "vdb", "state": "absent"}], [{"size": 5}], [{"target": "vdb"}]),
        ({"target": "vdb", "state": "absent"}, [], [{"target": "vdb"}]),
        ([{"size": 5, "state": "present"}], [{"size": 5}], None),
        ("target=vdb,state=absent", [], ["target=vdb"]),
        ("state=absent,target=vdb", [], ["target=vdb"]),
        ("size=5,state=present", ["size=5"], None),
        ("/a/state=absent", "/a/state=absent", None),
        (5, 5, None),
    ],
)
def test_they_are_told_from_the_others(value: t.Any, left: t.Any, absent: t.Any) -> None:
    options, found = split({"disk": value, "features": {"state": "absent"}})
    assert options == {"disk": left, "features": {"state": "absent"}}
    assert found == ({} if absent is None else {"disk": absent})


def test_the_state_of_a_link_is_another_one() -> None:
    value = ["default,link.state=down", {"network": "default", "link": {"state": "down"}}]
    assert split({"network": value}) == ({"network": value}, {})


def test_another_state_is_refused() -> None:
    for value in ([{"state": "gone"}], "target=vda,state=gone", [{"state": None}]):
        with pytest.raises(OptionError, match="state is present or absent"):
            split({"disk": value})
