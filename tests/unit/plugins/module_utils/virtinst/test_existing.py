# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options ask of a domain that exists."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils.osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils.reconcile.reconcile import (
    MERGE,
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.existing import (
    domain_options,
)
from ansible_collections.declarative.libvirt.plugins.module_utils.virtinst.storage import Existing
from ansible_collections.declarative.libvirt.plugins.module_utils.xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils.xmltree.serialise import serialise

from .hosts import Storage, host

_VIRTIO = ("1000", "1001", "1004", "1041", "1042", "1048")
_DATABASE = {
    "modern1": "".join(f'<device id="http://pcisig.com/pci/1af4/{one}"/>' for one in _VIRTIO),
    "old1": "",
}
CREATED: dict[str, t.Any] = {
    "name": "web",
    "osinfo": "modern1",
    "memory": 2048,
    "disk": [{"size": 5}],
    "network": [{"network": "default"}],
}


HOST = host()


@pytest.fixture(autouse=True)
def fixture_database(tmp_path: Path) -> None:
    for name, devices in _DATABASE.items():
        path = tmp_path / "os" / "example.org" / f"{name[:-1]}-1.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'<libosinfo><os id="http://example.org/{name[:-1]}/1"><short-id>{name}</short-id>'
            f"<devices>{devices}</devices></os></libosinfo>"
        )
    global HOST
    storage = Storage(existing=[Existing("/x.iso", "file", "raw")])
    HOST = dataclasses.replace(host(storage=storage), osinfo=Database([str(tmp_path)]))


def existing(**options: t.Any) -> t.Any:
    result = domain_defaults(HOST, {**CREATED, **options})
    return parse(serialise(result.domain))


def changes(actual: t.Any, **options: t.Any) -> list[str]:
    """What the options change, as lines."""
    result = domain_options(HOST, {"name": "web", **options}, actual)
    # What libvirt would have added to its dump of the definition.
    filled_in = lines(parse("<domain><title>other</title></domain>"), actual)
    return [line for line in lines(result.domain, actual) if line not in filled_in]


def lines(document: t.Any, actual: t.Any) -> list[str]:
    plan = reconcile(document, actual, MERGE)
    return [f"{one.op} {one.path} {one.after}" for one in plan.changes]


def test_what_created_it_changes_nothing() -> None:
    assert changes(existing(), **CREATED) == []


def test_nothing_said_changes_nothing() -> None:
    result = domain_options(HOST, {"name": "web"}, existing())
    assert (result.domain.children, result.volumes) == ([], ())


def test_only_what_is_said_changes() -> None:
    assert changes(existing(), memory=4096) == [
        "modify /domain/memory 4194304 KiB",
        "modify /domain/currentMemory 4194304 KiB",
    ]


def test_no_default_of_another_system_is_enforced() -> None:
    """A domain without a single virtio device stays so."""
    actual = existing(osinfo="old1")
    assert changes(actual, memory=2048, disk=[{"size": 5}], network="default") == []


def test_a_disk_with_another_name_is_the_first_one() -> None:
    actual = existing()
    actual.findall("devices/disk/source")[0].attributes["file"] = "/elsewhere/web.snapshot"
    result = domain_options(HOST, CREATED, actual)
    assert result.volumes == ()
    assert changes(actual, **CREATED) == []


def test_another_disk_is_added_with_its_defaults() -> None:
    actual = existing()
    result = domain_options(HOST, {**CREATED, "disk": [{"size": 5}, {"size": 7}]}, actual)
    assert [volume.name for volume in result.volumes] == ["web-1.qcow2"]
    disk = result.domain.findall("devices/disk")[1]
    assert disk.value("target/@dev") == "vdb"
    assert disk.value("driver/@type") == "qcow2"


def test_a_scsi_disk_brings_its_controller_along() -> None:
    actual = existing()
    added = changes(actual, disk=[{"size": 5}, {"size": 7, "bus": "scsi"}])
    assert sorted(line.split()[1].partition("[")[0] for line in added) == [
        "/domain/devices/controller",
        "/domain/devices/disk",
    ]


def test_an_interface_moves_to_another_bridge() -> None:
    found = changes(existing(), network=[{"bridge": "br0"}])
    assert "modify /domain/devices/interface/@type bridge" in found
    assert not any(line.startswith("add /domain/devices/interface ") for line in found)


def test_a_medium_is_put_into_the_drive_that_is_there() -> None:
    actual = existing(disk=[{"size": 5}, {"device": "cdrom"}])
    found = changes(actual, disk=[{"size": 5}, {"device": "cdrom", "source.file": "/x.iso"}])
    assert ["/x.iso" in line for line in found if "source" in line] == [True]


@pytest.mark.parametrize("option", ["cdrom", "pxe"])
def test_how_it_was_installed_is_not_enforced(option: str) -> None:
    assert changes(existing(), **CREATED, **{option: True}) == []
