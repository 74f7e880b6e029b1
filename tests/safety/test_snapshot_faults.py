# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, the daemon or the connection dies at each step of a task about snapshots.

After each, what the guest reads from its disks is what it was, or what it is to go back to. The next
run completes the task, or says what to do; then it completes it.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import pathlib
import re
import shlex
import subprocess
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_snapshot
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from ..integration.hypervisor import Hypervisor, Result
from .faults import CONNECTION, DAEMON, MODULE, WRITES, Kill, Run, is_daemon_alive
from .faults import run as run_module

IMAGES = pathlib.Path("/var/lib/libvirt/images")
NAME, SNAPSHOT = "snapped", "one"
TARGETS = ("vda", "vdb")
run = functools.partial(run_module, module=domain_snapshot, domain=NAME)
_WRITES = (*WRITES, "Revert")
_LONG = ("SnapshotCreateXML", "SnapshotDelete", "RevertToSnapshot")
_DUPLICATE = "Duplicate nodes with node-name"
#: How long libvirt may take to end a guest whose connection is gone, in seconds.
_END = 5.0
#: When the daemon dies within one of these, in seconds.
_DELAYS = (0.005, 0.02, 0.05, 0.1, 0.2)
_DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{path}'/>"
    "<target dev='{target}' bus='virtio'/></disk>"
)


class Task(t.NamedTuple):
    """A task: its options, the snapshots that are there before, and whether the guest runs."""

    options: dict[str, t.Any]
    before: tuple[str, ...] = ()
    type: str = "internal"
    runs: bool = False

    @property
    def state(self) -> str:
        return str(self.options.get("state", "present"))

    @property
    def names(self) -> set[str]:
        """The snapshots that are there in the end."""
        if "keep" in self.options:
            return {SNAPSHOT}
        gone = {SNAPSHOT} if self.state == "absent" else set()
        return ({*self.before} - gone) | ({SNAPSHOT} - gone)


_TAKE: dict[str, t.Any] = {"name": SNAPSHOT}
_REMOVE = {"name": SNAPSHOT, "state": "absent"}
_REVERT = {"name": SNAPSHOT, "state": "reverted", "confirm": True}
_ROTATE = {"name": SNAPSHOT, "keep": 1, "pattern": "*"}
TASKS: dict[str, Task] = {
    f"{verb}, {kind}, {'running' if runs else 'off'}": Task(
        {**options, **({} if "state" in options else {"type": kind})}, before, kind, runs
    )
    for kind in ("internal", "external")
    for runs in (False, True)
    for verb, options, before in (
        ("take", _TAKE, ()),
        ("remove", _REMOVE, (SNAPSHOT, "two")),
        ("revert", _REVERT, (SNAPSHOT, "two")),
        ("rotate", _ROTATE, ("old",)),
    )
    if verb != "revert" or kind == "internal" or libvirt.getVersion() >= 9_009_000
}


class Guest:
    """The domain as it is before the task, and the contents of its disks then."""

    def __init__(self, hypervisor: Hypervisor, task: Task) -> None:
        self._hypervisor = hypervisor
        clear(hypervisor)
        for number, target in enumerate(TARGETS):
            path = IMAGES / f"{target}.qcow2"
            _command("qemu-img", "create", "-q", "-f", "qcow2", str(path), "8M")
            _write(path, number + 1)
        devices = "".join(_DISK.format(path=IMAGES / f"{x}.qcow2", target=x) for x in TARGETS)
        self._raw.defineXML(
            f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>64</memory>"
            f"<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>{devices}</devices></domain>"
        )
        self.then: list[str] = []
        flag = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY if task.type == "external" else 0
        if task.runs and task.type == "internal":
            self.domain.create()
        for name in task.before:
            if name == SNAPSHOT:
                self.then = self.contents()
            self.domain.snapshotCreateXML(
                f"<domainsnapshot><name>{name}</name></domainsnapshot>", flag
            )
            if not self.domain.isActive():
                for path in self.tops():
                    _write(path, 9)
        if task.runs and not self.domain.isActive():
            self.domain.create()
        self.before = self.contents()

    @property
    def _raw(self) -> t.Any:
        return self._hypervisor.raw

    @property
    def domain(self) -> t.Any:
        return self._raw.lookupByName(NAME)

    def tops(self) -> list[pathlib.Path]:
        """The images that the disks write."""
        document = parse(self.domain.XMLDesc(0))
        disks = document.findall("devices/disk")
        return [pathlib.Path(disk.value("source/@file") or "") for disk in disks]

    def contents(self) -> list[str]:
        """What the guest reads from its disks."""
        return [_content(path) for path in self.tops()]

    def names(self) -> set[str]:
        return set(self.domain.snapshotListNames())

    def check(self, task: Task) -> None:
        """That what the guest reads is what it was, or what it is to go back to, disk by disk."""
        found = self.contents()
        if task.state != "reverted":
            assert found == self.before
            assert self.domain.isActive() or not task.runs
        possible = [{old, *self.then[n : n + 1]} for n, old in enumerate(self.before)]
        assert all(one in both for one, both in zip(found, possible))

    def settle(self, task: Task) -> bool:
        """Whether QEMU, which an old libvirt starts to merge overlays, ends with who asked for it.

        It doesn't end with the daemon. The guest has not run, as it is paused.
        """
        if task.runs or task.state == "reverted":
            return True
        end = time.monotonic() + _END
        while self.domain.isActive() and time.monotonic() < end:
            assert self.domain.state()[0] in (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_SHUTOFF)
            time.sleep(0.05)
        return not self.domain.isActive()


def _command(*arguments: str) -> None:
    subprocess.run(arguments, check=True, capture_output=True, timeout=60)


def _write(path: pathlib.Path, pattern: int) -> None:
    _command("qemu-io", "-f", "qcow2", "-c", f"write -P {pattern} 1M 64k", str(path))


def _content(path: pathlib.Path) -> str:
    raw = pathlib.Path("/tmp/snapshot-faults.raw")  # noqa: S108
    _command("qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", str(path), str(raw))
    found = hashlib.sha256(raw.read_bytes()).hexdigest()
    raw.unlink()
    return found


def clear(hypervisor: Hypervisor) -> None:
    for domain in hypervisor.raw.listAllDomains():
        if domain.isActive():
            domain.destroy()
        domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)
    for path in IMAGES.iterdir():
        path.unlink()


@pytest.fixture(autouse=True)
def folder(hypervisor: Hypervisor) -> t.Iterator[None]:
    IMAGES.mkdir(parents=True, exist_ok=True)
    yield
    clear(hypervisor)


def ended(done: Run) -> Result:
    assert done.result is not None
    return done.result


def completes(guest: Guest, task: Task, counts: collections.Counter[str]) -> None:
    """The next run does the task, or says what to do, with nothing done; then it does it."""
    is_forgotten = False
    for _round in range(6):
        check = ended(run(check=True, **task.options))
        done = ended(run(**task.options))
        if not done.failed:
            break
        guest.check(task)
        if _DUPLICATE in done.msg:
            # What QEMU has is unknown to libvirt, which counts on with each try.
            counts["next runs that fail once more, as QEMU has an overlay of before"] += 1
            continue
        counts["next runs that say what to do about snapshots"] += 1
        is_forgotten = is_forgotten or "metadata_only" in done.msg
        assert check.failed, (check.values, done.msg)
        assert check.msg == done.msg
        follow(guest, task, done.msg)
    assert not done.failed, done.msg
    assert check.values["changes"] == done.values["changes"]
    assert guest.names() == task.names
    assert guest.contents() == (guest.then if task.state == "reverted" else guest.before)
    if task.state != "reverted":
        assert not ended(run(**task.options)).changed
    if is_forgotten:
        return
    used = {*guest.tops(), *(IMAGES / f"{x}.qcow2" for x in TARGETS)}
    for name in guest.names():
        used |= {IMAGES / f"{x}.{name}" for x in TARGETS}
    assert set(IMAGES.iterdir()) <= used


def follow(guest: Guest, task: Task, message: str) -> None:
    """Do what a message says."""
    taken = re.search(r"would write (\S+), which exists; .* remove that file", message)
    if taken is not None:
        path = pathlib.Path(taken[1])
        assert path not in guest.tops()
        path.unlink()
        return
    inside = re.search(r"remove it: (.*)$", message)
    if inside is not None:
        _command(*shlex.split(inside[1]))
        return
    if "set metadata_only" in message:
        name = re.search(r"of '(\w+)' any more", message)
        assert name is not None
        assert ended(run(name=name[1], state="absent", metadata_only=True)).changed
        return
    raise AssertionError(message)


def kills(whole: Run) -> list[Kill]:
    """The deaths after which another state is possible than before the call."""
    writes = set(whole.of(*_WRITES))
    numbers = [n for n in range(1, len(whole.calls) + 1) if n in writes or n - 1 in writes]
    found = [Kill(who, number) for who in (MODULE, CONNECTION) for number in numbers]
    found += [Kill(DAEMON, number, "after") for number in whole.of(*_WRITES)]
    found += [Kill(DAEMON, number, "in", delay) for number in whole.of(*_LONG) for delay in _DELAYS]
    return found


def is_dying() -> bool:
    """Whether the daemon is gone, or goes: who killed it may have ended at the same moment."""
    for _look in range(10):
        if not is_daemon_alive():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("name", TASKS)
def test_something_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    task = TASKS[name]
    guest = Guest(hypervisor, task)
    whole = run(**task.options)
    assert not ended(whole).failed, ended(whole).msg
    for kill in kills(whole):
        guest = Guest(hypervisor, task)
        run(kill, **task.options)
        if kill.who == DAEMON and is_dying():
            hypervisor.start_daemon()
            counts["deaths of the daemon in a task about snapshots"] += 1
        elif kill.who == DAEMON:
            # The call was over before.
            continue
        else:
            counts[f"deaths of the {kill.who} in a task about snapshots"] += 1
        try:
            if not guest.settle(task):
                assert kill.who == DAEMON
                counts["guests that a death of the daemon leaves paused"] += 1
            guest.check(task)
            completes(guest, task, counts)
        except BaseException:
            print(f"{kill}: {whole.calls[kill.call - 1]}")
            raise
