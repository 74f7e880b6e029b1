# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks that move to another pool, name or format; their contents are compared by qemu-img."""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import disk_moves
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domains,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .guests import Guest
from .hypervisor import Hypervisor, Result, task_of
from .images import make_overlay
from .test_domain_clone import MIB, content, disk, document, info, make_image, make_pool
from .test_domain_storage import BASE
from .three_ways import assert_fails, three_ways

NAME = "moving"
SLOW = pathlib.Path("/var/lib/libvirt/images")
FAST = pathlib.Path("/var/lib/libvirt/fast")
IMAGE = SLOW / f"{NAME}.qcow2"

pytestmark = pytest.mark.usefixtures("no_images", "pools")

device = functools.partial(three_ways, domain_device, None, domain=NAME)


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, name=NAME, **options)


@pytest.fixture
def pools(hypervisor: Hypervisor) -> t.Iterator[None]:
    """The pools ``slow`` and ``fast``."""
    for folder in (SLOW, FAST):
        folder.mkdir(exist_ok=True)
    make_pool(hypervisor, "slow", SLOW)
    make_pool(hypervisor, "fast", FAST)
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    for path in FAST.iterdir():
        path.unlink()
    FAST.rmdir()


def make(hypervisor: Hypervisor, *disks: str, runs: bool = False) -> None:
    hypervisor.define(document("".join(disks), name=NAME))
    if runs:
        hypervisor.raw.lookupByName(NAME).create()


def disk_of(hypervisor: Hypervisor, target: str = "vda", live: bool = False) -> Element:
    found = hypervisor.raw.lookupByName(NAME)
    text = found.XMLDesc(0 if live else libvirt.VIR_DOMAIN_XML_INACTIVE)
    return next(
        each for each in parse(text).findall("devices/disk") if each.value("target/@dev") == target
    )


def image_of(hypervisor: Hypervisor, target: str = "vda", live: bool = False) -> pathlib.Path:
    return pathlib.Path(disk_of(hypervisor, target, live).value("source/@file") or "")


def files() -> set[str]:
    return {path.name for folder in (SLOW, FAST) for path in folder.iterdir()}


def state(hypervisor: Hypervisor) -> object:
    return hypervisor.definition(NAME), sorted(
        (str(path), path.stat().st_size) for folder in (SLOW, FAST) for path in folder.iterdir()
    )


def write_in_guest(target: str, offset: int, pattern: int) -> None:
    """Write a MiB as the guest would, through the disk's device in QEMU."""
    number = {"vda": 0, "vdb": 1}[target]
    where = f"/machine/peripheral/virtio-disk{number}/virtio-backend"
    for words in (f"write -P {pattern} {offset} {MIB}", "flush"):
        command = ["virsh", "qemu-monitor-command", "--hmp", NAME, f'qemu-io -d {where} "{words}"']
        subprocess.run(command, check=True, capture_output=True)


def warned(done: Result) -> str:
    return str(done.values.get("warnings"))


def test_a_running_guest_moves_and_grows(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes meanwhile; raw becomes qcow2 and is moved back; the old volume goes where that is said."""
    data = bytearray(make_image(IMAGE))
    make_image(SLOW / "data.raw", "raw")
    make(hypervisor, disk(IMAGE), disk(SLOW / "data.raw", "vdb", "raw"), runs=True)
    copy = libvirt.virDomain.blockCopy

    def copied(self: t.Any, target: str, *more: t.Any) -> t.Any:
        done = copy(self, target, *more)
        write_in_guest(target, 3 * MIB, 0x5A)
        return done

    monkeypatch.setattr(libvirt.virDomain, "blockCopy", copied)
    move = {"target": "vda", "pool": "fast", "move": True}
    before = state(hypervisor)
    stays = task(disks=[{"target": "vda", "pool": "fast", "size": 8 / 1024}])
    assert not stays.changed, stays
    assert "set move: true" in warned(stays)
    assert state(hypervisor) == before
    done = three_ways(
        domain, lambda: state(hypervisor), name=NAME, disks=[{**move, "size": 16 / 1024}]
    )
    monkeypatch.undo()
    new = FAST / IMAGE.name
    assert [(each["path"], each["op"], each["when"]) for each in done.values["changes"]] == [
        (f"volume {new}", "add", "config"),
        ("disk vda", "modify", "live"),
        (f"volume {new}", "modify", "live"),
    ]
    assert done.values["pending"] == []
    assert image_of(hypervisor) == image_of(hypervisor, live=True) == new
    assert hypervisor.raw.lookupByName(NAME).blockInfo("vda")[0] == 16 * MIB
    data[3 * MIB : 4 * MIB] = b"\x5a" * MIB
    assert content(new, "qcow2") == bytes(data) + bytes(8 * MIB)
    assert content(IMAGE, "qcow2")[: 3 * MIB] == bytes(data[: 3 * MIB])
    # Another format, and the old volume goes.
    raw = content(SLOW / "data.raw", "raw")
    done = device(
        disk={
            "target": "vdb",
            "pool": "fast",
            "format": "qcow2",
            "move": True,
            "remove_source": True,
        }
    )
    assert content(FAST / "data.qcow2", "qcow2") == raw
    assert disk_of(hypervisor, "vdb").value("driver/@type") == "qcow2"
    assert files() == {IMAGE.name, "data.qcow2"}
    assert [each["op"] for each in done.values["changes"]] == ["add", "modify", "remove"]
    # The old name is taken by what was kept.
    back = {"target": "vda", "pool": "slow", "move": True}
    assert_fails(
        domain, lambda: state(hypervisor), f"{IMAGE} is there already", name=NAME, disks=[back]
    )
    del back["pool"]
    entry = {"name": NAME, "disks": [{**back, "vol": "slow/back.qcow2"}]}
    results = [task_of(domains, check, domains=[entry]) for check in (True, False, False)]
    assert [each.changed for each in results] == [True, True, False], results
    first, second = (each.values["results"][0]["changes"] for each in results[:2])
    assert first == second
    assert image_of(hypervisor) == SLOW / "back.qcow2"
    write_in_guest("vda", 0, 0x33)
    hypervisor.raw.lookupByName(NAME).destroy()
    assert content(SLOW / "back.qcow2", "qcow2") == b"\x33" * MIB + bytes(data[MIB:]) + bytes(
        8 * MIB
    )


def test_a_guest_that_is_off_moves(hypervisor: Hypervisor) -> None:
    """Its image is based on another one; a disk in a pool keeps being named so."""
    data = make_image(SLOW / "base.qcow2")
    make_overlay(IMAGE, SLOW / "base.qcow2")
    make_image(SLOW / "two.qcow2")
    hypervisor.raw.storagePoolLookupByName("slow").refresh()
    by_volume = (
        "<disk type='volume' device='disk'><driver name='qemu' type='qcow2' cache='none'/>"
        "<source pool='slow' volume='two.qcow2'/><target dev='vdb' bus='virtio'/></disk>"
    )
    make(hypervisor, disk(IMAGE), by_volume)
    done = three_ways(
        domain,
        lambda: state(hypervisor),
        name=NAME,
        disks=[
            {
                "target": "vda",
                "pool": "fast",
                "size": 12 / 1024,
                "move": True,
                "remove_source": True,
            },
            {"target": "vdb", "path": f"{FAST}/other.img", "format": "raw", "move": True},
        ],
    )
    assert {each["when"] for each in done.values["changes"]} == {"config"}
    new = FAST / IMAGE.name
    assert image_of(hypervisor) == new
    assert "backing-filename" not in info(new)
    assert content(new, "qcow2") == data + bytes(4 * MIB)
    source = disk_of(hypervisor, "vdb").child("source")
    assert source is not None
    assert source.attributes == {"pool": "fast", "volume": "other.img"}
    assert disk_of(hypervisor, "vdb").value("driver/@cache") == "none"
    assert content(FAST / "other.img", "raw") == content(SLOW / "two.qcow2", "qcow2")
    assert files() == {"base.qcow2", "two.qcow2", IMAGE.name, "other.img"}
    # While it runs, in the same style.
    hypervisor.raw.lookupByName(NAME).create()
    done = device(disk={"target": "vdb", "vol": "slow/third.img", "move": True})
    assert done.values["pending"] == []
    source = disk_of(hypervisor, "vdb").child("source")
    assert source is not None
    assert source.attributes == {"pool": "slow", "volume": "third.img"}
    assert image_of(hypervisor, "vdb", live=True) == SLOW / "third.img"
    again = task()
    assert not again.changed
    assert again.values["pending"] == []


def test_an_exact_document_moves_as_well(hypervisor: Hypervisor) -> None:
    options = {**BASE, "name": NAME, "mode": "exact"}
    assert task(**BASE, disks=[{"size": 8 / 1024, "pool": "slow"}]).changed
    data = make_image(IMAGE)
    entry = {"size": 16 / 1024, "pool": "fast"}
    words = f"vda has {IMAGE}, which is not exchanged for a new and empty volume; set move: true"
    assert_fails(domain, lambda: state(hypervisor), words, **options, disks=[entry])
    three_ways(domain, lambda: state(hypervisor), **options, disks=[{**entry, "move": True}])
    assert content(FAST / IMAGE.name, "qcow2") == data + bytes(8 * MIB)
    same = task(**BASE, disks=[{**entry, "move": True}])
    assert not same.changed, same


def test_what_is_refused(hypervisor: Hypervisor) -> None:
    make_image(IMAGE)
    make_image(SLOW / "shared.img", "raw", size=2)
    for name in ("ro", "cd"):
        make_image(SLOW / f"{name}.qcow2", size=2)
    cd = disk(SLOW / "cd.qcow2", "sda").replace("device='disk'", "device='cdrom'")
    make(
        hypervisor,
        disk(IMAGE),
        disk(SLOW / "ro.qcow2", "vdb", extra="<readonly/>"),
        disk(SLOW / "shared.img", "vdc", "raw", extra="<shareable/>"),
        cd.replace("virtio", "sata"),
        runs=True,
    )
    fails = functools.partial(assert_fails, domain, lambda: state(hypervisor), name=NAME)
    fast: dict[str, t.Any] = {"pool": "fast", "move": True}
    fails("disk: move: vdb: it is read-only", disks=[{"target": "vdb", **fast}])
    fails("disk: move: vdc: it is shareable", disks=[{"target": "vdc", **fast}])
    fails(
        "disk: move: sda: it is a cdrom drive", disks=[{"target": "sda", "device": "cdrom", **fast}]
    )
    fails("it isn't said where to", disks=[{"target": "vda", "move": True}])
    fails("nothing moves without move: true", disks=[{"target": "vda", "remove_source": True}])
    fails("there is no storage pool none", disks=[{"target": "vda", "pool": "none", "move": True}])
    fails("in which libvirt can't make", disks=[{"target": "vda", "format": "vmdk", "move": True}])
    fails("add live to affect", affect=["config"], disks=[{"target": "vda", **fast}])
    fails("set move: true", disks=[{"target": "vda", "pool": "fast"}])
    fails("give its target", disks=[{"path": f"{FAST}/new.qcow2", "size": 1, "move": True}])
    guest = hypervisor.raw.lookupByName(NAME)
    guest.snapshotCreateXML(
        "<domainsnapshot><name>s1</name><disks><disk name='vda' snapshot='external'/>"
        "<disk name='vdb' snapshot='no'/><disk name='vdc' snapshot='no'/></disks></domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY,
    )
    fails(
        "vda can't be moved, because the domain has snapshot s1", disks=[{"target": "vda", **fast}]
    )
    # It was where it is wanted before.
    same = task(disks=[{"target": "vda", "path": str(IMAGE), "move": True}])
    assert not same.failed, same.msg
    assert not same.changed
    guest.snapshotLookupByName("s1").delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY)
    overlay = image_of(hypervisor)
    # Somebody else's job.
    other = FAST / "job.qcow2"
    guest.blockCopy(
        "vda",
        f"<disk type='file'><driver type='qcow2'/><source file='{other}'/></disk>",
        {},
        libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB,
    )
    Guest.wait_until(lambda: "ready='yes'" in guest.XMLDesc())
    fails(f"vda has a block job (copy to {other})", disks=[{"target": "vda", **fast}])
    guest.blockJobAbort("vda", 0)
    other.unlink()
    assert image_of(hypervisor) == overlay


def test_an_old_volume_that_was_left(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task dies after the disk has moved, and before it has removed the old volume."""
    make_image(IMAGE)
    make(hypervisor, disk(IMAGE), runs=True)
    kept = {"target": "vda", "pool": "fast", "move": True}
    options: dict[str, t.Any] = {"disks": [{**kept, "remove_source": True}]}

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    def interrupted(module: t.Any, **options: t.Any) -> None:
        monkeypatch.setattr(disk_moves, "remove", dies)
        with pytest.raises(KeyboardInterrupt):
            task_of(module, **options)
        monkeypatch.undo()

    interrupted(domain, name=NAME, **options)
    new = FAST / IMAGE.name
    assert image_of(hypervisor) == image_of(hypervisor, live=True) == new
    assert files() == {IMAGE.name}
    assert IMAGE.exists()
    # Without the option it stays; so it does while something uses it, and if it is another file.
    assert not task(disks=[kept]).changed
    hypervisor.define(document(disk(IMAGE), name="other"))
    used = task(**options)
    assert not used.changed
    assert f"vda has moved to {new}, but {IMAGE} is" in warned(used)
    hypervisor.raw.lookupByName("other").undefine()
    # A new file may have the inode of the old one.
    times = IMAGE.stat().st_atime_ns, IMAGE.stat().st_mtime_ns
    os.utime(IMAGE, ns=(times[0], times[1] + 1))
    another = task(check=True, **options)
    assert not another.changed
    assert f"what is at {IMAGE} isn't known to be its old volume" in warned(another)
    os.utime(IMAGE, ns=times)
    done = three_ways(domain, lambda: state(hypervisor), name=NAME, **options)
    assert [(each["path"], each["op"]) for each in done.values["changes"]] == [
        (f"volume {IMAGE}", "remove")
    ]
    assert not IMAGE.exists()
    assert "ansible-move" not in hypervisor.raw.lookupByName(NAME).XMLDesc()
    assert "ansible-move" not in hypervisor.definition(NAME)
    # While it is off, by domain_device.
    hypervisor.raw.lookupByName(NAME).destroy()
    back = {"target": "vda", "pool": "slow", "move": True, "remove_source": True}
    interrupted(domain_device, domain=NAME, disk=back)
    done = device(disk=back)
    assert [(each["path"], each["op"]) for each in done.values["changes"]] == [
        (f"volume {new}", "remove")
    ]
    assert "ansible-move" not in hypervisor.definition(NAME)


def test_places_that_contradict(hypervisor: Hypervisor) -> None:
    """Two entries for one volume, a pool beside another one's volume, and a path that QEMU resolves."""
    names = [NAME, "second"]
    for name in names:
        make_image(SLOW / f"{name}.img")
        hypervisor.define(document(disk(SLOW / f"{name}.img"), name=name))
    new = {"target": "vda", "vol": "fast/new.img", "move": True}
    entries = [{"name": name, "disks": [new]} for name in names]

    def there() -> object:
        return [hypervisor.definition(name) for name in names], files()

    words = f"{FAST}/new.img would be created for {NAME} and for second; nothing was done"
    assert_fails(domains, there, words, domains=entries)
    fails = functools.partial(assert_fails, domain, lambda: state(hypervisor), name=NAME)
    fails("disk: pool: slow contradicts vol, whose pool is fast", disks=[{**new, "pool": "slow"}])
    path = str(SLOW / f"{NAME}.img")
    hypervisor.define(hypervisor.definition(NAME).replace(path, "relative.img"))
    fails("its image relative.img is no path from the root", disks=[new])
    hypervisor.define(hypervisor.definition(NAME).replace("relative.img", path))
    pool = hypervisor.raw.storagePoolLookupByName("fast")
    pool.destroy()
    FAST.rmdir()
    failed = [
        task(check, disks=[place | {"target": "vda", "move": True}])
        for place in ({"pool": "fast"}, {"path": str(FAST / "new.img")})
        for check in (True, False)
    ]
    FAST.mkdir()
    pool.create()
    assert all(each.failed and "storage pool fast" in each.msg for each in failed), failed
    assert all("is off; start it" in each.msg for each in failed), failed
    assert files() == {f"{name}.img" for name in names}
