# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.pool and pool_info on a private libvirtd."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import stat
import subprocess
import threading
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    pool,
    pool_info,
    volume,
)

from .hypervisor import Hypervisor, task_of
from .three_ways import assert_fails, assert_unchanged, three_ways

_ROOM = re.compile("<(capacity|allocation|available) .*")
IMAGES = "/var/lib/libvirt/images"


class Pools:
    """What the tests look at by libvirt's own calls."""

    def __init__(self, hypervisor: Hypervisor, folder: pathlib.Path) -> None:
        self.hypervisor = hypervisor
        self.raw = hypervisor.raw
        self.folder = folder

    def state(self) -> dict[str, t.Any]:
        # Others fill the disk meanwhile.
        return {
            one.name(): (
                _ROOM.sub("", one.XMLDesc(libvirt.VIR_STORAGE_XML_INACTIVE)),
                _ROOM.sub("", one.XMLDesc(0)),
                one.isActive(),
                one.autostart(),
            )
            for one in self.raw.listAllStoragePools()
        }

    def define(self, path: object, name: str = "a", kind: str = "dir") -> t.Any:
        return self.raw.storagePoolDefineXML(
            f"<pool type='{kind}'><name>{name}</name><target><path>{path}</path></target></pool>"
        )

    def active(self, name: str = "a") -> t.Any:
        """A pool of a new folder."""
        folder = self.folder / name
        folder.mkdir()
        found = self.define(folder, name)
        found.create()
        return found

    def guest(self, image: object, name: str = "guest", runs: bool = True) -> None:
        """A guest with an image in a pool."""
        self.hypervisor.define(
            f"<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory>"
            "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            f"<disk type='file'><driver name='qemu' type='raw'/><source file='{image}'/>"
            "<target dev='vda' bus='virtio'/></disk></devices></domain>"
        )
        if runs:
            self.raw.lookupByName(name).create()

    def by_volume(self, volume: str) -> None:
        """A domain with a disk that names the pool ``a``."""
        self.hypervisor.define(
            "<domain type='qemu'><name>named</name><memory unit='MiB'>32</memory>"
            "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            f"<disk type='volume'><source pool='a' volume='{volume}'/>"
            "<target dev='vda' bus='virtio'/></disk></devices></domain>"
        )


@pytest.fixture
def pools(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> t.Iterator[Pools]:
    hypervisor.clear_pools()
    # libvirt's daemon and QEMU's user look below it.
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(0o755)
    yield Pools(hypervisor, tmp_path)
    hypervisor.clear()
    hypervisor.clear_pools()


@pytest.fixture
def device(pools: Pools) -> t.Iterator[pathlib.Path]:
    """An empty device, as large as XFS needs."""
    image = pools.folder / "device.img"
    with open(image, "wb") as file:
        file.truncate(512 * 1024**2)
    with Loop(image) as path:
        yield path
        pools.hypervisor.clear_pools()


class Loop:
    """A file as a device, whose number is that of the machine: no two tests may have one at once."""

    def __init__(self, image: pathlib.Path, number: int = 91) -> None:
        self._image = image
        self._number = number
        self._path = pathlib.Path(f"/dev/loop{number}")
        self._control = pathlib.Path("/dev/loop-control")
        self._ends = threading.Event()
        self._udev = threading.Thread(target=self._nodes)

    def __enter__(self) -> pathlib.Path:
        for path, kind, number in (
            (self._path, stat.S_IFBLK, os.makedev(7, self._number)),
            (self._control, stat.S_IFCHR, os.makedev(10, 237)),
        ):
            if not path.exists():
                os.mknod(path, kind | 0o600, number)
        subprocess.run(["losetup", "-P", self._path, self._image], check=True)
        self._udev.start()
        return self._path

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        self._udev.join()
        subprocess.run(["losetup", "-d", self._path], check=True)

    def _nodes(self) -> None:
        """Make the nodes of partitions, as udev would."""
        while not self._ends.wait(0.005):
            for found in pathlib.Path("/sys/block/loop91").glob("loop91p*/dev"):
                major, minor = map(int, found.read_text().split(":"))
                path = pathlib.Path("/dev") / found.parent.name
                if not path.exists():
                    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(major, minor))


def mode_of(path: pathlib.Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# New ones


def test_a_new_one_by_its_name_alone(pools: Pools) -> None:
    done = three_ways(pool, pools.state, name="default", state="active", autostart=True)
    made = pools.raw.storagePoolLookupByName("default")
    assert (made.isActive(), made.autostart()) == (1, 1)
    assert done.values["pool"] == {
        "name": "default",
        "uuid": made.UUIDString(),
        "state": "active",
        "persistent": True,
        "autostart": True,
        "type": "dir",
        "path": IMAGES,
    }


def test_its_folder_is_made_with_its_permissions(pools: Pools) -> None:
    path = pools.folder / "deep" / "a"
    target = {"path": str(path), "permissions": {"mode": "0711"}}
    done = three_ways(pool, pools.state, name="a", target=target)
    assert mode_of(path) == 0o711
    assert done.values["pool"]["state"] == "inactive"
    assert done.values["changes"][1:] == [
        {
            "path": f"folder {path}",
            "op": "add",
            "before": None,
            "after": "mode 0711",
            "when": "config",
        }
    ]
    three_ways(pool, pools.state, name="a", target=target, state="active")


def test_no_folder_is_made_unasked(pools: Pools) -> None:
    path = pools.folder / "a"
    three_ways(pool, pools.state, name="a", target={"path": str(path)}, build="never")
    assert not path.exists()


def test_a_new_one_that_does_not_start_is_removed_again(pools: Pools) -> None:
    # Only mount learns that there is no such device.
    options: dict[str, t.Any] = {"type": "fs", "source": {"devices": ["/dev/none"]}}
    target = {"path": str(pools.folder / "a")}
    failed = task_of(pool, name="a", target=target, state="active", **options)
    assert failed.failed
    assert "the pool that was made is removed again" in failed.msg
    assert pools.state() == {}


@pytest.mark.parametrize(
    "options",
    [
        {
            "type": "netfs",
            "source": {
                "hosts": [{"name": "nas"}],
                "dir": "/export",
                "format": "nfs",
                "protocol_version": "4.2",
            },
            "mount_options": ["nodev", "nosuid"],
        },
        {"type": "logical", "source": {"name": "vg", "devices": ["/dev/loop8", "/dev/loop9"]}},
        {"type": "disk", "source": {"devices": ["/dev/loop9"], "format": "gpt"}},
        {
            "type": "iscsi",
            "source": {
                "hosts": [{"name": "nas", "port": 3260}],
                "devices": ["iqn.2026-01.com.example:a"],
                "initiator": "iqn.2026-01.com.example:me",
                "auth": {"type": "chap", "username": "me", "secret": {"usage": "target"}},
            },
        },
        {
            "type": "scsi",
            "source": {
                "adapter": {
                    "type": "scsi_host",
                    "unique_id": 1,
                    "parent_address": {
                        "domain": "0x0000",
                        "bus": "0x00",
                        "slot": "0x1f",
                        "function": "0x2",
                    },
                }
            },
        },
        {"type": "mpath"},
        {
            "type": "fs",
            "source": {"devices": ["/dev/loop9"], "format": "ext4"},
            "features": {"cow": False},
        },
    ],
    ids=lambda options: str(options["type"]),
)
def test_each_type(pools: Pools, options: dict[str, t.Any]) -> None:
    three_ways(pool, pools.state, name="a", build="never", **options)


def test_lists_are_the_whole_of_them(pools: Pools) -> None:
    options: dict[str, t.Any] = {"name": "a", "type": "netfs", "build": "never"}
    old = {"hosts": [{"name": "old"}], "dir": "/x"}
    three_ways(pool, pools.state, source=old, mount_options=["nodev", "sync"], **options)
    new = {"hosts": [{"name": "new", "port": 2050}]}
    three_ways(pool, pools.state, source=new, mount_options=["sync", "nosuid"], **options)
    text = pools.raw.storagePoolLookupByName("a").XMLDesc(0)
    assert "<host name='new' port='2050'/>" in text
    assert "old" not in text
    assert "nodev" not in text
    assert "<dir path='/x'/>" in text


# Those that exist


def test_what_is_not_said_stays(pools: Pools) -> None:
    pools.active("default")
    assert_unchanged(pool, pools.state, name="default", state="active")
    three_ways(pool, pools.state, name="default", autostart=True)
    assert_unchanged(pool, pools.state, name="default")
    three_ways(pool, pools.state, name="default", autostart=False, state="inactive")
    three_ways(pool, pools.state, name="default", state="active")


def test_what_its_type_has_no_use_for(pools: Pools) -> None:
    words = "source.name: a pool of the type dir has none"
    assert_fails(pool, pools.state, words, name="a", type="dir", source={"name": "vg"})
    pools.active("default")
    assert_fails(pool, pools.state, words, name="default", source={"name": "vg"})


def test_a_folder_with_no_name(pools: Pools) -> None:
    words = "name: no folder can be called '..'"
    assert_fails(pool, pools.state, words, name="..", state="active")


def test_a_document_keeps_the_uuid(pools: Pools) -> None:
    uuid = pools.active().UUIDString()
    xml = f"<pool type='dir'><name>a</name><target><path>{pools.folder}/b</path></target></pool>"
    done = three_ways(pool, pools.state, xml=xml, state="inactive")
    assert done.values["pool"]["uuid"] == uuid
    assert pools.raw.storagePoolLookupByUUIDString(uuid).name() == "a"
    assert not (pools.folder / "b").exists()
    three_ways(pool, pools.state, xml=xml, state="active")
    assert (pools.folder / "b").is_dir()


def test_what_is_active_waits_for_its_restart(pools: Pools) -> None:
    made = pools.active()
    path = pools.folder / "b"
    options: dict[str, t.Any] = {"name": "a", "target": {"path": str(path)}}
    done = three_ways(pool, pools.state, **options)
    assert done.values["restart_required"]
    assert [change["path"] for change in done.values["pending"]] == ["/pool/target/path"]
    assert "waits for a restart: target/path; set restart to" in str(done.values["warnings"])
    assert not path.exists()
    assert task_of(pool_info).values["pools"][0]["restart_required"]
    done = three_ways(pool, pools.state, restart="if_required", **options)
    assert not done.values["restart_required"]
    assert path.is_dir()
    assert f"<path>{path}</path>" in made.XMLDesc(0)
    assert not task_of(pool_info).values["pools"][0]["restart_required"]


def test_one_that_does_not_start_anew_is_as_before(pools: Pools) -> None:
    made = pools.active()
    before = pools.state()
    # Nobody can make a folder there.
    target = {"path": "/proc/none"}
    failed = task_of(pool, name="a", target=target, restart="if_required")
    assert "it is on and defined as before" in failed.msg
    assert not failed.changed
    assert pools.state() == before
    assert made.isActive()


def test_what_is_no_folder_is_foreseen(pools: Pools) -> None:
    path, made = pools.folder / "file", pools.active()
    path.write_text("mine", encoding="ascii")
    (pools.folder / "dangling").symlink_to("nowhere")
    for where in (path, path / "below", pools.folder / "dangling"):
        target = {"path": str(where)}
        words = "is no folder"
        assert_fails(pool, pools.state, words, name="b", target=target)
        assert_fails(
            pool, pools.state, words, name="b", target=target, build="never", state="active"
        )
        assert_fails(pool, pools.state, words, name="a", target=target, restart="if_required")
    made.destroy()
    assert_fails(pool, pools.state, "is no folder", name="a", target=target, state="active")
    assert path.read_text(encoding="ascii") == "mine"


def test_a_folder_that_nobody_makes_is_missed(pools: Pools) -> None:
    target = {"path": str(pools.folder / "none")}
    words = "build=never makes none"
    assert_fails(pool, pools.state, words, name="b", target=target, build="never", state="active")
    three_ways(pool, pools.state, name="b", target=target, build="never")
    # Its definition doesn't change.
    assert_fails(pool, pools.state, words, name="b", build="never", state="active")
    (pools.folder / "none").write_text("mine", encoding="ascii")
    assert_fails(pool, pools.state, "is no folder", name="b", state="active")


def test_permissions_of_an_active_one_wait_for_its_restart(pools: Pools) -> None:
    made = pools.active()
    target = {"permissions": {"mode": "0700", "owner": "root"}}
    for _attempt in range(2):
        for check in (True, False):
            done = task_of(pool, check, name="a", target=target)
            assert (done.changed, done.values["restart_required"]) == (False, True)
            assert done.values["pending"][0]["path"] == "/pool/target/permissions/mode"
        made.refresh()
    three_ways(pool, None, name="a", target=target, restart="if_required")
    assert mode_of(pools.folder / "a") == 0o700
    # Behind everybody's back.
    (pools.folder / "a").chmod(0o755)
    three_ways(pool, None, name="a", target=target, restart="if_required")
    assert mode_of(pools.folder / "a") == 0o700
    made.refresh()
    assert_unchanged(pool, pools.state, name="a", target=target, restart="if_required")


def test_permissions_of_an_inactive_one(pools: Pools) -> None:
    pools.active().destroy()
    target = {"permissions": {"mode": "0750"}}
    three_ways(pool, pools.state, name="a", target=target)
    assert mode_of(pools.folder / "a") == 0o750
    # Behind everybody's back.
    (pools.folder / "a").chmod(0o755)
    three_ways(pool, None, name="a", target=target)
    assert mode_of(pools.folder / "a") == 0o750
    three_ways(pool, pools.state, name="a", target=target, state="active")


def test_a_folder_that_is_gone(pools: Pools) -> None:
    pools.active().destroy()
    (pools.folder / "a").rmdir()
    assert_fails(pool, pools.state, "", name="a", state="active", target={"path": "relative"})
    assert_fails(pool, pools.state, "there is no folder", name="a", state="active", build="never")
    three_ways(pool, pools.state, name="a", state="active")


def test_check_mode_does_not_switch_off_what_has_lost_its_folder(pools: Pools) -> None:
    made = pools.active()
    (pools.folder / "a").rmdir()
    for state in ("active", "inactive", "absent"):
        task_of(pool, check=True, name="a", state=state)
        assert made.isActive()


# Guests


def test_guests_keep_it_active(pools: Pools) -> None:
    made = pools.active()
    image = pools.folder / "a" / "disk.img"
    image.write_bytes(bytes(1024**2))
    made.refresh()
    pools.guest(image)
    words = "guests run on the pool, guest"
    assert_fails(pool, pools.state, words, name="a", state="inactive")
    assert_fails(pool, pools.state, "used by domain 'guest'", name="a", state="absent")
    other = {"path": str(pools.folder / "b")}
    for options in ({"restart": "if_required"}, {"state": "inactive"}):
        assert_fails(pool, pools.state, words, name="a", target=other, **options)
    assert made.isActive()
    done = three_ways(pool, pools.state, name="a", state="inactive", force=True)
    assert "guests run on the pool, which is stopped: guest" in str(done.values["warnings"])
    assert pools.raw.lookupByName("guest").isActive()


def test_who_names_it_keeps_it(pools: Pools) -> None:
    made = pools.active()
    made.createXML("<volume><name>v</name><capacity>1024</capacity></volume>")
    pools.by_volume("v")
    assert_fails(pool, pools.state, "used by domain 'named'", name="a", state="absent")
    three_ways(pool, pools.state, name="a", state="absent", force=True)
    assert (pools.folder / "a" / "v").exists()


# Removal


def test_its_data_stays(pools: Pools) -> None:
    made = pools.active()
    made.createXML("<volume><name>v</name><capacity>1024</capacity></volume>")
    three_ways(pool, pools.state, name="a", state="absent")
    assert (pools.folder / "a" / "v").exists()


def test_its_data_goes_when_the_task_says_so(pools: Pools) -> None:
    made = pools.active()
    made.createXML("<volume><name>v</name><capacity>1024</capacity></volume>")
    image = pools.folder / "a" / "unseen"
    subprocess.run(["qemu-img", "create", "-qf", "qcow2", image, "1M"], check=True)
    done = three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    folder = pools.folder / "a"
    assert [(one["path"], one["before"]) for one in done.values["changes"][1:]] == [
        (f"volume {folder}/unseen", "1 MiB"),
        (f"volume {folder}/v", "1 KiB"),
        (f"folder {folder}", "empty"),
    ]
    assert not folder.exists()


def test_the_data_of_a_transient_one(pools: Pools) -> None:
    folder = pools.folder / "a"
    folder.mkdir()
    (folder / "image").write_bytes(b"data")
    pools.raw.storagePoolCreateXML(
        f"<pool type='dir'><name>a</name><target><path>{folder}</path></target></pool>"
    )
    three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    assert not folder.exists()


def test_an_inactive_one_keeps_its_data(pools: Pools) -> None:
    pools.active().destroy()
    assert_fails(pool, pools.state, "is inactive", name="a", state="absent", delete_data=True)


def test_what_is_used_keeps_all_data(pools: Pools) -> None:
    pools.active()
    for name in ("a.img", "b.img"):
        (pools.folder / "a" / name).write_bytes(bytes(1024**2))
    pools.guest(pools.folder / "a" / "b.img", runs=False)
    for force in (False, True):
        options: dict[str, t.Any] = {"name": "a", "state": "absent", "delete_data": True}
        words = "b.img is used by vda of the domain guest"
        assert_fails(pool, pools.state, words, force=force, **options)
    assert sorted(os.listdir(pools.folder / "a")) == ["a.img", "b.img"]


def test_a_folder_in_it_keeps_all_data(pools: Pools) -> None:
    pools.active()
    (pools.folder / "a" / "sub").mkdir()
    (pools.folder / "a" / "file").touch()
    words = "sub is a folder"
    assert_fails(pool, pools.state, words, name="a", state="absent", delete_data=True)
    assert (pools.folder / "a" / "file").exists()


def test_what_is_no_volume_keeps_all_data(pools: Pools) -> None:
    pools.active()
    (pools.folder / "a" / "link").symlink_to("/none")
    (pools.folder / "a" / "file").touch()
    words = "link is no volume to libvirt"
    assert_fails(pool, pools.state, words, name="a", state="absent", delete_data=True)
    assert (pools.folder / "a" / "file").exists()


# Devices


@pytest.mark.parametrize("form", ["ext4", "xfs"])
def test_a_file_system(pools: Pools, device: pathlib.Path, form: str) -> None:
    if shutil.which(f"mkfs.{form}") is None:
        pytest.skip(f"mkfs.{form} is not installed")
    options: dict[str, t.Any] = {
        "name": "a",
        "type": "fs",
        "source": {"devices": [str(device)], "format": form},
        "target": {"path": str(pools.folder / "mount")},
        "state": "active",
    }
    failed = task_of(pool, **options)
    assert "the pool that was made is removed again" in failed.msg
    assert pools.state() == {}
    done = three_ways(pool, None, build="no_overwrite", **options)
    assert done.values["changes"][2]["after"] == f"new file system: {form}"
    (pools.folder / "mount" / "kept").write_text("data")
    for build in ("overwrite", "no_overwrite", "if_missing"):
        task_of(pool, name="a", state="inactive")
        done = task_of(pool, build=build, **options)
        assert [change["path"] for change in done.values["changes"]] == ["state"]
        assert (pools.folder / "mount" / "kept").exists()
    task_of(pool, name="a", state="absent")
    failed = task_of(pool, build="no_overwrite", **options)
    assert "set build to never to use what is there" in failed.msg
    assert pools.state() == {}
    task_of(pool, build="never", **options)
    assert (pools.folder / "mount" / "kept").exists()
    done = three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    assert f"volume {pools.folder}/mount/kept" in str(done.values["changes"])
    three_ways(pool, None, build="overwrite", **options)


def test_a_device_in_use_is_not_overwritten(pools: Pools, device: pathlib.Path) -> None:
    pools.guest(device, runs=False)
    options: dict[str, t.Any] = {
        "name": "a",
        "type": "disk",
        "source": {"devices": [str(device)], "format": "gpt"},
        "target": {"path": "/dev"},
    }
    for build in ("overwrite", "no_overwrite"):
        words = "is used by vda of the domain guest"
        assert_fails(pool, pools.state, words, build=build, **options)


@pytest.mark.skipif(shutil.which("parted") is None, reason="parted is not installed")
def test_a_partition_table(pools: Pools, device: pathlib.Path) -> None:
    options: dict[str, t.Any] = {
        "name": "a",
        "type": "disk",
        "source": {"devices": [str(device)], "format": "gpt"},
        "target": {"path": "/dev"},
        "state": "active",
    }
    done = three_ways(pool, None, build="no_overwrite", **options)
    assert done.values["changes"][1]["after"] == "new partition table: gpt"
    part: dict[str, t.Any] = {"pool": "a", "capacity": "8 MiB"}
    words = "the next partition of loop91 is called loop91p1"
    for name in ("loop91p2", "loop91", "web"):
        assert_fails(volume, pools.state, words, name=name, **part)
    done = three_ways(volume, None, name="loop91p1", **part)
    assert done.values["volume"]["path"] == "/dev/loop91p1"
    words = "libvirt can't change that of a volume in a pool of the type disk"
    assert_fails(volume, pools.state, words, name="loop91p1", pool="a", capacity="16 MiB")
    pools.guest("/dev/loop91p1", runs=False)
    words = "used by vda of the domain guest"
    assert_fails(pool, pools.state, words, name="a", state="absent", delete_data=True)
    pools.hypervisor.clear()
    done = three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    assert [change["path"] for change in done.values["changes"][1:]] == [
        "volume /dev/loop91p1",
        f"partition table {device}",
    ]
    assert not any(device.read_bytes()[: 1024**2])


@pytest.mark.skipif(shutil.which("vgcreate") is None, reason="lvm2 is not installed")
def test_a_volume_group(pools: Pools, device: pathlib.Path) -> None:
    options: dict[str, t.Any] = {
        "name": "a",
        "type": "logical",
        "source": {"name": "test_pool", "devices": [str(device)]},
        "state": "active",
    }
    three_ways(pool, None, build="no_overwrite", **options)
    done = three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    assert done.values["changes"][-1]["path"] == f"volume group test_pool, {device}"


# On a hypervisor of another host, nobody sees its folders.


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    never = property(lambda _self: False, lambda _self, _is_local: None)
    monkeypatch.setattr(Connection, "is_local", never, raising=False)


@pytest.mark.usefixtures("elsewhere")
def test_a_pool_of_another_host(pools: Pools) -> None:
    target = {"path": str(pools.folder / "a"), "permissions": {"mode": "0711"}}
    three_ways(pool, pools.state, name="a", target=target, state="active", autostart=True)
    assert mode_of(pools.folder / "a") == 0o711
    # What it can't see, it leaves.
    (pools.folder / "a").chmod(0o700)
    assert_unchanged(pool, pools.state, name="a", target=target, state="active")
    three_ways(volume, None, pool="a", name="v", capacity="1M")
    three_ways(volume, None, pool="a", name="v", capacity="2M")
    (pools.folder / "a" / "new").write_bytes(bytes(1024**2))
    failed = task_of(volume, pool="a", name="new", capacity="1M", format="raw")
    assert "the pool didn't know its file" in failed.msg
    assert_unchanged(volume, pools.state, pool="a", name="new", capacity="1M", format="raw")
    three_ways(volume, None, pool="a", name="v", state="absent")
    three_ways(pool, pools.state, name="a", state="absent", delete_data=True)
    assert not (pools.folder / "a").exists()


# Information


def test_information(pools: Pools) -> None:
    made = pools.active()
    made.createXML("<volume><name>v</name><capacity>1024</capacity></volume>")
    pools.define(pools.folder / "b", "b")
    found = task_of(pool_info, name=["a", made.UUIDString(), "none"]).values["pools"]
    assert [one["name"] for one in found] == ["a"]
    assert found[0]["volumes"] == ["v"]
    assert found[0]["capacity"] == made.info()[1]
    assert "<capacity" not in found[0]["xml"]
    both = task_of(pool_info).values["pools"]
    assert [(one["name"], one["state"], one["volumes"]) for one in both] == [
        ("a", "active", ["v"]),
        ("b", "inactive", None),
    ]
