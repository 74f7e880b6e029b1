# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection plugin, in this process and in playbooks."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import typing as t

import yaml
from ansible.playbook.play_context import PlayContext
from ansible_collections.declarative.libvirt.plugins.connection.agent import (
    DOCUMENTATION,
    Connection,
)

NAME = "declarative.libvirt.agent"
_OPTIONS = yaml.safe_load(DOCUMENTATION)["options"]


def connection(domain: str, **options: t.Any) -> t.Any:
    """The plugin for a domain, with these of its options."""
    found = Connection(PlayContext())
    defaults = {name: option.get("default") for name, option in _OPTIONS.items()}
    found._options = {**defaults, "domain": domain, "timeout": 20, **options}
    return found


def play(
    folder: pathlib.Path,
    hosts: t.Mapping[str, t.Mapping[str, t.Any]],
    tasks: t.Sequence[t.Mapping[str, t.Any]],
    *arguments: str,
    rc: int = 0,
) -> str:
    """Run these tasks on these hosts, each with its variables, and return what is shown."""
    variables = {"ansible_connection": NAME, "ansible_host": "192.0.2.1"}
    inventory = {"all": {"hosts": {name: {**variables, **own} for name, own in hosts.items()}}}
    # JSON is YAML.
    (folder / "inventory.yml").write_text(json.dumps(inventory))
    playbook = [{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]
    (folder / "play.yml").write_text(json.dumps(playbook))
    done = subprocess.run(
        ["ansible-playbook", "-i", folder / "inventory.yml", *arguments, folder / "play.yml"],
        env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == rc, done.stdout
    return done.stdout
