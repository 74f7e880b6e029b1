# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A daemon, the module or the network dies at each moment of a migration, or somebody cancels it.

Never do two guests run. Afterwards the guest runs once, and the next run has it at the destination,
or says what to do.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_migrate

from ..integration.hypervisor import Hypervisor, Result, task_of
from ..integration.second_host import IMAGES, SECOND
from ..integration.test_domain_migrate import (
    UUID,
    World,
    disk,
    document,
    has,
    there,
    world,
    write,
)

__all__ = ["world"]

#: How many moments there are, spread over the time that a migration takes.
MOMENTS = int(os.environ.get("MIGRATE_MOMENTS", "16"))
#: The longest time that a run, and then libvirt's own tidying up, may take, in seconds.
_LONGEST = 120.0
_CUT = pathlib.Path("/run/shared/cut.sock")
_PROXY = """
import os, socket, sys, threading
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(16)
print("ready", flush=True)

def forward(one, other):
    try:
        while piece := one.recv(65536):
            other.sendall(piece)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

while True:
    client, _address = listener.accept()
    server = socket.socket(socket.AF_UNIX)
    server.connect(sys.argv[2])
    for ends in ((client, server), (server, client)):
        threading.Thread(target=forward, args=ends, daemon=True).start()
"""
#: The ways of a migration.
WAYS: dict[str, dict[str, t.Any]] = {
    "memory alone": {},
    "tunnelled": {"tunnelled": True, "migrate_uri": None},
    "led by the task": {"peer_to_peer": False},
    "with a disk": {"copy_storage": "full", "bandwidth": 40},
}


class Running:
    """A run in a process of its own."""

    def __init__(self, **options: t.Any) -> None:
        answer, answer_end = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            try:
                os.close(answer)
                result = task_of(domain_migrate, **options)
                with os.fdopen(answer_end, "w") as file:
                    json.dump(result, file)
            except BaseException:
                traceback.print_exc()
                sys.stderr.flush()
                os._exit(3)
            os._exit(0)
        os.close(answer_end)
        self._answer = os.fdopen(answer)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def is_over(self) -> bool:
        return bool(select.select([self._answer], [], [], 0)[0])

    def result(self) -> Result | None:
        """What it returned; ``None`` where it was killed."""
        if not select.select([self._answer], [], [], _LONGEST)[0]:
            self.kill()
            raise AssertionError("the run doesn't end")
        told = self._answer.read()
        os.waitpid(self._pid, 0)
        return Result(*json.loads(told)) if told else None


class Network:
    """What is between the hosts, and can be cut."""

    def __init__(self) -> None:
        _CUT.unlink(missing_ok=True)
        self._proxy = subprocess.Popen(
            [sys.executable, "-c", _PROXY, str(_CUT), "/run/second/libvirt-sock"],
            stdout=subprocess.PIPE,
        )
        assert self._proxy.stdout is not None
        self._proxy.stdout.readline()

    uri = SECOND.replace("/run/second/libvirt-sock", str(_CUT))

    def cut(self) -> None:
        self._proxy.kill()
        self._proxy.wait()


def _cancel(world: World) -> None:
    with contextlib.suppress(libvirt.libvirtError):
        world.first.raw.lookupByUUIDString(UUID).abortJob()


FAULTS: dict[str, t.Callable[[World, Running, Network], None]] = {
    "the destination's daemon dies": lambda world, _run, _network: world.second.kill_daemon(),
    "the source's daemon dies": lambda world, _run, _network: world.first.kill_daemon(),
    "the network is cut": lambda _world, _run, network: network.cut(),
    "the module dies": lambda _world, run, _network: run.kill(),
    "it is cancelled": lambda world, _run, _network: _cancel(world),
}


def state_of(host: Hypervisor) -> int | None:
    """libvirt's state of the guest; ``None`` where there is none, or nobody answers."""
    with contextlib.suppress(libvirt.libvirtError):
        return int(host.raw.lookupByUUIDString(UUID).state()[0])
    return None


def run_twice(world: World) -> bool:
    """Whether both run: the destination before and after the source was looked at."""
    running = libvirt.VIR_DOMAIN_RUNNING
    looks = [state_of(host) for host in (world.second, world.first, world.second)]
    return looks == [running] * 3


def is_at_work(world: World) -> bool:
    """Whether the migration has begun."""
    with contextlib.suppress(libvirt.libvirtError):
        return bool(world.first.raw.lookupByUUIDString(UUID).jobStats()["type"])
    return False


def begin(world: World, way: str) -> None:
    """The guest runs at the first host, and the second one has nothing of it."""
    for host in world:
        host.clear()
    world.second.clear_images()
    devices = ""
    if "copy_storage" in WAYS[way]:
        world.second.make_pool()
        devices = disk("disk.raw", size="16M")
        (IMAGES / "disk.raw").write_bytes(os.urandom(2**24))
        write(IMAGES / "disk.raw", 7)
    world.define(devices).setAutostart(True)
    world.first.raw.lookupByUUIDString(UUID).create()


def settled(world: World) -> None:
    """Both daemons live, and have nothing more to do."""
    for host in world:
        try:
            host.raw.getLibVersion()
        except libvirt.libvirtError:
            host.start_daemon()
    end = time.monotonic() + _LONGEST
    while True:
        assert not run_twice(world)
        states = [state_of(host) for host in world]
        if not is_at_work(world) and None in states:
            return
        off = libvirt.VIR_DOMAIN_SHUTOFF
        if not is_at_work(world) and off in states:
            return
        if time.monotonic() >= end:
            # The next run says what to do.
            return
        time.sleep(0.1)


def wait_until_at_work(world: World, run: Running) -> None:
    end = time.monotonic() + _LONGEST
    while not is_at_work(world) and not run.is_over() and time.monotonic() < end:
        time.sleep(0.005)


def duration(world: World, way: str) -> float:
    """How long the migration takes, in seconds."""
    begin(world, way)
    run = Running(**{**there, **WAYS[way]})
    wait_until_at_work(world, run)
    started = time.monotonic()
    result = run.result()
    assert result is not None
    assert result.changed, result.msg
    return time.monotonic() - started


def done(**options: t.Any) -> Result:
    """A run without a fault, in a process of its own too: libvirt's threads survive no fork."""
    result = Running(**options).result()
    assert result is not None
    return result


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("way", WAYS)
def test_it_runs_once(world: World, counts: collections.Counter[str], way: str, fault: str) -> None:
    longest = duration(world, way)
    for number in range(MOMENTS):
        begin(world, way)
        network = Network()
        options = {**there, **WAYS[way], "destination": network.uri}
        run = Running(**options)
        wait_until_at_work(world, run)
        end = time.monotonic() + longest * number / (MOMENTS - 1)
        while time.monotonic() < end and not run.is_over():
            assert not run_twice(world)
            time.sleep(0.002)
        was_over = run.is_over()
        FAULTS[fault](world, run, network)
        first = run.result()
        settled(world)
        network.cut()
        said = "nothing" if first is None else first.msg or "moved"
        check_next(world, way, counts, said)
        counts[f"moments of a migration at which {fault}"] += 1
        if was_over:
            counts[f"moments of a migration at which {fault}, of it: after its end"] += 1


def check_next(world: World, way: str, counts: collections.Counter[str], said: str) -> None:
    """The guest runs once, and the next run has it there, or says what to do."""
    running = [state_of(host) == libvirt.VIR_DOMAIN_RUNNING for host in world]
    assert sum(running) <= 1, said
    follow = done(**{**there, **WAYS[way]})
    assert not run_twice(world), said
    if follow.failed:
        counts["next runs that say what to do"] += 1
        print(f"{way}: {said}\n  then: {follow.msg}")
        assert "; " in follow.msg, follow.msg
        assert sum(running) == 1, (said, follow.msg)
        return
    counts["next runs that have the guest at the destination"] += 1
    assert world.where() == ("absent", "active"), said
    assert state_of(world.second) == libvirt.VIR_DOMAIN_RUNNING, said
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert arrived.isPersistent()
    assert arrived.autostart(), said
    assert "ns/migration" not in arrived.XMLDesc(0) + arrived.XMLDesc(2)
    if "copy_storage" in WAYS[way]:
        assert world.second.images() == ["disk.raw"]
        assert has(world.second.run, IMAGES / "disk.raw", 7)
    assert not done(**{**there, **WAYS[way]}).changed


#: A boot sector that writes to the memory from 1 MiB to 31 MiB, over and over: cli; lgdt; mov cr0,
#: eax; ljmp; in 32 bits: mov edi, 1 MiB; mov ecx, 30 MiB / 4; inc eax; rep stosd; jmp.
_WRITES = bytes.fromhex(
    "fa31c08ed8660f0116507c0f20c00c010f22c066ea1b7c0000080066b810008ed88ec0bf00001000b900007800"
    "40f3abebf18db600000000" + "00" * 8 + "ffff0000009acf00ffff00000092cf001700387c0000"
)


def start_busy(world: World) -> t.Any:
    """A guest of 32 MiB that changes its memory all the time."""
    image = pathlib.Path("/run/shared/busy.raw")
    # The firmware starts from no smaller disk.
    image.write_bytes(_WRITES.ljust(510, b"\0") + b"\x55\xaa" + bytes(2**20 - 512))
    text = document(
        f"<disk type='file'><driver name='qemu' type='raw'/><source file='{image}'/><target dev='vda' bus='virtio'/>"
        "<readonly/></disk>"
    )
    domain = world.first.raw.defineXML(
        text.replace("<memory unit='MiB'>64", "<memory unit='MiB'>32")
    )
    domain.create()
    before = domain.memoryStats()["rss"]
    until(lambda: domain.memoryStats()["rss"] > before + 20 * 1024)
    return domain


def until(is_so: t.Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def broken_in_postcopy(world: World) -> Result:
    """A task of whose migration the connection breaks after the guest has gone on there."""

    def goes_on_there() -> bool:
        state = [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_POSTCOPY]
        return any(
            each.UUIDString() == UUID and each.state() == state
            for each in world.second.raw.listAllDomains()
        )

    def break_it() -> None:
        until(goes_on_there)
        domain = world.first.raw.lookupByUUIDString(UUID)
        domain.abortJobFlags(libvirt.VIR_DOMAIN_ABORT_JOB_POSTCOPY)

    breaking = threading.Thread(target=break_it)
    breaking.start()
    result = task_of(domain_migrate, **there, postcopy=True, bandwidth=20)
    breaking.join()
    return result


@pytest.mark.skipif(
    not hasattr(libvirt, "VIR_DOMAIN_ABORT_JOB_POSTCOPY"), reason="libvirt can't pause post-copy"
)
def test_post_copy_breaks(world: World) -> None:
    """The next run resumes it; where the destination's part is gone, it says what to do."""
    # The daemon asks each QEMU what it can do, once.
    world.second.raw.getCapabilities()
    start_busy(world)
    failed = broken_in_postcopy(world)
    assert "failed in post-copy phase" in failed.msg
    assert "run the task with postcopy: true, which resumes the migration" in failed.msg
    assert failed.changed
    assert world.where() == ("active", "active")
    world.fails("a post-copy migration has failed: the guest has a part of its memory on each host")
    resumed = world.moved(postcopy=True)
    assert resumed.values["domain"]["state"] == "running"
    assert world.where() == ("absent", "active")
    world.second.raw.lookupByUUIDString(UUID).destroy()
    world.second.raw.lookupByUUIDString(UUID).undefine()
    domain = start_busy(world)
    broken_in_postcopy(world)
    world.second.raw.lookupByUUIDString(UUID).destroy()
    for options in ({}, {"postcopy": True}):
        world.fails(
            "the guest went on at second.example, or was about to, and ended there", **options
        )
    assert domain.isActive()
    domain.destroy()
    domain.create()
    world.moved()
    assert world.where() == ("absent", "active")


_PKI = pathlib.Path("/run/shared/pki")
_QEMU_CONF = pathlib.Path("/etc/libvirt/qemu.conf")
_MAKE_PKI = """
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca-cert.pem -days 2 -subj /CN=authority
printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' >extensions
for side in server client; do
    openssl req -newkey rsa:2048 -nodes -keyout $side-key.pem -out $side.csr -subj /CN=$side
    openssl x509 -req -in $side.csr -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile extensions -out $side-cert.pem
done
"""


@pytest.fixture
def certificates(world: World) -> t.Iterator[None]:
    """Both daemons know the folder of the certificates, in which there are none yet."""
    usual = _QEMU_CONF.read_text(encoding="utf-8")
    # A daemon doesn't start without the folder.
    _PKI.mkdir()
    _configure(world, f'{usual}\nmigrate_tls_x509_cert_dir = "{_PKI}"\n')
    yield
    _configure(world, usual)
    shutil.rmtree(_PKI)


def _configure(world: World, text: str) -> None:
    """Both daemons have this configuration of the driver of QEMU."""
    copied = pathlib.Path("/run/shared/qemu.conf")
    for path in (_QEMU_CONF, copied):
        path.write_text(text, encoding="utf-8")
    world.second.run("cp", str(copied), str(_QEMU_CONF))
    copied.unlink()
    for host in world:
        host.kill_daemon()
        host.start_daemon()


@pytest.mark.usefixtures("certificates")
def test_certificates(world: World) -> None:
    """Without them, or for another host, the guest goes on where it was; with them it moves, and its disk."""
    world.second.make_pool()
    (IMAGES / "disk.raw").unlink(missing_ok=True)
    domain = world.define(disk("disk.raw", size="4M"))
    write(IMAGES / "disk.raw", 7)
    domain.create()
    options: dict[str, t.Any] = {"tls": True, "copy_storage": "full"}
    for words, migrate_uri in (
        ("Unable to access credentials", "tcp://127.0.0.1"),
        ("Certificate does not match the hostname localhost", "tcp://localhost"),
    ):
        failed = done(**{**there, **options, "migrate_uri": migrate_uri})
        assert words in failed.msg
        assert "see that both hosts have certificates" in failed.msg
        assert "the guest still runs" in failed.msg
        assert not failed.changed
        assert world.where() == ("active", "absent")
        assert world.second.images() == []
        subprocess.run(["sh", "-ec", _MAKE_PKI], cwd=_PKI, check=True, capture_output=True)
    assert done(**{**there, **options}).changed
    assert world.where() == ("absent", "active")
    assert has(world.second.run, IMAGES / "disk.raw", 7)
    # Before the daemons are restarted.
    world.second.clear()
