# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a domain: on a guest that has booted, and on what is off."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
import subprocess
import threading
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.definition_lock import (
    DefinitionLock,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_device,
    domain_xml,
)
from lxml import etree

from .guests import Boot, Guest, document, start
from .hypervisor import Hypervisor, Result, task_of

NAME = "device"
POOL = pathlib.Path("/var/lib/libvirt/images")
MAC = "52:54:00:00:01:01"
#: An operating system that knows virtio, by what virt-install writes.
_OS = (
    "<metadata><l:libosinfo xmlns:l='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
    "<l:os id='http://debian.org/debian/11'/></l:libosinfo></metadata>"
    "<maxMemory slots='2' unit='MiB'>1024</maxMemory>"
    "<cpu><numa><cell id='0' cpus='0' memory='192' unit='MiB'/></numa></cpu>"
)
_DEVICES = (
    "<controller type='usb' model='qemu-xhci'/>"
    f"<interface type='network'><mac address='{MAC}'/><source network='default'/>"
    "<model type='virtio'/></interface>"
    "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><target dev='hda' bus='ide'/>"
    "<readonly/></disk>"
    "<graphics type='vnc' passwd='first'/>"
)


def task(check: bool = False, diff: bool = False, **options: t.Any) -> Result:
    return task_of(domain_device, check, diff, **{"domain": NAME, **options})


def three_ways(when: str = "live", **options: t.Any) -> Result:
    """The task foreseen by check mode, done, and done again."""
    predicted = task(check=True, **options)
    done = task(diff=True, **options)
    assert done.changed, done.msg or done.values
    assert predicted.values["changes"] == done.values["changes"], done.values["pending"]
    parts = [one for one in done.values["changes"] if not one["path"].startswith("volume ")]
    assert {change["when"] for change in parts} <= {when}, done.values["pending"]
    for result in (task(check=True, **options), task(**options)):
        assert (result.changed, result.values["changes"]) == (False, []), result.values
    return done


def refused(message: str, **options: t.Any) -> None:
    """The task fails with this message, in check mode too, and changes nothing."""
    for check in (True, False):
        result = task(check=check, **options)
        assert result.failed, result.values
        assert f"domain '{options.get('domain', NAME)}': " in result.msg
        assert message in result.msg
        assert not result.changed


class Documents:
    """The definition and the running guest's document of the domain."""

    def __init__(self, domain: t.Any) -> None:
        self._domain = domain

    def read(self) -> list[t.Any]:
        return [etree.fromstring(self._domain.XMLDesc(flags | 1)) for flags in (0, 2)]

    def both(self, xpath: str) -> str:
        """The value in both documents, which is the same."""
        live, inactive = (str(one.xpath(f"string({xpath})")) for one in self.read())
        assert live == inactive
        return live

    def count(self, xpath: str) -> int:
        live, inactive = (len(one.xpath(xpath)) for one in self.read())
        assert live == inactive
        return live

    def places(self) -> list[list[str]]:
        """Where all devices are, in both."""
        return [
            sorted(etree.tostring(one).decode().strip() for one in document.iter("address"))
            for document in self.read()
        ]


@pytest.fixture(scope="module", autouse=True)
def pool() -> t.Iterator[None]:
    """The pool of the images, without which libvirt can't delete one."""
    hypervisor = Hypervisor()
    text = f"<pool type='dir'><name>device</name><target><path>{POOL}</path></target></pool>"
    hypervisor.raw.storagePoolCreateXML(text)
    yield
    Hypervisor().raw.storagePoolLookupByName("device").destroy()


@pytest.fixture(scope="module")
def booted(boot: Boot) -> t.Iterator[Guest]:
    """One guest that has booted."""
    hypervisor = Hypervisor()
    hypervisor.clear()
    yield start(hypervisor, document(NAME, boot, _DEVICES, extra=_OS))
    # The tests in between may have restarted the daemon, which ended that connection.
    Hypervisor().clear()


@pytest.fixture
def documents(booted: Guest, boot: Boot) -> t.Iterator[Documents]:
    """Of the guest that has booted, which has the same devices at the end."""
    found = Documents(booted.domain)
    before = found.places()
    yield found
    after, left = found.places(), task(rng={}, state="absent").values["pending"]
    if after != before or left:
        # The other tests are to find it as it was.
        booted.domain.destroy()
        booted.domain.undefine()
        booted.domain = start(Hypervisor(), document(NAME, boot, _DEVICES, extra=_OS)).domain
    assert after == before
    assert left == []


# What a guest that has booted gets and loses


@dataclasses.dataclass(frozen=True)
class Case:
    """``options`` describe a device at ``xpath``; ``change`` what is then another ``value``
    at ``what`` below it, if there is anything that changes live.

    ``seen`` is a command within the guest that succeeds only while it has the device.
    """

    options: dict[str, t.Any]
    xpath: str
    what: str = ""
    value: str = ""
    change: t.Any = None
    seen: str = ""


CASES = {
    "disk with a path": Case(
        {"disk": {"path": f"{POOL}/data.qcow2", "size": 0.01}},
        "//disk[target/@dev='vda']",
        *("iotune/total_iops_sec", "500"),
        {"iotune.total_iops_sec": 500},
        "test -e /dev/vda",
    ),
    "disk with a target": Case(
        {"disk": "target.dev=vdc,target.bus=virtio,size=0.01,format=raw"},
        "//disk[target/@dev='vdc']",
        seen="test -e /sys/block/vda || test -e /sys/block/vdc",
    ),
    "disk on a controller": Case(
        {"disk": {"path": f"{POOL}/scsi.qcow2", "size": 0.01, "bus": "scsi"}},
        "//disk[target/@bus='scsi']",
        seen="test -e /dev/sda",
    ),
    "interface with a MAC": Case(
        {"network": {"network": "default", "mac": "52:54:00:00:01:02"}},
        "//interface[mac/@address='52:54:00:00:01:02']",
        *("link/@state", "down"),
        {"link.state": "down"},
        "test -e /sys/class/net/eth1",
    ),
    "random number generator": Case(
        {"rng": "/dev/urandom"},
        "//rng",
        seen="grep -q virtio /sys/class/misc/hw_random/rng_current",
    ),
    "channel": Case(
        {"channel": {"type": "unix", "target.type": "virtio", "target.name": "com.example.0"}},
        "//channel[target/@name='com.example.0']",
        seen="grep -q com.example.0 /sys/class/virtio-ports/*/name",
    ),
    "controller": Case({"controller": "scsi"}, "//controller[@type='scsi']"),
    "input": Case({"input": "tablet,bus=usb"}, "//input[@type='tablet']"),
    "redirected USB device": Case(
        {"redirdev": "usb,type=tcp,source.mode=bind,source.host=127.0.0.1,source.service=4000"},
        "//redirdev[@type='tcp']",
    ),
    "shared memory": Case(
        {"shmem": "name=shared,model.type=ivshmem-plain,size=1,size.unit=M"},
        "//shmem[@name='shared']",
    ),
    "serial port": Case(
        {"xml": "<serial type='pty'><target type='usb-serial' port='1'/></serial>"},
        "//serial[target/@port='1']",
    ),
    "watchdog": Case({"watchdog": "default"}, "//watchdog"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_device_comes_changes_and_goes(booted: Guest, documents: Documents, name: str) -> None:
    case = CASES[name]
    option = next(iter(case.options))
    disks = list(POOL.iterdir())
    before = documents.places()

    added = three_ways(**case.options)
    assert documents.count(case.xpath) == 1
    for old, new in zip(before, documents.places()):
        assert set(old) <= set(new)
    assert added.values["pending"] == []
    assert etree.fromstring(added.values["device"]["xml"]).tag == case.xpath[2:].partition("[")[0]
    assert documents.count(added.values["device"]["path"]) == 1
    if case.seen:
        booted.wait_until(lambda: sees(booted, case.seen))

    if case.change is not None:
        selected = {option: case.change, "match": match_of(case)}
        three_ways(**selected)
        assert documents.both(f"{case.xpath}/{case.what}") == case.value

    wanted = {**case.options, "state": "absent", "remove_volume": option == "disk"}
    gone = three_ways(**wanted, live_timeout=60)
    assert gone.values["device"] is None
    assert documents.count(case.xpath) == 0
    assert list(POOL.iterdir()) == disks
    if name == "disk on a controller":
        # It came with the disk, and isn't what the task is about.
        three_ways(controller="scsi", state="absent")


def match_of(case: Case) -> dict[str, str]:
    """What selects the device of a case."""
    place, value = re.findall(r"\[(\S+)='(.*)'\]", case.xpath)[0]
    return {place: value}


def sees(guest: Guest, command: str) -> bool:
    try:
        guest.run("/bin/sh", "-c", command)
    except AssertionError:
        return False
    return True


def test_memory_is_plugged_in(booted: Guest) -> None:
    result = three_ways(memdev="model=dimm,target.size=128,target.node=0")
    assert result.values["pending"] == []
    # It depends on what the guest has put there whether it can release it.
    gone = task(memdev={"model": "dimm"}, state="absent", live_timeout=5)
    assert gone.changed
    assert gone.values["domain"]["state"] == "running"
    booted.domain.destroy()
    booted.domain.create()
    booted.wait_for_agent()
    assert task(memdev={"model": "dimm"}, state="absent").values["pending"] == []


# Sizes


def test_a_disk_becomes_larger_and_never_smaller(booted: Guest, documents: Documents) -> None:
    path = f"{POOL}/growing.qcow2"
    options: dict[str, t.Any] = {"disk": {"path": path, "size": 0.01}}
    three_ways(**options)
    grown: dict[str, t.Any] = {"disk": {"path": path, "size": 0.03125}}
    refused("add live to affect", **grown, affect=["config"])
    result = three_ways(**grown)
    (change,) = result.values["changes"]
    assert (change["path"], change["after"], change["when"]) == (f"volume {path}", "32 MiB", "live")
    booted.wait_until(lambda: sees(booted, "grep -qx 65536 /sys/block/vd*/size"))
    refused("no volume is made smaller", **options)
    three_ways(disk={"path": path}, state="absent", remove_volume=True, live_timeout=60)


# Media


def test_media_are_put_in_and_taken_out(documents: Documents) -> None:
    images = []
    for name in ("one", "two"):
        image = POOL / f"{name}.iso"
        image.write_bytes(bytes(64 * 1024))
        images.append(image)
    for image in images:
        three_ways(disk={"device": "cdrom", "path": str(image)})
        assert documents.both("//disk[@device='cdrom']/source/@file") == str(image)
    # The definition has it already, and the guest another one.
    three_ways(disk={"device": "cdrom", "path": str(images[0])}, affect=["live"])
    three_ways(disk={"device": "cdrom", "path": str(images[1])})
    assert documents.both("//disk[@device='cdrom']/source/@file") == str(images[1])
    three_ways(disk={"device": "cdrom", "path": ""}, affect=["config"], when="restart")
    three_ways("config", disk={"device": "cdrom", "path": str(images[1])})
    three_ways(disk={"device": "cdrom", "path": ""})
    assert documents.count("//disk[@device='cdrom']/source/@file") == 0
    for image in images:
        image.unlink()
    refused("one.iso", disk={"device": "cdrom", "path": str(images[0])})


# Devices that are selected


@pytest.fixture
def second(documents: Documents) -> t.Iterator[str]:
    """The MAC address of a second interface on the same network."""
    mac = "52:54:00:00:01:02"
    three_ways(network={"network": "default", "mac": mac})
    yield mac
    task(network={"mac": mac}, state="absent", live_timeout=60)


def test_what_may_mean_several_is_an_error_that_lists_them(second: str) -> None:
    both = f"interface[mac/@address='{MAC}'][@type='network'], interface[mac/@address='{second}']"
    refused(both, network={"network": "default"}, state="absent")
    refused(both, network={"network": "default", "mtu.size": 1400})
    refused(both, network={"mtu.size": 1400}, match={"network": "default"})
    refused(both, network={}, match={"model": "virtio"}, state="absent")
    # One that is like that already is meant.
    assert not task(network={"network": "default"}).changed


def test_what_is_selected_by_a_value_that_then_changes(second: str, documents: Documents) -> None:
    other = "52:54:00:00:01:03"
    options: dict[str, t.Any] = {"network": {"mac": other}, "match": {"mac": second}}
    result = three_ways(**options)
    assert any(one["after"] == "plugged out, and in again" for one in result.values["changes"])
    assert documents.count(f"//mac[@address='{other}']") == 1
    assert documents.count(f"//mac[@address='{second}']") == 0
    three_ways(network={"mac": second}, match={"mac": other})


def test_places_in_the_xml_select_too(second: str, documents: Documents) -> None:
    slot = documents.both(f"//interface[mac/@address='{second}']/address/@slot")
    three_ways(
        network="link.state=down", match={"address/@slot": slot, "source/@network": "default"}
    )
    assert documents.both(f"//interface[mac/@address='{second}']/link/@state") == "down"
    assert documents.both(f"//interface[mac/@address='{MAC}']/link/@state") == ""


def test_what_is_not_selected(documents: Documents) -> None:
    refused(
        f"match selects no interface of it; it has interface[mac/@address='{MAC}']",
        network={"link.state": "down"},
        match={"mac": "52:54:00:99:99:99"},
    )
    assert not task(network={}, match={"mac": "52:54:00:99:99:99"}, state="absent").changed


# Plugging out and in again


def test_an_interface_is_plugged_out_and_in_again(documents: Documents) -> None:
    options: dict[str, t.Any] = {"network": {"model": "e1000"}, "match": {"mac": MAC}}
    waiting = three_ways("restart", **options, replug="never")
    assert "while the guest is off" in waiting.values["pending"][0]["reason"]
    done = three_ways(**options)
    assert done.values["pending"] == []
    assert [one["after"] for one in done.values["changes"]][-1] == "plugged out, and in again"
    assert documents.both(f"//interface[mac/@address='{MAC}']/model/@type") == "e1000"
    three_ways(network={"model": "virtio"}, match={"mac": MAC})


def test_an_interface_is_plugged_out_and_in_as_a_whole(documents: Documents) -> None:
    for network in ({"bridge": "virbr0"}, {"network": "default"}):
        predicted = task(check=True, network=network, match={"mac": MAC})
        done = task(network=network, match={"mac": MAC})
        assert done.changed
        assert predicted.values["changes"] == done.values["changes"]
        assert (predicted.values["pending"], done.values["pending"]) == ([], [])
        assert not task(network=network, match={"mac": MAC}).changed


def test_a_disk_is_not_unless_that_is_allowed(documents: Documents) -> None:
    path = f"{POOL}/cache.qcow2"
    three_ways(disk={"path": path, "size": 0.01})
    options: dict[str, t.Any] = {"disk": {"path": path, "cache": "none"}}
    waiting = three_ways("restart", **options)
    assert "set replug to always" in waiting.values["pending"][0]["reason"]
    three_ways(**options, replug="always")
    assert documents.both("//disk[target/@dev='vda']/driver/@cache") == "none"
    three_ways(disk={"path": path}, state="absent", remove_volume=True, live_timeout=60)


def test_what_libvirt_refuses_is_plugged_in_again_as_it_was(booted: Guest) -> None:
    options: dict[str, t.Any] = {"network": {"bridge": "nowhere0"}, "match": {"mac": MAC}}
    result = task(**options, live_timeout=60)
    assert result.changed
    assert any("nowhere0" in one["reason"] for one in result.values["pending"])
    live, inactive = Documents(booted.domain).read()
    assert live.xpath("string(//interface/source/@network)") == "default"
    assert inactive.xpath("string(//interface/source/@bridge)") == "nowhere0"
    assert inactive.xpath("string(//interface/source/@network)") == ""
    again = task(**options, live_timeout=60)
    assert not again.changed
    assert task(network={"network": "default"}, match={"mac": MAC}).values["pending"] == []


# Only one of the two documents


def test_the_definition_alone(documents: Documents) -> None:
    options = {"rng": "/dev/urandom", "affect": ["config"]}
    three_ways("restart", **options)
    live, inactive = documents.read()
    assert (len(live.xpath("//rng")), len(inactive.xpath("//rng"))) == (0, 1)
    # It is asked for live, too, and is where the definition has it.
    three_ways(rng="/dev/urandom")
    assert documents.count("//rng") == 1
    three_ways(rng={}, state="absent", live_timeout=60)


def test_the_running_guest_alone(documents: Documents) -> None:
    mac = "52:54:00:00:01:04"
    options: dict[str, t.Any] = {"network": {"network": "default", "mac": mac}}
    three_ways(**options, affect=["live"])
    live, inactive = documents.read()
    xpath = f"//interface[mac/@address='{mac}']/address/@slot"
    assert (len(live.xpath(xpath)), len(inactive.xpath(xpath))) == (1, 0)
    assert task(rng={}, state="absent").values["pending"] != []
    # The definition gets it where the guest has it.
    three_ways("config", **options)
    assert documents.both(xpath) == str(live.xpath(f"string({xpath})"))
    three_ways(**options, state="absent", affect=["live"], live_timeout=60)
    three_ways("config", **options, state="absent")


@pytest.mark.parametrize("affect", ["live", "config"])
def test_the_running_guest_alone_gets_what_its_definition_could_get(
    documents: Documents, affect: str
) -> None:
    image = pathlib.Path(POOL, "anothers.raw")
    disk = (
        f"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{image}'/>"
        "<target dev='vdx' bus='virtio'/></disk>"
    )
    image.write_bytes(bytes(1048576))
    another = Hypervisor().raw.createXML(
        "<domain type='qemu'><name>another</name><memory unit='MiB'>16</memory>"
        f"<os><type arch='x86_64'>hvm</type></os><devices>{disk}</devices></domain>"
    )
    try:
        words = f"{image} is vdx of the domain another already, which runs"
        refused(words, xml=disk, affect=[affect])
        refused("unknown element <blah>", xml="<rng model='virtio'><blah/></rng>", affect=[affect])
    finally:
        another.destroy()
        image.unlink()
    assert documents.count("//disk") == 1


def test_others_staged_changes_are_left_alone(documents: Documents) -> None:
    def title(text: str) -> None:
        documents._domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, text, None, None, 2)

    title("theirs")
    result = three_ways(network={"link.state": "down"}, match={"mac": MAC})
    assert [one["path"] for one in result.values["pending"]] == ["/domain/title"]
    assert documents.both("//interface/link/@state") == "down"
    title("")
    three_ways(network={"link.state": "up"}, match={"mac": MAC})
    three_ways(
        xml=f"<interface type='network'><mac address='{MAC}'/><source network='default'/>"
        "<model type='virtio'/></interface>",
        mode="exact",
    )


# A password


def test_a_password_is_set_and_never_shown(documents: Documents) -> None:
    right: list[dict[str, t.Any]] = [
        {"graphics": {"type": "vnc", "password": "geheim1"}},
        {"xml": "<graphics type='vnc' passwd='geheim2'/>"},
        {"graphics": "vnc,password=geheim3"},
    ]
    for options in right:
        result = three_ways(**options)
        assert "geheim" not in str(result)
    assert documents.both("//graphics/@passwd") == "geheim3"
    for match in ({"password": "geheim3"}, "password=geheim3", {"@passwd": "geheim3"}):
        result = task(graphics="vnc", match=match)
        assert not result.failed
        assert "geheim" not in str(result)
        assert result.values["device"]["path"] == "/domain/devices/graphics[@type='vnc']"
    wrong: list[dict[str, t.Any]] = [
        {"xml": "<graphics type='vnc' passwd='geheim4'/"},
        {"graphics": "vnc", "match": {"password": "geheim4"}},
        {"graphics": {"type": "vnc", "password": "geheim4", "porrt": 1}},
    ]
    for options in wrong:
        assert "geheim" not in str(task(**options))


# Domains that are off, or have no definition

OFF = (
    f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>{_OS}"
    "<os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features><devices>"
    f"<interface type='network'><mac address='{MAC}'/><source network='default'/></interface>"
    "</devices></domain>"
).replace("memory='192'", "memory='64'")


def test_a_domain_that_is_off(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    added = three_ways("config", disk={"path": f"{POOL}/off.qcow2", "size": 0.01})
    assert added.values["device"]["path"] == "/domain/devices/disk[target/@dev='vda']"
    three_ways("config", disk={"target.dev": "vda", "cache": "none"})
    three_ways("config", disk={"target.dev": "vda", "size": 0.0625})
    found = subprocess.run(
        ["qemu-img", "info", "--output=json", POOL / "off.qcow2"], capture_output=True, check=True
    )
    assert json.loads(found.stdout)["virtual-size"] == 64 * 1024**2
    three_ways("config", disk={"serial": "one"}, match={"path": f"{POOL}/off.qcow2"})
    exact = {"path": f"{POOL}/off.qcow2", "bus": "virtio", "driver.type": "qcow2", "serial": "two"}
    result = three_ways("config", disk=exact, mode="exact")
    assert f"<source file='{POOL}/off.qcow2'/>" in result.values["device"]["xml"]
    assert "cache=" not in result.values["device"]["xml"]
    assert "<target dev='vda' bus='virtio'/>" in result.values["device"]["xml"]
    three_ways("config", tpm={"backend.type": "emulator", "model": "tpm-crb"})
    three_ways("config", panic="isa")
    usb = "<source><vendor id='0x1234'/><product id='0x5678'/></source>"
    three_ways("config", xml=f"<hostdev mode='subsystem' type='usb'>{usb}</hostdev>")
    assert not task(rng="/dev/urandom", affect=["live"]).changed
    three_ways("config", tpm={}, state="absent")
    three_ways("config", disk={"path": f"{POOL}/off.qcow2"}, state="absent", remove_volume=True)
    assert not (POOL / "off.qcow2").exists()


def test_a_serial_port_takes_its_console_along(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF.replace("</devices>", "<serial type='pty'/></devices>"))
    assert "<console" in hypervisor.definition(NAME)
    three_ways("config", serial={}, state="absent")
    definition = hypervisor.definition(NAME)
    assert ("<serial" in definition, "<console" in definition) == (False, False)


def test_what_libvirt_adds_by_itself_can_not_be_absent(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    every: tuple[dict[str, t.Any], ...] = ({}, {"match": "all"})
    for options in every:
        for check in (True, False):
            result = task(check=check, memballoon={}, state="absent", **options)
            assert not result.changed
            assert "/domain/devices/memballoon is still there" in str(result.values["warnings"])
    assert "warnings" not in task(memballoon={}, state="absent", affect=["live"]).values
    assert "did not keep" not in str(
        three_ways("config", memballoon={"model": "none"}).values.get("warnings", "")
    )


def test_an_address_that_another_device_has_got(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.defineXML(OFF.replace("q35", "pc"))
    domain.create()

    def slot(tag: str, flags: int) -> str:
        found = etree.fromstring(domain.XMLDesc(flags))
        return str(found.xpath(f"string(devices/{tag}/address/@slot)"))

    assert task(rng="/dev/urandom", affect=["live"]).values["pending"][0]["reason"] is None
    assert task(watchdog="i6300esb", affect=["config"]).changed
    old = slot("rng", 0)
    assert old == slot("watchdog", libvirt.VIR_DOMAIN_XML_INACTIVE)
    wanted = task(rng="/dev/urandom")
    assert [one["path"] for one in wanted.values["changes"]] == ["/domain/devices/rng"]
    assert not task(rng="/dev/urandom").changed
    assert slot("rng", 0) == old


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_nothing_moves_beside_what_only_the_guest_has(
    hypervisor: Hypervisor, boot: Boot, machine: str
) -> None:
    """A device that is plugged in has one address, in the definition and in the guest."""
    nic = "<interface type='user'><mac address='52:54:00:00:00:0{}'/><model type='{}'/></interface>"
    ports = "<controller type='pci' model='pcie-root'/>" + (
        "<controller type='pci' model='pcie-root-port'/>" * 9
    )
    devices = f"{ports if machine == 'q35' else ''}{nic.format(1, 'virtio')}"
    domain = start(hypervisor, document(NAME, boot, devices, machine)).domain

    def addresses(flags: int) -> dict[str, str]:
        found = {}
        for one in etree.fromstring(domain.XMLDesc(flags)).findall("devices/interface"):
            places = one.findall("address")
            values = " ".join(f"{name}='{value}'" for name, value in places[0].attrib.items())
            found[str(one.xpath("string(mac/@address)"))[-1]] = f"<address {values}/>"
        return found

    inactive = libvirt.VIR_DOMAIN_XML_INACTIVE
    assert task(xml=nic.format(3, "virtio"), affect=["live"]).changed
    three_ways(xml=nic.format(4, "virtio"))
    now = addresses(0)
    assert {**addresses(inactive), "3": now["3"]} == now
    for model in ("e1000e", "virtio"):
        three_ways(xml=nic.format(4, model), replug="always")
        assert addresses(0) == now
    # Where they are apart, what is plugged in again comes to its place.
    hypervisor.define(hypervisor.definition(NAME).replace(now["4"], now["3"]))
    assert addresses(inactive)["4"] == now["3"]
    done = task(xml=nic.format(4, "e1000e"), replug="always")
    assert done.changed
    assert addresses(0) == now
    assert any("/address/@" in one["path"] for one in done.values["pending"])


_TAKEN = (
    "<memory unit='MiB'>64</memory><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
    "<controller type='usb' model='qemu-xhci'/><controller type='scsi' model='virtio-scsi'/>"
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
    "<disk type='block' device='disk'><source dev='/dev/ram0'/><target dev='sda' bus='scsi'/>"
    "</disk><input type='tablet' bus='usb'/>"
    "<channel type='unix'><target type='virtio' name='a'/></channel></devices></domain>"
)


@pytest.mark.parametrize(
    ("kind", "xml", "words"),
    [
        (
            "rng",
            "<interface type='user'><mac address='52:54:00:00:00:02'/>{}</interface>",
            "Attempted double use of PCI Address 0000:",
        ),
        (
            "disk",
            "<disk type='block'><source dev='/dev/ram1'/><target dev='sdc' bus='scsi'/>{}</disk>",
            "Found duplicate drive address for disk with target name 'sd",
        ),
        ("input", "<input type='mouse' bus='usb'>{}</input>", "Duplicate USB address bus 0 port 1"),
        (
            "channel",
            "<channel type='unix'><target type='virtio' name='b'/>{}</channel>",
            "virtio serial port 1 on controller 0 is already occupied",
        ),
    ],
)
def test_an_address_that_another_device_has(
    hypervisor: Hypervisor, kind: str, xml: str, words: str
) -> None:
    """libvirt refuses it; a merged document moves what it says nothing of."""
    hypervisor.define(f"<domain type='qemu'><name>{NAME}</name>{_TAKEN}")
    found = etree.fromstring(hypervisor.definition(NAME)).findall(f"devices/{kind}/address")[0]
    device = xml.format(etree.tostring(found, encoding="unicode"))
    refused(words, xml=device)
    with pytest.raises(libvirt.libvirtError):
        hypervisor.raw.lookupByName(NAME).attachDeviceFlags(
            device, libvirt.VIR_DOMAIN_AFFECT_CONFIG
        )
    merged: dict[str, t.Any] = {"name": NAME, "mode": "merge"}
    document = "<domain><devices>{}</devices></domain>"
    if kind == "disk":
        # By its target it would get the same place again.
        for check in (True, False):
            done = task_of(domain_xml, check, xml=document.format(device), **merged)
            assert done.failed
            assert words in done.msg
        return
    for check, changed in ((True, True), (False, True), (False, False)):
        done = task_of(domain_xml, check, xml=document.format(device), **merged)
        assert (done.failed, done.changed) == (False, changed), done.values
        if changed:
            paths = [one["path"] for one in done.values["changes"] if one["op"] == "remove"]
            assert [path.endswith("/address") for path in paths] == [True], done.values


@pytest.mark.parametrize(
    "options",
    [
        {"filesystem": "/var/lib/libvirt/images,images"},
        {"watchdog": "ib700"},
    ],
    ids=lambda options: next(iter(options)),
)
def test_what_can_not_be_plugged_in_waits(
    hypervisor: Hypervisor, options: dict[str, t.Any]
) -> None:
    domain = hypervisor.raw.defineXML(OFF.replace("q35", "pc"))
    domain.create()
    three_ways("restart", **options)


def test_a_device_that_the_host_has_lost(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    address = "<address domain='0' bus='0x7e' slot='0x1f' function='0x7'/>"
    for xml, name in (
        (f"<hostdev mode='subsystem' type='pci'><source>{address}</source></hostdev>", "7e:1f.7"),
        (
            "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/>"
            "<product id='0x5678'/></source></hostdev>",
            "1234:5678",
        ),
    ):
        refused(f"the host has no device at {name}", hostdev=name)
        three_ways("config", xml=xml)
        assert not task(hostdev=name).changed
        three_ways("config", hostdev=name, state="absent")


def test_a_saved_guest_keeps_its_volumes(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.defineXML(OFF.replace("q35", "pc"))
    domain.create()
    path = POOL / "saved.qcow2"
    three_ways(disk={"path": str(path), "size": 0.01})
    domain.managedSave()
    refused("its state is saved", disk={"target.dev": "vda"}, state="absent", remove_volume=True)
    assert path.exists()
    domain.managedSaveRemove()
    three_ways("config", disk={"target.dev": "vda"}, state="absent", remove_volume=True)
    assert not path.exists()


def test_an_interface_is_connected_otherwise(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    match = {"mac": MAC}
    for network in ({"type": "direct", "source": "eth9"}, {"type": "user"}, {"network": "default"}):
        result = three_ways("config", network=network, match=match)
        assert "warnings" not in result.values


def test_a_port_that_is_given_is_not_found_by_libvirt(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF.replace("</devices>", "<graphics type='vnc'/></devices>"))
    result = three_ways("config", graphics="vnc,port=5999")
    assert "port='5999' autoport='no'" in result.values["device"]["xml"]
    three_ways("config", graphics={"type": "vnc", "port": -1})


def test_what_is_selected_by_a_value_that_only_the_guest_has(hypervisor: Hypervisor) -> None:
    hypervisor.raw.defineXML(OFF.replace("q35", "pc")).create()
    options: dict[str, t.Any] = {
        "network": {"mac": "52:54:00:00:01:05"},
        "match": {"mac": MAC},
        "live_timeout": 1,
    }
    assert [one["when"] for one in task(**options).values["changes"]] == ["restart"]
    # It is not taken for a new one.
    for check in (True, False):
        result = task(check=check, **options)
        assert not result.failed
        assert hypervisor.definition(NAME).count("<interface") == 1
    assert not result.changed
    assert "not released it" in result.values["pending"][0]["reason"]


def test_a_disk_on_another_bus_is_found_while_the_guest_has_it_on_the_old_one(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    image = tmp_path / "bus.img"
    image.write_bytes(bytes(1 << 20))
    disk = (
        f"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{image}'/>"
        "<target dev='sda' bus='sata'/></disk>"
    )
    hypervisor.raw.defineXML(OFF.replace("</devices>", f"{disk}</devices>")).create()
    options: dict[str, t.Any] = {
        "disk": {"bus": "virtio", "target": {"dev": "vda"}},
        "match": {"target/@dev": "sda"},
        "live_timeout": 1,
    }
    done = task(**options)
    assert {one["when"] for one in done.values["changes"]} == {"restart"}
    assert done.values["restart_required"]
    for check in (True, False):
        result = task(check=check, **options)
        assert not result.failed, result.msg
    assert not result.changed
    assert result.values["restart_required"]
    assert hypervisor.definition(NAME).count("device='disk'") == 1


def test_a_transient_domain(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.createXML(OFF.replace("q35", "pc"))
    result = three_ways(rng="/dev/urandom")
    assert "<rng" in domain.XMLDesc()
    assert not domain.isPersistent()
    assert result.values["domain"]["persistent"] is False
    assert not result.values["restart_required"], "it has no definition that a restart would use"
    assert "restart" not in str(result.values.get("warnings"))
    refused("transient", rng="/dev/urandom", affect=["config"])


def test_a_guest_that_does_not_release_a_disk_keeps_its_volume(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.defineXML(OFF.replace("q35", "pc"))
    domain.create()
    path = POOL / "kept.qcow2"
    three_ways(disk={"path": str(path), "size": 0.01})
    options: dict[str, t.Any] = {
        "disk": {"path": str(path)},
        "state": "absent",
        "remove_volume": True,
    }
    began = time.monotonic()
    result = task(**options, live_timeout=1)
    assert 1 <= time.monotonic() - began < 10
    assert result.changed
    assert result.values["pending"][0]["reason"] == "the guest has not released it within 1 s"
    assert "was not removed" in str(result.values["warnings"])
    assert path.exists()
    assert str(path) in domain.XMLDesc()
    domain.destroy()
    assert not task(**options).changed
    path.unlink()


# Mistakes


def test_mistakes(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    before = hypervisor.definition(NAME)
    refused("there is no such domain", domain="nobody", rng={})
    refused("nothing identifies the disk", disk={"size": 1})
    refused("did you mean cache?", disk={"path": "/x", "cahce": "none"})
    refused("has 2 entries", disk=[{"size": 1}, {"size": 2}])
    refused("has to be that of one device", xml="<domain/>")
    refused("the XML is not well-formed", xml="<disk")
    refused("remove_volume is for state: absent", rng={}, remove_volume=True)
    refused("remove_volume is for disks", network={}, state="absent", remove_volume=True)
    refused("live_timeout is negative", rng={}, live_timeout=-1)
    refused("affect is empty", rng={}, affect=[])
    refused("there is no directory /nowhere", disk={"path": "/nowhere/disk.qcow2", "size": 1})
    refused("the host has no device nothing", hostdev="nothing")
    refused("match: disk: there is no sub-option 'targget'", disk={}, match={"targget": "vda"})
    refused("match is empty", disk={}, match={})
    refused("is not one device", rng="none")
    refused("is not one device", controller="usb2")
    refused(
        "unknown element <oddity>",
        xml="<disk type='file'><target dev='vdz' bus='virtio'/><oddity/></disk>",
    )
    assert hypervisor.definition(NAME) == before


def test_a_volume_in_a_directory_without_a_pool_is_taken_back(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    hypervisor.define(OFF)
    disk = {"path": f"{tmp_path}/taken.qcow2", "size": 0.01, "target": {"dev": "hda"}, "bus": "ide"}
    result = task(disk=disk)
    assert result.failed
    assert "IDE controllers are unsupported" in result.msg
    assert not result.changed, result.msg
    assert list(tmp_path.iterdir()) == []


# Several tasks at the same time


def test_tasks_at_the_same_time(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    program = (
        "import sys\n"
        "from tests.integration.test_domain_device import task\n"
        "for number in range(6):\n"
        "    key = f'{sys.argv[1]}{number}'\n"
        "    result = task(xml=f\"<shmem name='{key}'><model type='ivshmem-plain'/>"
        "<size unit='M'>1</size></shmem>\")\n"
        "    assert result.changed, result\n"
        "    assert not result.values.get('warnings'), result\n"
    )
    top = pathlib.Path(__file__).parents[2]
    running = [
        subprocess.Popen(
            ["python3", "-c", program, name], cwd=top, stderr=subprocess.PIPE, text=True
        )
        for name in "abcd"
    ]
    for one in running:
        _output, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    found = set(re.findall(r"<shmem name='(\w+)'", hypervisor.definition(NAME)))
    assert found == {f"{name}{number}" for name in "abcd" for number in range(6)}


def test_a_turn_comes_late(hypervisor: Hypervisor) -> None:
    hypervisor.define(OFF)
    with hypervisor.impatient_daemon():
        with DefinitionLock("domain") as lock:
            lock.acquire(NAME)
            threading.Timer(4, lock.__exit__).start()
            result = task(sound="ich6")
        assert result.changed, result.msg
    assert "<sound model='ich6'" in hypervisor.definition(NAME)


def test_another_interface_on_the_same_network_stays_as_it_is(hypervisor: Hypervisor) -> None:
    mac = "52:54:00:00:01:02"
    second = f"<interface type='network'><mac address='{mac}'/><source network='default'/>"
    hypervisor.define(OFF.replace("</devices>", f"{second}</interface></devices>"))
    result = task(network={"network": "default", "mac": mac})
    assert (result.failed, result.changed) == (False, False), result.msg or result.values
