# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.description import (
    disks,
    interfaces,
    machine,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def domain(devices: str = "", rest: str = ""):
    return parse(f"<domain type='kvm'>{rest}<devices>{devices}</devices></domain>")


@pytest.mark.parametrize(
    ("disk", "source"),
    [
        ("<disk type='file'><source file='/a.img' index='1'/></disk>", "/a.img"),
        ("<disk type='block'><source dev='/dev/vg/lv'/></disk>", "/dev/vg/lv"),
        ("<disk type='dir'><source dir='/floppy'/></disk>", "/floppy"),
        ("<disk type='volume'><source pool='p' volume='v/w'/></disk>", "p/v/w"),
        (
            "<disk type='network'><source protocol='rbd' name='pool/image'/></disk>",
            "rbd:///pool/image",
        ),
        (
            "<disk type='network'><source protocol='https' name='/x.iso'>"
            "<host name='example.org' port='443'/></source></disk>",
            "https://example.org:443/x.iso",
        ),
        (
            "<disk type='nvme'><source type='pci' namespace='1'>"
            "<address domain='0x0000' bus='0x0a' slot='0x01' function='0x2'/></source></disk>",
            "0000:0a:01.2",
        ),
        (
            "<disk type='vhostuser'><source type='unix' path='/run/vhost.sock'/></disk>",
            "/run/vhost.sock",
        ),
        ("<disk type='file' device='cdrom'/>", None),
        ("<disk type='file' device='cdrom'><source index='3'/></disk>", None),
    ],
)
def test_the_source_of_a_disk(disk: str, source: str | None) -> None:
    (described,) = disks(domain(disk), {})
    assert described["source"] == source


def test_sizes_are_those_of_the_disk_and_not_of_its_backing_image() -> None:
    stats = {
        "block.count": 3,
        "block.0.name": "vda",
        "block.0.capacity": 10,
        "block.0.allocation": 4,
        "block.1.name": "vda",
        "block.1.backingIndex": 2,
        "block.1.capacity": 9,
        "block.2.name": "vdb",
        "block.2.allocation": 5,
    }
    found = disks(
        domain("".join(f"<disk type='file'><target dev='vd{name}'/></disk>" for name in "abc")),
        stats,
    )
    assert [(one["capacity"], one["allocation"], one["physical"]) for one in found] == [
        (10, 4, None),
        (None, 5, None),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("interface", "source"),
    [
        ("<interface type='network'><source network='n' bridge='virbr0'/></interface>", "n"),
        ("<interface type='bridge'><source bridge='br0'/></interface>", "br0"),
        ("<interface type='direct'><source dev='eth0' mode='bridge'/></interface>", "eth0"),
        ("<interface type='vhostuser'><source type='unix' path='/s'/></interface>", "/s"),
        ("<interface type='internal'><source name='n'/></interface>", "n"),
        ("<interface type='udp'><source address='10.0.0.1' port='5'/></interface>", "10.0.0.1"),
        (
            "<interface type='hostdev'><source><address type='pci' bus='0x3' slot='0x10' "
            "function='0x1'/></source></interface>",
            "0000:03:10.1",
        ),
        ("<interface type='user'/>", None),
    ],
)
def test_what_an_interface_is_plugged_into(interface: str, source: str | None) -> None:
    (described,) = interfaces(domain(interface))
    assert described["source"] == source


def test_memory_and_cpus() -> None:
    described = machine(domain(rest="<memory unit='MiB'>2</memory><vcpu current='1'>4</vcpu>"))
    assert described["memory"] == {"current": 2097152, "maximum": 2097152}
    assert described["vcpus"] == {"current": 1, "maximum": 4}
    less = machine(domain(rest="<memory>2048</memory><currentMemory>1024</currentMemory>"))
    assert less["memory"] == {"current": 1048576, "maximum": 2097152}
    assert machine(domain())["memory"] == {"current": None, "maximum": None}
