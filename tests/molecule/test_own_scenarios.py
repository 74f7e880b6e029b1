# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scenarios in extensions/molecule, which share their guests."""

from __future__ import annotations

import pathlib
import re
import shutil

from ..integration.guests import Boot
from ..integration.hypervisor import Hypervisor
from .projects import Project

TOP = pathlib.Path(__file__).parents[2]


def test_the_scenarios_at_the_same_time(
    hypervisor: Hypervisor, image: pathlib.Path, tmp_path: pathlib.Path, boot: Boot
) -> None:
    project = Project(tmp_path / "ansible_collections/declarative/libvirt", boot)
    shutil.copytree(TOP / "extensions/molecule", project.folder / "extensions/molecule")
    shutil.copy(TOP / "galaxy.yml", project.folder)
    tested = project.run("test", "--all", "--workers", "2", GUEST=str(boot.kernel.parent))
    assert tested.status == 0, tested.text
    for scenario, action in (("agent", "verify"), ("virt_install", "idempotence")):
        assert re.search(rf"{scenario} > {action}: +Executed: Successful", tested.text), tested.text
    assert hypervisor.names() == set()
    assert [path.name for path in image.parent.iterdir()] == [image.name]
