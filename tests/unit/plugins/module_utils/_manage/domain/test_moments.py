# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What snapshots and checkpoints have in common."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.moments import (
    carried_out,
    described,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import TaskError
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Action
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

TEXT = "<domaincheckpoint><name>a</name><description>old</description><disks/></domaincheckpoint>"


def test_described() -> None:
    found = parse(described(TEXT, "new"))
    assert found.value("description") == "new"
    assert found.value("name") == "a"
    assert found.child("disks") is not None
    assert len(found.findall("description")) == 1
    assert parse(described(TEXT, "")).child("description") is None


def fail() -> None:
    raise HypervisorError("libvirt refuses")


def test_a_failure_names_what_is_done() -> None:
    with pytest.raises(HypervisorError, match=r"^libvirt refuses$"):
        carried_out([], fail)
    done = [Action("checkpoint a", "x", None, "live"), Action("checkpoint b", "x", None, "live")]
    with pytest.raises(
        TaskError, match=r"^checkpoint a, checkpoint b is done, but libvirt"
    ) as error:
        carried_out(done, fail)
    assert error.value.changed
