# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A checkpoint that exists is never replaced."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.checkpoints import (
    Checkpoint,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.checkpoint import (
    CheckpointRequest,
    check_same,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

FOUND = Checkpoint(
    "a",
    None,
    1,
    parse(
        "<domaincheckpoint><description>words</description><disks>"
        "<disk name='vda' checkpoint='bitmap'/><disk name='vdb' checkpoint='bitmap'/>"
        "<disk name='sda' checkpoint='no'/></disks></domaincheckpoint>"
    ),
)


def test_what_a_document_has() -> None:
    assert FOUND.targets == ("vda", "vdb")
    assert FOUND.description == "words"


def test_the_same() -> None:
    check_same(CheckpointRequest("web", "a"), FOUND)
    check_same(CheckpointRequest("web", "a", ("vdb", "vda")), FOUND)


@pytest.mark.parametrize("disks", [("vda",), ("vda", "vdb", "sda"), ("vdc",)])
def test_others(disks: tuple[str, ...]) -> None:
    with pytest.raises(TaskError, match=r"^disks: the checkpoint 'a' exists and is of vda, vdb;"):
        check_same(CheckpointRequest("web", "a", disks), FOUND)
