# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virt-xml has actions for, as a state that a task can be in for ever."""

from __future__ import annotations

import functools
import pathlib
import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_defaults,
    domain_device,
    domain_state,
)
from lxml import etree

from .hypervisor import Hypervisor, task_of
from .three_ways import assert_fails, three_ways

NEW: dict[str, t.Any] = {
    "osinfo": "debian11",
    "memory": 128,
    "virt_type": "qemu",
    "disks": [{"size": 0.01}],
    "import": True,
}
OFF: dict[str, t.Any] = {"method": [], "force": True}


@pytest.fixture(name="hypervisor")
def fixture_hypervisor() -> t.Iterator[Hypervisor]:
    found = Hypervisor()
    found.clear()
    yield found
    for name in found.names():
        task_of(domain, name=name, state="absent", remove_volumes="all", shutdown=OFF)


def made(hypervisor: Hypervisor, name: str, **options: t.Any) -> t.Callable[[], str]:
    result = task_of(domain, name=name, **{**NEW, **options})
    assert not result.failed, result.msg
    return functools.partial(hypervisor.definition, name)


def machine(document: str) -> str:
    found = re.search(r"machine='([^']+)'", document)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("old", ["pc-q35-5.2", "pc-i440fx-5.2"])
def test_the_newest_machine(hypervisor: Hypervisor, old: str) -> None:
    read = made(hypervisor, "a", machine=old)
    assert machine(read()) == old
    three_ways(domain, read, name="a", machine="latest")
    assert machine(read()) > old
    assert machine(read()).rpartition("-")[0] == old.rpartition("-")[0]
    # And a new one.
    made(hypervisor, "b", machine="latest")
    assert not task_of(domain, name="b", machine="latest").changed


def test_the_newest_machine_of_a_running_guest(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", machine="pc-q35-5.2", state="running")
    number = hypervisor.number("a")
    done = three_ways(domain, read, name="a", machine="latest")
    assert done.values["restart_required"]
    assert hypervisor.number("a") == number
    restart: dict[str, t.Any] = {"restart": "if_required", "shutdown": OFF}
    assert task_of(domain, name="a", machine="latest", **restart).changed
    assert hypervisor.number("a") != number
    again = task_of(domain, name="a", machine="latest", **restart)
    assert (again.changed, again.values["restart_required"]) == (False, False)


def test_to_q35(hypervisor: Hypervisor) -> None:
    disks = [{"size": 0.01, "bus": "ide"}, {"size": 0.01, "bus": "virtio"}, {"device": "cdrom"}]
    read = made(hypervisor, "a", machine="pc", osinfo="win7", disks=disks)
    assert read().count("bus='ide'") == 2
    done = three_ways(domain, read, name="a", machine="q35")
    assert "IDE disks become SATA disks: hda, hdb" in str(done.values["warnings"])
    addresses = [change for change in done.values["changes"] if change["path"].endswith("/address")]
    assert [change["path"] for change in addresses] == ["/domain/devices/*/address"]
    assert "addresses of " in addresses[0]["before"]
    assert read().count("bus='sata'") == 2
    assert (read().count("model='pcie-root-port'"), "'e1000e'" in read()) == (14, True)
    # It starts with them.
    assert not task_of(domain, name="a", state="running", memory=64).failed


def test_to_q35_of_a_running_guest(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", machine="pc", state="running")
    three_ways(domain, read, name="a", machine="q35")
    restart: dict[str, t.Any] = {"restart": "if_required", "shutdown": OFF}
    assert task_of(domain, name="a", machine="q35", **restart).changed
    again = task_of(domain, name="a", machine="q35", **restart)
    assert (again.changed, again.values["restart_required"]) == (False, False)


@pytest.mark.parametrize(
    "options",
    [
        {"graphics": "vnc", "exclusive": ["graphics"]},
        {"graphics": ["vnc", {"type": "spice", "state": "absent"}]},
        {"graphics": "none"},
    ],
)
@pytest.mark.parametrize("state", ["stopped", "running"])
def test_the_last_spice(hypervisor: Hypervisor, options: dict[str, t.Any], state: str) -> None:
    read = made(hypervisor, "a", graphics="spice", state=state)
    assert read().count("spice") > 3
    done = three_ways(domain, read, name="a", **options)
    assert "SPICE alone: channel, redirdev" in str(done.values["warnings"])
    assert "spice" not in read()


def test_one_of_two_graphics(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", graphics=["spice", "vnc"])
    served = read().count("spicevmc")
    three_ways(domain_device, read, domain="a", graphics="vnc", state="absent")
    assert read().count("spicevmc") == served == 3


@pytest.mark.parametrize(
    "options",
    [
        {"graphics": "spice", "state": "absent"},
        {"match": {"type": "spice"}, "graphics": "vnc"},
    ],
)
def test_the_last_spice_by_device(hypervisor: Hypervisor, options: dict[str, t.Any]) -> None:
    read = made(hypervisor, "a", graphics="spice")
    three_ways(domain_device, read, domain="a", **options)
    assert "spice" not in read()


def caches(document: str) -> list[str]:
    return re.findall(r"<driver name='qemu' type='qcow2'(?: cache='(\w+)')?", document)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (1, ["none", "", ""]),
        ("2", ["", "none", ""]),
        (-1, ["", "", "none"]),
        ("all", ["none", "none", "none"]),
    ],
)
def test_positions(hypervisor: Hypervisor, match: object, expected: list[str]) -> None:
    read = made(hypervisor, "a", disks=[{"size": 0.01}] * 3)
    three_ways(domain_device, read, domain="a", match=match, disk={"cache": "none"})
    assert caches(read()) == expected
    # And the opposite.
    three_ways(domain_device, read, domain="a", match=match, disk={"cache": "writeback"})
    assert "none" not in caches(read())
    three_ways(domain_device, read, domain="a", match=match, disk={"cache": ""})
    assert caches(read()) == ["", "", ""]


def test_all_of_a_running_guest(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", networks=["default", "default"], graphics="spice", state="running")
    down = {"network": {"link": {"state": "down"}}}
    done = three_ways(domain_device, read, domain="a", match="all", **down)
    assert {change["when"] for change in done.values["changes"]} == {"live"}
    live = hypervisor.raw.lookupByName("a").XMLDesc(0)
    assert live.count("<link state='down'/>") == 2
    # The guest has no system that would let go of a network card.
    assert read().count("<redirdev") == 2
    three_ways(domain_device, read, domain="a", match="all", state="absent", redirdev="usb")
    assert "<redirdev" not in read()
    assert "<redirdev" not in hypervisor.raw.lookupByName("a").XMLDesc(0)


def test_all_graphics(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", graphics=["spice", "vnc"])
    three_ways(domain_device, read, domain="a", match="all", graphics="vnc", state="absent")
    assert ("<graphics" in read(), "spice" in read()) == (False, False)


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_those_that_match_selects(hypervisor: Hypervisor, state: str) -> None:
    disks = [{"size": 0.01}, {"size": 0.01}, {"device": "cdrom"}]
    networks = [{"network": "default", "model": model} for model in ("e1000", "virtio", "e1000")]
    read = made(hypervisor, "a", disks=disks, networks=networks, state=state)
    many: dict[str, t.Any] = {"domain": "a", "match_many": True}
    three_ways(domain_device, read, **many, match={"device": "disk"}, disk={"cache": "none"})
    assert caches(read()) == ["none", "none"]
    assert read().count("cache='none'") == 2
    down = {"match": {"model": "e1000"}, "network": {"link": {"state": "down"}}}
    done = three_ways(domain_device, read, **many, **down)
    assert (read().count("<link"), len(done.values["changes"])) == (2, 2)
    if state == "running":
        assert {change["when"] for change in done.values["changes"]} == {"live"}
    # By what they are selected they may become something else.
    # (The guest has no system that would let go of a network card.)
    many.update(affect=["config"], replug="never")
    three_ways(domain_device, read, **many, match="model=e1000", network="model=virtio")
    assert read().count("<model type='virtio'/>") == 3
    gone = three_ways(
        domain_device, read, **many, match={"link": {"state": "down"}}, state="absent", network={}
    )
    assert (read().count("<interface"), gone.values["device"]) == (1, None)


def test_a_new_device_suits_the_system_that_is_named(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", osinfo="generic", machine="pc")
    disk: dict[str, t.Any] = {"size": 0.01, "path": "/var/lib/libvirt/images/a-data.qcow2"}
    three_ways(domain_device, read, domain="a", osinfo="fedora37", disk=disk)
    assert re.findall(r"<target dev='(\w+)' bus='(\w+)'", read())[1] == ("vda", "virtio")
    assert "libosinfo" not in read()
    # Found again it is without the name as well.
    assert not task_of(domain_device, domain="a", disk=disk).changed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"match": 0, "disk": {"cache": "none"}}, "match: 0 is no position"),
        ({"match": 3, "disk": {"cache": "none"}}, "match: 3: it has 1 of the devices disk"),
        ({"match": -2, "disk": {"cache": "none"}}, "match: -2: it has 1 of the devices disk"),
        ({"match": 1, "disk": {}, "state": "absent"}, "a position doesn't say which device"),
        ({"match": "all", "disk": {"size": 3}}, "size is for one disk"),
        ({"match": "all", "sound": {"model": "ac97"}}, "match selects no sound of it; it has none"),
        (
            {"match": {"device": "lun"}, "match_many": True, "disk": {"cache": "none"}},
            "match selects no disk of it; it has disk[target/@dev='vda']",
        ),
        ({"match_many": True, "disk": {"cache": "none"}}, "give match, or leave it out"),
        ({"match": 1, "match_many": True, "disk": {}}, "match_many is for properties"),
        ({"osinfo": "fedora37", "xml": "<sound model='ich9'/>"}, "osinfo chooses what"),
        ({"osinfo": "fedora0", "disk": {"size": 1, "target": {"dev": "vdb"}}}, "osinfo: "),
        (
            {"match": "all", "disk": {}, "state": "absent", "remove_volume": True},
            "remove_volume is for one disk",
        ),
    ],
)
def test_positions_that_can_not_be(
    hypervisor: Hypervisor, options: dict[str, t.Any], words: str
) -> None:
    read = made(hypervisor, "a", graphics="none")
    assert_fails(domain_device, read, words, domain="a", **options)


@pytest.mark.parametrize(
    ("only", "options", "tags", "volumes"),
    [
        (["disk"], {"disks": [{"size": 1}, {"size": 2}]}, ["disk", "disk"], 2),
        (["network"], {"networks": ["default"]}, ["interface"], 0),
        (["cpu"], {"cpu": "EPYC"}, ["cpu"], 0),
        (["graphics", "video"], {"graphics": "vnc"}, ["graphics", "video"], 0),
        (["watchdog"], {}, [], 0),
    ],
)
def test_only_elements(
    hypervisor: Hypervisor,
    only: list[str],
    options: dict[str, t.Any],
    tags: list[str],
    volumes: int,
) -> None:
    given: dict[str, t.Any] = {"osinfo": "debian11", "virt_type": "qemu", **options}
    found = task_of(domain_defaults, only=only, **given)
    assert (found.failed, found.changed) == (False, False), found.msg
    elements = etree.fromstring(f"<found>{found.values['xml']}</found>")
    assert [element.tag for element in elements] == tags
    assert len(found.values["volumes"]) == volumes
    # They are those of the whole domain.
    whole = etree.fromstring(task_of(domain_defaults, memory=1024, **given).values["xml"])
    texts = [etree.tostring(one, method="c14n").split() for one in elements]
    assert [
        text
        for text in texts
        if text not in [etree.tostring(one, method="c14n").split() for one in whole.iter()]
    ] == []
    assert not hypervisor.names()


@pytest.mark.parametrize("state", ["running", "paused"])
def test_changes_for_one_start(hypervisor: Hypervisor, state: str) -> None:
    read = made(hypervisor, "a")
    before = read()
    once: dict[str, t.Any] = {
        "memory": 96,
        "networks": [{"network": "default", "mac": "52:54:00:00:00:07"}],
        "affect": ["live"],
        "state": state,
    }
    foreseen = task_of(domain, check=True, name="a", **once)
    assert read() == before
    done = task_of(domain, name="a", **once)
    assert not done.failed, done.msg
    assert done.values["changes"] == foreseen.values["changes"]
    assert {change["when"] for change in done.values["changes"]} == {"live"}
    assert done.values["domain"]["state"] == state
    assert "ends with the running guest: memory" in str(done.values["warnings"])
    assert read() == before
    guest = hypervisor.raw.lookupByName("a")
    assert (guest.info()[1], "52:54:00:00:00:07" in guest.XMLDesc(0)) == (96 * 1024, True)
    for check in (True, False):
        again = task_of(domain, check=check, name="a", **once)
        assert (again.failed, again.changed) == (False, False), again.msg
    # Its next start is as it always was.
    assert task_of(domain_state, name="a", state="stopped", shutdown=OFF).changed
    assert read() == before
    assert task_of(domain_state, name="a", state="running").changed
    assert hypervisor.raw.lookupByName("a").info()[1] == 128 * 1024


def test_a_start_with_changes_that_fails(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a")
    # QEMU finds that it is no such image.
    image = pathlib.Path("/var/lib/libvirt/images/no.qcow2")
    image.write_bytes(bytes(1 << 20))
    new = image.with_name("new.qcow2")
    disks = [{"path": str(image), "driver": {"type": "qcow2"}}, {"path": str(new), "size": 0.01}]
    before = read()
    failed = task_of(domain, name="a", disks=disks, affect=["live"], state="running")
    assert failed.failed
    assert failed.msg.startswith("domain 'a': libvirt failed to start the domain")
    assert (read() == before, new.exists()) == (True, False)
    assert not hypervisor.raw.lookupByName("a").isActive()
    image.unlink()


def test_a_saved_guest_has_its_own_document(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", state="running")
    assert task_of(domain_state, name="a", state="saved").changed
    options: dict[str, t.Any] = {"affect": ["live"], "state": "running"}
    assert_fails(domain, read, "its state is saved", name="a", memory=96, **options)
    # What it has already is no change.
    assert task_of(domain, name="a", memory=128, **options).changed


def test_what_needs_spice_is_wanted_as_well(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", graphics="spice")
    before = read()
    options: dict[str, t.Any] = {"graphics": "none", "redirdev": {"type": "spicevmc"}}
    failed = task_of(domain, name="a", **options)
    assert failed.failed
    assert "SPICE can't go while the task wants redirdev" in failed.msg
    assert read() == before
