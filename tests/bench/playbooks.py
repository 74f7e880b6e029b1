# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks, written and run."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys


def write(folder: str, name: str, tasks: list[str]) -> None:
    """A playbook of these tasks on this host, named ``name.yml``."""
    lines = ["- hosts: localhost", "  connection: local", "  gather_facts: false", "  tasks:"]
    lines += [f"    - {line}" for line in tasks or ["ansible.builtin.meta: noop"]]
    text = "\n".join(lines) + "\n"
    pathlib.Path(folder, f"{name}.yml").write_text(text, encoding="utf-8")


def play(folder: str, name: str, changed: int = 0) -> None:
    """Run a playbook, in which so many tasks have to change something."""
    done = subprocess.run(
        [
            str(pathlib.Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "localhost,",
            "-e",
            "ansible_python_interpreter=/usr/bin/python3",
            f"{folder}/{name}.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.search(r"changed=(\d+)", done.stdout)
    if done.returncode or changed != (int(told[1]) if told is not None else 0):
        sys.exit(f"{name}.yml did not run as expected:\n{done.stdout}{done.stderr}")
