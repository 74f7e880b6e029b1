# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the documentation, run in their order, each task twice.

The second run of a task changes nothing. What can't run here, or changes something each time, is in a
table with the reason.
"""

from __future__ import annotations

import copy
import json
import os
import pathlib
import subprocess
import typing as t

import pytest

from tests.unit.documented import COLLECTION, Example, examples

from .example_world import DEBIAN, NOT_AGAIN, NOT_HERE, SETTLING, VARIABLES, WHOLE, WITHOUT, World
from .web_server import WebServer

PYTHON = os.environ.get("TEST_PYTHON", "/usr/bin/python3")
#: Not each guest has a system, which could shut down and release devices.
_SHUTDOWN = {"timeout": 5, "force": True}
_OPTIONS: dict[str, dict[str, t.Any]] = {
    "domain": {"live_timeout": 2, "shutdown": _SHUTDOWN},
    "domain_agent": {"agent_timeout": 60},
    "domain_device": {"live_timeout": 60},
    "domain_state": {"shutdown": _SHUTDOWN},
    "domain_xml": {"shutdown": _SHUTDOWN},
    "domains": {"shutdown": _SHUTDOWN},
}
_DEFAULTS = {f"{COLLECTION}{name}": options for name, options in _OPTIONS.items()}
#: Guests of KVM don't run on each machine.
_QEMU = {"virt_type": "qemu"}
_EXAMPLES = [one for one in examples() if one.kind in ("tasks", "plays")]
_SOURCES = sorted({one.source for one in _EXAMPLES})


class Run(t.NamedTuple):
    """The plays of a source, and the names of the tasks that are left out."""

    plays: list[dict[str, t.Any]]
    left_out: set[str]


def _run_of(source: str) -> Run:
    run = Run([], set())
    for example in _EXAMPLES:
        if example.source != source:
            continue
        if example.kind == "plays":
            for play in copy.deepcopy(example.data):
                if "import_playbook" in str(list(play)):
                    run.left_out.add(play.get("name", example.id))
                    continue
                for key in ("tasks", "pre_tasks", "post_tasks"):
                    if key in play:
                        play[key] = _twice(source, play[key], run.left_out)
                run.plays.append(play)
        else:
            tasks = _twice(source, copy.deepcopy(example.data), run.left_out)
            if not run.plays or not run.plays[-1].get("vars", {}).get("_of_tasks"):
                run.plays.append(
                    {"hosts": "hypervisors", "gather_facts": False, "vars": {"_of_tasks": True}}
                )
            run.plays[-1].setdefault("tasks", []).extend(tasks)
    for play in run.plays:
        play["module_defaults"] = _DEFAULTS
    return run


def _twice(
    source: str, tasks: list[dict[str, t.Any]], left_out: set[str]
) -> list[dict[str, t.Any]]:
    """The tasks that run here, each followed by one that finds nothing to do."""
    found = []
    for task in tasks:
        name = task.get("name", "")
        if (source, name) in NOT_HERE:
            left_out.add(name)
            continue
        for key in ("block", "rescue", "always"):
            if key in task:
                task[key] = _twice(source, task[key], left_out)
        if task.get("block") == []:
            # What comes after it is for what it did.
            continue
        module = next((key for key in task if key.startswith(COLLECTION)), None)
        if module is not None:
            _hurry(module, task[module] or {})
            option, _reason = WITHOUT.get((source, name), ("", ""))
            (task[module] or {}).pop(option, None)
        if module == f"{COLLECTION}domain_agent":
            # The guest was started anew just before, and a busy machine takes its time for that.
            task |= {"retries": 12, "delay": 5}
        found.append(task)
        if module is not None and (source, name) not in NOT_AGAIN:
            again = {key: value for key, value in task.items() if key not in ("register", "until")}
            again |= {"name": f"{name}, again", "register": "_again"}
            again["failed_when"] = "_again is failed or _again is changed"
            if (source, name) in SETTLING:
                again |= {"until": "_again is not changed", "retries": 5, "delay": 3}
            found.append(again)
    return found


def _hurry(module: str, options: dict[str, t.Any]) -> None:
    """Wait less for guests that have no system which could shut down, and use no KVM."""
    if module == f"{COLLECTION}domains" and isinstance(options.get("defaults", {}), dict):
        options.setdefault("defaults", {}).update(_QEMU)
    if module == f"{COLLECTION}estate":
        options.setdefault("defaults", {}).setdefault("domains", {}).update(_QEMU)
    if module in (f"{COLLECTION}domain", f"{COLLECTION}domain_defaults") and "xml" not in options:
        options.update(_QEMU)
    for part in (options, options.get("defaults")):
        if isinstance(part, dict) and isinstance(part.get("shutdown"), dict):
            part["shutdown"] |= _SHUTDOWN


@pytest.fixture
def world(hypervisor: t.Any, boot: t.Any, tmp_path: pathlib.Path) -> t.Iterator[World]:
    with WebServer().running() as server:
        found = World(hypervisor, boot, tmp_path, server)
        yield found
        found.clear()


@pytest.mark.parametrize("source", [name for name in _SOURCES if name not in WHOLE])
def test_the_examples_run_in_their_order(source: str, world: World, tmp_path: pathlib.Path) -> None:
    world.prepare(source)
    run = _run_of(source)
    assert {name for of, name in NOT_HERE if of == source} == run.left_out
    playbook, inventory = tmp_path / "examples.yml", tmp_path / "inventory.yml"
    plays = json.dumps(run.plays).replace(DEBIAN, world.server.url(""))
    playbook.write_text(plays, encoding="utf-8")
    host = {"ansible_connection": "local", "ansible_python_interpreter": PYTHON, **VARIABLES}
    host["debian_checksum"] = world.published()
    groups = {"hypervisors": {"hosts": {"here": host}}, "ungrouped": {"hosts": {"localhost": host}}}
    inventory.write_text(json.dumps(groups), encoding="utf-8")
    done = subprocess.run(
        ["ansible-playbook", "-i", str(inventory), str(playbook)],
        env={**os.environ, "ANSIBLE_NOCOLOR": "1", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        _before, _task, last = done.stdout.rpartition("\nTASK ")
        pytest.fail(f"{last or done.stdout}\n{done.stderr}", pytrace=False)


def test_each_task_that_does_not_run_is_there() -> None:
    named = {
        (example.source, entry.get("name", ""))
        for example in _EXAMPLES
        for entry in _all_entries(example)
    }
    assert {*NOT_HERE, *NOT_AGAIN, *SETTLING, *WITHOUT} - named == set()
    assert set(WHOLE) <= set(_SOURCES)


def _all_entries(example: Example) -> list[dict[str, t.Any]]:
    found: list[dict[str, t.Any]] = []
    left = list(example.data)
    while left:
        entry = left.pop()
        found.append(entry)
        for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always"):
            left += entry.get(key) or []
    return found
