# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amounts and words that no guest can have."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.errors import OptionError
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.options.apply import (
    apply,
)

from .. import hosts


@pytest.mark.parametrize(
    ("group", "value", "reason"),
    [
        ("memory", 0, "there can't be 0 MiB"),
        ("memory", -5, "there can't be -5 MiB"),
        ("memory", 2**43, "there can't be 8796093022208 MiB"),
        ("memory", {"memory": 512, "maxmemory": -1}, "there can't be -1 MiB"),
        ("memory", "lots", "lots is not a whole number"),
        ("memdev", {"target": {"size": 0}}, "there can't be 0 MiB"),
        ("vcpus", 0, "there can't be 0 CPUs"),
        ("vcpus", "-1", "there can't be -1 CPUs"),
        ("vcpus", {"vcpu": 2, "maxvcpus": 2**16}, "there can't be 65536 CPUs"),
        ("disk", {"path": "/a", "pool": "default", "size": 1}, "path and pool contradict"),
        ("disk", "path=/a,vol=default/a", "path and vol contradict"),
        ("boot", {"uefi": "maybe"}, "maybe is neither yes nor no"),
        ("vcpus", "4,maxvcpus=2", "4 CPUs are more than the most, which is 2"),
    ],
)
def test_what_no_guest_can_have(group: str, value: t.Any, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        apply(hosts.guest(), group, value)
