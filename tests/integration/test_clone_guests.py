# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones that run beside their source, with firmware, a TPM and disks of their own."""

from __future__ import annotations

import functools
import hashlib
import os
import pathlib
import time

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_clone,
    domain_state,
)

from .guests import Boot, Guest
from .guests import disk as raw_disk
from .guests import document as guest_document
from .hypervisor import Hypervisor, Result, task_of
from .test_domain_clone import (
    CLONE,
    IMAGES,
    MIB,
    NAME,
    NVRAM,
    OTHERS,
    content,
    defined,
    disk,
    document,
    everything,
    fails,
    folders,
    make_image,
    thrice,
)

__all__ = ["folders"]

TPM = pathlib.Path("/var/lib/libvirt/swtpm")
_TPM = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
_LOADER = "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>"
_TEMPLATE = "/usr/share/OVMF/OVMF_VARS.fd"

pytestmark = pytest.mark.usefixtures("no_images", "folders")


def started_once(hypervisor: Hypervisor) -> None:
    """The source has run, so that it has its NVRAM and the state of its TPM."""
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    time.sleep(2)
    domain.destroy()


def firmware_document(system: str, devices: str) -> str:
    text = document(devices, "<features><acpi/></features>", system=system)
    return text.replace("<os>", "<os firmware='efi'>") if not system else text


def state(hypervisor: Hypervisor, name: str) -> dict[str, bytes]:
    folder = TPM / hypervisor.raw.lookupByName(name).UUIDString()
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize("is_automatic", [False, True], ids=["named", "automatic"])
def test_the_variables_and_the_tpm_are_copied(hypervisor: Hypervisor, is_automatic: bool) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    make_image(image)
    system = "" if is_automatic else f"{_LOADER}<nvram template='{_TEMPLATE}'/>"
    hypervisor.define(firmware_document(system, disk(image) + _TPM))
    started_once(hypervisor)
    old = NVRAM / f"{NAME}_VARS.fd"
    variables, sealed = old.read_bytes(), state(hypervisor, NAME)
    assert sealed
    done = thrice(hypervisor, tpm="copied")
    assert [change["path"] for change in done.values["changes"]] == [
        "/domain",
        f"volume {IMAGES}/{CLONE}.qcow2",
        f"nvram {NVRAM}/{CLONE}_VARS.fd",
        "tpm state",
    ]
    assert (NVRAM / f"{CLONE}_VARS.fd").read_bytes() == variables
    assert state(hypervisor, CLONE) == sealed
    for name in (NAME, CLONE):
        hypervisor.raw.lookupByName(name).create()
    time.sleep(2)
    assert all(hypervisor.raw.lookupByName(name).isActive() for name in (NAME, CLONE))
    live = hypervisor.raw.lookupByName(CLONE).XMLDesc()
    assert f"{NVRAM}/{CLONE}_VARS.fd" in live
    assert f"{NVRAM}/{NAME}_VARS.fd" not in live


def test_the_variables_and_the_tpm_are_new(hypervisor: Hypervisor) -> None:
    hypervisor.define(firmware_document(f"{_LOADER}<nvram template='{_TEMPLATE}'/>", _TPM))
    started_once(hypervisor)
    marked = bytearray((NVRAM / f"{NAME}_VARS.fd").read_bytes())
    marked[-1] ^= 1
    (NVRAM / f"{NAME}_VARS.fd").write_bytes(marked)
    done = thrice(hypervisor, nvram="fresh")
    assert [change["path"] for change in done.values["changes"]] == ["/domain"]
    assert "the clone gets a new TPM without a state" in str(done.values["warnings"])
    made = NVRAM / f"{CLONE}_VARS.fd"
    assert not made.exists()
    hypervisor.raw.lookupByName(CLONE).create()
    assert made.read_bytes() != bytes(marked)
    assert state(hypervisor, CLONE) != state(hypervisor, NAME)
    hypervisor.raw.lookupByName(CLONE).destroy()
    hypervisor.raw.lookupByName(CLONE).undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_KEEP_NVRAM)
    fails(hypervisor, f"nvram: {made} is there already, and may be of another domain", tpm="fresh")
    other = OTHERS / "other.fd"
    done = thrice(hypervisor, tpm="fresh", nvram_path=str(other))
    assert other.read_bytes() == bytes(marked)
    assert "warnings" not in done.values


def test_a_tpm_that_has_no_state_yet(hypervisor: Hypervisor) -> None:
    hypervisor.define(document(_TPM))
    done = thrice(hypervisor, tpm="copied")
    assert [change["path"] for change in done.values["changes"]] == ["/domain"]
    hypervisor.undefine(CLONE)
    assert "warnings" not in thrice(hypervisor).values


def test_the_state_of_a_tpm_that_was_kept_is_no_clones(hypervisor: Hypervisor) -> None:
    hypervisor.define(document(_TPM))
    thrice(hypervisor)
    uuid = hypervisor.raw.lookupByName(CLONE).UUIDString()
    hypervisor.undefine(CLONE)
    kept = TPM / uuid / "tpm2" / "kept"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"kept")
    thrice(hypervisor)
    assert hypervisor.raw.lookupByName(CLONE).UUIDString() != uuid
    hypervisor.undefine(CLONE)
    assert kept.read_bytes() == b"kept"
    kept.unlink()


@pytest.mark.parametrize("mode", ["copy", "linked"])
def test_a_clone_boots(hypervisor: Hypervisor, boot: Boot, mode: str) -> None:
    """A copy beside its source; a linked one while its source is off."""
    image = IMAGES / f"{NAME}.raw"
    written = make_image(image, "raw")
    nic = "<interface type='network'><source network='default'/><model type='virtio'/></interface>"
    network = hypervisor.raw.networkDefineXML(
        "<network><name>clones</name><bridge name='virbr79'/>"
        "<ip address='192.168.179.1' netmask='255.255.255.0'/></network>"
    )
    network.create()
    try:
        nic = nic.replace("'default'", "'clones'")
        hypervisor.define(guest_document(NAME, boot, raw_disk(image, "vda") + nic))
        thrice(hypervisor, state="running", disk_mode=mode)
        if mode == "copy":
            hypervisor.raw.lookupByName(NAME).create()
        guests = {
            name: Guest(hypervisor.raw.lookupByName(name))
            for name in ([NAME, CLONE] if mode == "copy" else [CLONE])
        }
        for guest in guests.values():
            guest.wait_for_agent()
        macs = {guest.run("cat", "/sys/class/net/eth0/address") for guest in guests.values()}
        assert len(macs) == len(guests)
        clone = guests[CLONE]
        read = clone.run("sh", "-c", "head -c 1048576 /dev/vda | md5sum")
        assert read.split()[0] == hashlib.md5(written[:MIB], usedforsecurity=False).hexdigest()
        clone.run("sh", "-c", "echo changed | dd of=/dev/vda conv=fsync 2>/dev/null")
        for name in guests:
            hypervisor.raw.lookupByName(name).destroy()
        assert content(image, "raw") == written
        copy = IMAGES / (f"{CLONE}.raw" if mode == "copy" else f"{CLONE}.qcow2")
        changed = content(copy, "raw" if mode == "copy" else "qcow2")
        assert changed == b"changed\n" + written[8:]
    finally:
        hypervisor.clear()
        network.destroy()
        network.undefine()


def test_a_clone_that_is_off_is_started(hypervisor: Hypervisor) -> None:
    hypervisor.define(document(""))
    read = functools.partial(everything, hypervisor)
    thrice(hypervisor)
    started = task_of(domain_clone, check=True, name=NAME, clone=CLONE, state="running")
    done = task_of(domain_clone, name=NAME, clone=CLONE, state="running")
    assert started.values["changes"] == done.values["changes"]
    assert [change["path"] for change in done.values["changes"]] == ["state"]
    again: Result = task_of(domain_clone, name=NAME, clone=CLONE, state="running")
    assert not again.changed
    # One that runs is left alone, whether the source can be cloned or not.
    hypervisor.raw.lookupByName(NAME).create()
    before = read()
    assert not task_of(domain_clone, name=NAME, clone=CLONE).changed
    assert read() == before
    assert not task_of(domain_state, name=CLONE, state="running").changed


def test_a_clone_that_cannot_start_is_not_made(hypervisor: Hypervisor) -> None:
    hypervisor.define(document("<interface type='network'><source network='nosuch'/></interface>"))
    fails(hypervisor, "it can't start: there is no network 'nosuch'", state="running")
    thrice(hypervisor)


def test_snapshots_stay_with_the_source(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    written = make_image(image)
    hypervisor.define(document(disk(image)))
    domain = hypervisor.raw.lookupByName(NAME)
    domain.snapshotCreateXML("<domainsnapshot><name>inside</name></domainsnapshot>")
    domain.snapshotCreateXML(
        "<domainsnapshot><name>over</name></domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY,
    )
    thrice(hypervisor)
    copies = list(IMAGES.glob(f"{CLONE}*"))
    assert len(copies) == 1
    assert content(copies[0], "qcow2") == written
    assert sorted(domain.snapshotListNames()) == ["inside", "over"]
    assert not hypervisor.raw.lookupByName(CLONE).snapshotListNames()
    made = defined(hypervisor).value("devices/disk/source/@file")
    assert made == str(copies[0])


def test_devices_of_the_host(hypervisor: Hypervisor) -> None:
    device = (
        "<hostdev mode='subsystem' type='usb' managed='yes'><source><vendor id='0x1234'/>"
        "<product id='0xbeef'/></source></hostdev>"
    )
    hypervisor.define(document("<controller type='usb' model='qemu-xhci'/>" + device))
    done = thrice(hypervisor)
    assert "only one of both guests can have it at a time" in str(done.values["warnings"])
    assert defined(hypervisor).find("devices/hostdev") is not None
    hypervisor.undefine(CLONE)
    done = thrice(hypervisor, hostdevs=False)
    assert "warnings" not in done.values
    assert defined(hypervisor).find("devices/hostdev") is None


def test_an_incomplete_clone_that_someone_has_started_is_not_removed(
    hypervisor: Hypervisor,
) -> None:
    hypervisor.define(document(""))
    thrice(hypervisor)
    text = hypervisor.definition(CLONE).replace(" source=", " incomplete='yes' source=")
    hypervisor.define(text)
    hypervisor.raw.lookupByName(CLONE).create()
    fails(hypervisor, "it was not completed, and someone has started it")
    hypervisor.raw.lookupByName(CLONE).destroy()
    fails(hypervisor, "the domain is itself a clone that was not completed", name=CLONE, clone="x")
    done = thrice(hypervisor)
    assert "what it has left is removed" in str(done.values["warnings"])


_VOLUME = "<a:volume path='{path}' pool='default' name='{name}' part='{part}' stage='{stage}'/>"


def _incomplete(path: pathlib.Path, uuid: str, stage: str) -> str:
    volume = _VOLUME.format(path=path, name=path.name, part=f"{path.name}.{uuid}.part", stage=stage)
    return (
        "<metadata><a:clone xmlns:a='https://declarative-libvirt.github.io/ns/clone/1' "
        f"name='{NAME}' source='{{source}}' incomplete='yes'>{volume}</a:clone></metadata>"
    )


def test_nothing_goes_of_an_incomplete_clone_that_is_not_certainly_its_own(
    hypervisor: Hypervisor,
) -> None:
    image, foreign = IMAGES / f"{NAME}.raw", IMAGES / f"{CLONE}.raw"
    make_image(image, "raw")
    hypervisor.define(document(disk(image, form="raw")))
    source = hypervisor.raw.lookupByName(NAME).UUIDString()
    uuid = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
    more = _incomplete(foreign, uuid, "planned").replace("{source}", source)
    foreign.write_bytes(b"of somebody else")
    hypervisor.define(document(disk(foreign, form="raw"), f"<uuid>{uuid}</uuid>{more}", CLONE))
    fails(hypervisor, f"{foreign} is there already; nothing was written to it")
    # What is based on it is in the way too.
    part = foreign.with_name(f"{foreign.name}.{uuid}.part")
    os.link(foreign, part)
    hypervisor.define(document(disk(foreign, form="raw"), name="other"))
    refused = task_of(domain_clone, name=NAME, clone=CLONE)
    assert refused.failed
    assert "vda of the domain other" in refused.msg
    assert foreign.read_bytes() == b"of somebody else"


def test_a_clone_of_a_linked_clone_and_what_can_be_removed(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    written = make_image(image)
    hypervisor.define(document(disk(image)))
    thrice(hypervisor, disk_mode="linked")
    thrice(hypervisor, name=CLONE, clone="third", disk_mode="linked")
    assert content(IMAGES / "third.qcow2", "qcow2") == written
    thrice(hypervisor, name="third", clone="whole")
    assert content(IMAGES / "whole.qcow2", "qcow2") == written
