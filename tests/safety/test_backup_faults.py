# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, the daemon, the connection or the guest dies while a backup is made, or there is no room.

After each, each backup that has a record is whole, the earlier ones are as they were, and the next
run makes one and removes what was left.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import json
import os
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_backup

from ..integration.hypervisor import Hypervisor, Result
from ..integration.test_domain_clone import make_pool
from .faults import CONNECTION, DAEMON, GUESTS, MODULE, WRITES, Kill, Run, is_daemon_alive
from .faults import run as run_module

IMAGES = pathlib.Path("/var/lib/libvirt/images")
KEPT = pathlib.Path("/var/lib/libvirt/kept")
NAME = "kept"
SOCKET = "/run/kept.sock"
MIB = 1024**2
run = functools.partial(
    run_module, module=domain_backup, domain=NAME, directory=str(KEPT), type="auto"
)
in_pool = functools.partial(run_module, module=domain_backup, domain=NAME, pool="kept", type="auto")
serve = functools.partial(run, state="served", socket=SOCKET)
end = functools.partial(run, state="ended")


@pytest.fixture(autouse=True)
def source(hypervisor: Hypervisor) -> t.Iterator[None]:
    """A guest that runs, a backup of it, and a place with room for some more."""
    IMAGES.mkdir(exist_ok=True)
    KEPT.mkdir(exist_ok=True)
    mount("size=200M")
    raw, image = IMAGES / "vda.raw", IMAGES / "vda.qcow2"
    raw.write_bytes(os.urandom(8 * MIB) + bytes(24 * MIB))
    convert = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", "compat=1.1"]
    subprocess.run([*convert, str(raw), str(image)], check=True)
    raw.unlink()
    hypervisor.define(
        f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>64</memory>"
        "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices><disk type='file'>"
        f"<driver name='qemu' type='qcow2'/><source file='{image}'/>"
        "<target dev='vda' bus='virtio'/></disk></devices></domain>"
    )
    start(hypervisor)
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    subprocess.run(["umount", str(KEPT)], check=True)
    KEPT.rmdir()
    for path in IMAGES.iterdir():
        path.unlink()


def mount(options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(KEPT)], check=True)


def start(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.lookupByName(NAME)
    if not domain.isActive():
        domain.create()


def stop(hypervisor: Hypervisor) -> None:
    hypervisor.raw.lookupByName(NAME).destroy()


def content(path: pathlib.Path) -> str:
    """The checksum of what a guest reads from an image."""
    raw = pathlib.Path("/tmp/read.raw")  # noqa: S108
    command = ["qemu-img", "convert", "-U", "-f", "qcow2", "-O", "raw", str(path), str(raw)]
    subprocess.run(command, check=True)
    found = hashlib.sha256(raw.read_bytes()).hexdigest()
    raw.unlink()
    return found


def records() -> dict[str, dict[str, t.Any]]:
    found = (json.loads(path.read_text()) for path in KEPT.glob("*.backup.json"))
    return {record["name"]: record for record in found}


def check_whole() -> None:
    """Each backup with a record has what the guest has, which never writes."""
    expected = content(IMAGES / "vda.qcow2")
    for record in records().values():
        for disk in record["disks"]:
            assert content(KEPT / disk["file"]) == expected


def succeeded(done: Run) -> Result:
    assert done.result is not None
    assert not done.result.failed, done.result.msg
    return done.result


def completes(hypervisor: Hypervisor, before: t.Collection[str]) -> None:
    """The next run makes a backup, and nothing is left of the one that was interrupted."""
    foreseen = succeeded(run(check=True))
    done = succeeded(run())
    assert foreseen.values["changes"] == done.values["changes"]
    names = records()
    assert set(before) < set(names)
    files = {disk["file"] for record in names.values() for disk in record["disks"]}
    files |= {record["definition"] for record in names.values()}
    files |= {f"{name}.backup.json" for name in names}
    domain = hypervisor.raw.lookupByName(NAME)
    if domain.isActive():
        # While it is off, a checkpoint can't be deleted, and a note of it stays.
        assert {path.name for path in KEPT.iterdir()} == files
        newest = done.values["backup"]["checkpoint"]
        assert [each.getName() for each in domain.listAllCheckpoints()] == [newest]
    else:
        left = {path.name for path in KEPT.iterdir()} - files
        assert all(name.endswith(".unfinished.json") for name in left), left
    assert hypervisor.names() == {NAME}
    check_whole()
    again = succeeded(run(max_age="1h"))
    assert not again.changed, again.values["changes"]


def clear(hypervisor: Hypervisor, is_off: bool) -> list[str]:
    """Nothing is there but one backup, and its checkpoint."""
    start(hypervisor)
    domain = hypervisor.raw.lookupByName(NAME)
    for path in KEPT.iterdir():
        path.unlink()
    for point in domain.listAllCheckpoints():
        point.delete(0)
    name = str(succeeded(run()).values["backup"]["name"])
    if is_off:
        stop(hypervisor)
    return [name]


@pytest.mark.parametrize("is_off", [False, True])
@pytest.mark.parametrize("who", [MODULE, CONNECTION])
def test_the_module_or_its_connection_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], who: str, is_off: bool
) -> None:
    """At each of its calls, where something was written since the last one."""
    before = clear(hypervisor, is_off)
    whole = run()
    assert succeeded(whole).changed
    writes = set(whole.of(*WRITES))
    for number in range(1, len(whole.calls) + 1):
        if number not in writes and number - 1 not in writes:
            continue
        before = clear(hypervisor, is_off)
        done = run(Kill(who, number))
        check_whole()
        assert set(before) <= set(records())
        if who == MODULE:
            assert done.result is None
        completes(hypervisor, before)
        counts[f"calls at which the {who} dies while a backup is made"] += 1


@pytest.mark.parametrize("is_off", [False, True])
def test_the_daemon_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], is_off: bool
) -> None:
    clear(hypervisor, is_off)
    whole = run()
    kills = [Kill(DAEMON, number, "after") for number in whole.of(*WRITES)]
    kills += [Kill(DAEMON, number, "in") for number in whole.of("BackupBegin")]
    for kill in kills:
        before = clear(hypervisor, is_off)
        run(kill)
        if is_daemon_alive():
            # The call was over before.
            continue
        hypervisor.start_daemon()
        check_whole()
        if has_lost_job(hypervisor):
            heal(hypervisor)
        completes(hypervisor, before)
        counts["deaths of the daemon while a backup is made"] += 1


def has_lost_job(hypervisor: Hypervisor) -> bool:
    """Whether the daemon was killed after it had a job, and before QEMU had it."""
    domain = hypervisor.raw.lookupByName(NAME)
    if not domain.isActive():
        return False
    try:
        domain.jobStats(0)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_INTERNAL_ERROR:
            raise
        return True
    return False


def heal(hypervisor: Hypervisor) -> None:
    """The task says how, and changes nothing before."""
    there = {path.name for path in KEPT.iterdir()}
    for check in (True, False):
        done = run(check=check).result
        assert done is not None
        assert done.failed
        assert "while it is off, then run the task again" in done.msg
        assert not done.changed
    assert {path.name for path in KEPT.iterdir()} == there
    stop(hypervisor)
    hypervisor.kill_daemon()
    hypervisor.start_daemon()
    start(hypervisor)


def test_libvirt_keeps_a_job_that_qemu_does_not_have(hypervisor: Hypervisor) -> None:
    """As when libvirtd is killed in the few milliseconds before QEMU has a backup."""
    before = clear(hypervisor, False)
    hypervisor.kill_daemon()
    status = pathlib.Path(f"/run/libvirt/qemu/{NAME}.xml")
    text, job = status.read_text(), "<job type='none' async='backup' flags='0x0'/>"
    assert "<job " not in text
    status.write_text(text.replace("<domain ", f"{job}<domain ", 1))
    hypervisor.start_daemon()
    assert has_lost_job(hypervisor)
    # virsh domjobabort says that it has worked.
    hypervisor.raw.lookupByName(NAME).abortJob()
    assert has_lost_job(hypervisor)
    heal(hypervisor)
    completes(hypervisor, before)


@pytest.mark.parametrize("starts", [False, True])
def test_the_guest_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], starts: bool
) -> None:
    """The next run finds it off, or started again with images that have lost their notes."""
    clear(hypervisor, False)
    for number in run().of("BackupBegin"):
        for when in ("before", "after"):
            before = clear(hypervisor, False)
            done = run(Kill(GUESTS, number, when))
            assert done.result is not None
            # A small backup may be complete before.
            check_whole()
            if done.result.failed:
                assert set(records()) == set(before)
            if starts:
                start(hypervisor)
            completes(hypervisor, before)
            if not starts:
                start(hypervisor)
                completes(hypervisor, before)
            counts["deaths of the guest while a backup is made"] += 1


@pytest.mark.parametrize("is_off", [False, True])
def test_there_is_no_room(hypervisor: Hypervisor, is_off: bool) -> None:
    clear(hypervisor, False)
    for path in KEPT.iterdir():
        path.unlink()
    for point in hypervisor.raw.lookupByName(NAME).listAllCheckpoints():
        point.delete(0)
    if is_off:
        stop(hypervisor)
    subprocess.run(["mount", "-o", "remount,size=4M", str(KEPT)], check=True)
    done = run(type="full").result
    assert done is not None
    assert done.failed
    assert not done.changed
    assert "No space left on device; make room" in done.msg
    assert list(KEPT.iterdir()) == []
    assert hypervisor.names() == {NAME}
    subprocess.run(["mount", "-o", "remount,size=200M", str(KEPT)], check=True)
    completes(hypervisor, [])


def revived(hypervisor: Hypervisor) -> bool:
    """Whether the daemon was dead; it has been started again then."""
    if is_daemon_alive():
        return False
    hypervisor.start_daemon()
    return True


@pytest.mark.parametrize("who", [MODULE, DAEMON])
def test_in_a_pool(hypervisor: Hypervisor, counts: collections.Counter[str], who: str) -> None:
    """The pool knows what the next run leaves, and no more."""
    make_pool(hypervisor, "kept", KEPT)
    clear(hypervisor, False)
    whole = in_pool()
    assert succeeded(whole).changed
    for number in whole.of(*WRITES):
        for when in ("before", "after") if who == MODULE else ("after",):
            before = clear(hypervisor, False)
            in_pool(Kill(who, number, when))
            if who == DAEMON and not revived(hypervisor):
                continue
            check_whole()
            assert set(before) <= set(records())
            if has_lost_job(hypervisor):
                heal(hypervisor)
            foreseen = succeeded(in_pool(check=True))
            done = succeeded(in_pool())
            assert foreseen.values["changes"] == done.values["changes"]
            pool = hypervisor.raw.storagePoolLookupByName("kept")
            assert {volume.name() for volume in pool.listAllVolumes()} == set(os.listdir(KEPT))
            completes(hypervisor, before)
            counts[f"writes at which the {who} dies while a backup in a pool is made"] += 1


def read_served() -> str:
    """The checksum of what is read at the socket."""
    image, uri = pathlib.Path("/tmp/served.qcow2"), f"nbd+unix:///vda?socket={SOCKET}"  # noqa: S108
    command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", uri, str(image)]
    subprocess.run(command, check=True)
    found = content(image)
    image.unlink()
    return found


@pytest.mark.parametrize("who", [MODULE, CONNECTION, DAEMON])
def test_serving(hypervisor: Hypervisor, counts: collections.Counter[str], who: str) -> None:
    """At each write of beginning and ending it: it can be read after the next run, and ended."""
    clear(hypervisor, False)
    begin, ending = serve(), end()
    assert succeeded(begin).changed
    assert succeeded(ending).changed
    expected = content(IMAGES / "vda.qcow2")
    kills = [(False, number) for number in begin.of(*WRITES)]
    kills += [(True, number) for number in ending.of(*WRITES)]
    for is_ending, number in kills:
        for when in ("before", "after") if who != DAEMON else ("after",):
            before = clear(hypervisor, False)
            if is_ending:
                succeeded(serve())
                end(Kill(who, number, when))
            else:
                serve(Kill(who, number, when))
            if who == DAEMON and not revived(hypervisor):
                succeeded(end())
                continue
            assert set(records()) == set(before)
            if has_lost_job(hypervisor):
                heal(hypervisor)
            if not is_ending:
                foreseen = succeeded(serve(check=True))
                assert foreseen.changed == succeeded(serve()).changed
                assert read_served() == expected
            foreseen = succeeded(end(check=True))
            assert foreseen.changed == succeeded(end()).changed
            assert not succeeded(end()).changed
            assert not pathlib.Path(SOCKET).exists()
            completes(hypervisor, before)
            counts[f"writes at which the {who} dies while disks are served"] += 1


def test_the_daemon_dies_while_disks_are_served(hypervisor: Hypervisor) -> None:
    before = clear(hypervisor, False)
    succeeded(serve())
    hypervisor.kill_daemon()
    assert read_served() == content(IMAGES / "vda.qcow2")
    hypervisor.start_daemon()
    assert not succeeded(serve()).changed
    assert succeeded(end()).changed
    completes(hypervisor, before)
