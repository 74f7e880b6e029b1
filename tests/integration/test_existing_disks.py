# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of the disks and interfaces that a domain has already; qemu-img is the judge."""

from __future__ import annotations

import pathlib
import re
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_xml,
    domains,
)

from .hypervisor import Hypervisor, Result, task_of
from .test_domain_storage import BASE, GIB, IMAGE, IMAGES, NAME, size, task, thrice

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
    thrice(**BASE, disk=[{"size": 1}, {"size": 1}], state=state)
    message = refused(name=NAME, disk=[{"size": 2}])
    assert f"is about vda ({IMAGE}) only by its place, and no entry is about vdb" in message
    assert "target: {dev: vda}" in message
    assert "no entry is about vdb" in refused(name=NAME, disk=[{"size": 0.5}])
    assert size(IMAGE) == GIB
    # What says the same as it is, and what says which disk, is clear.
    unchanged(name=NAME, disk=[{"size": 1}])
    thrice(disk=[{"size": 2, "target": {"dev": "vda"}}])
    thrice(disk=[{"size": 2}, {"size": 2}])
    thrice(disk=[{"size": 3}], exclusive=["disk"], state="stopped")
    assert size(IMAGE) == 3 * GIB


def test_no_disk_grows_that_such_an_entry_did_not_make(hypervisor: Hypervisor) -> None:
    path = made(IMAGES / "imported.qcow2")
    thrice(**BASE, disk=[{"path": str(path)}])
    message = refused(name=NAME, disk=[{"size": 2}])
    assert "no image of this name was made by such an entry" in message
    # What the message says how to do.
    thrice(disk=[{"size": 2, "target": {"dev": "vdb"}}])
    thrice(disk=[{"size": 2, "path": str(path)}])


def test_growth_by_place_beside_another_disk_is_told(hypervisor: Hypervisor) -> None:
    path = made(IMAGES / "data.qcow2")
    thrice(**BASE, disk=[{"size": 1}, str(path)])
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
        thrice(**{**options, "state": "stopped"}, recreate_missing=True)
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
    thrice(disk=[disk])


# What an image is based on.


def test_another_backing_store_is_told(hypervisor: Hypervisor) -> None:
    one, other = made(IMAGES / "one.qcow2"), made(IMAGES / "other.qcow2")
    link = IMAGES / "link.qcow2"
    link.symlink_to(one)
    thrice(**BASE, disk=[{"backing_store": str(one)}])
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
    thrice(**BASE, disk=[{"size": 1}])
    path = IMAGES / "copied.raw"
    with path.open("wb") as file:
        file.truncate(1024**2)
    disks = [{"size": 1}, {"path": str(path), "size": 0.5}]
    done = thrice(disk=disks)
    assert size(path) == GIB // 2, done.values
    with path.open("wb") as file:
        file.truncate(1024**2)
    done = thrice(disk=disks)
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
        done = thrice(**BASE, disk=[disk], mode="exact")
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


# A disk is its chain.


SNAPSHOTS = [["--no-metadata"], []]


def virsh(*arguments: str) -> str:
    done = subprocess.run(["virsh", "-q", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks(name: str = NAME) -> dict[str, str]:
    """The images of the definition and, if it runs, of the guest."""
    found = {}
    for line in virsh("domblklist", name, "--inactive").splitlines():
        target, path = line.split()
        found[target] = pathlib.Path(path).name
    lines = virsh("domblklist", name).splitlines()
    assert found == {one.split()[0]: pathlib.Path(one.split()[1]).name for one in lines}
    return found


def document(path: str, target: str = "vda", source: str = "file='{}'", kind: str = "file") -> str:
    where = source.format(path)
    return (
        f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>192</memory>"
        "<os><type arch='x86_64'>hvm</type></os><devices>"
        f"<disk type='{kind}' device='disk'><driver name='qemu' type='qcow2'/><source {where}/>"
        f"<target dev='{target}' bus='virtio'/></disk></devices></domain>"
    )


@pytest.fixture(params=["stopped", "running"])
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("metadata", SNAPSHOTS, ids=str)
@pytest.mark.parametrize("count", [1, 3])
def test_a_base_is_its_disk(
    hypervisor: Hypervisor, state: str, metadata: list[str], count: int
) -> None:
    made(IMAGES / "default.qcow2")
    assert task_of(domain, **BASE, name="other", disk=[{"size": 1}]).changed
    thrice(**BASE, disk=[{"size": 1}], state=state)
    for number in range(count):
        virsh("snapshot-create-as", NAME, f"s{number}", "--disk-only", *metadata)
    top = f"{NAME}.s{count - 1}"
    assert blocks() == {"vda": top}
    definition, identifier = hypervisor.definition(NAME), hypervisor.number(NAME)
    link = IMAGES / "link.qcow2"
    link.symlink_to(IMAGE)
    restart = {"restart": "if_required"}
    said: list[dict[str, t.Any]] = [
        {"disk": [{"path": str(IMAGE)}]},
        {"disk": [{"path": str(link), "bus": "virtio"}]},
        {"disk": [{"path": str(IMAGE), "target": {"dev": "vda"}, "size": 1}]},
        {"disk": [{"vol": f"default/{IMAGE.name}"}]},
        {"disk": [{"path": str(IMAGE)}], "exclusive": ["disk"]},
        {**BASE, "disk": [{"path": str(IMAGE), "size": 1}], "mode": "exact"},
        {"xml": document(str(IMAGE))},
        {"xml": document(str(link))},
        {"xml": document(IMAGE.name, source="pool='default' volume='{}'", kind="volume")},
        # By the image that it has, and by its size, nothing is to be told.
    ]
    for options in said:
        done = unchanged(name=NAME, **options, **restart)
        [warning] = map(str, done.values["warnings"])
        assert f"vda keeps {IMAGES / top}, the overlay" in warning
        assert f"is based on {IMAGE}" in warning
        assert metadata or f"of the snapshot s{count - 1}" in warning
        several = unchanged(domains, domains=[{"name": NAME, **options, **restart}])
        assert "vda keeps" in str(several.values)
    for path in (IMAGE, link):
        text = definition.replace(str(IMAGES / top), str(path))
        done = unchanged(domain_xml, xml=text, **restart)
        assert "vda keeps" in str(done.values["warnings"])
    for options in (
        {"disk": [{"size": 1}]},
        {**BASE, "disk": [{"size": 1}], "mode": "exact"},
        {"disk": [str(IMAGES / top)]},
        {"xml": document(str(IMAGES / top))},
    ):
        done = unchanged(name=NAME, **options, **restart)
    for one in (
        {"disk": str(IMAGE)},
        {"disk": {"path": str(link), "bus": "virtio"}},
        {"disk": {"path": str(IMAGE), "target": {"dev": "vda"}}},
        {"disk": str(IMAGE), "match": {"target": "vda"}},
        {"disk": {"vol": f"default/{IMAGE.name}"}},
        {"xml": f"<disk><source file='{IMAGE}'/><target dev='vda'/></disk>"},
        {"xml": f"<disk><source file='{IMAGE}'/><target bus='virtio'/></disk>"},
    ):
        done = unchanged(domain_device, domain=NAME, **one)
        assert f"vda keeps {IMAGES / top}" in str(done.values["warnings"])
    assert (hypervisor.definition(NAME), hypervisor.number(NAME)) == (definition, identifier)
    # A base is no second disk.
    for options in (
        {"module": domain, "name": NAME, "disk": [{"path": str(IMAGE), "target": {"dev": "vdb"}}]},
        {
            "module": domain_device,
            "domain": NAME,
            "disk": {"path": str(IMAGE), "target.dev": "vdb"},
        },
        {"module": domain, **BASE, "name": "second", "disk": [str(IMAGE)]},
        {"module": domain, "xml": document(str(IMAGE)).replace(NAME, "second", 1)},
    ):
        assert "based on" in refused(**options), options
    # It grows, and another bus or target is the same disk.
    thrice(disk=[{"path": str(IMAGE), "size": 2}])
    assert size(IMAGES / top) == 2 * GIB
    assert size(IMAGE) == GIB


def test_a_chain_that_has_become_shorter(hypervisor: Hypervisor) -> None:
    """After blockcommit the disk is its base again, after blockpull it still is that disk."""
    options: dict[str, t.Any] = {"name": NAME, "disk": [{"path": str(IMAGE)}]}
    task(**BASE, disk=[{"size": 1}], state="running")
    virsh("snapshot-create-as", NAME, "s1", "--disk-only")
    assert "vda keeps" in str(unchanged(**options).values["warnings"])
    virsh("blockcommit", NAME, "vda", "--active", "--pivot", "--wait")
    assert blocks() == {"vda": IMAGE.name}
    assert "warnings" not in unchanged(**options).values
    virsh("snapshot-delete", NAME, "s1", "--metadata")
    (IMAGES / f"{NAME}.s1").unlink()
    virsh("snapshot-create-as", NAME, "s2", "--disk-only")
    virsh("blockpull", NAME, "vda", "--wait")
    assert (
        "backing-filename"
        not in subprocess.run(
            ["qemu-img", "info", "-U", "--output=json", str(IMAGES / f"{NAME}.s2")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    for _state in ("running", "stopped"):
        for mode in ("merge", "exact"):
            done = unchanged(**BASE, **options, mode=mode, restart="if_required")
            assert "of the snapshot s2" in str(done.values["warnings"])
        if hypervisor.number(NAME) > 0:
            virsh("destroy", NAME)
    # Without the snapshot nothing tells that it was another disk.
    virsh("snapshot-delete", NAME, "s2", "--metadata")
    assert thrice(disk=[{"path": str(IMAGE), "target": {"dev": "vda"}}]).changed


@pytest.mark.parametrize("link", [False, True])
def test_a_disk_goes_by_its_base(hypervisor: Hypervisor, link: bool) -> None:
    base, path = made(IMAGES / "base.qcow2"), IMAGES / "base.qcow2"
    made(IMAGES / "default.qcow2")
    if link:
        path = IMAGES / "link.qcow2"
        path.symlink_to(base)
    overlay = IMAGES / "base.s1"
    disks = [{"size": 1}, {"path": str(base)}]
    device = {"domain": NAME, "state": "absent"}
    said: list[dict[str, t.Any]] = [
        {"name": NAME, "disk": [{"path": str(path), "state": "absent"}]},
        {"name": NAME, "disk": [{"path": str(path), "target": "vdb", "state": "absent"}]},
        {"name": NAME, "disk": [{"source": {"file": str(path)}, "state": "absent"}]},
        {**device, "module": domain_device, "disk": {"path": str(path)}},
        {**device, "module": domain_device, "disk": str(path), "match": {"target": "vdb"}},
        {
            **device,
            "module": domain_device,
            "xml": f"<disk><source file='{path}'/><target dev='vdb'/></disk>",
        },
    ]
    task(**BASE, disk=disks)
    virsh("snapshot-create-as", NAME, "s1", "--disk-only", "--no-metadata")
    definition = hypervisor.definition(NAME)
    # None of it is about the other disk, and an entry by the overlay keeps that.
    for options in (
        {"name": NAME, "disk": [{"path": str(path), "target": "vda", "state": "absent"}]},
        {"name": NAME, "disk": [str(overlay), {"path": str(path), "state": "absent"}]},
    ):
        assert "warnings" not in unchanged(**options).values
    for options in said:
        hypervisor.define(definition)
        foreseen, done = both(**options)
        assert (foreseen.changed, done.changed) == (True, True), (foreseen.values, done.values)
        assert foreseen.values["changes"] == done.values["changes"]
        [warning] = map(str, done.values["warnings"])
        assert f"vdb is the disk that is to go: its image {overlay} is based on {base}" in warning
        assert blocks() == {"vda": f"{NAME}.s1"}
        assert "warnings" not in unchanged(**options).values
    assert (base.exists(), overlay.exists()) == (True, True)
    hypervisor.define(definition)
    message = refused(
        domain_device, domain=NAME, disk=str(path), state="absent", remove_volume=True
    )
    assert "only by the path of the overlay" in message


def test_several_disks_with_snapshots(hypervisor: Hypervisor, state: str) -> None:
    second = made(IMAGES / "second.qcow2")
    disks = [{"size": 1}, {"path": str(second)}]
    task(**BASE, disk=disks, state=state)
    virsh("snapshot-create-as", NAME, "s1", "--disk-only")
    done = unchanged(name=NAME, disk=[{"path": str(IMAGE)}, {"path": str(second)}])
    assert len(done.values["warnings"]) == 2
    done = unchanged(name=NAME, **BASE, disk=disks, mode="exact", restart="if_required")
    assert len(done.values["warnings"]) == 1
    # In another order each still is the disk that it is.
    unchanged(name=NAME, disk=[{"path": str(second)}, {"path": str(IMAGE)}])
    # Another target is the same disk at another place.
    text = hypervisor.definition(NAME).replace(f"{NAME}.s1", IMAGE.name)
    if state == "stopped":
        text = text.replace("dev='vda'", "dev='vdx'")
        done = task_of(domain_xml, xml=text, mode="exact")
        assert not done.failed, done.msg
        assert blocks()["vdx"] == f"{NAME}.s1"


def test_a_base_of_clones_is_silent(hypervisor: Hypervisor) -> None:
    base = made(IMAGES / "base.qcow2")
    task(**BASE, name="template", disk=[str(base)])
    several = [{"name": f"clone{number}"} for number in range(3)]
    defaults = {**BASE, "disk": [{"backing_store": str(base)}]}
    for module in (domains,):
        for check, changed in ((True, True), (False, True), (False, False)):
            done = task_of(module, check, domains=several, defaults=defaults)
            assert (done.failed, done.changed) == (False, changed), done.values
            assert "warnings" not in done.values
    assert "warnings" not in unchanged(name="template", disk=[str(base)]).values
    readonly = {"path": str(base), "readonly": True, "target": {"dev": "vdb"}}
    done = task_of(domain, name="clone1", disk=[readonly])
    assert not done.failed, done.msg


def test_a_medium_still_changes(hypervisor: Hypervisor, state: str) -> None:
    for name in ("one.iso", "two.iso"):
        (IMAGES / name).parent.mkdir(exist_ok=True)
        (IMAGES / name).write_bytes(bytes(1024**2))
    drive = {"path": f"{IMAGES}/one.iso", "device": "cdrom"}
    thrice(**BASE, disk=[{"size": 1}, drive], state=state)
    done = thrice(disk=[{**drive, "path": f"{IMAGES}/two.iso"}])
    assert "warnings" not in done.values
    done = task_of(domain_device, domain=NAME, disk=drive)
    assert (done.failed, done.changed) == (False, True), done.values
    # Many may have one medium.
    other = task_of(domain, **BASE, name="other", disk=[{"size": 1}, drive])
    assert "warnings" not in other.values, other.values


def test_an_unreadable_chain_puts_no_base_back(hypervisor: Hypervisor) -> None:
    folder = pathlib.Path("/run/images")
    folder.mkdir(exist_ok=True)
    path = made(folder / "disk.qcow2")
    try:
        task(**BASE, disk=[str(path)])
        virsh("snapshot-create-as", NAME, "s1", "--disk-only", "--no-metadata")
        overlay = folder / "disk.s1"
        content = overlay.read_bytes()
        # A name that only QEMU could read.
        overlay.write_bytes(content.replace(str(path).encode(), b"nbd:unix:/run/some"))
        for options in (
            {
                "module": domain,
                "name": NAME,
                "disk": [{"path": str(path), "target": {"dev": "vda"}}],
            },
            {
                "module": domain_device,
                "domain": NAME,
                "disk": {"path": str(path), "target.dev": "vda"},
            },
            {"module": domain_xml, "xml": hypervisor.definition(NAME).replace(".s1", ".qcow2")},
        ):
            assert "it may be an overlay of" in refused(**options)
    finally:
        for one in folder.iterdir():
            one.unlink()


# What another domain has.


def test_a_disk_of_another_domain(hypervisor: Hypervisor, state: str) -> None:
    path = made(IMAGES / "used.qcow2")
    link = IMAGES / "link.qcow2"
    link.symlink_to(path)
    task(**BASE, name="other", disk=[str(path)], state=state)
    unchanged(**BASE, name="other", disk=[str(path)])
    words = "is vda of the domain other"
    text = document(str(link))
    thrice(**BASE, disk=[{"size": 1}])
    task(**BASE, name="third", disk=[{"size": 1}])
    added = {"path": str(link), "target": {"dev": "vdb"}}
    for options in (
        {"module": domain, **BASE, "name": "new", "disk": [str(path)]},
        {"module": domain_xml, "xml": text.replace(NAME, "new", 1)},
        {
            "module": domain_device,
            "domain": "third",
            "disk": {"path": str(path), "target.dev": "vdc"},
        },
        {"module": domain, "name": NAME, "disk": [added]},
    ):
        if state == "running":
            assert words in refused(**options)
            continue
        for done in both(**options):
            assert (done.failed, done.changed) == (False, True), done.values
            assert words in str(done.values["warnings"])
        # It is said once.
        assert "warnings" not in unchanged(**options).values
        user = options.get("domain", "new")
        if user in hypervisor.names():
            hypervisor.undefine(user)
        if "new" in hypervisor.names():
            hypervisor.undefine("new")
    raw = IMAGES / "raw.img"
    raw.write_bytes(bytes(1024**2))
    task(**BASE, name="raw", disk=[{"path": str(raw), "shareable": True}], state=state)
    for one, word in ((path, "readonly"), (raw, "shareable")):
        disk = {"path": str(one), word: True, "target": {"dev": f"sd{word[0]}"}}
        assert "warnings" not in thrice(disk=[disk]).values
    several = [{"name": "a"}, {"name": "b"}]
    if state == "running":
        for done in both(domains, domains=several, defaults={**BASE, "disk": [str(path)]}):
            assert done.failed


def test_a_mac_address_of_another_domain(hypervisor: Hypervisor, state: str) -> None:
    mac = "52:54:00:AA:00:01"
    nic = {"network": "own", "mac": mac}
    network = (
        "<network><name>own</name><bridge name='virbr9'/>"
        "<ip address='10.9.8.1' netmask='255.255.255.0'/></network>"
    )
    hypervisor.raw.networkCreateXML(network)
    try:
        base = {**BASE, "disk": [{"size": 1}]}
        task(**{**base, "name": "other", "network": [nic]}, state=state)
        unchanged(name="other", network=[nic])
        words = f"{mac.lower()} is the MAC address of an interface of the domain other"
        lower = {**nic, "mac": mac.lower()}
        task(**{**base, "network": [{"network": "own"}]})
        for options in (
            {"module": domain, **base, "name": "new", "network": [lower]},
            {"module": domain, "name": NAME, "network": [{"network": "own"}, lower]},
            {"module": domain_device, "domain": NAME, "network": lower},
        ):
            assert words in refused(**options)
        done = task_of(domains, domains=[{"name": "new", **base, "network": [lower]}])
        assert done.failed
        assert words in str(done.values)
        # As virsh takes it, but told.
        text = (
            f"<interface type='network'><source network='own'/><mac address='{mac}'/></interface>"
        )
        done = task_of(domain_device, domain=NAME, xml=text)
        assert (done.failed, done.changed) == (False, True), done.values
        assert words in str(done.values["warnings"])
        assert "warnings" not in unchanged(domain_device, domain=NAME, xml=text).values
    finally:
        hypervisor.clear()
        hypervisor.raw.networkLookupByName("own").destroy()


def test_a_mac_address_twice(hypervisor: Hypervisor) -> None:
    nic = {"type": "user", "mac": "52:54:00:AA:00:01"}
    words = "52:54:00:aa:00:01 is the MAC address of 2 interfaces of the domain"
    base = {**BASE, "disk": [{"size": 1}]}
    # As virt-install and virsh take it, but told.
    done = thrice(**{**base, "network": [nic, nic]})
    assert words in str(done.values["warnings"])
    assert hypervisor.definition(NAME).count("<interface") == 2
    assert "warnings" not in unchanged(name=NAME, network=[nic, nic]).values
    assert "warnings" not in thrice(name=NAME, memory=256).values
    hypervisor.undefine(NAME)
    done = thrice(**{**base, "network": [nic, {**nic, "mac": "52:54:00:AA:00:02"}]})
    assert "warnings" not in done.values
    # A team has one together.
    team: list[dict[str, t.Any]] = [
        {**nic, "mac": "52:54:00:AA:00:03", "xpath1.set": f"./teaming/@type={one}"}
        for one in ("persistent", "transient")
    ]
    team[1]["xpath2.set"] = "./teaming/@persistent=ua-one"
    team[0]["alias"] = {"name": "ua-one"}
    foreseen = task(check=True, **{**base, "name": "team", "network": team})
    assert "2 interfaces" not in str(foreseen.values)
    several = [{"name": name, **base, "network": [nic]} for name in ("a", "b")]
    for done in both(
        domains,
        domains=[{**one, "network": [{**nic, "mac": "52:54:00:AA:00:09"}]} for one in several],
    ):
        assert done.failed
        assert "would be the MAC address of an interface of a and of b" in done.msg
        assert "a" not in hypervisor.names()


def test_an_image_twice(hypervisor: Hypervisor) -> None:
    path, base, top = IMAGES / "one.qcow2", made(IMAGES / "base.qcow2"), IMAGES / "top.qcow2"
    made(path)
    made(top, base=base)
    link = IMAGES / "link.qcow2"
    link.symlink_to(path)
    twice = f"disk: {path} would be vda and vdb of the domain, which can't start then"
    spoilt = f"is based on {base}, and would be spoilt if the guest wrote to that as vdb"
    new = {"path": f"{IMAGES}/new.qcow2", "size": 1}
    cases: list[tuple[list[t.Any], str]] = [
        ([str(path), str(path)], twice),
        ([str(path), str(link)], twice),
        ([new, new], f"disk: {IMAGES}/new.qcow2 would be vda and vdb of the domain"),
        ([str(top), str(base)], spoilt),
        ([{**new, "backing_store": str(base)}, str(base)], spoilt),
        ([{**new, "backing_store": str(top)}, str(base)], spoilt),
    ]
    for disks, words in cases:
        assert words in refused(**BASE, name=NAME, disk=disks)
    assert hypervisor.names() == set()
    assert not (IMAGES / "new.qcow2").exists()
    for word in ("readonly", "shareable"):
        done = task(
            check=True, **BASE, disk=[{"path": str(one), word: True} for one in (path, link)]
        )
        if word == "shareable":
            # virDomainDiskDefValidate: of a qcow2 image that can't be.
            assert "requires use of supported storage format" in done.msg
        else:
            assert (done.failed, "warnings" in done.values) == (False, False), done.values
    # The last of these starts; a domain that exists is told the same.
    task(**BASE, disk=[str(top)])
    for one in ({"path": str(base), "target": "vdb"}, {"path": str(top), "target": "vdb"}):
        words = "would be spoilt" if one["path"] == str(base) else f"{top} would be vda and vdb"
        assert words in refused(name=NAME, disk=[one])
        device = {**one, "target": {"dev": "vdb"}}
        assert words in refused(domain_device, domain=NAME, disk=device)
    added = {"path": f"{IMAGES}/new.qcow2", "target": "vdb", "backing_store": str(top)}
    assert f"{IMAGES}/new.qcow2, which is vdb of the domain, is based on {top}" in refused(
        name=NAME, disk=[added]
    )
    # libvirt defines it, and says nothing.
    text = hypervisor.definition(NAME)
    disk = text[text.index("<disk") : text.index("</disk>") + 7]
    disk = re.sub("<address[^>]*>", "", disk.replace("vda", "vdb"))
    more = text.replace("</disk>", f"</disk>{disk}", 1)
    for done in both(domain_xml, xml=more):
        assert (done.failed, done.changed) == (False, True), done.values
        assert f"{top} would be vda and vdb" in str(done.values["warnings"])
    assert "warnings" not in unchanged(domain_xml, xml=more).values
    assert task_of(domain, name=NAME, state="running").failed


def test_an_interface_that_is_known_by_its_network_is_told(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}])
    nic = {"network": "default", "model": "virtio"}
    assert task_of(domain_device, domain=NAME, network=nic).values["device"].get("matched") is None
    done = unchanged(domain_device, domain=NAME, network=nic)
    assert "warnings" not in done.values
    assert "it is known by what it is plugged into" in done.values["device"]["matched"]
    assert "mac" in done.values["device"]["matched"]
    for done in both(domain_device, domain=NAME, network={**nic, "model": "e1000e"}):
        assert done.changed
        assert "to add another one, give that a MAC address" in str(done.values["warnings"])
    mac = {"mac": "52:54:00:00:00:07"}
    done = task_of(domain_device, domain=NAME, network={**nic, **mac})
    assert done.changed
    assert hypervisor.definition(NAME).count("<interface") == 2
    assert (
        "matched"
        not in unchanged(domain_device, domain=NAME, network={**nic, **mac}).values["device"]
    )
