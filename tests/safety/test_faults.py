# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon or the module dies at each step of a task, or the pool is full at each write.

After each, the next run completes it and the one after that changes nothing, nothing is lost
that was there before, and no message has told to delete anything that is in use.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import hashlib
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import typing as t

import pytest

from ..integration.hypervisor import DUMP, Hypervisor, Result
from .faults import CONNECTION, DAEMON, MODULE, WRITES, Kill, Run, is_daemon_alive, run

IMAGES = pathlib.Path("/var/lib/libvirt/images")
OTHERS = pathlib.Path("/var/lib/libvirt/faults")
NAME = "faulty"

BASE: dict[str, t.Any] = {
    "name": NAME,
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 64,
    "network": "none",
    "graphics": "none",
    "shutdown": {"method": [], "timeout": 0, "force": True},
}
_DISK = {"path": str(IMAGES / f"{NAME}.qcow2"), "size": 0.0625}
_BASED = {
    "path": str(IMAGES / f"{NAME}-2.qcow2"),
    "size": 0.125,
    "backing_store": str(OTHERS / "base.qcow2"),
}
_SEED = {"user_data": {"hostname": NAME}}
_SEEDED = {**BASE, "disk": _DISK, "cloud_init": _SEED}
_OTHER_SEED = {"user_data": {"hostname": "other"}, "seed": "next_boot"}
_MEDIUM = OTHERS / "medium.iso"
_MADE = {**BASE, "disk": [_DISK, _BASED]}
_LARGER = {**BASE, "disk": [{**_DISK, "size": 0.125}, {**_BASED, "size": 0.25}]}


@dataclasses.dataclass(frozen=True)
class Task:
    """A task, and what there is before it: what was asked for by the tasks in ``before``."""

    options: dict[str, t.Any]
    before: tuple[dict[str, t.Any], ...] = ()


TASKS = {
    "make": Task(_MADE),
    "seed and start": Task({**_SEEDED, "state": "running"}),
    "seed for the next boot": Task({**_SEEDED, "cloud_init": _OTHER_SEED}, (_SEEDED,)),
    "install": Task(
        {
            **{key: value for key, value in BASE.items() if key != "import"},
            "disk": _DISK,
            "location": {"location": str(_MEDIUM), "kernel": "kernel", "initrd": "initrd"},
            "state": "running",
        }
    ),
    "grow": Task(_LARGER, (_MADE,)),
    "grow in the running guest": Task(_LARGER, ({**_MADE, "state": "running"},)),
    "start": Task({"name": NAME, "state": "running", "autostart": True}, (_MADE,)),
}
#: Those that make an image too, which stays where it is complete.
_WITH_IMAGE = {
    "image": Task(
        {**BASE, "disk": {**_DISK, "size": 0.125, "image": {"src": str(OTHERS / "base.qcow2")}}}
    ),
}
#: How large the pool is that gets full, in bytes.
_ROOM = 2 * 1024 * 1024
#: What no message may say after a fault, because nobody can know whether it is right.
_NEVER_SAID = ("delete them", "delete it", "delete yourself")


@pytest.fixture(autouse=True)
def precious(hypervisor: Hypervisor) -> t.Iterator[None]:
    """Files of others, which are the same afterwards."""
    IMAGES.mkdir(exist_ok=True)
    OTHERS.mkdir(exist_ok=True)
    base = OTHERS / "base.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", base, "64M"], check=True)
    _make_medium()
    files = [base, _MEDIUM, IMAGES / "other.qcow2", IMAGES / f"{NAME}-old.qcow2"]
    for file in files[2:]:
        file.write_bytes(os.urandom(100_000))
    before = [_sum(file) for file in files]
    yield
    clear(hypervisor)
    assert [_sum(file) for file in files] == before
    for file in files:
        file.unlink()
    OTHERS.rmdir()


def _make_medium() -> None:
    """An image with a kernel and an initrd, which boot nothing.

    QEMU looks at the header: https://docs.kernel.org/arch/x86/boot.html
    """
    kernel = bytearray(os.urandom(50_000))
    kernel[0x1F1], kernel[0x211] = 1, 1
    kernel[0x202:0x208] = b"HdrS\x0c\x02"
    kernel[0x22C:0x230] = b"\xff\xff\xff\x7f"
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("kernel", kernel), ("initrd", os.urandom(50_000))):
            (pathlib.Path(folder) / name).write_bytes(content)
        command = ["xorriso", "-as", "mkisofs", "-quiet", "-r", "-o", str(_MEDIUM), folder]
        subprocess.run(command, check=True, capture_output=True)


def _sum(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def clear(hypervisor: Hypervisor) -> None:
    """Nothing is left of the task, or of the pools that it has made."""
    hypervisor.clear()
    hypervisor.clear_pools()
    for image in (*IMAGES.glob(f"*{NAME}*"), *IMAGES.glob("sha256-*")):
        if not image.name.endswith("-old.qcow2"):
            image.unlink()


def prepare(hypervisor: Hypervisor, task: Task) -> None:
    clear(hypervisor)
    for options in task.before:
        succeeded(run(**options))


def succeeded(done: Run) -> Result:
    assert done.result is not None
    assert not done.result.failed, done.result.msg
    return done.result


def completes(task: Task) -> None:
    """What is left is made by the next run, and then nothing is left to do."""
    foreseen = succeeded(run(check=True, **task.options))
    done = succeeded(run(**task.options))
    assert foreseen.changed == done.changed
    again = succeeded(run(**task.options))
    assert not again.changed, again.values["changes"]
    left = {file.name for file in IMAGES.iterdir()}
    assert left <= {
        "other.qcow2",
        f"{NAME}-old.qcow2",
        f"{NAME}.qcow2",
        f"{NAME}-2.qcow2",
        f"{NAME}-cloudinit.iso",
        f"{NAME}-kernel",
        f"{NAME}-initrd",
        *(file.name for file in IMAGES.glob("sha256-*")),
    } | {file.name for file in IMAGES.glob(f"{NAME}-cloudinit-*.iso")}


def sparse(task: Task) -> Task:
    """The same with volumes that may be larger than their pool, which is not looked at before."""

    def changed(options: dict[str, t.Any]) -> dict[str, t.Any]:
        disks = options["disk"] if isinstance(options["disk"], list) else [options["disk"]]
        return {**options, "disk": [{**disk, "sparse": True} for disk in disks]}

    return Task(changed(task.options), tuple(map(changed, task.before)))


def says_nothing_wrong(done: Run) -> None:
    if done.result is not None and done.result.failed:
        said = [word for word in _NEVER_SAID if word in done.result.msg]
        assert not said, done.result.msg


@pytest.mark.parametrize("name", [*TASKS, *_WITH_IMAGE])
def test_the_module_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    """At each of its calls; where nothing was written since the last one, that was tried."""
    task = {**TASKS, **_WITH_IMAGE}[name]
    prepare(hypervisor, task)
    whole = run(**task.options)
    assert succeeded(whole).changed
    assert len(whole.calls) > 10
    writes = set(whole.of(*WRITES))
    for number in range(1, len(whole.calls) + 1):
        counts["calls at which the module dies"] += 1
        if number not in writes and number - 1 not in writes:
            continue
        prepare(hypervisor, task)
        done = run(Kill(MODULE, number), **task.options)
        assert done.result is None, number
        completes(task)
        counts["calls at which the module dies, of it: with another state before"] += 1


@pytest.mark.parametrize("name", TASKS)
def test_the_connection_is_lost(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    """At each call; what libvirt has done by then stays."""
    task = TASKS[name]
    prepare(hypervisor, task)
    whole = run(**task.options)
    writes = whole.of(*WRITES)
    prepare(hypervisor, task)
    for number in range(1, len(whole.calls) + 1):
        done = run(Kill(CONNECTION, number), **task.options)
        assert done.result is not None
        says_nothing_wrong(done)
        counts["calls at which the connection is lost"] += 1
        counts["calls at which the connection is lost, of it: the task failed"] += (
            done.result.failed
        )
        if number - 1 in writes or number == len(whole.calls):
            completes(task)
            prepare(hypervisor, task)


@pytest.mark.parametrize("name", TASKS)
def test_the_daemon_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    task = TASKS[name]
    prepare(hypervisor, task)
    whole = run(**task.options)
    writes = whole.of(*WRITES)
    kills = [
        Kill(DAEMON, number, when)
        for number in writes
        for when in ("before", "after")
        # After the one is before the other.
        if when == "after" or number - 1 not in writes
    ]
    # A start takes long enough to be interrupted.
    kills += [Kill(DAEMON, number, "in") for number in whole.of("CreateXML", "CreateWithFlags")]
    for kill in kills:
        prepare(hypervisor, task)
        done = run(kill, **task.options)
        if is_daemon_alive():
            # The call was over before.
            continue
        hypervisor.start_daemon()
        says_nothing_wrong(done)
        completes(task)
        counts["deaths of the daemon"] += 1
        failed = done.result is not None and done.result.failed
        counts["deaths of the daemon, of it: the task failed"] += failed


@pytest.mark.parametrize("name", ["make", "seed and start", "seed for the next boot", "install"])
def test_the_pool_is_full(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    """With less and less of the room that is needed, so that each write is the one that fails."""
    task = sparse(TASKS[name])
    with _room(IMAGES, _ROOM):
        other = IMAGES / "other.qcow2"
        other.write_bytes(os.urandom(100_000))
        free, is_enough = 0, False
        while not is_enough:
            prepare(hypervisor, task)
            before = _state(hypervisor)
            with _full(IMAGES, free):
                done = run(**task.options)
                assert done.result is not None
                is_enough = not done.result.failed
                if not is_enough:
                    says_nothing_wrong(done)
                    assert not done.result.changed, done.result.msg
                    assert _state(hypervisor) == before
            counts["amounts of room"] += 1
            counts["amounts of room, of it: too little"] += not is_enough
            completes(task)
            free += 16 * 1024
        assert free > 16 * 1024
        clear(hypervisor)


def test_growing_needs_no_room(hypervisor: Hypervisor) -> None:
    """What an image gains is not written before the guest does."""
    task = sparse(TASKS["grow"])
    with _room(IMAGES, _ROOM):
        prepare(hypervisor, task)
        with _full(IMAGES):
            assert succeeded(run(**task.options)).changed
        completes(task)
        clear(hypervisor)


#: Where libvirt writes: definitions, the state of guests, their log, and what else they have.
_OF_LIBVIRT = {
    "definitions": "/etc/libvirt/qemu",
    "state": "/run/libvirt/qemu",
    "log": "/var/log/libvirt/qemu",
    "guests": "/var/lib/libvirt/qemu",
}
_CHANGED = {**_MADE, "memory": 96, "vcpus": 2, "description": "another"}
_FULL_TASKS = {
    **TASKS,
    "change": Task(_CHANGED, (_MADE,)),
    "change the running guest": Task(_CHANGED, ({**_MADE, "state": "running"},)),
    "stop": Task({**_MADE, "state": "stopped"}, ({**_MADE, "state": "running"},)),
    "remove": Task({"name": NAME, "state": "absent", "remove_volumes": ["all"]}, (_MADE,)),
}


@pytest.mark.parametrize("name", _FULL_TASKS)
@pytest.mark.parametrize("place", _OF_LIBVIRT)
def test_libvirt_has_no_room(
    hypervisor: Hypervisor, counts: collections.Counter[str], place: str, name: str
) -> None:
    """A task fails and has changed nothing, or says that it has; the next one completes it."""
    task = _FULL_TASKS[name]
    folder = pathlib.Path(_OF_LIBVIRT[place])
    clear(hypervisor)
    with _room(folder, 256 * 1024):
        prepare(hypervisor, task)
        before = _state(hypervisor)
        with _full(folder):
            done = run(**task.options)
            assert done.result is not None
            says_nothing_wrong(done)
            counts["tasks without room for libvirt"] += 1
            if done.result.failed:
                counts["tasks without room for libvirt, of it: failed"] += 1
                assert NAME in done.result.msg
                if not done.result.changed:
                    assert _state(hypervisor) == before, done.result.msg
                _end_what_libvirt_forgot(done.result.msg)
        completes(task)
        clear(hypervisor)


def _end_what_libvirt_forgot(message: str) -> None:
    """Do what the message says about a guest that runs without libvirt."""
    command = f"pgrep -f guest={NAME}"
    if command in message:
        found = subprocess.run(command.split(), capture_output=True, text=True, check=True)
        for number in found.stdout.split():
            os.kill(int(number), signal.SIGKILL)
        while subprocess.run(command.split(), capture_output=True, check=False).returncode == 0:
            time.sleep(0.05)


@contextlib.contextmanager
def _room(folder: pathlib.Path, size: int) -> t.Iterator[None]:
    """An empty file system of ``size`` bytes in a folder's place."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def _full(folder: pathlib.Path, free: int = 0) -> t.Iterator[None]:
    """The file system of a folder with only so many bytes free."""
    room = os.statvfs(folder)
    filling = folder / "filling"
    filling.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - free)))
    try:
        yield
    finally:
        filling.unlink()


def _state(hypervisor: Hypervisor) -> t.Any:
    """The domain and its files, as far as a task may change them."""
    files = {file.name: _sum(file) for file in IMAGES.iterdir() if file.name not in ("filling",)}
    found = [one for one in hypervisor.raw.listAllDomains() if one.name() == NAME]
    return files, [(one.XMLDesc(DUMP), one.state()[0], one.autostart()) for one in found]
