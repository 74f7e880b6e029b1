# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests that move between two real libvirtds, there and back."""

from __future__ import annotations

import functools
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.migrated_volumes import (
    MigratedVolumes,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_migrate
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.note import (
    PREFIX,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.note import (
    URI as NOTES,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hypervisor import Hypervisor, Result, task_of
from .second_host import FIRST, IMAGES, SECOND, SecondHost
from .test_playbooks import play
from .three_ways import assert_fails, assert_unchanged, three_ways

NAME = "moving"
UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
ADDRESS = "tcp://127.0.0.1"

there: dict[str, t.Any] = {"domain": NAME, "destination": SECOND, "migrate_uri": ADDRESS}
back: dict[str, t.Any] = {
    "domain": NAME,
    "uri": SECOND,
    "destination": FIRST,
    "migrate_uri": ADDRESS,
}


class World(t.NamedTuple):
    """Both hosts."""

    first: Hypervisor
    second: SecondHost

    def state(self) -> object:
        """All that a task may change."""
        return [
            (
                [
                    (domain.name(), domain.state(), domain.autostart(), domain.XMLDesc(2))
                    for domain in host.raw.listAllDomains()
                ],
                [_volumes(pool) for pool in host.raw.listAllStoragePools() if pool.isActive()],
            )
            for host in self
        ]

    def define(self, devices: str = "", more: str = "", system: str = "") -> t.Any:
        return self.first.raw.defineXML(document(devices, more, system))

    def where(self) -> tuple[str, str]:
        """What the domain is on both hosts: ``absent``, ``off`` or ``active``."""
        return where(self.first), where(self.second)

    def moved(self, **options: t.Any) -> Result:
        return three_ways(domain_migrate, self.state, **{**there, **options})

    def fails(self, words: str, **options: t.Any) -> None:
        assert_fails(domain_migrate, self.state, words, **{**there, **options})


def _volumes(pool: t.Any) -> list[tuple[str, int]]:
    pool.refresh()
    return [(volume.name(), volume.info()[2]) for volume in pool.listAllVolumes()]


def where(host: Hypervisor) -> str:
    for domain in host.raw.listAllDomains():
        if domain.UUIDString() == UUID:
            return "active" if domain.isActive() else "off"
    return "absent"


def document(devices: str = "", more: str = "", system: str = "") -> str:
    return (
        f"<domain type='qemu'><name>{NAME}</name><uuid>{UUID}</uuid><title>Moves</title>"
        f"<metadata><x:tags xmlns:x='urn:x'>web</x:tags></metadata>"
        f"<memory unit='MiB'>64</memory><os><type arch='x86_64' machine='pc'>hvm</type>{system}</os>"
        f"<features><acpi/></features>{more}<devices>{devices}<memballoon model='none'/></devices></domain>"
    )


@pytest.fixture
def world(hypervisor: Hypervisor) -> t.Iterator[World]:
    IMAGES.mkdir(exist_ok=True)
    found = World(hypervisor, SecondHost())
    found.second.clear()
    yield found
    found.second.clear()
    found.second.clear_images()
    hypervisor.clear()
    hypervisor.clear_pools()
    for image in IMAGES.iterdir():
        image.unlink()


task = functools.partial(task_of, domain_migrate)


def done(**options: t.Any) -> Result:
    result = task(**options)
    assert not result.failed, result.msg
    return result


def disk(name: str = "disk.qcow2", target: str = "vda", size: str = "8M") -> str:
    path = IMAGES / name
    form = path.suffix[1:]
    subprocess.run(["qemu-img", "create", "-q", "-f", form, str(path), size], check=True)
    return _disk(name, target)


def _disk(name: str, target: str = "vda") -> str:
    path = IMAGES / name
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{path.suffix[1:]}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/></disk>"
    )


def write(path: pathlib.Path, pattern: int) -> None:
    command = ["qemu-io", "-f", path.suffix[1:], "-c", f"write -P {pattern} 1M 64k", str(path)]
    subprocess.run(command, check=True, capture_output=True)


def has(run: t.Callable[..., str], path: pathlib.Path, pattern: int) -> bool:
    """Whether an image has the pattern that was written."""
    command = (
        f"qemu-io -r -U -f {path.suffix[1:]} -c 'read -P {pattern} 1M 64k' {path} 2>&1 || true"
    )
    printed = run("sh", "-c", command)
    assert "read 65536/65536 bytes" in printed, printed
    return "Pattern verification failed" not in printed


def test_a_running_guest_moves_there_and_back(world: World) -> None:
    domain = world.define()
    domain.setAutostart(True)
    domain.create()
    result = world.moved()
    assert [change["path"] for change in result.values["changes"]] == ["host"]
    assert result.values["domain"]["state"] == "running"
    assert result.values["domain"]["autostart"] is True
    assert result.values["statistics"]["memory_total"] > 64 * 1024**2
    assert world.where() == ("absent", "active")
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert arrived.isPersistent()
    assert arrived.autostart()
    for flags in (0, 2):
        metadata = parse(arrived.XMLDesc(flags)).child("metadata")
        assert metadata is not None
        assert [child.tag for child in metadata.children] == ["{urn:x}tags"]
    # By the UUID too, of which the name isn't known at the source.
    assert not done(**{**there, "domain": UUID}).changed
    arrived.setAutostart(False)
    three_ways(domain_migrate, world.state, **back)
    assert world.where() == ("active", "absent")
    assert not world.first.raw.lookupByUUIDString(UUID).autostart()


def test_disks_that_the_hosts_do_not_share(world: World) -> None:
    """A qcow2 and a raw one are copied; what is in the way is named; what is stale isn't touched."""
    image, raw = IMAGES / "disk.qcow2", IMAGES / "logs.raw"
    domain = world.define(disk() + disk("logs.raw", "vdb"))
    write(image, 7)
    write(raw, 9)
    domain.create()
    world.fails(
        "copy_storage: vda is /var/lib/libvirt/images/disk.qcow2, which second.example doesn't share"
    )
    world.fails("has no active storage pool over /var/lib/libvirt/images", copy_storage="full")
    world.second.make_pool()
    world.second.run("sh", "-c", f"echo precious > {raw}")
    world.fails(f"second.example has {raw} already", copy_storage="full")
    assert world.second.run("cat", str(raw)) == "precious\n"
    world.second.run("rm", str(raw))
    result = world.moved(copy_storage="full", bandwidth=200)
    assert [change["path"] for change in result.values["changes"]] == [
        f"volume {image}",
        f"volume {raw}",
        "host",
    ]
    assert world.second.images() == ["disk.qcow2", "logs.raw"]
    assert has(world.second.run, image, 7)
    assert has(world.second.run, raw, 9)
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert "ns/migration" not in arrived.XMLDesc(0) + arrived.XMLDesc(2)
    # The way back writes over what is there.
    world.first.raw.storagePoolCreateXML(
        f"<pool type='dir'><name>images</name><target><path>{IMAGES}</path></target></pool>"
    )
    world.fails(f"vm has {image} already", **{**back, "copy_storage": "full"})
    three_ways(domain_migrate, world.state, **back, copy_storage="incremental")
    assert world.where() == ("active", "absent")
    assert image.exists()


def test_a_guest_that_is_off(world: World) -> None:
    image = IMAGES / "disk.qcow2"
    world.define(disk()).setAutostart(True)
    write(image, 5)
    world.fails("copy_storage: vda is")
    world.fails("mode: it is live, and the guest is off", mode="live")
    world.second.make_pool()
    world.moved(copy_storage="full")
    assert world.where() == ("absent", "off")
    assert world.second.raw.lookupByUUIDString(UUID).autostart()
    assert has(world.second.run, image, 5)
    # As big as the source's own file, without its holes.
    sizes = [
        subprocess.run(["du", str(image)], check=True, capture_output=True, text=True).stdout,
        world.second.run("du", str(image)),
    ]
    assert sizes[0] == sizes[1]
    # Both hosts would have it.
    assert_unchanged(domain_migrate, world.state, **there)
    three_ways(domain_migrate, world.state, **back, unsafe=True, keep_source=True)
    assert world.where() == ("off", "off")
    assert_unchanged(domain_migrate, world.state, **back, keep_source=True)
    world.fails("both define it, and it is off on both", **back)
    world.first.raw.lookupByUUIDString(UUID).create()
    world.fails("mode: it is offline, and the guest runs", mode="offline", unsafe=True)
    world.second.run("rm", str(image))
    world.fails(f"second.example has no {image}, which vda is", unsafe=True)
    world.moved(copy_storage="full")
    assert world.where() == ("absent", "active")


def test_tunnelled_paused_and_led_by_the_task(world: World) -> None:
    world.define().create()
    world.moved(migrate_uri=None, tunnelled=True)
    three_ways(domain_migrate, world.state, **back, mode="paused", peer_to_peer=False)
    assert world.where() == ("active", "absent")
    world.moved(parallel=2, migrate_uri="tcp://127.0.0.1", persistent=False, keep_source=True)
    assert world.where() == ("off", "active")
    assert not world.second.raw.lookupByUUIDString(UUID).isPersistent()
    assert_unchanged(domain_migrate, world.state, **there, persistent=False, keep_source=True)
    # What an interrupted run left to do.
    result = world.moved(autostart=True)
    assert [change["path"] for change in result.values["changes"]] == [
        "persistent",
        "autostart",
        "definition at the source",
    ]
    assert world.where() == ("absent", "active")


def test_both_run(world: World) -> None:
    world.define().create()
    world.second.raw.createXML(document())
    world.fails("the guest is active on both hosts: it is running on")
    world.second.raw.lookupByUUIDString(UUID).suspend()
    world.fails("usually that on second.example, which doesn't run")


def test_what_is_left_of_earlier_times(world: World) -> None:
    """A definition with what belongs to its disks isn't removed; a saved state never meets newer disks."""
    domain = world.define(disk())
    domain.setAutostart(True)
    domain.create()
    domain.managedSave()
    world.second.raw.createXML(document())
    world.fails("has its definition with a saved state; remove that from vm")
    domain.managedSaveRemove()
    snapshot = domain.snapshotCreateXML("<domainsnapshot><name>s1</name></domainsnapshot>")
    world.fails("has its definition with snapshot s1; remove that from vm")
    snapshot.delete()
    # The guest there has no definition.
    world.fails("no host would keep the definition", persistent=False)
    world.moved()
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert arrived.isPersistent()
    arrived.managedSave()
    world.first.raw.createXML(document())
    world.fails("second.example has a saved state of the domain from an earlier time")
    arrived.managedSaveRemove()
    world.second.raw.lookupByUUIDString(UUID).undefine()
    world.second.raw.defineXML(document().replace(f"<name>{NAME}", "<name>old"))
    world.fails("second.example has the domain under another name, 'old'")
    world.second.raw.lookupByUUIDString(UUID).undefine()
    world.second.raw.defineXML(document()).setAutostart(True)
    # It doesn't start by itself at the source.
    result = world.moved()
    assert result.values["domain"]["autostart"] is False
    assert not world.second.raw.lookupByUUIDString(UUID).autostart()


def test_a_guest_that_starts_while_it_is_copied(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is copied then isn't what it has."""
    world.second.make_pool()
    domain = world.define(disk())
    copy = MigratedVolumes.copy

    def started(self: MigratedVolumes, *arguments: t.Any) -> int:
        sent = copy(self, *arguments)
        domain.create()
        return sent

    monkeypatch.setattr(MigratedVolumes, "copy", started)
    failed = task(**there, copy_storage="full")
    assert "the guest was started meanwhile" in failed.msg
    assert not failed.changed
    assert world.where() == ("active", "absent")
    assert domain.isPersistent()
    assert world.second.images() == []
    assert "ns/migration" not in domain.XMLDesc(0) + domain.XMLDesc(2)


def test_transient_guests_and_shared_disks(world: World) -> None:
    """No note stays in a guest without a definition; guests on two hosts never have two copies of a shared disk."""
    world.second.make_pool()
    shareable = disk("shared.raw", "vdb").replace("</disk>", "<shareable/></disk>")
    shareable = shareable.replace("type='raw'", "type='raw' cache='none'")
    domain = world.first.raw.createXML(document(disk() + shareable))
    world.second.run("sh", "-c", f"cp /dev/null {IMAGES / 'shared.raw'}")
    world.fails(
        "vdb is /var/lib/libvirt/images/shared.raw, which second.example doesn't share; put",
        copy_storage="full",
    )
    domain.destroy()
    domain = world.first.raw.createXML(document(disk()))
    failed = task(**{**there, "migrate_uri": "tcp://192.0.2.99:99"}, copy_storage="full")
    assert "nothing is left of it on second.example" in failed.msg
    assert world.second.images() == ["shared.raw"]
    assert "ns/migration" not in domain.XMLDesc(0)
    world.moved(copy_storage="full", persistent=False)
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert not arrived.isPersistent()
    assert "ns/migration" not in arrived.XMLDesc(0)
    # Of a host that isn't the task's, it is unknown whether the old image here is the same one.
    arrived.destroy()
    world.second.raw.defineXML(document(_disk("disk.qcow2")))
    world.fails("is seen only by a task on the host of the guest", **back)


def test_the_state_of_a_tpm_stays(world: World) -> None:
    """The hosts may share its folder."""
    tpm = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
    domain = world.define(tpm)
    domain.create()
    domain.destroy()
    state = pathlib.Path("/var/lib/libvirt/swtpm", UUID, "tpm2")
    before = sorted(state.iterdir())
    assert before
    world.second.raw.createXML(document())
    world.moved()
    assert world.where() == ("absent", "active")
    assert sorted(state.iterdir()) == before


def test_volumes_that_a_note_names(world: World) -> None:
    """One that came along with a clone's metadata isn't the domain's, nor is one that another guest has."""
    world.second.make_pool()
    for name in ("other.qcow2", "disk.qcow2"):
        world.second.run("sh", "-c", f"echo precious > {IMAGES / name}")
    domain = world.define(disk())
    volumes = "".join(f"<volume path='{IMAGES / name}'/>" for name in ("other.qcow2", "disk.qcow2"))
    note = f"<migration destination='22222222-2222-4222-8222-222222222222'>{volumes}</migration>"
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, note, PREFIX, NOTES, 2)
    other = document(_disk("disk.qcow2")).replace(UUID, "11111111-2222-4333-8444-555555555555")
    world.second.raw.defineXML(other.replace(f"<name>{NAME}", "<name>other"))
    world.fails(
        "second.example has /var/lib/libvirt/images/disk.qcow2 already", copy_storage="full"
    )
    world.second.raw.lookupByName("other").undefine()
    # It was copied there by hand.
    copied = done(check=True, **there, unsafe=True)
    assert [change["path"] for change in copied.values["changes"]] == ["host"]
    assert world.second.images() == ["disk.qcow2", "other.qcow2"]
    # What was made for its own disk is made anew.
    world.moved(copy_storage="full")
    assert world.second.run("cat", str(IMAGES / "other.qcow2")) == "precious\n"
    assert world.second.run("head", "-c", "3", str(IMAGES / "disk.qcow2")) == "QFI"
    world.fails("parallel: it is not between 1 and 255", **back, parallel=2**31)
    world.fails("migrate_uri: 'second' is no URI", migrate_uri="second")
    world.fails("destination: libvirt failed to connect to", destination=f"{SECOND}-not")


def test_all_that_is_in_the_way_is_named_at_once(world: World) -> None:
    network = "<interface type='network'><source network='{}'/><filterref filter='{}'/></interface>"
    domain = world.define(
        network.format("default", "clean-traffic"), "<cpu><model>qemu64</model></cpu>"
    )
    world.second.raw.defineXML(document().replace(UUID, "11111111-2222-4333-8444-555555555555"))
    domain.create()
    result = task(check=True, **there)
    assert result.failed
    assert "things are in the way of the migration" in result.msg
    for words in ("has another domain 'moving'", "has no network 'default'", "has no nwfilter"):
        assert words in result.msg
    world.fails("(1) ")
    world.fails("destination: it is the host of the guest", destination=FIRST)
    assert domain.isActive()


def test_it_takes_too_long(world: World) -> None:
    world.second.make_pool()
    domain = world.define(disk("disk.raw", size="256M"))
    (IMAGES / "disk.raw").write_bytes(b"x" * 2**28)
    domain.setAutostart(True)
    domain.create()
    before = domain.XMLDesc(2)
    failed = task(**there, copy_storage="full", bandwidth=8, migrate_timeout=1)
    assert failed.failed
    assert "migrate_timeout: the migration was cancelled after 1 s" in failed.msg
    assert "the guest still runs on" in failed.msg
    assert not failed.changed
    assert world.where() == ("active", "absent")
    assert world.second.images() == []
    assert domain.XMLDesc(2) == before
    done(**there, copy_storage="full")
    assert world.where() == ("absent", "active")
    assert world.second.raw.lookupByUUIDString(UUID).autostart()


def test_a_host_is_drained(world: World, tmp_path: pathlib.Path) -> None:
    """The playbook moves what can be moved, and tells what is in the way of the rest."""
    world.define().create()
    stays = document("<interface type='network'><source network='default'/></interface>")
    stays = stays.replace(NAME, "stays").replace(UUID, "33333333-2222-4333-8444-555555555555")
    world.first.raw.createXML(stays)
    refused = play(tmp_path, "drain")
    assert refused.status == 2
    assert "drain_destination is not set" in refused.text
    options: dict[str, t.Any] = {
        "drain_destination": SECOND,
        "drain_options": {"migrate_uri": ADDRESS},
        "drain_guests": ["mov*", "stays"],
    }
    before = world.state()
    foreseen = play(tmp_path, "drain", "--check", drain_fails=False, **options)
    assert foreseen.status == 0, foreseen.text
    assert world.state() == before
    drained = play(tmp_path, "drain", **options)
    assert drained.status == 2
    assert "guests that have stayed: stays" in drained.text
    assert drained.artifacts == foreseen.artifacts
    summary = drained.artifacts["drain"]["here"]
    assert summary["moved"] == [NAME]
    assert "second.example has no network 'default'" in summary["stayed"]["stays"]
    assert world.where() == ("absent", "active")
    again = play(tmp_path, "drain", **{**options, "drain_guests": "mov*"})
    assert again.status == 0, again.text
    assert again.artifacts["drain"]["here"] == {"moved": [], "stayed": {}}
