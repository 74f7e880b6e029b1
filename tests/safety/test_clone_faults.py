# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, the daemon or the connection dies at each step of making a clone, or the pool is full.

After each, nothing of the source has changed, the next run makes the clone, and the one after that
changes nothing.
"""

from __future__ import annotations

import collections
import functools
import hashlib
import os
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_clone
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from ..integration.hypervisor import Hypervisor, Result
from .faults import CONNECTION, DAEMON, MODULE, WRITES, Kill, Run, is_daemon_alive
from .faults import run as run_module

IMAGES = pathlib.Path("/var/lib/libvirt/images")
NVRAM = pathlib.Path("/var/lib/libvirt/qemu/nvram")
TPM = pathlib.Path("/var/lib/libvirt/swtpm")
NAME, CLONE = "origin", "copy"
UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
MIB = 1024**2
run = functools.partial(run_module, module=domain_clone, name=NAME, clone=CLONE)
_FIRMWARE = (
    "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>"
    f"<nvram>{NVRAM}/{NAME}_VARS.fd</nvram>"
)
_DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='{form}'/><source file='{path}'/>"
    "<target dev='{target}' bus='virtio'/></disk>"
)
#: Tasks, by what they make.
TASKS: dict[str, dict[str, t.Any]] = {
    "copy": {"tpm": "copied"},
    "linked": {"disk_mode": "linked", "nvram": "fresh", "tpm": "fresh"},
    "copy and start": {"tpm": "fresh", "state": "running"},
}


def document() -> str:
    disks = "".join(
        _DISK.format(form=path.suffix[1:], path=path, target=target)
        for path, target in zip(images(), ("vda", "vdb"))
    )
    return f"""
<domain type='qemu'>
  <name>{NAME}</name><uuid>{UUID}</uuid><memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type>{_FIRMWARE}</os>
  <features><acpi/></features>
  <devices>{disks}<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm></devices>
</domain>
"""


def images() -> list[pathlib.Path]:
    return [IMAGES / f"{NAME}.qcow2", IMAGES / f"{NAME}-1.raw"]


@pytest.fixture(autouse=True)
def source(hypervisor: Hypervisor) -> t.Iterator[None]:
    """A domain with all that is copied, which is the same afterwards."""
    IMAGES.mkdir(exist_ok=True)
    NVRAM.mkdir(parents=True, exist_ok=True)
    qcow2, raw = images()
    raw.write_bytes(os.urandom(MIB) + bytes(3 * MIB))
    command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(qcow2)]
    subprocess.run(command, check=True)
    variables = bytearray(pathlib.Path("/usr/share/OVMF/OVMF_VARS.fd").read_bytes())
    variables[-1] ^= 1
    (NVRAM / f"{NAME}_VARS.fd").write_bytes(variables)
    state = TPM / UUID / "tpm2"
    state.mkdir(parents=True)
    (state / "tpm2-00.permall").write_bytes(os.urandom(1000))
    pool = hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
    )
    pool.setAutostart(True)
    pool.create()
    hypervisor.define(document())
    before = everything_of_source(hypervisor)
    yield
    assert everything_of_source(hypervisor) == before
    clear(hypervisor)
    hypervisor.clear()
    hypervisor.clear_pools()
    for path in (*IMAGES.iterdir(), *NVRAM.iterdir()):
        path.unlink()
    assert not list(TPM.glob("*.part"))


def everything_of_source(hypervisor: Hypervisor) -> object:
    files = [*images(), NVRAM / f"{NAME}_VARS.fd", TPM / UUID / "tpm2" / "tpm2-00.permall"]
    sums = [(_sum(path), path.stat().st_mtime_ns) for path in files]
    return hypervisor.definition(NAME), sums


def _sum(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def clear(hypervisor: Hypervisor) -> None:
    """Nothing is left of the clone, but the source is."""
    for domain in hypervisor.raw.listAllDomains():
        if domain.name() == CLONE:
            if domain.isActive():
                domain.destroy()
            domain.undefineFlags(1 << 2)
    source_files = {*images(), NVRAM / f"{NAME}_VARS.fd"}
    for path in (*IMAGES.iterdir(), *NVRAM.iterdir()):
        if path not in source_files:
            path.unlink()


def succeeded(done: Run) -> Result:
    assert done.result is not None
    assert not done.result.failed, done.result.msg
    return done.result


def completes(hypervisor: Hypervisor, task: dict[str, t.Any]) -> None:
    """The next run makes the clone, and then nothing is left to do."""
    foreseen = succeeded(run(check=True, **task))
    done = succeeded(run(**task))
    assert foreseen.values["changes"] == done.values["changes"]
    again = succeeded(run(**task))
    assert not again.changed, again.values["changes"]
    is_linked = task.get("disk_mode") == "linked"
    made = {f"{CLONE}.qcow2", f"{CLONE}-1.{'qcow2' if is_linked else 'raw'}"}
    left = {path.name for path in IMAGES.iterdir()}
    assert left == {*made, *(path.name for path in images())}
    for name in made:
        assert content(IMAGES / name) == images()[1].read_bytes()
    uuid = parse(hypervisor.definition(CLONE)).value("uuid")
    if task.get("tpm") == "copied" and "state" not in task:
        copied = TPM / str(uuid) / "tpm2" / "tpm2-00.permall"
        assert copied.read_bytes() == (TPM / UUID / "tpm2" / "tpm2-00.permall").read_bytes()
        variables = NVRAM / f"{CLONE}_VARS.fd"
        assert variables.read_bytes() == (NVRAM / f"{NAME}_VARS.fd").read_bytes()
    assert "incomplete" not in hypervisor.definition(CLONE)
    assert not list(TPM.glob("*.part"))


def content(path: pathlib.Path) -> bytes:
    """What a guest reads from an image."""
    copy = pathlib.Path("/tmp") / path.name  # noqa: S108
    command = ["qemu-img", "convert", "-U", "-O", "raw", "-f", path.suffix[1:]]
    subprocess.run([*command, str(path), str(copy)], check=True)
    found = copy.read_bytes()
    copy.unlink()
    return found


@pytest.mark.parametrize("name", TASKS)
def test_the_module_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    """At each of its calls; where nothing was written since the last one, that was tried."""
    task = TASKS[name]
    whole = run(**task)
    assert succeeded(whole).changed
    writes = set(whole.of(*WRITES))
    before = everything_of_source(hypervisor)
    for number in range(1, len(whole.calls) + 1):
        counts["calls at which the module dies while it clones"] += 1
        if number not in writes and number - 1 not in writes:
            continue
        clear(hypervisor)
        assert run(Kill(MODULE, number), **task).result is None, number
        assert everything_of_source(hypervisor) == before
        completes(hypervisor, task)
        counts[
            "calls at which the module dies while it clones, of it: with another state before"
        ] += 1


@pytest.mark.parametrize("name", TASKS)
def test_the_connection_is_lost(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    task = TASKS[name]
    whole = run(**task)
    writes = set(whole.of(*WRITES))
    before = everything_of_source(hypervisor)
    for number in range(1, len(whole.calls) + 1):
        if number not in writes and number - 1 not in writes:
            continue
        clear(hypervisor)
        done = run(Kill(CONNECTION, number), **task)
        assert done.result is not None
        assert everything_of_source(hypervisor) == before
        completes(hypervisor, task)
        counts["calls at which the connection is lost while it clones"] += 1


@pytest.mark.parametrize("name", TASKS)
def test_the_daemon_dies(
    hypervisor: Hypervisor, counts: collections.Counter[str], name: str
) -> None:
    task = TASKS[name]
    whole = run(**task)
    kills = [Kill(DAEMON, number, "after") for number in whole.of(*WRITES)]
    kills += [Kill(DAEMON, number, "in") for number in whole.of("CreateXMLFrom")]
    before = everything_of_source(hypervisor)
    for kill in kills:
        clear(hypervisor)
        run(kill, **task)
        if is_daemon_alive():
            # The call was over before.
            continue
        hypervisor.start_daemon()
        assert everything_of_source(hypervisor) == before
        completes(hypervisor, task)
        counts["deaths of the daemon while it clones"] += 1
