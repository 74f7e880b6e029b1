# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which disks of a domain are copied, and which both hosts have to reach."""

from __future__ import annotations

import posixpath

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.disks import (
    copied,
    disks_of,
    folder_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def disk(kind: str, source: str, more: str = "", device: str = "disk"):
    document = parse(
        f"<domain><devices><disk type='{kind}' device='{device}'>{source}<target dev='vda'/>{more}"
        "</disk></devices></domain>"
    )
    return disks_of(document, {"vda": "/fast/web"})


@pytest.mark.parametrize(
    ("found", "path", "is_written"),
    [
        (disk("file", "<source file='/a/b.raw'/>"), "/a/b.raw", True),
        (disk("block", "<source dev='/dev/vg/b'/>"), "/dev/vg/b", True),
        (disk("volume", "<source pool='fast' volume='web'/>"), "/fast/web", True),
        (disk("file", "<source file='/a'/>", "<readonly/>"), "/a", False),
        (disk("file", "<source file='/a'/>", "<shareable/>"), "/a", False),
        (disk("file", "<source file='/a'/>", "", "cdrom"), "/a", False),
        (disk("file", "<source file='/a'/>", "", "floppy"), "/a", True),
    ],
)
def test_each_kind(found, path, is_written):
    (one,) = found
    assert (one.path, one.is_written) == (path, is_written)
    assert copied(found, "none") == []
    assert copied(found, "full") == (found if is_written else [])
    assert copied(found, "full", frozenset({path})) == []
    assert folder_of(one) == posixpath.dirname(path)


@pytest.mark.parametrize(
    "found", [disk("file", "", device="cdrom"), disk("network", "<source protocol='rbd'/>")]
)
def test_empty_drives_and_disks_in_the_network_do_not_count(found):
    assert found == []
