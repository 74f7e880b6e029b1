# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a running guest that can't be moved, or saved."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.devices import (
    ASKS_QEMU,
    ROWS,
    Unsaved,
    staying,
    unsaved,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

OLD, NEW = 8_000_000, 11_003_000
#: By the words of the rows: a document of each, and whether a new libvirt leaves it to QEMU.
DOCUMENTS = {
    "hostdev of type scsi)": ("<hostdev type='scsi'/>", True),
    "hostdev of type scsi_host)": ("<hostdev type='scsi_host'/>", True),
    "hostdev of type mdev)": ("<hostdev type='mdev'/>", True),
    "hostdev of type pci)": ("<hostdev type='pci'/>", True),
    "interface of type hostdev)": ("<interface type='hostdev'/>", True),
    "a vDPA interface": ("<interface type='vdpa'/>", True),
    "virtiofs": ("<filesystem><driver type='virtiofs'/></filesystem>", True),
    "without role master": ("<shmem role='peer'/>", False),
    "a transient disk": ("<disk><transient/></disk>", False),
    "an NVMe disk": ("<disk type='nvme'/>", False),
    "the TPM of its host": ("<tpm><backend type='passthrough'/></tpm>", False),
    "3D": ("<video><model><acceleration accel3d='yes'/></model></video>", False),
}
TSC = "<cpu><feature name='invtsc' policy='require'/></cpu>"


def words(devices: str, version: int, more: str = "") -> list[str]:
    document = parse(f"<domain>{more}<devices>{devices}</devices></domain>")
    return [found for found, _remedy in staying(document, version)]


@pytest.mark.parametrize("part", DOCUMENTS)
def test_each_device(part):
    devices, is_left_to_qemu = DOCUMENTS[part]
    (found,) = words(devices, OLD)
    assert part in found
    assert bool(words(devices, NEW)) is not is_left_to_qemu


def test_each_row_has_a_document():
    outside = [row for row in ROWS if not row.path.startswith("devices/")]
    assert len(ROWS) == len(DOCUMENTS) + len(outside)
    assert all(row.remedy and row.reason for row in ROWS)


def test_what_is_of_the_domain():
    assert words("", NEW, "<launchSecurity type='sev'/>")
    assert words("", NEW, TSC) == ["the CPU feature invtsc"]
    timer = "<clock><timer name='tsc' frequency='3000000000'/></clock>"
    assert words("", NEW, TSC + timer) == []


@pytest.mark.parametrize("part", DOCUMENTS)
def test_each_device_is_saved_where_only_other_hosts_lack_it(part):
    devices, is_left_to_qemu = DOCUMENTS[part]
    found = unsaved(parse(f"<domain><devices>{devices * 2}</devices></domain>"), NEW)
    if part == "an NVMe disk":
        assert found == Unsaved()
        return
    assert [len(each) for each in found] == [not is_left_to_qemu, is_left_to_qemu]
    assert part in "".join(found.certain + found.asked)


def test_what_is_of_the_domain_is_not_saved():
    found = unsaved(parse(f"<domain><launchSecurity type='sev'/>{TSC}</domain>"), NEW)
    assert found == Unsaved(("memory that its host has encrypted", "the CPU feature invtsc"))


@pytest.mark.parametrize(
    "devices",
    [
        "<hostdev type='usb'/>",
        "<hostdev type='pci'><teaming type='transient'/></hostdev>",
        "<interface type='network'/>",
        "<shmem role='master'/>",
        "<disk type='file'/>",
        "<tpm><backend type='emulator'/></tpm>",
    ],
)
def test_others_are_moved(devices):
    assert words(devices, ASKS_QEMU - 1) == []
