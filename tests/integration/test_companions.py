# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt adds to a domain along with a new device is foreseen, and listed."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_device,
    domain_xml,
)
from lxml import etree

from .hypervisor import Hypervisor, Result, task_of

NAME = "companions"
_IMAGE = pathlib.Path("/var/lib/libvirt/images/companions.img")
_DISK = (
    "<disk type='file' device='{}'><driver name='qemu' type='raw'/>"
    f"<source file='{_IMAGE}'/><target dev='{{}}' bus='{{}}'/></disk>"
)
DEVICES = {
    "scsi": _DISK.format("disk", "sda", "scsi"),
    "scsi, far": _DISK.format("disk", "sdz", "scsi"),
    "sata": _DISK.format("disk", "sdh", "sata"),
    "floppy": _DISK.format("floppy", "fda", "fdc"),
    "channel": "<channel type='unix'><target type='virtio' name='a'/></channel>",
    "channel, far": "<channel type='unix'><target type='virtio' name='a'/>"
    "<address type='virtio-serial' controller='1' bus='0' port='2'/></channel>",
    "console": "<console type='pty'><target type='virtio'/></console>",
    "smartcard": "<smartcard mode='passthrough' type='tcp'>"
    "<source mode='bind' host='127.0.0.1' service='2001'/></smartcard>",
    "vnc": "<graphics type='vnc'/>",
    "spice": "<graphics type='spice'/>",
    "usb": "<input type='tablet' bus='usb'/>",
}


def ways(device: str) -> t.Iterator[tuple[t.Any, dict[str, t.Any]]]:
    """The modules, each with the options that add the device."""
    merged = f"<domain><devices>{device}</devices></domain>"
    yield domain_xml, {"name": NAME, "mode": "merge", "xml": merged}
    yield domain_device, {"domain": NAME, "xml": device}


def kinds(text: str) -> list[tuple[str, ...]]:
    """The devices of a document, but for the bridges and ports of PCI."""
    found = etree.fromstring(text).findall("devices/*")
    return [
        (str(one.tag), *(one.get(name, "") for name in ("type", "index")))
        for one in found
        if (one.tag, one.get("type")) != ("controller", "pci")
    ]


def said(done: Result) -> list[tuple[str, ...]]:
    """The devices that a result says are new."""
    new = [etree.fromstring(one["after"]) for one in done.values["changes"] if one["op"] == "add"]
    return [
        (str(one.tag), *(one.get(name, "") for name in ("type", "index")))
        for one in new
        if (one.tag, one.get("type")) != ("controller", "pci")
    ]


@pytest.fixture(autouse=True)
def _image(no_images: None) -> None:
    _IMAGE.write_bytes(bytes(1474560))


@pytest.mark.parametrize("state", ["stopped", "running"])
@pytest.mark.parametrize("machine", ["pc", "q35"])
@pytest.mark.parametrize("device", DEVICES)
def test_what_comes_along_is_said(
    hypervisor: Hypervisor, device: str, machine: str, state: str
) -> None:
    for module, options in ways(DEVICES[device]):
        hypervisor.clear()
        domain = hypervisor.raw.defineXML(
            f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>64</memory>"
            f"<os><type arch='x86_64' machine='{machine}'>hvm</type></os>"
            "<features><acpi/></features><devices/></domain>"
        )
        if state == "running":
            domain.create()
        before = kinds(hypervisor.definition(NAME))
        foreseen, done, again = (task_of(module, one, **options) for one in (True, False, False))
        assert not done.failed, done.msg
        added = kinds(hypervisor.definition(NAME))
        for one in before:
            added.remove(one)
        assert sorted(said(foreseen)) == sorted(added), device
        # A slot for a controller is looked for when it is plugged in.
        has_room = "available PCI slots" not in str(done.values["pending"])
        told = [
            [(one["path"], one["op"], has_room and one["when"]) for one in each.values["changes"]]
            for each in (foreseen, done)
        ]
        assert [one for one in told[1] if "@type='pci'" not in one[0]] == told[0], done.values
        assert not again.changed, again.values
