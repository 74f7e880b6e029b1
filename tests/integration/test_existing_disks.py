# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of the disks and interfaces that a domain has already; qemu-img is the judge."""

from __future__ import annotations

import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils.module import (
    domain,
    domain_device,
    domains,
)

from .hypervisor import Hypervisor, Result, task_of
from .test_domain_storage import BASE, GIB, IMAGE, IMAGES, NAME, size, task, three_ways

pytestmark = pytest.mark.usefixtures("no_images")
OFF = {"method": [], "timeout": 0, "force": True}


def made(path: pathlib.Path, gib: float = 1, base: pathlib.Path | None = None) -> pathlib.Path:
    path.parent.mkdir(exist_ok=True)
    command = ["qemu-img", "create", "-q", "-f", "qcow2"]
    if base is not None:
        command += ["-b", str(base), "-F", "qcow2"]
    subprocess.run([*command, str(path), f"{gib}G"], check=True)
    return path


def both(module: t.Any = domain, **options: t.Any) -> t.Iterator[Result]:
    """Foreseen, and done."""
    for check in (True, False):
        yield task_of(module, check, **{"shutdown": OFF, **options})


def unchanged(module: t.Any = domain, **options: t.Any) -> Result:
    """Nothing is to be done, in check mode and without."""
    for done in both(module, **options):
        assert (done.failed, done.changed) == (False, False), done.values
    return done


def refused(module: t.Any = domain, **options: t.Any) -> str:
    """It is refused in both ways, and nothing is done."""
    for done in both(module, **options):
        assert (done.failed, done.changed) == (True, False), done.values
    return done.msg


# A size without a name.


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_no_disk_grows_by_its_place_alone(hypervisor: Hypervisor, state: str) -> None:
    three_ways(**BASE, disk=[{"size": 1}, {"size": 1}], state=state)
    message = refused(name=NAME, disk=[{"size": 2}])
    assert f"is about vda ({IMAGE}) only by its place, and no entry is about vdb" in message
    assert "target: {dev: vda}" in message
    assert "no entry is about vdb" in refused(name=NAME, disk=[{"size": 0.5}])
    assert size(IMAGE) == GIB
    # What says the same as it is, and what says which disk, is clear.
    unchanged(name=NAME, disk=[{"size": 1}])
    three_ways(disk=[{"size": 2, "target": {"dev": "vda"}}])
    three_ways(disk=[{"size": 2}, {"size": 2}])
    three_ways(disk=[{"size": 3}], exclusive=["disk"], state="stopped")
    assert size(IMAGE) == 3 * GIB


def test_no_disk_grows_that_such_an_entry_did_not_make(hypervisor: Hypervisor) -> None:
    path = made(IMAGES / "imported.qcow2")
    three_ways(**BASE, disk=[{"path": str(path)}])
    message = refused(name=NAME, disk=[{"size": 2}])
    assert "no image of this name was made by such an entry" in message
    # What the message says how to do.
    three_ways(disk=[{"size": 2, "target": {"dev": "vdb"}}])
    three_ways(disk=[{"size": 2, "path": str(path)}])


def test_growth_by_place_beside_another_disk_is_told(hypervisor: Hypervisor) -> None:
    path = made(IMAGES / "data.qcow2")
    three_ways(**BASE, disk=[{"size": 1}, str(path)])
    for done in both(name=NAME, disk=[{"size": 2}]):
        assert done.changed
        assert "is about vda" in str(done.values["warnings"])
        assert "no entry is about vdb" in str(done.values["warnings"])
    assert not unchanged(name=NAME, disk=[{"size": 2}]).values.get("warnings")
    assert size(path) == GIB


# An image that is gone.


@pytest.mark.parametrize("disk", [{"size": 1}, {"path": str(IMAGE), "size": 1}, str(IMAGE)])
@pytest.mark.parametrize("mode", ["merge", "exact"])
@pytest.mark.parametrize("running", [True, False])
def test_a_missing_image_of_a_domain_is_an_error(
    hypervisor: Hypervisor, disk: t.Any, mode: str, running: bool
) -> None:
    task(**BASE, disk=[{"size": 1}], state="running" if running else "present")
    elsewhere = IMAGE.rename(IMAGES / "elsewhere")
    options = {**BASE, "name": NAME, "disk": [disk], "mode": mode, "state": "running"}
    message = refused(**options)
    assert f"{IMAGE}, the image of vda, is not there" in message
    assert "recreate_missing" in message
    refused(domains, domains=[{**options}])
    assert not IMAGE.exists()
    is_sized = isinstance(disk, dict)
    if not is_sized or running:
        words = "is not there" if not is_sized else "the guest still runs from it"
        assert words in refused(**options, recreate_missing=True)
    else:
        task(**BASE, state="stopped")
        three_ways(**{**options, "state": "stopped"}, recreate_missing=True)
        assert size(IMAGE) == GIB
        IMAGE.unlink()
    elsewhere.rename(IMAGE)
    unchanged(**{**options, "state": "running" if running else "present"})


def test_a_missing_image_is_an_error_for_one_device(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}])
    IMAGE.rename(IMAGES / "elsewhere")
    for disk in (str(IMAGE), {"path": str(IMAGE), "size": 1}, {"size": 1, "target": "vda"}):
        message = refused(domain_device, domain=NAME, disk=disk)
        assert f"{IMAGE}, the image of vda, is not there" in message
    assert not IMAGE.exists()
    # A new disk still gets its volume.
    added = {"path": f"{IMAGES}/new.qcow2", "size": 1}
    assert task_of(domain_device, domain=NAME, disk=added).changed
    assert not task_of(domain_device, domain=NAME, disk=added).changed


def test_no_disk_is_exchanged_for_an_empty_one(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}])
    disk = {"path": f"{IMAGES}/new.qcow2", "size": 1, "target": {"dev": "vda"}}
    for module, options in ((domain, {"name": NAME}), (domain_device, {"domain": NAME})):
        message = refused(module, **options, disk=disk)
        assert f"vda has {IMAGE}, which is not exchanged for a new and empty volume" in message
    made(IMAGES / "new.qcow2")
    three_ways(disk=[disk])


# What an image is based on.


def test_another_backing_store_is_told(hypervisor: Hypervisor) -> None:
    one, other = made(IMAGES / "one.qcow2"), made(IMAGES / "other.qcow2")
    link = IMAGES / "link.qcow2"
    link.symlink_to(one)
    three_ways(**BASE, disk=[{"backing_store": str(one)}])
    for path in (one, link):
        assert not unchanged(name=NAME, disk=[{"backing_store": str(path)}]).values.get("warnings")
    for disk in ({}, {"size": 1}, {"path": str(IMAGE)}, {"target": {"dev": "vda"}}):
        for mode in ("merge", "exact"):
            said = {**disk, "backing_store": str(other)}
            done = unchanged(name=NAME, disk=[said], mode=mode, **BASE)
            words = f"{IMAGE} is based on {one}, and not on {other}"
            assert words in str(done.values["warnings"])
    subprocess.run(["qemu-img", "rebase", "-q", "-b", "", str(IMAGE)], check=True)
    done = unchanged(name=NAME, disk=[{"backing_store": str(one)}])
    assert "is based on no other image" in str(done.values["warnings"])


def test_a_raw_image_that_was_copied_into_a_pool_grows(hypervisor: Hypervisor) -> None:
    three_ways(**BASE, disk=[{"size": 1}])
    path = IMAGES / "copied.raw"
    with path.open("wb") as file:
        file.truncate(1024**2)
    disks = [{"size": 1}, {"path": str(path), "size": 0.5}]
    done = three_ways(disk=disks)
    assert size(path) == GIB // 2, done.values
    with path.open("wb") as file:
        file.truncate(1024**2)
    done = three_ways(disk=disks)
    assert size(path) == GIB // 2


# What only a new disk gets.


@pytest.mark.parametrize(
    "disk",
    [
        {"size": 1},
        {"path": f"{IMAGES}/new.qcow2", "size": 1},
        {"path": f"{IMAGES}/new.raw", "size": 1, "format": "raw"},
        {"path": f"{IMAGES}/new.raw", "size": 0.1, "format": "raw", "sparse": False},
        {"path": f"{IMAGES}/new.vmdk", "size": 1, "format": "vmdk"},
        {"path": "/run/images/new.vmdk", "size": 1, "format": "vmdk"},
        {"path": "/run/images/new.qed", "size": 1, "format": "qed"},
        {"path": "/run/images/new.vdi", "size": 1, "format": "vdi"},
        {"path": f"{IMAGES}/new.qcow2", "size": 1, "driver": {"discard": "ignore"}},
        {"path": f"{IMAGES}/new.qcow2", "size": 1, "bus": "scsi"},
        {"backing_store": f"{IMAGES}/base.qcow2"},
        {"path": f"{IMAGES}/new.qcow2", "backing_store": f"{IMAGES}/base.qcow2"},
        {"pool": "default", "size": 1},
        {"path": f"{IMAGES}/base.qcow2", "size": 1},
        f"{IMAGES}/base.qcow2",
        {"path": f"{IMAGES}/base.qcow2", "device": "cdrom"},
    ],
    ids=str,
)
def test_exact_holds_what_only_a_new_disk_gets(hypervisor: Hypervisor, disk: t.Any) -> None:
    pathlib.Path("/run/images").mkdir(exist_ok=True)
    made(IMAGES / "base.qcow2")
    task(**BASE, name="other", disk=[{"size": 1}])
    try:
        done = three_ways(**BASE, disk=[disk], mode="exact")
        definition = hypervisor.definition(NAME)
        unchanged(name=NAME, **BASE, disk=[disk])
        assert hypervisor.definition(NAME) == definition
        is_sparse = "discard='unmap'" in definition
        made_here = any("volume" in one["path"] for one in done.values["changes"])
        said = isinstance(disk, dict) and ("driver" in disk or disk.get("sparse") is False)
        assert is_sparse == (made_here and not said)
    finally:
        for one in pathlib.Path("/run/images").iterdir():
            one.unlink()


def test_a_format_is_that_of_the_new_source(hypervisor: Hypervisor) -> None:
    raw, qcow2 = IMAGES / "new.raw", made(IMAGES / "new.qcow2")
    raw.write_bytes(bytes(1024**2))
    task(**BASE, disk=[{"size": 1}])
    url = "nbd://storage.example.com:10809/e"
    for path, form in (
        (url, "raw"),
        (qcow2, "qcow2"),
        (raw, "raw"),
        (IMAGE, "qcow2"),
        (url, "raw"),
    ):
        disk = {"path": str(path), "target": {"dev": "vda"}}
        options = (
            {"module": domain, "name": NAME, "disk": [disk]},
            {"module": domain_device, "domain": NAME, "disk": disk},
            {
                "module": domain_device,
                "domain": NAME,
                "disk": str(path),
                "match": {"target": "vda"},
            },
        )
        for one in options:
            undo = {"path": str(IMAGES / "other.img"), "target": {"dev": "vda"}}
            (IMAGES / "other.img").write_bytes(bytes(1024**2))
            task(disk=[undo])
            done = list(both(**one))
            assert [each.changed for each in done] == [True, True], done
            unchanged(**one)
            assert f"<driver name='qemu' type='{form}'" in hypervisor.definition(NAME)
