# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_export and the playbook adopt: guests made by hand become variables, and come back from them."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import typing as t

import pytest
import yaml
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_export,
    domains,
    estate,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hypervisor import DUMP, Hypervisor, task_of
from .test_playbooks import play

pytestmark = pytest.mark.usefixtures("no_images")
IMAGES = pathlib.Path("/var/lib/libvirt/images")
NETWORK = (
    "<network><name>lab</name><bridge name='virbr9'/><forward mode='nat'/><domain name='lab.test'/>"
    "<ip address='192.168.79.1' netmask='255.255.255.0'><dhcp><range start='192.168.79.10' "
    "end='192.168.79.99'/><host mac='52:54:00:00:00:09' ip='192.168.79.9'/></dhcp></ip></network>"
)
ISOLATED = "<network><name>quiet</name><bridge name='virbr8' stp='off'/></network>"
FILTER = "<filter name='web' chain='root'><filterref filter='clean-traffic'/></filter>"
SECRET = (
    "<secret ephemeral='no' private='yes'><description>of the lab</description>"
    "<usage type='ceph'><name>client.lab</name></usage></secret>"
)
#: As virt-manager writes it: no tablet, a password, a drive without a medium, a channel for the agent.
BY_HAND = """
<domain type='qemu'>
  <name>by-hand</name>
  <title>The {{ shop }}</title>
  <metadata><other:note xmlns:other='https://example.org/'>keep</other:note></metadata>
  <memory unit='MiB'>100</memory><vcpu>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='cdrom'/><boot dev='hd'/></os>
  <features><acpi/><apic/></features>
  <cpu mode='custom' match='exact'><model>qemu64</model><feature policy='disable' name='svm'/></cpu>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none' io='native'/>
      <source file='/srv/by-hand/root.img'/><target dev='sda' bus='sata'/>
    </disk>
    <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk>
    <interface type='network'><source network='lab'/><model type='e1000'/>
      <filterref filter='web'/></interface>
    <interface type='network'><mac address='52:54:00:79:00:01'/><source network='quiet'/></interface>
    <graphics type='vnc' port='-1' autoport='yes' passwd='geheim42'/>
    <video><model type='vga'/></video>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
  </devices>
</domain>
"""


def virt_install(*arguments: str) -> None:
    """Define a domain as people do."""
    printed = subprocess.run(
        [
            *("virt-install", "--virt-type", "qemu", "--import", "--print-xml", "--osinfo"),
            *("debian11", "--memory", "128", "--check", "all=off", *arguments),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    subprocess.run(["virsh", "define", "/dev/stdin"], check=True, input=printed, text=True)


@pytest.fixture
def by_hand(hypervisor: Hypervisor) -> t.Iterator[Hypervisor]:
    """A host with what people make with virt-manager, virsh and virt-install."""
    raw = hypervisor.raw
    pool = "<pool type='dir'><name>by-hand</name><target><path>/srv/by-hand</path></target></pool>"
    found = raw.storagePoolDefineXML(pool)
    found.build()
    found.create()
    found.setAutostart(1)
    found.createXML(
        "<volume><name>root.img</name><capacity unit='MiB'>3</capacity><allocation>0</allocation>"
        "<target><format type='raw'/></target></volume>"
    )
    found.createXML(
        "<volume><name>base.qcow2</name><capacity unit='MiB'>4</capacity>"
        "<target><format type='qcow2'/></target></volume>"
    )
    found.createXML(
        "<volume><name>web.qcow2</name><capacity unit='MiB'>5</capacity>"
        "<target><format type='qcow2'/></target><backingStore><path>/srv/by-hand/base.qcow2</path>"
        "<format type='qcow2'/></backingStore></volume>"
    )
    raw.nwfilterDefineXML(FILTER)
    raw.secretDefineXML(SECRET)
    for text in (NETWORK, ISOLATED):
        network = raw.networkDefineXML(text)
        network.create()
    network.setAutostart(1)
    raw.defineXML(BY_HAND).setAutostart(1)
    virt_install("--name", "web", "--disk", "/srv/by-hand/web.qcow2", "--network", "network=lab")
    virt_install("--name", "bare", "--disk", "none", "--network", "none", "--graphics", "none")
    yield hypervisor
    empty(hypervisor)
    shutil.rmtree("/srv/by-hand")


def empty(hypervisor: Hypervisor) -> None:
    """Remove all but the volumes, and what libvirt brings."""
    hypervisor.clear()
    hypervisor.clear_pools()
    for network in hypervisor.raw.listAllNetworks():
        if network.name() == "default":
            continue
        if network.isActive():
            network.destroy()
        network.undefine()
    for nwfilter in hypervisor.raw.listAllNWFilters():
        if nwfilter.name() == "web":
            nwfilter.undefine()
    for secret in hypervisor.raw.listAllSecrets():
        secret.undefine()


def exported(**options: t.Any) -> dict[str, t.Any]:
    result = task_of(domain_export, **options)
    assert not result.failed, result.msg
    assert not result.changed
    return result.values


def definitions(hypervisor: Hypervisor) -> dict[str, str]:
    return {domain.name(): domain.XMLDesc(DUMP) for domain in hypervisor.raw.listAllDomains()}


def test_what_is_exported_is_so_already(by_hand: Hypervisor) -> None:
    before = definitions(by_hand)
    found = exported()
    assert [each["form"] for each in found["exported"]] == ["options", "xpath", "options"]
    for check in (True, False):
        result = task_of(domains, check=check, domains=found["domains"])
        assert not result.failed, result.msg
        assert not result.changed, result.values
    assert definitions(by_hand) == before
    bare = found["domains"][0]
    assert bare.keys() <= {
        "name",
        "uuid",
        "osinfo",
        "memory",
        "disk",
        "network",
        "graphics",
        "virt_type",
        # QEMU is started with the model that libvirt has written down.
        "cpu",
    }
    assert bare["disk"] == bare["network"] == bare["graphics"] == "none"


def test_an_emptied_host_gets_the_same(by_hand: Hypervisor) -> None:
    before = definitions(by_hand)
    found = exported(estate=True)
    host = {**found["estate"], "domains": found["domains"]}
    for check in (True, False):
        result = task_of(estate, check=check, **host)
        assert not result.failed, result.msg
        assert not result.changed, result.values
    empty(by_hand)
    shutil.rmtree("/srv/by-hand")
    made = task_of(estate, **host)
    assert not made.failed, made.msg
    after = definitions(by_hand)
    assert after.keys() == before.keys()
    for name, text in before.items():
        # The password is left out.
        desired = parse(after[name])
        changes = reconcile(desired, parse(text), DOMAIN).changes
        assert [c.path for c in changes] in (
            [],
            ["/domain/devices/graphics[@type='vnc']/@passwd"],
        ), changes
    again = exported(estate=True)
    assert again["estate"] == found["estate"]
    assert again["domains"] == found["domains"]


def test_a_network_without_a_domain_is_exported_as_options(by_hand: Hypervisor) -> None:
    by_hand.raw.networkDefineXML(
        "<network><name>plain</name><forward mode='nat'/><ip address='192.168.81.1' "
        "netmask='255.255.255.0'><dhcp><range start='192.168.81.2' end='192.168.81.254'/></dhcp></ip></network>"
    )
    found = {each["name"]: each for each in exported(estate=True)["estate"]["networks"]}
    assert found["plain"].pop("bridge")["name"].startswith("virbr")
    assert found["plain"] == {
        "name": "plain",
        "domain": {},
        "ips": [
            {
                "address": "192.168.81.1",
                "netmask": "255.255.255.0",
                "dhcp": {"ranges": [{"start": "192.168.81.2", "end": "192.168.81.254"}]},
            }
        ],
    }
    assert found["quiet"]["domain"] == {}


def test_passwords_become_variables(by_hand: Hypervisor) -> None:
    found = exported(name=["by-hand"])
    assert "geheim42" not in repr(found)
    assert found["exported"][0]["secret_variables"] == ["by_hand_password"], found
    assert any("by_hand_password" in str(note) for note in found["warnings"])
    (entry,) = yaml.safe_load(found["yaml"].replace("!unsafe ", ""))["domains"]
    assert entry["graphics"]["password"] == "{{ by_hand_password }}"
    assert "password" not in found["domains"][0]["graphics"]
    left = exported(name=["by-hand"], secrets="omit")
    assert "password" not in left["yaml"]
    assert left["exported"][0]["secrets_left_out"] == ["/domain/devices/graphics/@passwd"]


def test_adopted_by_the_playbooks(by_hand: Hypervisor, tmp_path: pathlib.Path) -> None:
    before = definitions(by_hand)
    done = play(tmp_path, "adopt", adopt_secrets="omit")
    assert done.status == 0, done.text
    folder = tmp_path / "host_vars" / "here"
    files = sorted(path.name for path in folder.iterdir())
    assert files == [
        *("guests.yml", "host_networks.yml", "host_nwfilters.yml", "host_pools.yml"),
        *("host_secrets.yml", "host_volumes.yml"),
    ]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    drift = play(tmp_path, "drift", guest_defaults={})
    assert drift.status == 0, drift.text
    same = play(tmp_path, "estate", guest_defaults={})
    assert same.artifacts["estate"]["here"]["unchanged"] > 8, same.text
    assert definitions(by_hand) == before
    assert "changed=0" in play(tmp_path, "adopt", adopt_secrets="omit").text
    (folder / "guests.yml").write_text("guests: []\n")
    refused = play(tmp_path, "adopt", adopt_secrets="omit")
    assert refused.status == 2
    assert "adopt_overwrite" in refused.text
    assert yaml.safe_load((folder / "guests.yml").read_text()) == {"guests": []}
    assert play(tmp_path, "adopt", adopt_secrets="omit", adopt_overwrite=True).status == 0


def test_what_cannot_be_promised_is_said(by_hand: Hypervisor) -> None:
    """Of a host with a transient guest, one that differs from its definition, a medium, and an odd name."""
    pathlib.Path("/srv/by-hand/disc.iso").write_bytes(bytes(2048))
    tiny = (
        "<domain type='qemu'><name>{name}</name>{more}<memory unit='MiB'>32</memory>"
        "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>{devices}</devices></domain>"
    )
    raw = by_hand.raw
    raw.createXML(tiny.format(name="passing", more="", devices=""))
    running = raw.defineXML(tiny.format(name="running", more="", devices=""))
    running.create()
    more = f"<uuid>{running.UUIDString()}</uuid><vcpu>2</vcpu>"
    raw.defineXML(tiny.format(name="running", more=more, devices=""))
    drive = (
        "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='/srv/by-hand/disc.iso'/>"
        "<target dev='sda' bus='sata'/></disk>"
    )
    raw.defineXML(tiny.format(name="odd ", more="", devices=drive))
    found = exported(name=["passing", "running", "odd "], estate=True)
    assert [each["name"] for each in found["domains"]] == ["odd ", "running"]
    notes = str(found["warnings"])
    assert "passing: transient, so that there is no definition to export; define it first" in notes
    assert (
        "running: the running guest differs from the definition, which is what is exported, in vcpu"
        in notes
    )
    assert "'odd ': no module makes a domain of that name" in notes
    assert "/srv/by-hand/disc.iso: media of guests are not among the volumes" in notes
    for check in (True, False):
        result = task_of(domains, check=check, domains=found["domains"])
        assert not result.failed, result.msg
        assert not result.changed, result.values
