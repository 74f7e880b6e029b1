# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that change nothing, against Ansible's emptiest one.

Beside ours stand the least that a task with libvirt can do, and a task of
community.libvirt where that collection is installed.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import pathlib
import tempfile
import typing as t

from .documents import defined
from .measure import ROUNDS, Row, timed
from .playbooks import play, write

TASKS = 10
GUEST = "bench-0001"
#: A module that imports libvirt, connects and looks a domain up.
_FLOOR = f"""
import libvirt
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({{}})
libvirt.open("qemu:///system").lookupByName("{GUEST}")
module.exit_json()
"""
_OURS = "declarative.libvirt."
#: As most playbooks have them.
_OPTIONS = {"osinfo": "debian11", "memory": 512, "vcpus": 1, "networks": ["default"]}
_DISK = {"target.dev": "vda", "target.bus": "virtio"}
_DEFAULTS = {"osinfo": "gentoo", "name": "bench-gentoo", "import": True, "disks": [{"size": 5}]}
_COMMUNITY = "community.libvirt.virt"


class Task(t.NamedTuple):
    """A module, what it is asked for, and how long it may take, as a multiple of ping."""

    module: str
    options: dict[str, t.Any]
    target: float | None


def tasks(document: str) -> list[Task]:
    """Of a domain that is as this document has it."""
    found = [
        Task("floor", {}, None),
        Task(f"{_OURS}domain_xml", {"xml": document}, 1.35),
        Task(f"{_OURS}domain_state", {"name": GUEST, "state": "stopped"}, 1.35),
        Task(f"{_OURS}domain_info", {"name": GUEST}, 1.35),
        Task(f"{_OURS}domain", {"name": GUEST, **_OPTIONS}, 1.6),
        Task(f"{_OURS}domain_device", {"domain": GUEST, "disk": _DISK}, 1.6),
        Task(f"{_OURS}domain_defaults", _DEFAULTS, 2),
    ]
    if _has_community():
        found.append(Task(_COMMUNITY, {"name": GUEST, "state": "shutdown"}, None))
    return found


def measure(connection: t.Any) -> t.Iterator[Row]:
    with defined(connection, 2) as documents, tempfile.TemporaryDirectory() as folder:
        tried = tasks(documents[GUEST])
        pathlib.Path(folder, "library").mkdir()
        pathlib.Path(folder, "library", "floor.py").write_text(_FLOOR, encoding="utf-8")
        write(folder, "none", [])
        write(folder, "ping", ["ansible.builtin.ping:"] * TASKS)
        for task in tried:
            write(folder, task.module, [f"{task.module}: {json.dumps(task.options)}"] * TASKS)
        runs: dict[str, list[float]] = {
            name: [] for name in ("none", "ping", *(task.module for task in tried))
        }
        # The first round compiles, and isn't counted.
        for number in range(ROUNDS + 1):
            for name in runs:
                seconds = timed(functools.partial(play, folder, name))
                if number:
                    runs[name].append(seconds)
    # What else the machine does only adds.
    fastest = {name: min(seconds) for name, seconds in runs.items()}
    ping = (fastest["ping"] - fastest["none"]) / TASKS
    for task in tried:
        seconds = (fastest[task.module] - fastest["none"]) / TASKS
        what = task.module.replace(_OURS, "")
        yield Row(f"a task of {what} with nothing to do / ping", seconds, ping, task.target)


def _has_community() -> bool:
    try:
        return importlib.util.find_spec("ansible_collections.community.libvirt") is not None
    except ModuleNotFoundError:
        return False
