# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that change nothing, against Ansible's emptiest one, in seconds of CPU.

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
from .measure import ROUNDS, Row, cpu_time
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
        tried = [Task("ping", {}, None), *tasks(documents[GUEST])]
        pathlib.Path(folder, "library").mkdir()
        pathlib.Path(folder, "library", "floor.py").write_text(_FLOOR, encoding="utf-8")
        runs: dict[tuple[str, int], list[float]] = {}
        for task in tried:
            for count in (1, 1 + TASKS):
                line = f"{task.module}: {json.dumps(task.options)}"
                write(folder, f"{task.module}-{count}", [line] * count)
                runs[task.module, count] = []
        # The first round compiles, and isn't counted.
        for number in range(ROUNDS):
            for name, count in runs:
                seconds = cpu_time(functools.partial(play, folder, f"{name}-{count}"))
                if number:
                    runs[name, count].append(seconds)
    # What else the machine does only adds. In the first task of a playbook Ansible packs the
    # module, which the others don't do again.
    fastest = {name: min(seconds) for name, seconds in runs.items()}
    each = {
        task.module: (fastest[task.module, 1 + TASKS] - fastest[task.module, 1]) / TASKS
        for task in tried
    }
    for task in tried[1:]:
        what = f"a task of {task.module.replace(_OURS, '')} with nothing to do / ping (CPU)"
        yield Row(what, each[task.module], each["ping"], task.target)


def _has_community() -> bool:
    try:
        return importlib.util.find_spec("ansible_collections.community.libvirt") is not None
    except ModuleNotFoundError:
        return False
