# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domains with many domains: what drifts and what is wrong, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import (
    many,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.resolve import (
    resolve,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domains

from .hypervisor import Hypervisor, Result, task_of

IMAGES = pathlib.Path("/var/lib/libvirt/images")
DEFAULTS: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "disks": "none",
    "networks": ["default"],
    "graphics": "none",
}
_PROGRAM = """
import json, sys
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domains
from tests.integration.hypervisor import task_of
print(json.dumps(task_of(domains, **json.load(sys.stdin))))
"""
_TOP = pathlib.Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("no_images")


def task(those: t.Sequence[t.Any], **options: t.Any) -> Result:
    return task_of(domains, domains=list(those), **{"defaults": DEFAULTS, **options})


def test_of_a_thousand_only_what_differs_is_changed(hypervisor: Hypervisor) -> None:
    those: list[dict[str, t.Any]] = [{"name": f"d-{number:04}"} for number in range(1000)]
    made = task(those)
    assert not made.failed, made.msg[:2000]
    assert made.values["summary"]["created"] == 1000
    assert len(hypervisor.names()) == 1000
    assert not task(those).changed

    drifted = [f"d-{number:04}" for number in (3, 77, 401, 402, 403, 777, 999)]
    for number, name in enumerate(drifted):
        domain = hypervisor.raw.lookupByName(name)
        if number % 2:
            domain.setAutostart(1)
        else:
            domain.setMemoryFlags(32 * 1024, 2)
    before = {name: hypervisor.definition(name) for name in hypervisor.names()}
    wanted = {**DEFAULTS, "autostart": False}
    for check in (True, False):
        done = task_of(domains, check, domains=those, defaults=wanted)
        assert [one["name"] for one in done.values["results"] if one["changed"]] == drifted
        assert done.values["summary"]["changed"] == 7
        assert done.values["summary"]["unchanged"] == 993
    after = {name: hypervisor.definition(name) for name in hypervisor.names()}
    assert {name for name in before if before[name] != after[name]} == set(drifted[::2])
    assert not task(those, defaults=wanted).changed

    wrong: dict[int, dict[str, t.Any]] = {
        5: {"memory": "much"},
        500: {"xml": "<domain/>"},
        995: {"cpu": {"modl": "x"}},
    }
    those = [{**one, "memory": 72, **wrong.get(n, {})} for n, one in enumerate(those)]
    done = task(those)
    assert done.failed
    assert [n for n, one in enumerate(done.values["results"]) if one.get("failed")] == [5, 500, 995]
    summary = done.values["summary"]
    assert (summary["changed"], summary["failed"], sum(summary.values())) == (997, 3, 1000)
    assert "3 of 1000 domains failed: 'd-0005': memory:" in done.msg
    assert "'d-0500': " in done.msg
    assert "'d-0995': " in done.msg
    right = [
        n for n in hypervisor.names() if "<memory unit='KiB'>73728<" in hypervisor.definition(n)
    ]
    assert len(right) == 997


def estate() -> list[dict[str, t.Any]]:
    return [{"name": f"d-{number:02}", "disks": [{"size": 1}, {"size": 1}]} for number in range(24)]


def complete(hypervisor: Hypervisor) -> None:
    """The next run completes it, and the one after that has nothing to do."""
    done = task(estate())
    assert not done.failed, done.msg
    again = task(estate())
    assert not again.failed
    assert not again.changed
    documents = [hypervisor.definition(one["name"]) for one in estate()]
    used = {part.split("'")[0] for text in documents for part in text.split("<source file='")[1:]}
    assert len(used) == 48
    # Nothing is left over that isn't used, or else it is told.
    told = json.dumps(done.values.get("warnings", []))
    for image in map(str, IMAGES.iterdir()):
        assert image in used or image in told


@pytest.mark.parametrize("at", [1, 9, 30])
def test_a_killed_task_is_completed_by_the_next(hypervisor: Hypervisor, at: int) -> None:
    options = json.dumps({"domains": estate(), "defaults": DEFAULTS})
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_TOP,
        env={**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{_TOP}"},
    ) as process:
        assert process.stdin is not None
        process.stdin.write(options)
        process.stdin.close()
        end = time.monotonic() + 60
        while len(list(IMAGES.iterdir())) < at and time.monotonic() < end:
            time.sleep(0.001)
        process.kill()
    # What it had asked for last, the daemon still does.
    there: set[str] | None = None
    while there != hypervisor.names():
        there = hypervisor.names()
        time.sleep(0.5)
    assert len(there or ()) < 24
    complete(hypervisor)


def test_the_daemon_dies_meanwhile(hypervisor: Hypervisor) -> None:
    killed = threading.Event()

    def kill() -> None:
        while len(list(IMAGES.iterdir())) < 20:
            time.sleep(0.001)
        hypervisor.kill_daemon()
        killed.set()

    threading.Thread(target=kill).start()
    done = task(estate())
    assert killed.wait(30)
    hypervisor.start_daemon()
    assert done.failed
    assert "the connection to libvirt was lost" in done.msg
    succeeded = [one["name"] for one in done.values["results"] if not one.get("failed")]
    assert set(succeeded) <= hypervisor.names()
    complete(hypervisor)


def test_a_plan_that_takes_long(hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*values: t.Any) -> t.Any:
        # A stand-in for thousands of domains that have nothing in common.
        time.sleep(0.2)
        return resolve(*values)

    monkeypatch.setattr(many, "resolve", slow)
    with hypervisor.impatient_daemon():
        done = task([{"name": f"d-{number}"} for number in range(20)])
        assert done.values["summary"]["created"] == 20, done.msg
