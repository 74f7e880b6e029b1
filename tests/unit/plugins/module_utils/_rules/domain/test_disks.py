# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The disks of a document, by their targets."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.disks import (
    disks_by_target,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DISKS = (("file", "<target dev='vdb'/>"), ("block", "<target dev='vda'/>"), ("dir", ""))


def test_disks_by_target() -> None:
    disks = "".join(f"<disk type='{kind}'>{target}</disk>" for kind, target in DISKS)
    found = disks_by_target(parse(f"<domain><devices>{disks}</devices></domain>"))
    assert [(target, disk.get("type")) for target, disk in found.items()] == [
        ("vdb", "file"),
        ("vda", "block"),
        ("", "dir"),
    ]
