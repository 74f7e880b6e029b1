# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible itself shows of a password, at its most talkative."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

from .hypervisor import Hypervisor

DOCUMENT = """
<domain type='qemu'>
  <name>guest</name>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><graphics type='vnc' passwd='PASSWORD'/></devices>
</domain>
"""


def run(folder: pathlib.Path, document: str, *options: str) -> str:
    playbook = folder / "playbook.yml"
    tasks = [{"declarative.libvirt.domain_xml": {"xml": document}}]
    playbook.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]),
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            "ansible-playbook",
            "-i",
            "localhost,",
            "-c",
            "local",
            "-vvv",
            "--diff",
            *options,
            "-e",
            "ansible_python_interpreter=/usr/bin/python3",
            str(playbook),
        ],
        env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def test_passwords_are_not_in_the_output(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    first, second = (DOCUMENT.replace("PASSWORD", word) for word in ("geheim1", "anders2"))
    outputs = [
        run(tmp_path, first),
        run(tmp_path, second, "--check"),
        run(tmp_path, second),
        run(tmp_path, second),
        run(tmp_path, second.replace("<memory", "<memroy")),
        run(tmp_path, second.replace("</devices>", "")),
    ]
    changed = ["changed=1" in output for output in outputs]
    assert changed == [True, True, True, False, False, False]
    assert ["failed=1" in output for output in outputs] == [False] * 4 + [True] * 2
    for output in outputs:
        assert "geheim1" not in output
        assert "anders2" not in output
    for output in outputs[:4]:
        assert "VALUE_HIDDEN" in output
    assert "passwd='anders2'" in hypervisor.definition("guest")
