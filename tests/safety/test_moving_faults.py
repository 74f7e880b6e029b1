# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, the daemon, the connection or the guest dies at each step of moving a disk, or there is no room.

After each, the guest has one of both volumes and all that was written to its disk, the next run moves it,
the one after that changes nothing, and nothing else is left.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import pathlib
import subprocess
import types
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import disk_moving
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from ..integration.hypervisor import Hypervisor, Result, task_of
from .faults import CONNECTION, DAEMON, MODULE, WRITES, Kill, Run, is_daemon_alive
from .faults import run as run_module

IMAGES = pathlib.Path("/var/lib/libvirt/images")
FAST = pathlib.Path("/var/lib/libvirt/fast")
NAME = "moving"
OLD, NEW = IMAGES / "disk.qcow2", FAST / "disk.qcow2"
MIB = 1024**2
SIZE = 8 * MIB
#: Calls that change something; see :data:`.faults.WRITES`.
CHANGES = (*WRITES, "BlockCopy", "BlockJobAbort", "SetMetadata")
_MOVE = {"target": "vda", "pool": "fast", "move": True}
TASK: t.Mapping[str, t.Any] = types.MappingProxyType({"disks": [_MOVE]})
WITHOUT_OLD: t.Mapping[str, t.Any] = types.MappingProxyType(
    {"disks": [{**_MOVE, "remove_source": True}]}
)
run = functools.partial(run_module, module=domain, name=NAME)
task = functools.partial(task_of, domain, name=NAME)
_DOMAIN = f"""
<domain type='qemu'>
  <name>{NAME}</name><memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{OLD}'/>
      <target dev='vda' bus='virtio'/></disk>
  </devices>
</domain>
"""


class Disk:
    """The guest's disk, and what it has to have."""

    def __init__(self, hypervisor: Hypervisor) -> None:
        self.hypervisor = hypervisor
        self.content = bytearray(SIZE)
        self._pattern = 0

    def renew(self, runs: bool) -> None:
        """A guest with a new disk at the old place, which runs or is off."""
        self.clear()
        self.content[:] = os.urandom(MIB) + bytes(SIZE - 2 * MIB) + os.urandom(MIB)
        raw = IMAGES / "disk.tmp"
        raw.write_bytes(self.content)
        command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(OLD)]
        subprocess.run(command, check=True)
        raw.unlink()
        for pool in self.hypervisor.raw.listAllStoragePools():
            pool.refresh()
        self.hypervisor.define(_DOMAIN)
        if runs:
            self.raw.create()

    def clear(self) -> None:
        for found in self.hypervisor.raw.listAllDomains():
            if found.isActive():
                found.destroy()
            found.undefine()
        for path in (*IMAGES.iterdir(), *FAST.iterdir()):
            path.unlink()

    @property
    def raw(self) -> t.Any:
        return self.hypervisor.raw.lookupByName(NAME)

    @property
    def places(self) -> set[str]:
        """The images that the definition and the guest have."""
        texts = [self.raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE), self.raw.XMLDesc()]
        return {parse(text).value("devices/disk/source/@file") or "" for text in texts}

    def write(self) -> None:
        """Write a MiB as the guest would, where it runs."""
        if not self.raw.isActive():
            return
        self._pattern = self._pattern % 250 + 1
        number = 1 + self._pattern % 6
        where = "/machine/peripheral/virtio-disk0/virtio-backend"
        for words in (f"write -P {self._pattern} {number * MIB} {MIB}", "flush"):
            command = ["virsh", "qemu-monitor-command", "--hmp", NAME]
            command.append(f'qemu-io -d {where} "{words}"')
            subprocess.run(command, check=True, capture_output=True)
        self.content[number * MIB : (number + 1) * MIB] = bytes([self._pattern]) * MIB

    def check(self, path: pathlib.Path) -> None:
        copy = pathlib.Path("/tmp/moved.raw")  # noqa: S108
        command = ["qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", str(path), str(copy)]
        subprocess.run(command, check=True)
        found = copy.read_bytes()
        copy.unlink()
        assert found == self.content

    def stays(self) -> None:
        """Nothing has become of it."""
        assert self.places == {str(OLD)}
        self.write()
        self.check(OLD)
        assert [*IMAGES.iterdir(), *FAST.iterdir()] == [OLD]

    def completes(self, options: t.Mapping[str, t.Any] = TASK) -> None:
        """The next run moves it, and then nothing is left to do."""
        assert len(self.places) == 1
        self.write()
        self.check(pathlib.Path(next(iter(self.places))))
        foreseen = succeeded(run(check=True, **options))
        done = succeeded(run(**options))
        assert foreseen.values["changes"] == done.values["changes"]
        again = succeeded(run(**options))
        assert not again.changed, again.values["changes"]
        self.write()
        assert self.places == {str(NEW)}
        assert not self.raw.isActive() or not self.raw.blockJobInfo("vda")
        self.check(NEW)
        # Dead right after the move, it hasn't noted which file the old volume is.
        is_told = "isn't known to be its old volume" in str(done.values.get("warnings"))
        left = [NEW] if options is WITHOUT_OLD and not is_told else [NEW, OLD]
        assert sorted([*IMAGES.iterdir(), *FAST.iterdir()]) == left
        assert "ansible-move" not in self.raw.XMLDesc()


@pytest.fixture
def disk(hypervisor: Hypervisor) -> t.Iterator[Disk]:
    for name, folder in (("default", IMAGES), ("fast", FAST)):
        folder.mkdir(parents=True, exist_ok=True)
        pool = hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>{name}</name><target><path>{folder}</path></target></pool>"
        )
        pool.setAutostart(True)
        pool.create()
    found = Disk(hypervisor)
    yield found
    found.clear()
    hypervisor.clear_pools()
    FAST.rmdir()


def succeeded(done: Run) -> Result:
    assert done.result is not None
    assert not done.result.failed, done.result.msg
    return done.result


def steps(disk: Disk, runs: bool, options: t.Mapping[str, t.Any] = TASK) -> tuple[Run, list[int]]:
    """A whole run, and the calls at which or after which something is otherwise than before."""
    disk.renew(runs)
    whole = run(**options)
    assert succeeded(whole).changed
    writes = set(whole.of(*CHANGES))
    return whole, [
        number
        for number in range(1, len(whole.calls) + 1)
        if number in writes or number - 1 in writes
    ]


@pytest.mark.parametrize("options", [TASK, WITHOUT_OLD], ids=["keeps", "removes"])
@pytest.mark.parametrize("runs", [True, False])
def test_the_module_dies(
    disk: Disk, counts: collections.Counter[str], runs: bool, options: t.Mapping[str, t.Any]
) -> None:
    for number in steps(disk, runs, options)[1]:
        disk.renew(runs)
        assert run(Kill(MODULE, number), **options).result is None, number
        disk.completes(options)
        counts["calls at which the module dies while a disk moves"] += 1


@pytest.mark.parametrize("runs", [True, False])
def test_the_connection_is_lost(disk: Disk, counts: collections.Counter[str], runs: bool) -> None:
    for number in steps(disk, runs)[1]:
        disk.renew(runs)
        assert run(Kill(CONNECTION, number), **TASK).result is not None
        disk.completes()
        counts["calls at which the connection is lost while a disk moves"] += 1


@pytest.mark.parametrize("runs", [True, False])
def test_the_daemon_dies(disk: Disk, counts: collections.Counter[str], runs: bool) -> None:
    whole = steps(disk, runs)[0]
    for number in whole.of(*CHANGES):
        disk.renew(runs)
        run(Kill(DAEMON, number, "after"), **TASK)
        if is_daemon_alive():
            # The call was over before.
            continue
        disk.hypervisor.start_daemon()
        disk.completes()
        counts["deaths of the daemon while a disk moves"] += 1


@contextlib.contextmanager
def slowly(then: t.Callable[[], None] = lambda: None) -> t.Iterator[None]:
    """QEMU copies a byte a second within the block, which begins with ``then``."""
    copy = libvirt.virDomain.blockCopy
    bandwidth = {libvirt.VIR_DOMAIN_BLOCK_COPY_BANDWIDTH: 1}

    def copied(self: t.Any, target: str, document: str, _more: object, flags: int) -> t.Any:
        done = copy(self, target, document, bandwidth, flags)
        then()
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libvirt.virDomain, "blockCopy", copied)
        yield


def test_it_makes_no_progress(disk: Disk) -> None:
    disk.renew(True)
    with slowly(disk.write):
        failed = task(disks=[{**TASK["disks"][0], "move_timeout": 1}])
    assert failed.failed
    assert "disk: move_timeout: copying vda" in failed.msg
    assert not failed.values.get("changed")
    disk.stays()
    disk.completes()


@pytest.mark.parametrize("end", ["destroy", "kill", "abort"])
def test_it_ends_meanwhile(disk: Disk, end: str) -> None:
    """The guest is destroyed or killed, or somebody ends the job."""
    disk.renew(True)

    def ends() -> None:
        disk.write()
        if end == "abort":
            disk.raw.blockJobAbort("vda", 0)
        elif end == "destroy":
            disk.raw.destroy()
        else:
            pid = pathlib.Path(f"/run/libvirt/qemu/{NAME}.pid").read_text(encoding="ascii")
            subprocess.run(["kill", "-9", pid.strip()], check=True)

    with slowly(ends):
        failed = task(**TASK)
    assert failed.failed
    words = "copying it to" if end == "abort" else "the guest has stopped"
    assert words in failed.msg
    disk.stays()
    disk.completes()


def test_the_pool_gets_full(disk: Disk) -> None:
    """There was room when it was looked at."""
    disk.renew(True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16M", "tmpfs", FAST], check=True)
    try:
        disk.hypervisor.raw.storagePoolLookupByName("fast").refresh()

        def fill() -> None:
            filler = FAST / "filler"
            with contextlib.suppress(OSError):
                filler.write_bytes(bytes(17 * MIB))

        make = disk_moving.DiskMover._start_job

        def filled(self: disk_moving.DiskMover) -> None:
            fill()
            make(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(disk_moving.DiskMover, "_start_job", filled)
            failed = task(**TASK)
        assert failed.failed
        assert "make room in its pool" in failed.msg
        full = task(**TASK)
        assert full.failed
        assert "has room for" in full.msg
        (FAST / "filler").unlink()
        disk.stays()
        disk.completes()
    finally:
        disk.clear()
        subprocess.run(["umount", "-l", FAST], check=True)
