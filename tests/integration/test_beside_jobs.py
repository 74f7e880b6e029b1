# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Growth, removal and clones beside snapshots, linked clones and block jobs."""

from __future__ import annotations

import functools
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_clone,
    domain_device,
    volume,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .guests import Guest
from .hypervisor import Hypervisor, task_of
from .images import make_overlay
from .test_domain_clone import MIB, disk, document, info, make_image, make_pool
from .three_ways import assert_fails, three_ways

NAME = "beside"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
IMAGE = IMAGES / f"{NAME}.qcow2"
OLD = IMAGES / "old.qcow2"
_COPY = libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB

pytestmark = pytest.mark.usefixtures("no_images")

task = functools.partial(task_of, domain, name=NAME)


@pytest.fixture
def guest(hypervisor: Hypervisor) -> t.Any:
    """A guest that is off, with an image of the newer version, and one of version 2."""
    IMAGES.mkdir(exist_ok=True)
    make_image(IMAGE)
    make_image(OLD)
    subprocess.run(["qemu-img", "amend", "-o", "compat=0.10", str(OLD)], check=True)
    make_pool(hypervisor, "default", IMAGES)
    hypervisor.define(document(disk(IMAGE) + disk(OLD, "vdb"), name=NAME))
    return hypervisor.raw.lookupByName(NAME)


def size(path: pathlib.Path) -> int:
    return int(info(path)["virtual-size"])


def test_growth_beside_snapshots_and_jobs(hypervisor: Hypervisor, guest: t.Any) -> None:
    guest.snapshotCreateXML("<domainsnapshot><name>s1</name></domainsnapshot>")

    def state() -> object:
        return hypervisor.definition(NAME), size(IMAGE), size(OLD)

    words = "is a qcow2 image of version 2 with the snapshots s1"
    old: dict[str, t.Any] = {"pool": "default", "name": OLD.name, "capacity": "16M"}
    vdb = {"target": "vdb", "size": 16 / 1024}
    assert_fails(volume, state, f"capacity: {OLD} {words}", **old)
    assert_fails(domain, state, f"size: {OLD} {words}", name=NAME, disks=[vdb])
    assert_fails(domain_device, state, f"size: {OLD} {words}", domain=NAME, disk=vdb)
    # That of the newer version grows, by both modules.
    three_ways(volume, None, pool="default", name=IMAGE.name, capacity="12M")
    three_ways(domain, None, name=NAME, disks=[{"target": "vda", "size": 16 / 1024}])
    assert size(IMAGE) == 16 * MIB
    guest.create()
    three_ways(volume, None, pool="default", name=IMAGE.name, capacity="20M")
    assert guest.blockInfo("vda")[0] == 20 * MIB
    copy = IMAGES / "job.qcow2"
    document = f"<disk type='file'><driver type='qcow2'/><source file='{copy}'/></disk>"
    guest.blockCopy("vda", document, {}, _COPY)
    Guest.wait_until(lambda: "ready='yes'" in guest.XMLDesc())
    vda = {"target": "vda", "size": 24 / 1024}
    words = f"vda has a block job (copy to {copy}), beside which it can't become larger"
    grown = {"pool": "default", "name": IMAGE.name, "capacity": "24M"}
    assert_fails(volume, state, f"capacity: {words}", **grown)
    assert_fails(domain, state, f"size: {words}", name=NAME, disks=[vda])
    assert_fails(domain_device, state, f"size: {words}", domain=NAME, disk=vda)
    for check in (True, False):
        gone = task(check, state="absent", shutdown={"method": [], "timeout": 0, "force": True})
        assert not gone.failed, gone.msg
        assert f"which ends with the guest; {copy} stays" in str(gone.values["warnings"])
    assert copy.exists()


def test_a_clone_of_an_overlay(hypervisor: Hypervisor, guest: t.Any) -> None:
    """It is called after the image that the overlay is called after."""
    guest.snapshotCreateXML(
        "<domainsnapshot><name>s1</name></domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY,
    )
    source = parse(hypervisor.definition(NAME)).value("devices/disk/source/@file")
    assert source == f"{IMAGES}/{NAME}.s1"
    three_ways(domain_clone, None, name=NAME, clone="copy")
    disks = parse(hypervisor.definition("copy")).findall("devices/disk")
    paths = [each.value("source/@file") for each in disks]
    assert paths == [f"{IMAGES}/copy.qcow2", f"{IMAGES}/old-copy.qcow2"]


def test_no_base_of_another_guest_is_to_be_merged(hypervisor: Hypervisor, guest: t.Any) -> None:
    """An overlay of no snapshot, and a linked clone, whose images are based on one image."""
    top = IMAGES / "top.qcow2"
    make_overlay(top, IMAGE)
    hypervisor.define(document(disk(top), name="other"))
    asks = functools.partial(task_of, domain, True, name="other", disks=[{"path": str(IMAGE)}])
    assert not asks().changed
    warnings = str(asks().values["warnings"])
    assert f"{IMAGE} is used by vda of the domain {NAME}" in warnings
    assert "blockcommit" not in warnings
    guest.undefine()
    assert "blockcommit" in str(asks().values["warnings"])
