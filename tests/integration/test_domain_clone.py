# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones on real volumes, whose contents are compared by qemu-img and by checksums."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import (
    connection,
    volume_creation,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import clone_plan
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_clone,
    domain_xml,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hypervisor import Hypervisor, Result, task_of
from .images import make_overlay
from .three_ways import assert_fails, three_ways

NAME, CLONE = "origin", "copy"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
OTHERS = pathlib.Path("/var/lib/libvirt/others")
NVRAM = pathlib.Path("/var/lib/libvirt/qemu/nvram")
MIB = 1024**2

pytestmark = pytest.mark.usefixtures("no_images", "folders")

clone = functools.partial(task_of, domain_clone, name=NAME, clone=CLONE)


@pytest.fixture
def folders(hypervisor: Hypervisor) -> t.Iterator[None]:
    """The pool ``default`` and a folder without a pool."""
    IMAGES.mkdir(exist_ok=True)
    OTHERS.mkdir(exist_ok=True)
    make_pool(hypervisor, "default", IMAGES)
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    for folder in (IMAGES, OTHERS, NVRAM):
        for path in folder.glob("*") if folder.exists() else ():
            path.unlink()
    OTHERS.rmdir()


def make_pool(hypervisor: Hypervisor, name: str, folder: pathlib.Path) -> t.Any:
    pool = hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>{name}</name><target><path>{folder}</path></target></pool>"
    )
    pool.create()
    return pool


def make_image(path: pathlib.Path, form: str = "qcow2", size: int = 8) -> bytes:
    """An image of so many MiB with a random content, which is returned."""
    content = os.urandom(MIB) + bytes((size - 2) * MIB) + os.urandom(MIB)
    if form == "raw":
        path.write_bytes(content)
    else:
        command = ["qemu-img", "convert", "-f", "raw", "-O", form, "/dev/stdin", str(path)]
        raw = path.with_suffix(".tmp")
        raw.write_bytes(content)
        command[-2] = str(raw)
        subprocess.run(command, check=True)
        raw.unlink()
    return content


def content(path: pathlib.Path, form: str) -> bytes:
    """What a guest reads from an image."""
    copy = path.with_suffix(".read")
    command = ["qemu-img", "convert", "-U", "-f", form, "-O", "raw", str(path), str(copy)]
    subprocess.run(command, check=True)
    found = copy.read_bytes()
    copy.unlink()
    return found


def info(path: pathlib.Path) -> dict[str, t.Any]:
    command = ["qemu-img", "info", "-U", "--output", "json", str(path)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, t.Any] = json.loads(done.stdout)
    return found


def disk(path: pathlib.Path, target: str = "vda", form: str = "qcow2", extra: str = "") -> str:
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/>{extra}</disk>"
    )


def document(devices: str, more: str = "", name: str = NAME, system: str = "") -> str:
    return f"""
<domain type='qemu'>
  <name>{name}</name>
  {more}
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type>{system}</os>
  <devices>{devices}</devices>
</domain>
"""


def defined(hypervisor: Hypervisor, name: str = CLONE) -> Element:
    return parse(hypervisor.definition(name))


class Untouched:
    """Files and definitions, which are the same after each look."""

    def __init__(self, hypervisor: Hypervisor, *paths: pathlib.Path) -> None:
        self._hypervisor = hypervisor
        self._paths = paths
        self._before = self._now()

    def _now(self) -> tuple[str, list[tuple[str, int]]]:
        sums = [
            (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for path in self._paths
        ]
        return self._hypervisor.definition(NAME), sums

    def check(self) -> None:
        assert self._now() == self._before


def everything(hypervisor: Hypervisor) -> object:
    """All that a task may change: domains, files, pools."""
    files = sorted(
        (str(path), path.lstat().st_size)
        for folder in (IMAGES, OTHERS)
        for path in folder.glob("*")
    )
    pools = sorted(pool.name() for pool in hypervisor.raw.listAllStoragePools())
    domains = {name: hypervisor.definition(name) for name in sorted(hypervisor.names())}
    return files, pools, domains


def thrice(hypervisor: Hypervisor, **options: t.Any) -> Result:
    return three_ways(
        domain_clone,
        functools.partial(everything, hypervisor),
        **{"name": NAME, "clone": CLONE, **options},
    )


def fails(hypervisor: Hypervisor, words: str, **options: t.Any) -> None:
    assert_fails(
        domain_clone,
        functools.partial(everything, hypervisor),
        words,
        **{"name": NAME, "clone": CLONE, **options},
    )


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_a_disk_is_copied(hypervisor: Hypervisor, form: str) -> None:
    image = IMAGES / f"{NAME}.{form}"
    written = make_image(image, form)
    hypervisor.define(document(disk(image, form=form)))
    untouched = Untouched(hypervisor, image)
    done = thrice(hypervisor)
    copy = IMAGES / f"{CLONE}.{form}"
    assert content(copy, form) == written
    assert info(copy)["format"] == form
    assert info(copy)["actual-size"] < 4 * MIB
    untouched.check()
    made = defined(hypervisor)
    assert made.value("devices/disk/source/@file") == str(copy)
    assert made.value("uuid") != defined(hypervisor, NAME).value("uuid")
    assert [change["path"] for change in done.values["changes"]] == [
        "/domain",
        f"volume {copy}",
    ]
    assert sorted(path.name for path in IMAGES.iterdir()) == [copy.name, image.name]


def test_a_chain_is_flattened(hypervisor: Hypervisor) -> None:
    base, top = IMAGES / "base.qcow2", IMAGES / "top.qcow2"
    written = make_image(base)
    make_overlay(top, base)
    subprocess.run(
        ["qemu-io", "-f", "qcow2", "-c", "write -P 7 2M 64k", str(top)],
        check=True,
        capture_output=True,
    )
    written = written[: 2 * MIB] + bytes([7]) * 65536 + written[2 * MIB + 65536 :]
    hypervisor.define(document(disk(top)))
    untouched = Untouched(hypervisor, base, top)
    thrice(hypervisor)
    copy = IMAGES / f"top-{CLONE}.qcow2"
    assert content(copy, "qcow2") == written
    assert "backing-filename" not in info(copy)
    untouched.check()


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_a_disk_is_linked(hypervisor: Hypervisor, form: str) -> None:
    image = IMAGES / f"{NAME}.{form}"
    written = make_image(image, form)
    hypervisor.define(document(disk(image, form=form)))
    untouched = Untouched(hypervisor, image)
    done = thrice(hypervisor, disk_mode="linked")
    copy = IMAGES / f"{CLONE}.qcow2"
    assert info(copy)["backing-filename"] == str(image)
    assert info(copy)["backing-filename-format"] == form
    assert content(copy, "qcow2") == written
    assert defined(hypervisor).value("devices/disk/driver/@type") == "qcow2"
    assert f"{copy} is based on {image}, which is vda of {NAME}" in str(done.values["warnings"])
    untouched.check()
    refused = task_of(domain_xml, name=NAME, state="absent", remove_volumes=["vda"])
    assert refused.failed
    assert (
        f"is the backing file of {copy}, which is used by vda of the domain {CLONE}" in refused.msg
    )
    untouched.check()


def test_what_is_read_only_or_shareable_is_shared_and_an_empty_drive_stays(
    hypervisor: Hypervisor,
) -> None:
    own, shared, medium = IMAGES / "a.qcow2", OTHERS / "b.raw", OTHERS / "c.iso"
    make_image(own)
    make_image(shared, "raw")
    make_image(medium, "raw")
    hypervisor.define(
        document(
            disk(own)
            + disk(shared, "vdb", "raw", "<shareable/>")
            + f"<disk type='file' device='cdrom'><source file='{medium}'/><target dev='sda' bus='sata'/></disk>"
            + "<disk type='file' device='cdrom'><target dev='sdb' bus='sata'/></disk>"
        )
    )
    untouched = Untouched(hypervisor, own, shared, medium)
    done = thrice(hypervisor)
    assert [change["path"] for change in done.values["changes"]] == [
        "/domain",
        f"volume {IMAGES}/a-{CLONE}.qcow2",
    ]
    disks = {one.value("target/@dev"): one for one in defined(hypervisor).findall("devices/disk")}
    files = {target: one.value("source/@file") for target, one in disks.items()}
    assert files == {
        "vda": f"{IMAGES}/a-{CLONE}.qcow2",
        "vdb": str(shared),
        "sda": str(medium),
        "sdb": None,
    }
    untouched.check()
    assert "warnings" not in done.values


def test_each_disk_has_its_mode_pool_and_name(hypervisor: Hypervisor) -> None:
    fast = make_pool(hypervisor, "fast", OTHERS)
    images = [IMAGES / f"{NAME}-{number}.qcow2" for number in range(6)]
    written = [make_image(image) for image in images]
    ready = IMAGES / "ready.raw"
    prepared = make_image(ready, "raw")
    targets = [f"vd{letter}" for letter in "abcdef"]
    hypervisor.define(document("".join(map(disk, images, targets))))
    untouched = Untouched(hypervisor, ready, *images)
    done = thrice(
        hypervisor,
        pool="fast",
        disks=[
            {"target": "vda", "mode": "skip"},
            {"target": "vdb", "mode": "share"},
            {"target": "vdc", "mode": "preserve", "path": str(ready)},
            {"target": "vdd", "pool": "default", "volume": "named.img", "format": "raw"},
            {"target": "vde", "path": f"{OTHERS}/there.qcow2", "mode": "linked"},
        ],
    )
    disks = {one.value("target/@dev"): one for one in defined(hypervisor).findall("devices/disk")}
    found = {
        target: (one.value("source/@file"), one.value("driver/@type"))
        for target, one in disks.items()
    }
    assert found == {
        "vdb": (str(images[1]), "qcow2"),
        "vdc": (str(ready), "raw"),
        "vdd": (f"{IMAGES}/named.img", "raw"),
        "vde": (f"{OTHERS}/there.qcow2", "qcow2"),
        "vdf": (f"{OTHERS}/{CLONE}-5.qcow2", "qcow2"),
    }
    assert content(IMAGES / "named.img", "raw") == written[3]
    assert content(OTHERS / "there.qcow2", "qcow2") == written[4]
    assert content(OTHERS / f"{CLONE}-5.qcow2", "qcow2") == written[5]
    assert content(ready, "raw") == prepared
    untouched.check()
    assert f"{images[1]} is vdb of the domain {NAME} too" in str(done.values["warnings"])
    assert fast.listVolumes()


def test_disks_by_pool_and_volume_stay_so(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    written = make_image(image)
    hypervisor.raw.storagePoolLookupByName("default").refresh()
    hypervisor.define(
        document(
            "<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/>"
            f"<source pool='default' volume='{image.name}'/><target dev='vda' bus='virtio'/></disk>"
        )
    )
    done = thrice(hypervisor)
    # libvirt isn't asked for a volume that is yet to come.
    assert "warnings" not in done.values
    made = defined(hypervisor).find("devices/disk/source")
    assert made is not None
    assert made.attributes == {"pool": "default", "volume": f"{CLONE}.qcow2"}
    assert content(IMAGES / f"{CLONE}.qcow2", "qcow2") == written


def test_images_without_a_pool(hypervisor: Hypervisor) -> None:
    image = OTHERS / f"{NAME}.raw"
    written = make_image(image, "raw")
    hypervisor.define(document(disk(image, form="raw")))
    untouched = Untouched(hypervisor, image)
    thrice(hypervisor)
    assert content(OTHERS / f"{CLONE}.raw", "raw") == written
    hypervisor.raw.lookupByName(CLONE).undefine()
    thrice(hypervisor, pool="default")
    assert content(IMAGES / f"{CLONE}.raw", "raw") == written
    hypervisor.raw.lookupByName(CLONE).undefine()
    (OTHERS / f"{CLONE}.raw").unlink()
    thrice(hypervisor, disk_mode="linked", pool=None)
    assert content(OTHERS / f"{CLONE}.qcow2", "qcow2") == written
    untouched.check()
    assert [pool.name() for pool in hypervisor.raw.listAllStoragePools()] == ["default"]


def test_all_of_a_disk_is_allocated_if_it_is_to(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.raw"
    with image.open("wb") as file:
        file.truncate(8 * MIB)
    hypervisor.define(document(disk(image, form="raw")))
    thrice(hypervisor, sparse=False)
    copy = IMAGES / f"{CLONE}.raw"
    assert copy.stat().st_blocks * 512 >= 8 * MIB
    assert image.stat().st_blocks == 0
    hypervisor.raw.lookupByName(CLONE).undefine()
    copy.unlink()
    thrice(hypervisor)
    assert copy.stat().st_blocks * 512 < MIB


_EMPTY = "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>"
#: A disk, what is said of it, and the words of the error.
_BAD_DISKS: dict[str, tuple[str, list[dict[str, str]], str]] = {
    "network": (
        "<disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='nbd' name='x'>"
        "<host name='192.0.2.1'/></source><target dev='vda' bus='virtio'/></disk>",
        [],
        "disks: vda: it is of the type network, which libvirt can't copy",
    ),
    "device without a size": (
        "<disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='/dev/null'/>"
        "<target dev='vda' bus='virtio'/></disk>",
        [],
        "the size of /dev/null is unknown",
    ),
    "gone": (disk(OTHERS / "gone.qcow2"), [], "gone.qcow2 is not there; mount the storage"),
    "unknown": (_EMPTY, [{"target": "vdz"}], "the domain has no disk vdz; its disks are sda"),
    "twice": (_EMPTY, [{"target": "sda"}, {"target": "sda"}], "disks: sda is listed twice"),
    "empty": (_EMPTY, [{"target": "sda", "mode": "copy"}], "it has no image, of which mode copy"),
    "nothing kept": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "mode": "preserve"}],
        "give its pool and volume, or path",
    ),
    "nothing there": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "mode": "preserve", "path": "/nowhere/x"}],
        "there is nothing at /nowhere/x",
    ),
    "no pool": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "pool": "none"}],
        "disks: vda: there is no storage pool none",
    ),
    "pool that is off": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "pool": "off"}],
        "the storage pool off is off; start it",
    ),
    "no folder": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "path": "/nowhere/x.raw"}],
        "there is no folder /nowhere",
    ),
    "taken": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "path": str(OTHERS / "y.raw")}],
        "y.raw is there already; nothing was written to it",
    ),
    "raw overlay": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "mode": "linked", "format": "raw"}],
        "has the format qcow2; leave format out",
    ),
    "shared elsewhere": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "mode": "share", "pool": "default"}],
        "it is shared with the source",
    ),
    "header that a guest may have written": (
        disk(OTHERS / "z.qcow2", form="raw"),
        [],
        "has the format raw for the guest, and looks like qcow2",
    ),
    "without its base": (
        disk(OTHERS / "top.qcow2"),
        [],
        "base.qcow2, on which /var/lib/libvirt/others/top.qcow2 is based, is not there; mount the storage",
    ),
    "linked without its base": (
        disk(OTHERS / "top.qcow2"),
        [{"target": "vda", "mode": "linked"}],
        "base.qcow2, on which /var/lib/libvirt/others/top.qcow2 is based, is not there; mount the storage",
    ),
    "taken by a link that leads nowhere": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "path": str(OTHERS / "link.raw")}],
        "disks: vda: /var/lib/libvirt/others/link.raw is a link already; nothing was written to where it leads",
    ),
    "long name": (
        disk(OTHERS / "x.raw", form="raw"),
        [{"target": "vda", "path": str(OTHERS / ("x" * 214))}],
        "has 214 bytes, of which it can have 213; give volume",
    ),
    "encrypted without a word": (
        disk(OTHERS / "luks.raw", form="raw"),
        [],
        "its image is encrypted, and libvirt can't copy such a one",
    ),
    "encrypted": (
        f"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{OTHERS}/x.raw'>"
        "<encryption format='luks'><secret type='passphrase' usage='u'/></encryption></source>"
        "<target dev='vda' bus='virtio'/></disk>",
        [],
        "its image is encrypted, and libvirt can't copy such a one",
    ),
}


@pytest.mark.parametrize("case", _BAD_DISKS)
def test_a_disk_that_cannot_be_had_so(hypervisor: Hypervisor, case: str) -> None:
    for name in ("x.raw", "y.raw"):
        make_image(OTHERS / name, "raw")
    make_image(OTHERS / "z.qcow2")
    make_image(OTHERS / "base.qcow2")
    make_overlay(OTHERS / "top.qcow2", OTHERS / "base.qcow2")
    (OTHERS / "base.qcow2").unlink()
    (OTHERS / "link.raw").symlink_to("/nowhere/x.raw")
    (OTHERS / "luks.raw").write_bytes(b"LUKS\xba\xbe\0\1" + bytes(MIB))
    hypervisor.raw.storagePoolDefineXML(
        "<pool type='dir'><name>off</name><target><path>/var/lib/libvirt/off</path></target></pool>"
    )
    one, disks, words = _BAD_DISKS[case]
    hypervisor.define(document(one))
    fails(hypervisor, words, disks=disks)


_UEFI = (
    "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>"
    "<nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd'/>"
)


def test_a_path_of_nvram_that_cannot_be(hypervisor: Hypervisor) -> None:
    hypervisor.define(document("", "<features><acpi/></features>", system=_UEFI))
    for path, words in (
        ("variables.fd", "nvram_path: variables.fd is no path from the root; correct it"),
        ("/nowhere/variables.fd", "nvram_path: there is no folder /nowhere; make it"),
    ):
        for nvram in ("copied", "fresh"):
            fails(hypervisor, words, nvram_path=path, nvram=nvram)


def test_there_is_too_little_room(hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    image = IMAGES / f"{NAME}.raw"
    make_image(image, "raw")
    small = pathlib.Path("/var/lib/libvirt/small")
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", small], check=True)
    try:
        make_pool(hypervisor, "small", small)
        hypervisor.define(document(disk(image, form="raw")))
        fails(hypervisor, "and the storage pool small has room for 1 MiB", pool="small")
        # What libvirt saw when it was refreshed isn't what is so now.
        (small / "other").write_bytes(bytes(512 * 1024))
        fails(hypervisor, "and the storage pool small has room for 512 KiB", pool="small")
        # Another program fills it while it is copied.
        with monkeypatch.context() as full:
            full.setattr(clone_plan, "allocated", lambda *_arguments: 0)
            failed = clone(pool="small")
        assert failed.failed
        assert "libvirt failed to copy" in failed.msg
        assert not failed.changed
        assert [path.name for path in small.iterdir()] == ["other"]
        assert hypervisor.names() == {NAME}
        hypervisor.clear_pools()
    finally:
        subprocess.run(["umount", small], check=True)
        small.rmdir()


def test_only_what_is_off_is_cloned(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    make_image(image)
    hypervisor.define(document(disk(image)))
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    fails(hypervisor, f"name: '{NAME}' is running, so that a copy of its disks would be damaged")
    domain.suspend()
    fails(hypervisor, f"name: '{NAME}' is paused")
    domain.undefine()
    fails(hypervisor, f"name: '{NAME}' is a transient domain")
    domain.destroy()
    fails(hypervisor, f"name: there is no domain '{NAME}'")


def test_a_disk_of_another_guest_that_runs_is_not_copied(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    make_image(image)
    hypervisor.define(document(disk(image)))
    hypervisor.define(document(disk(image), name="other"))
    hypervisor.raw.lookupByName("other").create()
    for mode in ("copy", "linked"):
        fails(
            hypervisor,
            f"disks: vda: {image} is used by vda of the domain other now",
            disk_mode=mode,
        )


def test_a_saved_state_is_not_cloned_and_is_said(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    make_image(image)
    hypervisor.define(document(disk(image)))
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    domain.managedSave()
    done = thrice(hypervisor)
    assert f"the state of {NAME} is saved, and is not cloned" in str(done.values["warnings"])
    assert domain.hasManagedSaveImage()
    assert not hypervisor.raw.lookupByName(CLONE).hasManagedSaveImage()


def test_the_name_of_the_clone_is_taken(hypervisor: Hypervisor) -> None:
    hypervisor.define(document(""))
    hypervisor.define(document("", name=CLONE))
    fails(hypervisor, f"clone: there is a domain '{CLONE}' already, which is no clone")
    fails(hypervisor, "clone: it is the domain itself", clone=NAME)
    hypervisor.undefine(CLONE)
    hypervisor.define(document("", name="third"))
    thrice(hypervisor, name="third")
    fails(hypervisor, f"the domain '{CLONE}' is a clone of 'third'")
    # It stays one when its source has gone.
    hypervisor.undefine("third")
    assert not clone(name="third").changed
    fails(hypervisor, f"the domain '{CLONE}' is a clone of 'third'")
    for bad in ("a/b", "a\nb", " a"):
        fails(hypervisor, "name", clone=bad)
    fails(hypervisor, "it is a UUID", clone="5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11")


def test_a_clone_is_called_after_its_source(hypervisor: Hypervisor) -> None:
    hypervisor.define(document(""))
    uuid = hypervisor.raw.lookupByName(NAME).UUIDString()
    thrice(hypervisor, name=uuid, clone=None)
    assert hypervisor.names() == {NAME, f"{NAME}-clone"}
    assert not task_of(domain_clone, name=NAME).changed
    # A clone of a clone is one of that.
    thrice(hypervisor, name=f"{NAME}-clone")
    fails(hypervisor, f"is a clone of '{NAME}-clone'")


_NIC = "<interface type='user'><mac address='{}'/></interface>"


def test_addresses_are_new_and_stay_the_same(hypervisor: Hypervisor) -> None:
    old = ["52:54:00:aa:00:01", "52:54:00:aa:00:02", "52:54:00:aa:00:03"]
    hypervisor.define(document("".join(map(_NIC.format, old))))

    def macs() -> list[str | None]:
        found = defined(hypervisor).findall("devices/interface")
        return [one.value("mac/@address") for one in found]

    thrice(hypervisor)
    first, uuid = macs(), hypervisor.raw.lookupByName(CLONE).UUIDString()
    assert len({*first, *old}) == 6
    hypervisor.undefine(CLONE)
    thrice(hypervisor)
    assert (macs(), hypervisor.raw.lookupByName(CLONE).UUIDString()) == (first, uuid)
    thrice(hypervisor, clone="another")
    assert len({mac for name in ("another", CLONE) for mac in _macs(hypervisor, name)}) == 6
    hypervisor.undefine(CLONE)
    given = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
    thrice(hypervisor, macs=["52-54-00-BB-00-01", "RANDOM"], uuid=given.upper())
    assert macs() == ["52:54:00:bb:00:01", *first[1:]]
    assert hypervisor.raw.lookupByName(CLONE).UUIDString() == given
    hypervisor.undefine(CLONE)
    fails(hypervisor, "is the MAC address of another interface already", macs=[old[1].upper()])
    fails(hypervisor, "is the MAC address of another", macs=["52:54:00:bb:00:01"] * 2)
    fails(hypervisor, "is no MAC address of an interface", macs=["01:00:5e:00:00:01"])
    fails(hypervisor, "there are 4, and the domain has 3 interfaces", macs=["RANDOM"] * 4)
    taken = hypervisor.raw.lookupByName("another").UUIDString()
    fails(hypervisor, "the domain another has the UUID", uuid=taken)
    fails(hypervisor, "uuid: x is no UUID", uuid="x")


def _macs(hypervisor: Hypervisor, name: str) -> list[str | None]:
    found = defined(hypervisor, name).findall("devices/interface")
    return [one.value("mac/@address") for one in found]


def test_a_password_is_in_the_clone_and_not_in_the_result(hypervisor: Hypervisor) -> None:
    hypervisor.define(
        document("<graphics type='vnc' port='5917' autoport='no' passwd='s3cretpw'/>")
    )
    done = thrice(hypervisor)
    assert "s3cretpw" not in json.dumps(done.values)
    graphics = defined(hypervisor).find("devices/graphics")
    assert graphics is not None
    assert (graphics.get("passwd"), graphics.get("port")) == ("s3cretpw", "-1")


def test_files_that_a_guest_writes_are_its_own(hypervisor: Hypervisor) -> None:
    log, free = OTHERS / f"{NAME}.log", OTHERS / f"{CLONE}-1.log"
    log.write_text("old\n", encoding="ascii")
    (OTHERS / f"{CLONE}.log").write_text("of somebody else\n", encoding="ascii")
    hypervisor.define(
        document(
            f"<serial type='file'><source path='{log}'/></serial>"
            "<serial type='pty'><log file='/var/log/libvirt/console.log'/></serial>"
            "<channel type='unix'><source mode='bind' path='/run/x.agent'/>"
            "<target type='virtio' name='x.agent'/></channel>"
        )
    )
    thrice(hypervisor, state="running")
    made = defined(hypervisor)
    serials = made.findall("devices/serial")
    assert [one.value("source/@path") for one in serials] == [str(free), None]
    assert serials[1].value("log/@file") == f"/var/log/libvirt/console-{CLONE}.log"
    assert made.value("devices/console/source/@path") == str(free)
    assert made.find("devices/channel/source") is None
    assert free.exists()
    assert log.read_text(encoding="ascii") == "old\n"
    assert (OTHERS / f"{CLONE}.log").read_text(encoding="ascii") == "of somebody else\n"


def test_tags_are_copied_and_the_origin_stands_beside_them(hypervisor: Hypervisor) -> None:
    host = (
        "<metadata><ansible:host xmlns:ansible='https://declarative-libvirt.github.io/ns/host/1'>"
        "<ansible:tag>web</ansible:tag><ansible:var name='ansible_host'>\"192.0.2.1\"</ansible:var>"
        "</ansible:host><o:other xmlns:o='http://example.com/o'>kept</o:other></metadata>"
    )
    image = IMAGES / f"{NAME}.raw"
    make_image(image, "raw")
    hypervisor.define(document(disk(image, form="raw"), host))
    done = thrice(hypervisor)
    assert "the variable ansible_host is not copied" in str(done.values["warnings"])
    text = hypervisor.definition(CLONE)
    assert "<ansible:tag>web</ansible:tag>" in text
    assert "kept</o:other>" in text
    assert "192.0.2.1" not in text
    assert text.count("/ns/clone/1") == 1


def _as_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hypervisor's files can't be seen, as those of another host."""
    monkeypatch.setattr(connection, "is_proven", lambda *_arguments: False)


@pytest.mark.parametrize("mode", ["copy", "linked"])
def test_on_another_host(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    images = [IMAGES / f"{NAME}.qcow2", IMAGES / f"{NAME}-1.raw"]
    written = [make_image(image, image.suffix[1:]) for image in images]
    hypervisor.define(document(disk(images[0]) + disk(images[1], "vdb", "raw")))
    untouched = Untouched(hypervisor, *images)
    _as_from_elsewhere(monkeypatch)
    make = volume_creation.Pools.ready
    # The first volume is made, and the task dies before the second one.
    calls = []

    def once(pools: t.Any, *arguments: t.Any) -> t.Any:
        calls.append(arguments)
        if len(calls) > (2 if mode == "copy" else 1):
            raise KeyboardInterrupt
        return make(pools, *arguments)

    with monkeypatch.context() as dying:
        dying.setattr(volume_creation.Pools, "ready", once)
        with pytest.raises(KeyboardInterrupt):
            clone(disk_mode=mode)
    left = IMAGES / f"{CLONE}.qcow2"
    assert left.exists()
    assert "incomplete" in hypervisor.definition(CLONE)
    done = clone(disk_mode=mode)
    assert not done.failed, done.msg
    assert "what it has left is removed" in str(done.values["warnings"])
    assert content(left, "qcow2") == written[0]
    second = IMAGES / f"{CLONE}-1.{'raw' if mode == 'copy' else 'qcow2'}"
    assert content(second, second.suffix[1:]) == written[1]
    assert not clone(disk_mode=mode).changed
    untouched.check()
    hypervisor.raw.lookupByName(CLONE).undefine()
    refused = clone(disk_mode=mode)
    assert f"{left} is there already" in refused.msg


@pytest.mark.parametrize("number", [1, 2])
def test_a_file_turns_up_while_a_clone_is_made(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The task takes back what it has made, and nothing of somebody else."""
    images = [IMAGES / f"{NAME}.raw", IMAGES / f"{NAME}-1.raw"]
    for image in images:
        make_image(image, "raw")
    hypervisor.define(document(disk(images[0], form="raw") + disk(images[1], "vdb", "raw")))
    untouched = Untouched(hypervisor, *images)
    foreign = IMAGES / (f"{CLONE}.raw" if number == 1 else f"{CLONE}-1.raw")
    link = os.link

    def turns_up(part: str, path: str) -> None:
        if path == str(foreign):
            foreign.write_bytes(b"of somebody else")
        link(part, path)

    monkeypatch.setattr(os, "link", turns_up)
    failed = clone()
    assert failed.failed
    assert not failed.changed
    assert f"{foreign} was not made: it can't get its name: File exists" in failed.msg
    assert hypervisor.names() == {NAME}
    assert {path.name for path in IMAGES.iterdir()} == {foreign.name, *(one.name for one in images)}
    assert foreign.read_bytes() == b"of somebody else"
    untouched.check()


def test_the_source_is_started_while_it_is_copied(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = IMAGES / f"{NAME}.raw"
    make_image(image, "raw")
    hypervisor.define(document(disk(image, form="raw")))
    link = os.link

    def starts(part: str, path: str) -> None:
        hypervisor.raw.lookupByName(NAME).create()
        link(part, path)

    monkeypatch.setattr(os, "link", starts)
    failed = clone()
    assert failed.failed
    assert f"'{NAME}' was started while its disks were copied" in failed.msg
    assert hypervisor.names() == {NAME}
    assert [path.name for path in IMAGES.iterdir()] == [image.name]


def test_two_tasks_make_one_clone(hypervisor: Hypervisor) -> None:
    """The second one waits, and finds it."""
    image = IMAGES / f"{NAME}.raw"
    written = make_image(image, "raw", 64)
    hypervisor.define(document(disk(image, form="raw")))
    program = (
        "import json\n"
        "from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_clone\n"
        "from tests.integration.hypervisor import task_of\n"
        f"done = task_of(domain_clone, name='{NAME}', clone='{CLONE}')\n"
        "print(json.dumps([done.failed, done.changed, done.msg]))\n"
    )
    top = pathlib.Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{top}"}
    tasks = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            text=True,
            cwd=top,
            env=environment,
        )
        for _number in range(3)
    ]
    results = [json.loads(str(task.communicate()[0]).splitlines()[-1]) for task in tasks]
    assert sorted(results) == [[False, False, ""], [False, False, ""], [False, True, ""]]
    assert content(IMAGES / f"{CLONE}.raw", "raw") == written


def test_disks_that_would_have_one_name(hypervisor: Hypervisor) -> None:
    images = [IMAGES / "root.raw", OTHERS / "root.raw"]
    for image in images:
        make_image(image, "raw")
    hypervisor.define(document(disk(images[0], form="raw") + disk(images[1], "vdb", "raw")))
    fails(hypervisor, "is the volume of another disk of the clone; give volume", pool="default")
    thrice(hypervisor, pool="default", disks=[{"target": "vdb", "volume": "second.raw"}])


def test_an_image_behind_a_link(hypervisor: Hypervisor) -> None:
    image, link = OTHERS / "real.qcow2", IMAGES / f"{NAME}.qcow2"
    written = make_image(image)
    link.symlink_to(image)
    hypervisor.define(document(disk(link)))
    thrice(hypervisor)
    copy = IMAGES / f"{CLONE}.qcow2"
    assert content(copy, "qcow2") == written
    assert not copy.is_symlink()
    assert link.is_symlink()


def test_the_pool_of_the_source_is_off(hypervisor: Hypervisor) -> None:
    image = IMAGES / f"{NAME}.qcow2"
    make_image(image)
    hypervisor.define(document(disk(image)))
    pool = hypervisor.raw.storagePoolLookupByName("default")
    pool.destroy()
    fails(hypervisor, f"the storage pool default of {IMAGES} is off; start it")
    pool.create()
    thrice(hypervisor)


def test_a_clone_goes_although_the_use_of_files_is_in_doubt(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image that can't be read may be based on anything, but not on what was made just now."""
    image = IMAGES / f"{NAME}.raw"
    make_image(image, "raw")
    broken = OTHERS / "broken.qcow2"
    broken.write_bytes(b"QFI\xfb" + b"\xff" * 100)
    hypervisor.define(document(disk(broken), name="broken"))
    hypervisor.define(document(disk(image, form="raw")))

    def fails_to_link(_part: str, _path: str) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(os, "link", fails_to_link)
        failed = clone()
    assert "Input/output error" in failed.msg
    assert not failed.changed
    assert [path.name for path in IMAGES.iterdir()] == [image.name]
    thrice(hypervisor)
