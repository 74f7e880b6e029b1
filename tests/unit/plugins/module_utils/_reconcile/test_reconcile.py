# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is a change, and what isn't, by example."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

ACTUAL = """
<domain type='kvm'>
  <name>guest</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='KiB'>1048576</memory>
  <currentMemory unit='KiB'>1048576</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>
    <boot dev='hd'/>
    <boot dev='network'/>
  </os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/images/guest.qcow2'/>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x04' function='0x0'/>
    </disk>
    <controller type='usb' index='0' model='piix3-uhci'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x2'/>
    </controller>
    <controller type='pci' index='0' model='pci-root'/>
    <interface type='network'>
      <mac address='52:54:00:aa:bb:cc'/>
      <source network='default'/>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x03' function='0x0'/>
    </interface>
    <input type='mouse' bus='ps2'/>
    <input type='keyboard' bus='ps2'/>
    <graphics type='vnc' port='-1' autoport='yes' passwd='geheim'>
      <listen type='address'/>
    </graphics>
    <audio id='1' type='none'/>
    <video>
      <model type='cirrus' vram='16384' heads='1' primary='yes'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </video>
    <memballoon model='virtio'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>
    </memballoon>
  </devices>
</domain>
"""
#: The same guest as a person writes it.
BY_HAND = """
<domain type='kvm'>
  <name>guest</name>
  <memory unit='GiB'>1</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <boot dev='hd'/>
    <boot dev='network'/>
  </os>
  <features><acpi/></features>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/images/guest.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <graphics type='vnc' passwd='geheim'/>
  </devices>
</domain>
"""


def planned(old: str, new: str, document: str = BY_HAND):
    assert old in document
    return reconcile(parse(document.replace(old, new)), parse(ACTUAL), DOMAIN)


def summary(plan):
    return [(change.op, change.path, change.before, change.after) for change in plan.changes]


def test_what_libvirt_fills_in_is_no_change():
    plan = reconcile(parse(BY_HAND), parse(ACTUAL), DOMAIN)
    assert summary(plan) == []
    assert plan.document == parse(ACTUAL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<memory unit='GiB'>1<", "<memory unit='bytes'>1073741824<"),
        ("<memory unit='GiB'>1<", "<memory>1048576<"),
        ("machine='pc'", "machine='pc-i440fx-7.2'"),
        ("<source network", "<mac address='52:54:00:AA:BB:CC'/><source network"),
        ("<vcpu>", "<uuid>C7A5FDBDEDAF9455926AD65C16DB1809</uuid><vcpu>"),
        ("<vcpu>", "<on_reboot>restart</on_reboot><vcpu>"),
        (
            "<model type='virtio'/>",
            "<model type='virtio'/><address type='pci' domain='0' bus='0' slot='3' function='0'/>",
        ),
    ],
)
def test_other_spellings_of_the_same_are_no_change(old, new):
    assert summary(planned(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (
            "<vcpu>2<",
            "<vcpu>4<",
            [("modify", "/domain/vcpu", "2", "4")],
        ),
        (
            "'GiB'>1<",
            "'GiB'>2<",
            [
                ("modify", "/domain/memory", "1048576 KiB", "2 GiB"),
                ("modify", "/domain/currentMemory", "1048576 KiB", "2 GiB"),
            ],
        ),
        (
            "<vcpu>",
            "<title>My guest</title><vcpu>",
            [("add", "/domain/title", None, "<title>My guest</title>")],
        ),
        (
            "<boot dev='hd'/>\n    <boot dev='network'/>",
            "<boot dev='network'/><boot dev='hd'/>",
            [
                ("move", "/domain/os/boot[2]", "2", "1"),
                ("move", "/domain/os/boot[1]", "1", "2"),
            ],
        ),
        (
            "type='qcow2'/>",
            "type='qcow2' cache='none'/>",
            [("add", "/domain/devices/disk[target/@dev='vda']/driver/@cache", None, "none")],
        ),
        (
            "network='default'",
            "network='lan'",
            [
                (
                    "modify",
                    "/domain/devices/interface[mac/@address='52:54:00:aa:bb:cc'][@type='network']"
                    "/source/@network",
                    "default",
                    "lan",
                )
            ],
        ),
        (
            "passwd='geheim'",
            "passwd='anders'",
            [
                (
                    "modify",
                    "/domain/devices/graphics[@type='vnc']/@passwd",
                    "VALUE_HIDDEN",
                    "VALUE_HIDDEN",
                )
            ],
        ),
        (
            "machine='pc'",
            "machine='q35'",
            [("modify", "/domain/os/type/@machine", "pc-i440fx-7.2", "q35")],
        ),
        (
            "<features><acpi/></features>",
            "<features/>",
            [("remove", "/domain/features", "<features><acpi/></features>", None)],
        ),
    ],
)
def test_changes_are_named(old, new, changes):
    plan = planned(old, new)
    assert summary(plan)[: len(changes)] == changes
    # A q35 has other controllers as well.
    if "q35" not in new:
        assert len(plan.changes) == len(changes)


def test_what_is_omitted_is_removed():
    disk = BY_HAND[BY_HAND.index("<disk") : BY_HAND.index("</disk>") + 7]
    plan = planned(disk, "")
    assert [(c.op, c.path) for c in plan.changes] == [
        ("remove", "/domain/devices/disk[target/@dev='vda']")
    ]
    assert "vda" not in serialise(plan.document)


def test_a_drifted_default_goes_back():
    drifted = ACTUAL.replace("<on_reboot>restart", "<on_reboot>destroy").replace(
        "offset='utc'", "offset='localtime'"
    )
    plan = reconcile(parse(BY_HAND), parse(drifted), DOMAIN)
    assert summary(plan) == [
        ("modify", "/domain/clock/@offset", "localtime", "utc"),
        ("modify", "/domain/on_reboot", "destroy", "restart"),
    ]
    assert plan.document == parse(ACTUAL)


def test_what_was_assigned_is_carried_over():
    document = planned("<vcpu>2<", "<vcpu>4<").document
    assert document.value("uuid") == "c7a5fdbd-edaf-9455-926a-d65c16db1809"
    assert document.value("devices/interface/mac/@address") == "52:54:00:aa:bb:cc"
    assert document.value("devices/interface/address/@slot") == "0x03"
    assert document.value("devices/disk/address/@slot") == "0x04"


def test_an_address_that_the_document_gives_away_is_not_carried_over():
    plan = planned(
        "<graphics",
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend>"
        "<address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/></rng><graphics",
    )
    balloon = plan.document.find("devices/memballoon")
    assert balloon is not None
    assert balloon.child("address") is None
    assert plan.document.value("devices/rng/address/@slot") == "0x05"


def test_a_new_disk_stands_where_the_document_has_it():
    plan = planned(
        "<interface",
        "<disk type='file'><source file='/b'/><target dev='vdb' bus='virtio'/></disk><interface",
    )
    devices = plan.document.child("devices")
    assert devices is not None
    assert [one.value("target/@dev") for one in devices.all("disk")] == ["vda", "vdb"]
    assert [one.tag for one in devices.children][1:3] == ["disk", "disk"]


def test_a_model_that_changes_takes_its_memory_along():
    plan = reconcile(
        parse("<domain><devices><video><model type='qxl'/></video></devices></domain>"),
        parse(ACTUAL),
        DOMAIN,
        MERGE,
    )
    model = plan.document.find("devices/video/model")
    assert model is not None
    assert model.get("type") == "qxl"
    assert model.get("vram") != "16384"


def test_a_merge_leaves_what_is_not_said():
    plan = reconcile(
        parse(
            "<domain><devices><interface type='network'><source network='default'/>"
            "<link state='down'/></interface></devices></domain>"
        ),
        parse(ACTUAL),
        DOMAIN,
        MERGE,
    )
    assert [(c.op, c.after) for c in plan.changes] == [("add", "<link state='down'/>")]
    assert len(plan.document.findall("devices/disk")) == 1
    assert plan.document.value("devices/interface/mac/@address") == "52:54:00:aa:bb:cc"


def test_a_boot_order_of_devices_replaces_that_of_the_system_in_a_merge():
    plan = reconcile(
        parse(
            "<domain><devices><disk><target dev='vda'/><boot order='1'/></disk></devices></domain>"
        ),
        parse(ACTUAL),
        DOMAIN,
        MERGE,
    )
    assert {c.op for c in plan.changes} == {"add", "remove"}
    assert plan.document.findall("os/boot") == []


def test_elements_that_no_table_knows_are_compared_strictly():
    actual = ACTUAL.replace("<clock", "<novelty a='1'><b/><c/></novelty><clock")
    same = BY_HAND.replace("<features", "<novelty a='1'><b/><c/></novelty><features")
    assert summary(reconcile(parse(same), parse(actual), DOMAIN)) == []
    assert summary(reconcile(parse(BY_HAND), parse(actual), DOMAIN)) == [
        ("remove", "/domain/novelty", "<novelty a='1'><b/><c/></novelty>", None)
    ]
