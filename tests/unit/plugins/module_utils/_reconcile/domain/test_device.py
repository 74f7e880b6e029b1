# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding one device of a document, and putting another in its place."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import ALWAYS, NEVER
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.asked import (
    AskedForByEdit,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.device import (
    Devices,
    document_of,
    pinned,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.edit import (
    SAFE,
    DeviceEdit,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.live import (
    live_plan,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.pending import (
    pending,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.errors import (
    AmbiguousDevice,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

DISKS = (
    "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>"
    "<disk type='file' device='disk'><source file='/b'/><target dev='vdb' bus='virtio'/></disk>"
    "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>"
)
INTERFACES = (
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/>"
    "<model type='virtio'/><address type='pci' domain='0x0000' bus='0x00' slot='0x03' "
    "function='0x0'/></interface>"
    "<interface type='network'><mac address='52:54:00:00:00:02'/><source network='default'/>"
    "<model type='e1000'/></interface>"
    "<interface type='bridge'><mac address='52:54:00:00:00:03'/><source bridge='br0'/>"
    "<alias name='ua-third'/></interface>"
)
OTHERS = (
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
    "<memballoon model='virtio'/>"
    "<input type='tablet' bus='usb'/><input type='keyboard' bus='ps2'/>"
)
DOCUMENT = (
    "<domain type='qemu'><name>web</name><memory unit='KiB'>1048576</memory>"
    f"<devices>{DISKS}{INTERFACES}{OTHERS}</devices></domain>"
)


def devices(document: str = DOCUMENT) -> Devices:
    return Devices(parse(document))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("<disk><target dev='vdb'/></disk>", "disk[target/@dev='vdb']"),
        ("<disk><target dev='vdc'/><source file='/a'/></disk>", None),
        ("<disk><source file='/b'/></disk>", "disk[target/@dev='vdb']"),
        ("<disk><source file='/c'/></disk>", None),
        ("<disk device='cdrom'><source file='/any.iso'/></disk>", "disk[target/@dev='sda']"),
        ("<disk device='floppy'/>", None),
        ("<interface><mac address='52:54:00:00:00:02'/></interface>", "interface[mac/@address='52"),
        ("<interface><mac address='52:54:00:00:00:09'/></interface>", None),
        ("<interface type='bridge'><source bridge='br0'/></interface>", "interface[mac/@address="),
        ("<interface type='network'><source network='lan'/></interface>", None),
        ("<interface><alias name='ua-third'/></interface>", "interface[mac/@address="),
        (
            "<interface><address type='pci' slot='3'/></interface>",
            "interface[mac/@address='52:54:00:00:00:01']",
        ),
        ("<rng><backend model='random'>/dev/urandom</backend></rng>", "rng"),
        ("<rng model='virtio'><backend model='random'>/dev/random</backend></rng>", "rng"),
        ("<rng model='virtio-non-transitional'/>", None),
        ("<memballoon model='none'/>", "memballoon"),
        ("<input type='tablet' bus='usb'/>", "input[@type='tablet'][@bus='usb']"),
        ("<input type='keyboard' bus='usb'/>", None),
        ("<sound model='ich9'/>", None),
    ],
)
def test_the_device_that_is_meant(said: str, name: str | None) -> None:
    there = devices()
    found = there.same(parse(said))
    if name is None:
        assert found is None
    else:
        assert found is not None
        assert there.name_of(found).startswith(name)


def test_several_that_may_be_meant_are_listed() -> None:
    said = parse(
        "<interface type='network'><source network='default'/><mtu size='9000'/></interface>"
    )
    with pytest.raises(AmbiguousDevice, match=r"2 devices .*00:01.*00:02"):
        devices().same(said)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("<disk><target dev='vda'/><source file='/elsewhere'/></disk>", 1),
        ("<disk><target dev='vdz'/></disk>", 0),
        ("<disk device='cdrom'/>", 1),
        ("<interface><model type='e1000'/></interface>", 1),
        ("<interface><model type='rtl8139'/></interface>", 0),
        ("<memballoon/>", 1),
    ],
)
def test_the_device_that_is_to_go(said: str, count: int) -> None:
    assert (devices().going(parse(said)) is not None) == bool(count)


def test_only_one_goes() -> None:
    with pytest.raises(AmbiguousDevice, match="2 devices"):
        devices().going(parse("<interface type='network'/>"))


def test_a_twin_is_known_by_what_both_documents_say() -> None:
    live = DOCUMENT.replace("<alias name='ua-third'/>", "<alias name='net2'/>").replace(
        "<source network='default'/>", "<source network='default' portid='1' bridge='virbr0'/>"
    )
    for one in devices().all():
        twin = devices(live).twin(one)
        assert twin is not None
        assert devices(live).name_of(twin) == devices().name_of(one)


def test_a_device_is_replaced_added_and_removed() -> None:
    there = devices()
    old = there.of_kind("disk")[1]
    new = parse("<disk><target dev='vdb'/></disk>")
    for before, after in ((old, new), (None, new), (old, None)):
        document = there.replaced(before, after)
        found = Devices(document).of_kind("disk")
        assert len(found) == 3 + (before is None) - (after is None)
        assert any(one is new for one in found) == (after is not None)
        assert not any(one is old for one in found) or before is None
    assert serialise(there.document) == serialise(parse(DOCUMENT))


def test_memory_counts_what_is_plugged_in() -> None:
    there = devices(DOCUMENT.replace("</memory>", "</memory><currentMemory>524288</currentMemory>"))
    module = parse("<memory model='dimm'><target><size unit='MiB'>256</size></target></memory>")
    more = there.replaced(None, module)
    assert (more.value("memory"), more.value("currentMemory")) == ("1310720", "786432")
    less = Devices(more).replaced(module, None)
    assert (less.value("memory"), less.value("currentMemory")) == ("1048576", "524288")


def test_what_is_said_is_pinned_to_the_device() -> None:
    there = devices()
    interface = there.of_kind("interface")[0]
    said = pinned(parse("<interface><link state='down'/></interface>"), interface)
    assert said.value("mac/@address") == "52:54:00:00:00:01"
    assert said.value("address/@slot") == "0x03"
    assert said.child("source") is None
    controller = parse("<controller type='scsi' index='2' model='virtio-scsi'/>")
    assert serialise(pinned(parse("<controller/>"), controller), indent=None) == (
        "<controller type='scsi' index='2'/>"
    )


# What of a running guest a task is about


def edited(old: str, new: str) -> tuple[AskedForByEdit, list[tuple[str, bool]]]:
    """For the edit that makes ``new`` of ``old`` (of the second interface), what is asked."""
    there = devices()
    interface = there.of_kind("interface")[1]
    text = serialise(interface, indent=None)
    assert old in text
    changed = parse(text.replace(old, new))
    document = there.replaced(interface, changed)
    edit = DeviceEdit(
        document, asked=document_of(pinned(parse(f"<interface>{new}</interface>"), changed))
    )
    said = AskedForByEdit(edit, document)
    theirs = DOCUMENT.replace("<rng model='virtio'>", "<rng model='virtio' packed='on'>")
    found = pending(document, parse(theirs))
    said = AskedForByEdit(
        edit, found[0].location.context.root.desired if found[0].location else document
    )
    return said, [(change.path.rpartition("/")[2], said.has(change)) for change in found]


def test_only_what_the_task_is_about_is_asked_of_the_guest() -> None:
    _said, asked = edited("<model type='e1000'/>", "<model type='virtio'/>")
    assert ("@type", True) in asked
    assert all(is_asked == (name == "@type") for name, is_asked in asked)


@pytest.mark.parametrize(
    ("replug", "tag", "call"),
    [
        (NEVER, "interface", None),
        (SAFE, "interface", "replug"),
        (ALWAYS, "interface", "replug"),
        (NEVER, "disk", None),
        (SAFE, "disk", None),
        (ALWAYS, "disk", "replug"),
    ],
)
def test_devices_are_plugged_out_and_in_where_that_is_allowed(
    replug: str, tag: str, call: str | None
) -> None:
    changed = {
        "interface": DOCUMENT.replace("e1000", "virtio"),
        "disk": DOCUMENT.replace("<source file='/b'/>", "<source file='/b'/><serial>1</serial>"),
    }[tag]
    plan = live_plan(pending(parse(changed), parse(DOCUMENT)), replug)
    assert [step.row.call for step in plan.steps] == ([] if call is None else [call])
    assert bool(plan.hindered) == (call is None)
    if call is not None:
        assert plan.steps[0].path.startswith(f"/domain/devices/{tag}[")
    elif replug == SAFE:
        assert "set replug to always" in next(iter(plan.hindered.values()))


def test_a_device_that_can_not_be_plugged_out_waits() -> None:
    document = DOCUMENT.replace("bus='virtio'", "bus='ide'").replace("vd", "hd")
    changed = document.replace("<source file='/b'/>", "<source file='/c'/>")
    plan = live_plan(pending(parse(changed), parse(document)), ALWAYS)
    assert plan.steps == ()
    assert "medium of a CD-ROM" in next(iter(plan.hindered.values()))


def test_only_the_users_aliases_are_kept() -> None:
    wanted = DOCUMENT.replace("<rng model='virtio'>", "<rng model='virtio'><alias name='rng0'/>")
    assert reconcile(parse(wanted), parse(DOCUMENT), DOMAIN).changes == ()
    (change,) = reconcile(parse(wanted.replace("rng0", "ua-rng")), parse(DOCUMENT), DOMAIN).changes
    assert (change.op, change.path) == ("add", "/domain/devices/rng/alias")


@pytest.mark.parametrize(("bus", "call"), [("usb", "attach"), ("scsi", "attach"), ("ide", None)])
def test_a_drive_can_be_plugged_in_on_some_buses(bus: str, call: str | None) -> None:
    drive = f"<disk type='file' device='cdrom'><target dev='sdx' bus='{bus}'/><readonly/></disk>"
    plan = live_plan(
        pending(parse(DOCUMENT.replace("</devices>", f"{drive}</devices>")), parse(DOCUMENT))
    )
    assert [step.row.call for step in plan.steps] == ([] if call is None else [call])
    assert [*plan.hindered.values()] == (
        [f"a drive on the bus {bus} can't be plugged in or out, only its medium"]
        if call is None
        else []
    )


@pytest.mark.parametrize(
    ("device", "description"),
    [
        (
            "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/></interface>",
            "<interface><filterref filter='clean-traffic'/></interface>",
        ),
        (
            "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>",
            "<tpm><backend version='1.2'/></tpm>",
        ),
        (
            "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='1'/><protocol type='raw'/></serial>",
            "<serial><protocol type='telnet'/></serial>",
        ),
    ],
)
def test_a_description_without_a_type_is_about_the_type_that_the_device_has(
    device: str, description: str
) -> None:
    document = parse(f"<domain type='qemu'><name>web</name><devices>{device}</devices></domain>")
    devices = Devices(document)
    (found,) = devices.all()
    changed = devices.changed(found, parse(description), exact=False)
    assert changed is not found
    assert changed.get("type") == found.get("type")
    assert devices.changed(changed, parse(description), exact=False) is changed
