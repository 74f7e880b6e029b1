# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs each target of tests/integration/targets as a role, against the private libvirtd.

A target also fails if it leaves a domain, network, pool, volume, secret or
filter behind. Targets named ``setup_*`` only serve others. Beside Ansible's own
variables a target has ``output_dir``, an empty directory, and ``boot_dir``, with
the kernel and the initial RAM disk of a small guest.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import libvirt
import pytest

from .guests import Boot

TARGETS = Path(__file__).parent / "targets"
#: The managed node's: the interpreter that has the distribution's libvirt-python.
PYTHON = os.environ.get("TEST_PYTHON", "/usr/bin/python3")


def target_names() -> list[str]:
    return sorted(
        tasks.parts[-3]
        for tasks in TARGETS.glob("*/tasks/main.yml")
        if not tasks.parts[-3].startswith("setup_")
    )


def everything() -> set[str]:
    """What the hypervisor has, each thing as its kind and name."""
    libvirt.registerErrorHandler(lambda *_: None, None)
    connection = libvirt.open("qemu:///system")
    try:
        found = {f"domain {domain.name()}" for domain in connection.listAllDomains()}
        found |= {f"network {network.name()}" for network in connection.listAllNetworks()}
        found |= {f"filter {nwfilter.name()}" for nwfilter in connection.listAllNWFilters()}
        found |= {f"secret {secret.UUIDString()}" for secret in connection.listAllSecrets()}
        for pool in connection.listAllStoragePools():
            found.add(f"pool {pool.name()}")
            if pool.isActive():
                found |= {f"volume {volume.path()}" for volume in pool.listAllVolumes()}
        return found
    finally:
        connection.close()


@pytest.mark.parametrize("target", target_names())
def test_target(target: str, tmp_path: Path, boot: Boot) -> None:
    output_dir = tmp_path / "output"
    output_dir.mkdir()
    playbook = tmp_path / f"{target}.yml"
    # JSON is YAML.
    playbook.write_text(json.dumps([{"name": target, "hosts": "testhost", "roles": [target]}]))
    inventory = tmp_path / "inventory.yml"
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": PYTHON,
        "output_dir": str(output_dir),
        "boot_dir": str(boot.kernel.parent),
    }
    inventory.write_text(json.dumps({"all": {"hosts": {"testhost": variables}}}))
    before = everything()

    run = subprocess.run(
        ["ansible-playbook", "--inventory", str(inventory), str(playbook)],
        env={**os.environ, "ANSIBLE_ROLES_PATH": str(TARGETS), "ANSIBLE_NOCOLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    left_behind = sorted(everything() - before)
    if run.returncode != 0 or left_behind:
        reasons = [f"ansible-playbook exited with {run.returncode}"] if run.returncode else []
        reasons += [f"left behind: {thing}" for thing in left_behind]
        pytest.fail("\n".join([*reasons, run.stdout]), pytrace=False)
