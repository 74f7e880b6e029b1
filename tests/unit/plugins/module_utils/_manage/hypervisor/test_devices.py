# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices of hosts with hardware that the test bed doesn't have; the forms are those of formatnode.html."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.node import NodeDevice
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.hypervisor.devices import (
    described_device,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

CARD = """
<device>
  <name>pci_0000_3b_00_0</name>
  <path>/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0</path>
  <parent>pci_0000_3a_00_0</parent>
  <driver><name>ixgbe</name></driver>
  <capability type='pci'>
    <class>0x020000</class>
    <domain>0</domain><bus>59</bus><slot>0</slot><function>0</function>
    <product id='0x1572'>X710</product>
    <vendor id='0x8086'>Intel Corporation</vendor>
    <capability type='virt_functions' maxCount='64'>
      <address domain='0x0000' bus='0x3b' slot='0x02' function='0x0'/>
      <address domain='0x0000' bus='0x3b' slot='0x0a' function='0x7'/>
    </capability>
    <iommuGroup number='34'>
      <address domain='0x0000' bus='0x3b' slot='0x00' function='0x0'/>
    </iommuGroup>
    <numa node='1'/>
  </capability>
</device>
"""
FUNCTION = """
<device>
  <name>pci_0000_3b_02_0</name>
  <parent>pci_0000_3a_00_0</parent>
  <driver><name>vfio-pci</name></driver>
  <capability type='pci'>
    <domain>0</domain><bus>59</bus><slot>2</slot><function>0</function>
    <product id='0x154c'/>
    <vendor id='0x8086'>Intel Corporation</vendor>
    <capability type='phys_function'>
      <address domain='0x0000' bus='0x3b' slot='0x00' function='0x0'/>
    </capability>
  </capability>
</device>
"""
GRAPHICS = """
<device>
  <name>pci_0000_06_00_0</name>
  <parent>computer</parent>
  <capability type='pci'>
    <domain>0</domain><bus>6</bus><slot>0</slot><function>0</function>
    <capability type='mdev_types'>
      <type id='nvidia-11'>
        <name>GRID M60-0B</name><deviceAPI>vfio-pci</deviceAPI>
        <availableInstances>16</availableInstances>
      </type>
      <type id='nvidia-12'><deviceAPI>vfio-pci</deviceAPI></type>
    </capability>
  </capability>
</device>
"""
MEDIATED = """
<device>
  <name>mdev_3627463d_b7f0_4fea_b468_f1da537d301b</name>
  <parent>css_0_0_0052</parent>
  <driver><name>vfio_mdev</name></driver>
  <capability type='mdev'>
    <type id='vfio_ap-passthrough'/>
    <uuid>3627463d-b7f0-4fea-b468-f1da537d301b</uuid>
    <iommuGroup number='5'/>
    <attr name='assign_adapter' value='5'/>
    <attr name='assign_domain' value='0xab'/>
  </capability>
</device>
"""
STICK = """
<device>
  <name>usb_1_4</name>
  <devnode type='dev'>/dev/bus/usb/001/002</devnode>
  <devnode type='link'>/dev/stick</devnode>
  <parent>usb_usb1</parent>
  <driver><name>usb</name></driver>
  <capability type='usb_device'>
    <bus>1</bus><device>2</device>
    <product id='0x5567'>Cruzer Blade</product>
    <vendor id='0x0781'>SanDisk Corp.</vendor>
  </capability>
</device>
"""
CHANNEL = """
<device>
  <name>css_0_0_26ab</name>
  <capability type='css'><cssid>0x0</cssid><ssid>0x1</ssid><devno>0x26ab</devno></capability>
</device>
"""
DISK = """
<device>
  <name>block_sda_SAMSUNG</name>
  <devnode type='dev'>/dev/sda</devnode>
  <parent>scsi_0_0_0_0</parent>
  <capability type='storage'>
    <block>/dev/sda</block><bus>ata</bus><drive_type>disk</drive_type>
    <model>SSD 870</model><serial>S5Y1</serial><vendor>SAMSUNG</vendor><size>500107862016</size>
  </capability>
</device>
"""
INTERFACE = """
<device>
  <name>net_eth0_02_fc_00_00_00_01</name>
  <parent>pci_0000_00_03_0</parent>
  <capability type='net'>
    <interface>eth0</interface><address>02:fc:00:00:00:01</address>
    <link speed='1000' state='up'/>
    <capability type='80203'/>
  </capability>
</device>
"""


def described(text: str) -> dict[str, t.Any]:
    return described_device(NodeDevice(parse(text), True, False, None))


def test_a_card_with_virtual_functions() -> None:
    card = described(CARD)
    assert (card["type"], card["capabilities"]) == ("pci", ["virt_functions"])
    assert card["address"] == "0000:3b:00.0"
    assert card["vendor"] == {"id": "0x8086", "name": "Intel Corporation"}
    assert (card["driver"], card["class"]) == ("ixgbe", "0x020000")
    assert (card["iommu_group"], card["numa_node"]) == (34, 1)
    assert card["virtual_functions"] == ["0000:3b:02.0", "0000:3b:0a.7"]
    assert card["max_virtual_functions"] == 64
    assert card["physical_function"] is None
    assert (card["active"], card["persistent"], card["autostart"]) == (True, False, None)


def test_a_virtual_function() -> None:
    function = described(FUNCTION)
    assert function["physical_function"] == "0000:3b:00.0"
    assert function["product"] == {"id": "0x154c", "name": None}
    assert (function["virtual_functions"], function["max_virtual_functions"]) == ([], None)
    assert (function["iommu_group"], function["numa_node"]) == (None, None)


def test_the_types_of_mediated_devices() -> None:
    assert described(GRAPHICS)["mdev_types"] == [
        {"id": "nvidia-11", "name": "GRID M60-0B", "device_api": "vfio-pci", "available": 16},
        {"id": "nvidia-12", "name": None, "device_api": "vfio-pci", "available": None},
    ]


def test_a_mediated_device_has_its_attributes_in_their_order() -> None:
    mediated = described(MEDIATED)
    assert mediated["iommu_group"] == 5
    assert mediated["mdev"] == {
        "type": "vfio_ap-passthrough",
        "uuid": "3627463d-b7f0-4fea-b468-f1da537d301b",
        "attributes": [
            {"name": "assign_adapter", "value": "5"},
            {"name": "assign_domain", "value": "0xab"},
        ],
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (STICK, "1.2"),
        (CHANNEL, "0.1.26ab"),
        (DISK, None),
        (INTERFACE, None),
        (CHANNEL.replace("<ssid>0x1</ssid>", ""), None),
        (FUNCTION.replace("<slot>2</slot>", ""), None),
    ],
)
def test_the_address(text: str, address: str | None) -> None:
    assert described(text)["address"] == address


def test_storage() -> None:
    disk = described(DISK)
    assert (disk["block"], disk["size"]) == ("/dev/sda", 500107862016)
    assert (disk["model"], disk["serial"]) == ("SSD 870", "S5Y1")
    assert disk["vendor"] == {"id": None, "name": "SAMSUNG"}
    assert disk["mac"] is None


def test_a_network_interface() -> None:
    found = described(INTERFACE)
    assert (found["interface"], found["mac"], found["link"]) == ("eth0", "02:fc:00:00:00:01", "up")
    assert (found["vendor"], found["mdev"], found["mdev_types"]) == (None, None, [])


def test_files_of_a_device_are_no_links() -> None:
    assert described(STICK)["nodes"] == ["/dev/bus/usb/001/002"]


def test_a_device_without_anything() -> None:
    empty = described("<device><name>x</name></device>")
    assert empty["name"] == "x"
    assert {name for name, value in empty.items() if value not in (None, [])} == {
        "name",
        "active",
        "persistent",
    }
