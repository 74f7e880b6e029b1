# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a domain that exists, described by sub-options."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.device import (
    DeviceOption,
    DeviceXml,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.device_match import (
    selected_by,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .hosts import Storage, host

HOST = host(
    storage=Storage(
        "web.qcow2",
        existing=[
            Existing("/images/web.qcow2", "file", "qcow2"),
            Existing("/images/data.qcow2", "file", "qcow2"),
            Existing("/dev/sdz", "block"),
        ],
    )
)
DOMAIN = parse(
    "<domain type='qemu'><name>web</name>"
    "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><devices>"
    "<disk type='file' device='disk'><source file='/images/web.qcow2'/>"
    "<target dev='sda' bus='sata'/></disk>"
    "<disk type='file' device='disk'><target dev='sdc' bus='sata'/></disk>"
    "</devices></domain>"
)


def option(name: str, value: object) -> DeviceOption:
    return DeviceOption(HOST, DOMAIN, name, value)


def shown(element: t.Any) -> str:
    return serialise(element, indent=None)


def test_only_what_is_said_is_said() -> None:
    (described,) = option("disk", {"target.dev": "sda", "cache": "none"}).elements()
    assert shown(described) == "<disk><target dev='sda'/><driver cache='none'/></disk>"
    (described,) = option("network", "link.state=down").elements()
    assert shown(described) == "<interface><link state='down'/></interface>"


def test_a_path_may_be_of_a_file_or_a_device() -> None:
    sources = [
        element.child("source") for element in option("disk", "/images/web.qcow2").elements()
    ]
    names = [dict(source.attributes) for source in sources if source is not None]
    assert {"file": "/images/web.qcow2"} in names
    assert {"dev": "/images/web.qcow2"} in names
    sources = [
        element.child("source") for element in option("disk", "vol=default/web.qcow2").elements()
    ]
    names = [dict(source.attributes) for source in sources if source is not None]
    assert {"pool": "default", "volume": "web.qcow2"} in names
    assert {"file": "/images/web.qcow2"} in names


def test_a_new_disk_gets_what_it_lacks() -> None:
    new = option("disk", {"path": "/images/new.qcow2", "size": 2}).added(DOMAIN)
    # As virt-install does: behind the last one that is taken.
    assert new.element.value("target/@dev") == "sdd"
    assert new.element.value("target/@bus") == "sata"
    assert new.element.value("driver/@type") == "qcow2"
    assert new.volume is not None
    assert (new.volume.name, new.volume.capacity) == ("new.qcow2", 2 * 1024**3)
    assert new.companions == ()


def test_the_name_of_a_new_volume_is_not_that_of_another_disk() -> None:
    new = option("disk", {"target.dev": "sdb", "size": 2}).added(DOMAIN)
    assert new.volume is not None
    assert new.volume.name == "web-1.qcow2"
    assert not new.volume.exists


def test_a_controller_is_no_companion_of_itself() -> None:
    alone = option("controller", "scsi").added(DOMAIN)
    assert alone.element.get("type") == "scsi"
    assert alone.companions == ()


def test_a_disk_that_is_there_keeps_its_source_or_gets_another() -> None:
    current = DOMAIN.findall("devices/disk")[0]
    same = option("disk", {"path": "/images/web.qcow2", "cache": "none"}).of_existing(current)
    assert shown(same) == (
        "<disk type='file'><driver cache='none'/><source file='/images/web.qcow2'/></disk>"
    )
    changed = option("disk", {"target.dev": "sda", "path": "/dev/sdz"}).of_existing(current)
    assert changed.get("type") == "block"
    assert changed.value("source/@dev") == "/dev/sdz"
    assert changed.value("driver/@type") == "raw"
    with pytest.raises(OptionError, match="missing"):
        option("disk", {"path": "/images/missing.qcow2"}).of_existing(current)


def test_what_is_said_again_is_not_taken_away() -> None:
    domain = parse(
        "<domain type='qemu'><name>web</name>"
        "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os><devices>"
        "<interface type='network'><mac address='52:54:00:00:00:07'/>"
        "<source network='default'/><model type='virtio'/></interface>"
        "</devices></domain>"
    )
    (current,) = domain.findall("devices/interface")
    repeated = {"network": "default", "model": "virtio", "mac": "52:54:00:00:00:07"}
    taken, device = DeviceOption(HOST, domain, "network", repeated).left(domain, current)
    assert (shown(taken.document), shown(device)) == (shown(domain), shown(current))


def test_a_drive_is_emptied_by_an_empty_path() -> None:
    assert option("disk", {"device": "cdrom", "path": ""}).is_emptied
    assert not option("disk", {"device": "cdrom"}).is_emptied
    assert not option("disk", {"device": "cdrom", "path": "/dev/sdz"}).is_emptied


@pytest.mark.parametrize("value", ["none", "", "usb2"])
def test_what_is_not_one_device(value: str) -> None:
    with pytest.raises(OptionError, match="is not one device"):
        option("controller", value)


def test_xml_is_taken_as_it_is_but_for_a_target() -> None:
    text = "<disk type='file'><source file='/b'/><target bus='sata'/></disk>"
    description = DeviceXml(parse(text))
    assert shown(description.elements()[0]) == text
    new = description.added(DOMAIN)
    assert shown(new.element) == text.replace(
        "<target bus='sata'/>", "<target bus='sata' dev='sdd'/>"
    )
    assert shown(description.elements()[0]) == text


def test_what_selects_a_device() -> None:
    match: object = {"target": {"dev": "sda"}, "driver/@cache": "none", "address/@slot": 5}
    (found,) = selected_by(HOST, DOMAIN, "disk", match).elements
    assert shown(found) == (
        "<disk><target dev='sda'/><driver cache='none'/><address slot='5'/></disk>"
    )
    (found,) = selected_by(HOST, DOMAIN, "interface", "mac=52:54:00:00:00:01").elements
    assert shown(found) == "<interface><mac address='52:54:00:00:00:01'/></interface>"
    (found,) = selected_by(HOST, DOMAIN, "hub", {"@type": "usb"}).elements
    assert shown(found) == "<hub type='usb'/>"


@pytest.mark.parametrize(
    ("tag", "match", "message"),
    [
        ("disk", {}, "match is empty"),
        ("disk", {"size": 5}, "match is empty"),
        ("disk", {"targget": "sda"}, "match: disk: there is no sub-option 'targget'"),
        ("hub", {"type": "usb"}, "give places in its XML"),
        ("disk", {"target[/@dev": "sda"}, "not a path"),
    ],
)
def test_what_selects_nothing(tag: str, match: object, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        selected_by(HOST, DOMAIN, tag, match)
