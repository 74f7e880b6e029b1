# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones of a snapshot, also of a guest that runs and goes on writing."""

from __future__ import annotations

import functools
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.cloned_volumes import (
    ClonedVolumes,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_clone,
    domain_snapshot,
)

from .hypervisor import Hypervisor, task_of
from .test_domain_clone import (
    CLONE,
    IMAGES,
    MIB,
    NAME,
    content,
    defined,
    disk,
    document,
    everything,
    fails,
    folders,
    info,
    make_image,
    thrice,
)

__all__ = ["folders"]
pytestmark = pytest.mark.usefixtures("no_images", "folders")
IMAGE, COPY = IMAGES / f"{NAME}.qcow2", IMAGES / f"{CLONE}.qcow2"

snapshot = functools.partial(task_of, domain_snapshot, domain=NAME, name="s1")
clone = functools.partial(task_of, domain_clone, name=NAME, clone=CLONE)


def running(hypervisor: Hypervisor, more: str = "") -> tuple[t.Any, bytes]:
    """A guest that runs, and what is on its disk."""
    written = make_image(IMAGE)
    return started(hypervisor, document(disk(IMAGE) + more)), written


def started(hypervisor: Hypervisor, text: str) -> t.Any:
    hypervisor.define(text)
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    return domain


def taken(**options: t.Any) -> None:
    done = snapshot(type="external", **options)
    assert not done.failed, done.msg


def write(pattern: int) -> None:
    """The guest writes to its disk."""
    where = "/machine/peripheral/virtio-disk0/virtio-backend"
    words = f"write -P {pattern} 3M 64k"
    command = ["virsh", "qemu-monitor-command", "--hmp", NAME, f'qemu-io -d {where} "{words}"']
    subprocess.run(command, check=True, capture_output=True)


def test_a_guest_runs_while_its_snapshot_is_copied(hypervisor: Hypervisor) -> None:
    domain, written = running(hypervisor)
    fails(hypervisor, "is running, so that a copy of its disks would be damaged; stop it with")
    fails(hypervisor, "snapshot: the domain has no snapshot 's1'; it has none", snapshot="s1")
    taken()
    write(7)
    domain.setMemoryFlags(
        96 * 1024, libvirt.VIR_DOMAIN_AFFECT_CONFIG | libvirt.VIR_DOMAIN_MEM_MAXIMUM
    )
    files = {path: path.read_bytes() for path in (IMAGE, IMAGES / f"{NAME}.s1")}
    thrice(hypervisor, snapshot="s1")
    assert content(COPY, "qcow2") == written
    assert "backing-filename" not in info(COPY)
    # The definition of that moment, before its memory grew.
    assert defined(hypervisor).value("memory") == str(64 * 1024)
    assert {path: path.read_bytes() for path in files} == files
    assert domain.isActive()
    # The clone stays when the snapshot goes, and the guest has what it wrote.
    gone = snapshot(state="absent")
    assert not gone.failed, gone.msg
    assert not clone(snapshot="s1").changed
    domain.destroy()
    assert content(IMAGE, "qcow2")[3 * MIB :][:65536] == bytes([7]) * 65536
    assert content(COPY, "qcow2") == written


def test_a_clone_is_linked_to_a_snapshot(hypervisor: Hypervisor) -> None:
    _domain, written = running(hypervisor)
    taken()
    done = thrice(hypervisor, snapshot="s1", disk_mode="linked")
    write(7)
    assert info(COPY)["backing-filename"] == str(IMAGE)
    assert content(COPY, "qcow2") == written
    assert "such as libvirt when it merges the snapshot s1" in str(done.values["warnings"])
    # Merging the overlay would write to the image that the clone is based on.
    refused = snapshot(state="absent")
    assert refused.failed
    assert f"is the backing file of {COPY}" in refused.msg
    assert content(COPY, "qcow2") == written


def test_each_snapshot_of_a_chain_has_its_own_moment(hypervisor: Hypervisor) -> None:
    """Off and with two snapshots: each has what was there when it was taken."""
    make_image(IMAGE)
    hypervisor.define(document(disk(IMAGE)))
    moments = []
    for number, path in ((1, IMAGE), (2, IMAGES / f"{NAME}.s1")):
        command = ["qemu-io", "-f", "qcow2", "-c", f"write -P {number} 3M 64k", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        moments.append(content(path, "qcow2"))
        done = snapshot(name=f"s{number}", type="external")
        assert not done.failed, done.msg
    for number, expected in enumerate(moments, 1):
        made = clone(clone=f"of-s{number}", snapshot=f"s{number}")
        assert not made.failed, made.msg
        assert content(IMAGES / f"of-s{number}.qcow2", "qcow2") == expected
        hypervisor.raw.lookupByName(f"of-s{number}").undefine()


def test_images_that_have_changed_since(hypervisor: Hypervisor) -> None:
    """Someone merges the overlay behind libvirt's back: the snapshot is no more what it was."""
    _domain, _written = running(hypervisor)
    taken()
    write(7)
    command = ["virsh", "blockcommit", NAME, "vda", "--active", "--pivot", "--wait"]
    command += ["--timeout", "60"]
    subprocess.run(command, check=True, capture_output=True)
    fails(hypervisor, "isn't on top of", snapshot="s1")


def test_what_a_snapshot_does_not_have(hypervisor: Hypervisor) -> None:
    other = IMAGES / "other.qcow2"
    make_image(other)
    running(hypervisor, disk(other, "vdb"))
    taken(disks=[{"target": "vdb", "type": "no"}])
    share = {"target": "vda", "mode": "share"}
    fails(hypervisor, "disks: vda: the clone would write", snapshot="s1", disks=[share])
    fails(hypervisor, "disks: vdb: the snapshot 's1' has nothing of it", snapshot="s1")
    thrice(hypervisor, snapshot="s1", disks=[{"target": "vdb", "mode": "skip"}])


def test_a_snapshot_that_goes_while_it_is_copied(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain, written = running(hypervisor)
    taken()
    before = everything(hypervisor)
    make = ClonedVolumes.make

    def disturbed(self: ClonedVolumes, *arguments: t.Any) -> None:
        make(self, *arguments)
        snapshot_of_source = domain.snapshotLookupByName("s1")
        snapshot_of_source.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY)

    with monkeypatch.context() as patched:
        patched.setattr(ClonedVolumes, "make", disturbed)
        failed = clone(snapshot="s1")
    assert failed.failed
    assert "'s1' was removed while its images were copied" in failed.msg
    # All that was made is gone again.
    assert everything(hypervisor) == before
    assert content(IMAGE, "qcow2") == written


def test_variables_of_uefi_of_a_running_guest(hypervisor: Hypervisor) -> None:
    firmware = pathlib.Path("/usr/share/OVMF/OVMF_VARS_4M.fd")
    if not firmware.exists():
        pytest.skip("needs ovmf")
    make_image(IMAGE)
    uefi = (
        "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>"
        f"<nvram template='{firmware}'>{IMAGES}/{NAME}_VARS.fd</nvram>"
    )
    domain = started(hypervisor, document(disk(IMAGE), "<features><acpi/></features>", system=uefi))
    taken()
    fails(
        hypervisor,
        "nvram: 'origin' runs, and a snapshot has nothing of the variables of its UEFI",
        snapshot="s1",
    )
    thrice(hypervisor, snapshot="s1", nvram="fresh")
    hypervisor.raw.lookupByName(CLONE).undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
    COPY.unlink()
    domain.destroy()
    done = thrice(hypervisor, snapshot="s1")
    assert "nvram: a snapshot has nothing of the variables" in str(done.values["warnings"])
    assert (IMAGES / f"{CLONE}_VARS.fd").read_bytes() == (IMAGES / f"{NAME}_VARS.fd").read_bytes()


def test_a_template_is_cloned_while_its_linked_clones_run(hypervisor: Hypervisor) -> None:
    """They read its image, and write to their own."""
    written = make_image(IMAGE)
    hypervisor.define(document(disk(IMAGE)))
    for options in ({"clone": "first", "disk_mode": "linked"}, {"clone": "second"}):
        thrice(hypervisor, state="running", **options)
    thrice(hypervisor, disk_mode="linked")
    assert content(COPY, "qcow2") == content(IMAGES / "second.qcow2", "qcow2") == written
