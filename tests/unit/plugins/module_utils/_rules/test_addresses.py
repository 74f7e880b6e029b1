# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which addresses two devices would share."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.addresses import (
    drive_of_target,
    twice,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_PCI = "<rng model='virtio'><address type='pci' {}/></rng>"
_USB = "<input type='{}' bus='usb'><address type='usb' {}/></input>"
_PCI_ADDRESS = "<address type='pci' bus='1' slot='4'/>"
_PORT = "<channel type='unix'><target name='{}'/><address type='virtio-serial' {}/></channel>"
_DISK = "<disk><target dev='{}' bus='{}'/>{}</disk>"
_DRIVE = "<address type='drive' controller='0' bus='0' target='0' unit='{}'/>"


@pytest.mark.parametrize(
    ("one", "other", "address"),
    [
        (
            _PCI.format("bus='0x01' slot='0'"),
            _PCI.format("domain='0' bus='1' slot='0x00' function='0'"),
            "XML error: Attempted double use of PCI Address 0000:01:00.0",
        ),
        (_PCI.format("bus='1' slot='0'"), _PCI.format("bus='1' slot='0' function='1'"), None),
        (_PCI.format(""), _PCI.format(""), None),
        (
            _USB.format("mouse", "bus='0' port='1.2'"),
            _USB.format("tablet", "bus='0' port='1.2'"),
            "XML error: Duplicate USB address bus 0 port 1.2",
        ),
        (_USB.format("mouse", "bus='0' port='1'"), _USB.format("tablet", "bus='1' port='1'"), None),
        (
            _PORT.format("a", "controller='0' bus='0' port='2'"),
            _PORT.format("b", "port='2'"),
            "XML error: virtio serial port 2 on controller 0 is already occupied",
        ),
        (_PORT.format("a", "port='0'"), _PORT.format("b", "port='0'"), None),
        (
            _DISK.format("sda", "scsi", _DRIVE.format(1)),
            _DISK.format("sdb", "scsi", ""),
            "unsupported configuration: Found duplicate drive address for disk with target name "
            "'sda' controller='0' bus='0' target='0' unit='1'",
        ),
        (_DISK.format("sda", "scsi", ""), _DISK.format("sda", "sata", ""), None),
        (_DISK.format("vda", "virtio", ""), _DISK.format("vdb", "virtio", ""), None),
        (_DISK.format("sda", "usb", ""), _DISK.format("sdb", "usb", ""), None),
        (
            f"<serial type='pty'>{_PCI_ADDRESS}</serial>",
            f"<console type='pty'><target type='serial'/>{_PCI_ADDRESS}</console>",
            None,
        ),
        (
            f"<serial type='pty'>{_PCI_ADDRESS}</serial>",
            f"<console type='pty'><target port='0'/>{_PCI_ADDRESS}</console>",
            None,
        ),
    ],
)
def test_an_address_twice(one: str, other: str, address: str | None) -> None:
    for kind in ("qemu", "test"):
        domain = parse(f"<domain type='{kind}'><devices>{one}{other}</devices></domain>")
        found = twice(domain)
        assert (None if found is None else found.reason) == (address if kind == "qemu" else None)


@pytest.mark.parametrize(
    ("target", "bus", "place"),
    [
        ("hdd", "ide", (0, 1, 0, 1)),
        ("sdg", "sata", (1, 0, 0, 0)),
        ("sdg", "scsi", (0, 0, 0, 6)),
        ("sdh", "scsi", (1, 0, 0, 0)),
        ("sdz", "scsi", (3, 0, 0, 4)),
        ("sdaa", "scsi", (3, 0, 0, 5)),
        ("fdb", "fdc", (0, 0, 0, 1)),
        ("sda", "usb", None),
        ("sd", "scsi", None),
    ],
)
def test_the_place_of_a_target(target: str, bus: str, place: tuple[int, ...] | None) -> None:
    found = drive_of_target(parse(_DISK.format(target, bus, "")))
    assert (None if found is None else tuple(found.values())) == place
