# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_info on real guests, with virsh as the judge where it tells the same."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import listing
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.state_reasons import (
    REASONS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import (
    info as info_of_domains,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_info

from .guests import SILENT, Boot, Guest, document, start
from .hypervisor import Hypervisor, task_of

OFF = """
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu current='1'>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>{devices}</devices>
</domain>
"""
INTERFACE = (
    "<interface type='network'><mac address='52:54:00:00:02:01'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)
IMAGE = "/var/lib/libvirt/images/info.qcow2"
DISKS = f"""
<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{IMAGE}'/>
  <target dev='vda' bus='virtio'/><serial>one</serial></disk>
<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/>
  <source pool='info' volume='info.qcow2'/><target dev='vdb' bus='virtio'/><readonly/></disk>
<disk type='network' device='disk'><driver name='qemu' type='raw'/>
  <source protocol='nbd' name='export'><host name='fd00::1' port='10809'/></source>
  <target dev='vdc' bus='virtio'/></disk>
<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>
"""


def info(check: bool = False, **options: t.Any) -> list[dict[str, t.Any]]:
    """What the module returns, in both modes."""
    found = task_of(domain_info, check, **options)
    assert not found.failed, found.msg
    assert found.changed is False
    domains: list[dict[str, t.Any]] = found.values["domains"]
    return domains


def one(**options: t.Any) -> dict[str, t.Any]:
    (found,) = info(**options)
    return found


def names(**options: t.Any) -> list[str]:
    return [found["name"] for found in info(**options)]


def define(hypervisor: Hypervisor, name: str, devices: str = "") -> t.Any:
    return hypervisor.raw.defineXML(OFF.format(name=name, devices=devices))


def virsh(*arguments: str) -> str:
    done = subprocess.run(["virsh", "-q", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def image(hypervisor: Hypervisor) -> t.Iterator[str]:
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", IMAGE, "16M"], check=True)
    # A task of another file may have made one of this folder.
    hypervisor.clear_pools()
    pool = hypervisor.raw.storagePoolCreateXML(
        "<pool type='dir'><name>info</name><target><path>/var/lib/libvirt/images</path></target>"
        "</pool>"
    )
    yield IMAGE
    pool.storageVolLookupByName("info.qcow2").delete()
    pool.destroy()


def test_selection(hypervisor: Hypervisor) -> None:
    made = {name: define(hypervisor, name) for name in ("web-2", "db", "web-1", "we[b]")}
    made["db"].create()
    assert names() == ["db", "we[b]", "web-1", "web-2"]
    uuid = made["web-2"].UUIDString()
    wanted: tuple[tuple[dict[str, t.Any], list[str]], ...] = (
        ({"name": "db"}, ["db"]),
        ({"name": ["web-*"]}, ["web-1", "web-2"]),
        ({"name": ["web-?", "web-1", "db"]}, ["db", "web-1", "web-2"]),
        ({"name": ["we[b]"]}, ["we[b]"]),
        ({"name": ["we[b]-1"]}, ["web-1"]),
        ({"name": [uuid.upper().replace("-", "")]}, ["web-2"]),
        ({"name": ["nobody", "no*", "0f3e1a0c-0000-4000-8000-000000000000"]}, []),
        ({"name": []}, []),
        ({"state": ["running"]}, ["db"]),
        ({"state": ["active"]}, ["db"]),
        ({"state": ["inactive"], "name": "web*"}, ["web-1", "web-2"]),
        ({"state": ["paused", "shutoff"], "name": "*[1b]"}, ["web-1"]),
        ({"state": []}, []),
    )
    for options, expected in wanted:
        assert names(**options) == expected, options
        assert info(check=True, **options) == info(**options)
    assert "must be one or more of" in task_of(domain_info, state=["on"]).msg
    assert "agent_timeout is negative" in task_of(domain_info, agent_timeout=-1).msg


def test_a_domain_that_is_off(hypervisor: Hypervisor, image: str) -> None:
    domain = define(hypervisor, "off", DISKS + INTERFACE)
    domain.setAutostart(1)
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "The title", None, None)
    found = one()
    assert {key: found[key] for key in ("name", "uuid", "id", "state", "state_reason")} == {
        "name": "off",
        "uuid": domain.UUIDString(),
        "id": None,
        "state": "shutoff",
        "state_reason": "unknown",
    }
    assert (found["persistent"], found["autostart"], found["saved"]) == (True, True, False)
    assert (found["title"], found["type"], found["arch"]) == ("The title", "qemu", "x86_64")
    assert found["machine"].startswith("pc-i440fx")
    assert found["memory"] == {"current": 64 << 20, "maximum": 64 << 20}
    assert found["vcpus"] == {"current": 1, "maximum": 2}
    assert (found["pending"], found["restart_required"], found["unavailable"]) == ([], False, {})
    assert not {"xml", "live_xml", "stats", "agent"} & set(found)
    disks = {disk["target"]: disk for disk in found["disks"]}
    assert list(disks) == ["vda", "vdb", "vdc", "hda"]
    capacity, allocation, physical = domain.blockInfo("vda")
    assert disks["vda"] == {
        "target": "vda",
        "device": "disk",
        "bus": "virtio",
        "type": "file",
        "source": image,
        "format": "qcow2",
        "read_only": False,
        "serial": "one",
        "capacity": capacity,
        "allocation": allocation,
        "physical": physical,
    }
    assert capacity == 16 << 20
    assert (disks["vdb"]["source"], disks["vdb"]["capacity"]) == ("info/info.qcow2", 16 << 20)
    assert disks["vdb"]["read_only"] is True
    assert disks["vdc"]["source"] == "nbd://[fd00::1]:10809/export"
    assert (disks["vdc"]["capacity"], disks["hda"]["source"]) == (None, None)
    assert found["interfaces"] == [
        {
            "mac": "52:54:00:00:02:01",
            "type": "network",
            "source": "default",
            "model": "virtio",
            "target": None,
            "link": "up",
            "disconnected": False,
            "addresses": [],
        }
    ]
    all_of_it = one(gather=["xml", "live_xml", "stats", "agent"], addresses=["agent", "arp"])
    assert all_of_it["xml"] == virsh("dumpxml", "--inactive", "off")
    assert (all_of_it["live_xml"], all_of_it["agent"]) == (None, None)
    assert all_of_it["unavailable"] == {"agent": "the guest does not run"}
    assert all_of_it["stats"]["vcpu.maximum"] == 2


def test_a_guest_and_its_agent(hypervisor: Hypervisor, boot: Boot) -> None:
    guest = start(hypervisor, document("guest", boot, devices=INTERFACE))
    guest.wait_until(lambda: "192.168.122." in guest.run("ip", "address"))
    found = one(
        gather=["xml", "live_xml", "stats", "agent"],
        addresses=["lease", "agent", "arp"],
        agent_timeout=30,
    )
    assert (found["state"], found["state_reason"]) == ("running", "booted")
    assert found["id"] == guest.domain.ID()
    (interface,) = found["interfaces"]
    assert f"{interface['target']} " in virsh("domiflist", "guest")
    by_source = {address["source"]: address for address in found["addresses"]}
    for source in ("lease", "agent"):
        assert by_source[source]["address"].startswith("192.168.122.")
        assert by_source[source]["mac"] == interface["mac"]
        assert by_source[source]["address"] in virsh("domifaddr", "guest", "--source", source)
    assert interface["addresses"] == found["addresses"]
    assert found["agent"]["timezone"]["offset"] == 0
    assert found["agent"]["os"]["kernel_release"] == guest.run("uname", "-r").strip()
    assert [one["name"] for one in found["agent"]["interfaces"]] == ["lo", "eth0"]
    assert found["live_xml"] == virsh("dumpxml", "guest")
    assert found["stats"]["cpu.time"] > 0
    assert (found["pending"], found["restart_required"]) == ([], False)
    assert one()["addresses"] == [by_source["lease"]]
    assert one(addresses=[])["addresses"] == []

    guest.silence_agent()
    for _time in range(2):
        begun = time.monotonic()
        found = one(gather=["agent"], addresses=["agent"], agent_timeout=1)
        assert time.monotonic() - begun < 10
        assert found["agent"] is None
        assert found["unavailable"].keys() == {"agent", "addresses.agent"}
        assert all(reason.startswith(SILENT) for reason in found["unavailable"].values())


def test_a_guest_without_an_agent(hypervisor: Hypervisor) -> None:
    define(hypervisor, "guest").create()
    found = one(gather=["agent"], addresses=["agent"])
    assert found["agent"] is None
    for what in ("agent", "addresses.agent"):
        assert "QEMU guest agent is not configured" in found["unavailable"][what]


def test_the_states_of_a_guest(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, "guest")

    def state() -> tuple[str, str, bool]:
        found = one()
        return found["state"], found["state_reason"], found["saved"]

    domain.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    assert state() == ("paused", "user", False)
    domain.resume()
    assert state() == ("running", "unpaused", False)
    domain.managedSave(0)
    assert state() == ("shutoff", "saved", True)
    domain.create()
    assert state() == ("running", "restored", False)
    domain.destroy()
    assert state() == ("shutoff", "destroyed", False)


def test_snapshots(hypervisor: Hypervisor, image: str) -> None:
    domain = define(hypervisor, "guest", DISKS.split("<disk type='volume'", maxsplit=1)[0])
    for name in ("first", "second"):
        domain.snapshotCreateXML(
            f"<domainsnapshot><name>{name}</name><description>The {name}</description>"
            "</domainsnapshot>"
        )
        time.sleep(1.1)
    first, second = one()["snapshots"]
    created = first.pop("creation_time")
    assert abs(created - time.time()) < 60
    assert first == {
        "name": "first",
        "parent": None,
        "current": False,
        "state": "shutoff",
        "description": "The first",
    }
    assert (second["name"], second["parent"], second["current"]) == ("second", "first", True)


def test_a_transient_domain(hypervisor: Hypervisor) -> None:
    hypervisor.raw.createXML(OFF.format(name="guest", devices=""))
    found = one(gather=["xml"])
    assert (found["persistent"], found["pending"]) == (False, [])
    assert found["state"] == "running"


def test_secrets_are_never_shown(hypervisor: Hypervisor) -> None:
    secret = "Oh6eiGh3"
    graphics = f"<graphics type='vnc' port='-1' passwd='{secret}'/>"
    domain = define(hypervisor, "guest", graphics)
    domain.create()
    for found in (one(gather=["xml", "live_xml", "stats", "agent"]), one()):
        assert secret not in json.dumps(found)
    found = one(gather=["xml", "live_xml"])
    for which in ("xml", "live_xml"):
        assert "passwd='VALUE_HIDDEN'" in found[which]
    hypervisor.define(domain.XMLDesc(3).replace(secret, "ephahCh4"))
    found = one(gather=["xml"])
    assert [change["path"] for change in found["pending"]] == [
        "/domain/devices/graphics[@type='vnc']/@passwd"
    ]
    assert not [text for text in (secret, "ephahCh4") if text in json.dumps(found)]


def test_a_domain_that_disappears_is_left_out(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        define(hypervisor, f"guest-{number}")
    real = listing.list_domains

    def and_then_one_is_gone(*arguments: t.Any) -> t.Any:
        listed = real(*arguments)
        hypervisor.undefine("guest-2")
        return listed

    monkeypatch.setattr(info_of_domains, "list_domains", and_then_one_is_gone)
    assert names() == ["guest-0", "guest-1", "guest-3"]


def test_domains_that_come_and_go_all_the_time(hypervisor: Hypervisor) -> None:
    define(hypervisor, "stays")
    connection = libvirt.open("qemu:///system")
    is_over = threading.Event()

    def come_and_go() -> None:
        while not is_over.is_set():
            for number in range(5):
                connection.defineXML(OFF.format(name=f"guest-{number}", devices=""))
            for number in range(5):
                connection.lookupByName(f"guest-{number}").undefine()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _time in range(40):
            found = names()
            assert "stays" in found
            assert found == sorted(found)
    finally:
        is_over.set()
        other.join()


def test_a_driver_that_can_do_less() -> None:
    options = {"gather": ["xml", "live_xml", "stats", "agent"], "addresses": ["lease", "agent"]}
    found = one(uri="test:///default", **options)
    assert (found["name"], found["state"], found["id"]) == ("test", "running", 1)
    assert found["memory"] == {"current": 2 << 30, "maximum": 8 << 30}
    assert found["disks"][0]["capacity"] is None
    assert (found["agent"], found["pending"]) == (None, [])
    assert "not supported" in found["unavailable"]["agent"]


def test_the_hypervisor_does_not_answer() -> None:
    found = task_of(domain_info, uri="qemu+unix:///system?socket=/nonexistent")
    assert found.failed
    assert found.msg.startswith("the domains: libvirt failed to connect to")


# What waits for a restart


def pending(**options: t.Any) -> dict[str, dict[str, t.Any]]:
    found = one(**options)
    assert found["restart_required"] == bool(found["pending"])
    return {change["path"]: change for change in found["pending"]}


STAGED: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("setmem", "guest", "150M", "--config"), ("/domain/currentMemory",)),
    (("setmaxmem", "guest", "256M", "--config"), ("/domain/memory",)),
    (("setvcpus", "guest", "1", "--config"), ("/domain/vcpu/@current",)),
    (("setvcpus", "guest", "4", "--config", "--maximum"), ("/domain/vcpu",)),
    (("desc", "guest", "--config", "--title", "New"), ("/domain/title",)),
    (("schedinfo", "guest", "--config", "cpu_shares=512"), ("/domain/cputune",)),
    (("memtune", "guest", "--config", "--hard-limit", "1048576"), ("/domain/memtune",)),
    (("vcpupin", "guest", "0", "0", "--config"), ("/domain/cputune",)),
    (("iothreadadd", "guest", "1", "--config"), ("/domain/iothreads",)),
    (("set-lifecycle-action", "guest", "reboot", "destroy", "--config"), ("/domain/on_reboot",)),
    (
        ("domif-setlink", "guest", "52:54:00:00:02:01", "down", "--config"),
        ("/domain/devices/interface[mac/@address='52:54:00:00:02:01'][@type='network']/link",),
    ),
    (
        (
            "attach-interface",
            "guest",
            "network",
            "default",
            "--mac",
            "52:54:00:00:02:02",
            "--config",
        ),
        ("/domain/devices/interface[mac/@address='52:54:00:00:02:02']",),
    ),
    (
        ("detach-interface", "guest", "network", "--mac", "52:54:00:00:02:01", "--config"),
        ("/domain/devices/interface[mac/@address='52:54:00:00:02:01']",),
    ),
    (
        ("attach-disk", "guest", "/var/lib/libvirt/images/x", "vdz", "--config"),
        ("/domain/devices/disk[target/@dev='vdz']",),
    ),
    (
        ("metadata", "guest", "urn:a", "--config", "--key", "a", "--set", "<b/>"),
        ("/domain/metadata",),
    ),
)


def test_what_virsh_stages_is_pending_by_its_path(hypervisor: Hypervisor, boot: Boot) -> None:
    text = document(
        "guest",
        boot,
        devices=INTERFACE,
        vcpu="<vcpu current='2'>3</vcpu>",
        memory="<memory unit='MiB'>224</memory><currentMemory unit='MiB'>192</currentMemory>",
    )
    domain = hypervisor.raw.defineXML(text)
    domain.create()
    # It boots, and so hasn't given back any memory yet.
    assert one()["memory"]["current"] == 224 << 20
    assert pending() == {}
    guest = Guest(domain)
    guest.wait_for_agent()
    guest.wait_until(lambda: one()["memory"]["current"] == 192 << 20)
    assert pending() == {}
    definition = hypervisor.definition("guest")
    for command, paths in STAGED:
        virsh(*command)
        found = pending()
        for path in paths:
            assert [one for one in found if one.startswith(path)], (command, found)
        others = [one for one in found if not one.startswith(paths)]
        assert set(others) <= {"/domain/vcpu/@current"}, (command, found)
        hypervisor.define(definition)
        assert pending() == {}, command


def test_why_it_waits(hypervisor: Hypervisor) -> None:
    define(hypervisor, "guest").create()
    virsh("setvcpus", "guest", "4", "--config", "--maximum")
    virsh("desc", "guest", "--config", "--title", "New")
    found = pending(check=True)
    assert found == pending()
    assert found["/domain/vcpu"] == {
        "path": "/domain/vcpu",
        "op": "modify",
        "before": "2",
        "after": "4",
        "when": "restart",
        "reason": "libvirt can change it only while the guest is off",
    }
    assert found["/domain/title"]["reason"] is None


def test_a_guest_without_a_driver_of_the_balloon_waits_for_nothing(hypervisor: Hypervisor) -> None:
    text = OFF.format(name="guest", devices="")
    text = text.replace("</memory>", "</memory><currentMemory unit='MiB'>32</currentMemory>")
    domain = hypervisor.raw.defineXML(text)
    domain.create()
    assert one()["memory"]["current"] == 64 << 20
    assert pending() == {}
    # A restart with more memory would give it that.
    virsh("setmaxmem", "guest", "128M", "--config")
    assert set(pending()) == {"/domain/memory"}


def test_the_reasons_are_those_of_libvirt() -> None:
    for state, reasons in REASONS.items():
        for number, reason in enumerate(reasons):
            name = f"VIR_DOMAIN_{state.upper()}_{reason.upper()}"
            # An older libvirt lacks the newer ones.
            assert getattr(libvirt, name, number) == number, name
        assert hasattr(libvirt, f"VIR_DOMAIN_{state.upper()}_{reasons[1].upper()}")
