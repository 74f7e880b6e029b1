# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories of the plugin, as ansible-inventory and playbooks see them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import typing as t

_OWN = pathlib.Path(sys.executable).parent
_OLDEST = pathlib.Path(__file__).resolve().parents[2] / ".venv-2.18" / "bin"
#: The programs of the ansible-core of these tests, and of the oldest one where it is installed.
ANSIBLES = [_OWN, *([_OLDEST] if (_OLDEST / "ansible-inventory").exists() else [])]
PLUGIN = "declarative.libvirt.libvirt"


class Inventory(t.NamedTuple):
    """What ansible-inventory prints."""

    hosts: dict[str, dict[str, t.Any]]
    groups: dict[str, list[str]]
    #: On one line, as Ansible breaks it where it likes.
    messages: str
    failed: bool


def write(folder: pathlib.Path, **options: t.Any) -> pathlib.Path:
    """The file of an inventory with these options. JSON is YAML, too."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "libvirt.yml"
    path.write_text(json.dumps({"plugin": PLUGIN, **options}), encoding="utf-8")
    return path


def listed(
    path: pathlib.Path,
    *arguments: str,
    environment: t.Mapping[str, str] | None = None,
    programs: pathlib.Path = _OWN,
) -> Inventory:
    """What ``ansible-inventory --list`` prints of a file."""
    done = run(
        "ansible-inventory",
        path,
        "--list",
        *arguments,
        environment=environment,
        programs=programs,
    )
    found = _plain(json.loads(done.stdout)) if done.stdout else {}
    hosts = found.pop("_meta", {}).get("hostvars", {})
    groups = {name: group.get("hosts", []) for name, group in found.items()}
    names = {name for group in groups.values() for name in group}
    return Inventory(
        {name: hosts.get(name, {}) for name in sorted(names)},
        groups,
        " ".join(done.stderr.split()),
        bool(done.returncode),
    )


def inventory(folder: pathlib.Path, *arguments: str, **options: t.Any) -> Inventory:
    """The hosts of an inventory with these options; a file that can't be read is an error."""
    return listed(write(folder, **options), *arguments)


def run(
    program: str,
    path: pathlib.Path,
    *arguments: str,
    environment: t.Mapping[str, str] | None = None,
    programs: pathlib.Path = _OWN,
) -> subprocess.CompletedProcess[str]:
    """One of Ansible's programs with this inventory."""
    return subprocess.run(
        [programs / program, "-i", path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
        env={
            **os.environ,
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            **(environment or {}),
        },
    )


def _plain(value: t.Any) -> t.Any:
    """Without the mark of what is no template."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: _plain(part) for key, part in value.items()}
    return value
