# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The volumes that domain creates, finds again, and makes larger; qemu-img is the judge."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.temporary_pool import (
    temporary_name,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain, domains

from .guests import Boot, Guest
from .hypervisor import Hypervisor, Result, task_of
from .images import make_overlay
from .three_ways import three_ways

NAME = "guest"
GIB = 1024**3
IMAGES = pathlib.Path("/var/lib/libvirt/images")
IMAGE = IMAGES / f"{NAME}.qcow2"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
BASE: dict[str, t.Any] = {
    "osinfo": "debian11",
    "virt_type": "qemu",
    "import": True,
    "memory": 192,
    "network": "none",
    "graphics": "none",
}


pytestmark = pytest.mark.usefixtures("no_images")


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, **{"name": NAME, "shutdown": SWITCH_OFF, **options})


thrice = functools.partial(three_ways, domain, None, name=NAME, shutdown=SWITCH_OFF)


def image(path: pathlib.Path) -> dict[str, t.Any]:
    done = subprocess.run(
        ["qemu-img", "info", "--force-share", "--output", "json", path],
        capture_output=True,
        check=True,
    )
    found: dict[str, t.Any] = json.loads(done.stdout)
    return found


def size(path: pathlib.Path) -> int:
    return int(image(path)["virtual-size"])


def warned(result: Result) -> str:
    return str(result.values.get("warnings"))


def test_a_volume_grows_while_the_domain_is_off(hypervisor: Hypervisor) -> None:
    thrice(**BASE, disk=[{"size": 1}])
    assert image(IMAGE)["actual-size"] < 1024**2
    done = thrice(disk=[{"size": 2}])
    assert done.values["changes"] == [
        {
            "path": f"volume {IMAGE}",
            "op": "modify",
            "before": "1 GiB",
            "after": "2 GiB",
            "when": "config",
        }
    ]
    assert size(IMAGE) == 2 * GIB
    # By the path, and by the volume, it is the same one.
    thrice(disk=[{"path": str(IMAGE), "size": 3}])
    pool = hypervisor.raw.storageVolLookupByPath(str(IMAGE)).storagePoolLookupByVolume().name()
    thrice(disk=[{"vol": f"{pool}/{IMAGE.name}", "size": 4}], state="running")
    assert size(IMAGE) == 4 * GIB
    thrice(disk=[{"size": 5}], state="stopped")
    assert size(IMAGE) == 5 * GIB


def test_no_volume_becomes_smaller(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 2}])
    before = hypervisor.definition(NAME)
    for check in (True, False):
        for disk in ({"size": 1}, {"path": str(IMAGE), "size": 1}):
            refused = task(check=check, disk=[disk], memory=300)
            assert refused.failed
            assert not refused.changed
            assert f"{IMAGE} has 2 GiB, and size asks for 1 GiB" in refused.msg
    assert size(IMAGE) == 2 * GIB
    assert hypervisor.definition(NAME) == before
    # What was rounded up when it was made is no larger than what is asked for.
    odd = {"path": f"{IMAGES}/odd.raw", "size": 0.0123457, "format": "raw"}
    thrice(disk=[{"size": 2}, odd])


def test_a_guest_that_runs_sees_its_disk_grow(hypervisor: Hypervisor, boot: Boot) -> None:
    kernel = {"kernel": str(boot.kernel), "initrd": str(boot.initrd), "kernel_args": "quiet"}
    options = {**BASE, "boot": kernel, "state": "running", "wait": {"for": "agent"}}
    disks = [{"size": 1}, {"path": f"{IMAGES}/two.raw", "size": 0.5, "format": "raw"}]
    made = task(**options, disk=disks)
    assert not made.failed, made.msg
    guest = Guest(hypervisor.raw.lookupByName(NAME))
    sectors = [guest.run("cat", f"/sys/block/{name}/size").strip() for name in ("vda", "vdb")]
    assert sectors == [str(GIB // 512), str(GIB // 1024)]
    number = hypervisor.number(NAME)
    disks = [{"size": 2}, {"path": f"{IMAGES}/two.raw", "size": 1}]
    assert "add live to affect" in task(disk=disks, affect=["config"]).msg
    done = thrice(disk=disks)
    assert [change["when"] for change in done.values["changes"]] == ["live", "live"]
    sectors = [guest.run("cat", f"/sys/block/{name}/size").strip() for name in ("vda", "vdb")]
    assert sectors == [str(2 * GIB // 512), str(GIB // 512)]
    assert hypervisor.number(NAME) == number
    assert size(IMAGE) == 2 * GIB

    task(state="saved")
    refused = task(disk=[{"size": 3}])
    assert refused.failed
    assert "its state is saved" in refused.msg
    thrice(disk=[{"size": 3}], state="running")
    assert guest.run("cat", "/sys/block/vda/size").strip() == str(3 * GIB // 512)


def test_a_volume_that_is_gone_is_created_again_if_it_is_to(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}, {"size": 2, "bus": "scsi"}])
    second = IMAGES / f"{NAME}-1.qcow2"
    second.unlink()
    refused = task(disk=[{"size": 1}, {"size": 2}])
    assert (refused.failed, refused.changed) == (True, False)
    assert f"{second}, the image of sda, is not there" in refused.msg
    done = thrice(disk=[{"size": 1}, {"size": 2}], recreate_missing=True)
    assert [change["path"] for change in done.values["changes"]] == [f"volume {second}"]
    assert size(second) == 2 * GIB


def test_what_an_interrupted_task_has_left_is_used(hypervisor: Hypervisor) -> None:
    options = {**BASE, "disk": [{"size": 1}], "cloud_init": {"root_password": "opensesame"}}
    task(**options)
    hypervisor.undefine(NAME)
    # As it is between the creation of a volume and the first write.
    (IMAGES / f"{NAME}-cloudinit.iso").write_bytes(bytes(100_000))
    done = thrice(**options)
    assert f"volume {IMAGE}" not in [change["path"] for change in done.values["changes"]]
    assert f"file='{IMAGE}'" in hypervisor.definition(NAME)
    assert not list(IMAGES.glob(f"{NAME}-1*"))


@pytest.mark.parametrize("content", ["written to", "larger", "based on another"])
def test_what_is_no_empty_volume_of_an_earlier_task_is_left_and_told(
    hypervisor: Hypervisor, content: str
) -> None:
    options = {**BASE, "disk": [{"size": 1}]}
    task(**options)
    hypervisor.undefine(NAME)
    if content == "written to":
        subprocess.run(["qemu-io", "-c", "write 0 512", IMAGE], check=True, capture_output=True)
    elif content == "larger":
        subprocess.run(["qemu-img", "resize", "-q", IMAGE, "2G"], check=True)
    else:
        base = IMAGES / "base.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", base, "1G"], check=True)
        based = f"backing_file={base},backing_fmt=qcow2"
        command = ["qemu-img", "create", "-q", "-f", "qcow2", "-o", based, str(IMAGE)]
        subprocess.run(command, check=True)
    before = IMAGE.read_bytes()
    done = thrice(**options)
    assert f"{IMAGE} exists, and no domain uses it" in warned(done)
    assert f"file='{IMAGES}/{NAME}-1.qcow2'" in hypervisor.definition(NAME)
    assert IMAGE.read_bytes() == before
    # No disk is new then.
    assert "no domain uses it" not in warned(task(**options))
    assert "no domain uses it" in warned(task(**{**options, "disk": [{"size": 1}, {"size": 1}]}))


def test_the_volume_of_another_domain_is_never_taken(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}, {"size": 1}])
    task(**BASE, name=f"{NAME}-1", disk=[{"size": 1}])
    assert f"file='{IMAGES}/{NAME}-1-1.qcow2'" in hypervisor.definition(f"{NAME}-1")


def test_a_file_that_is_no_disk_is_left_alone(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(exist_ok=True)
    precious = b"precious"
    for name, words in (("x.raw", "no whole sectors"), ("x.qcow2", "is no qcow2 image")):
        path = IMAGES / name
        path.write_bytes(precious)
        for check in (True, False):
            refused = task(check=check, **BASE, disk=[{"path": str(path), "size": 1}])
            assert refused.failed
            assert words in refused.msg
            assert "nothing was written to it" in refused.msg
        assert path.read_bytes() == precious
    assert not hypervisor.names()


def test_a_file_in_the_place_of_a_seed_is_left_alone(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / f"{NAME}-cloudinit.iso"
    path.write_bytes(b"precious")
    hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
    ).create()
    seed: dict[str, t.Any] = {"cloud_init": {"root_password": "opensesame"}}
    for check in (True, False):
        refused = task(check=check, **BASE, disk=[{"size": 1}], **seed)
        assert (refused.failed, refused.changed) == (True, False)
        assert "nothing was written to it" in refused.msg
    assert [one.name for one in IMAGES.iterdir()] == [path.name]
    assert path.read_bytes() == b"precious"


@pytest.mark.parametrize("has_pool", [False, True], ids=["no pool", "pool"])
@pytest.mark.parametrize("kind", ["file", "folder", "pipe", "link", "loose link"])
def test_what_is_no_seed_is_foreseen(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, kind: str, has_pool: bool
) -> None:
    """Also what libvirt doesn't know of yet, or takes for no volume."""
    IMAGES.mkdir(exist_ok=True)
    if has_pool:
        hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
        ).create()
    path, elsewhere = IMAGES / f"{NAME}-cloudinit.iso", tmp_path / "elsewhere"

    def link() -> None:
        elsewhere.write_bytes(b"precious")
        path.symlink_to(elsewhere)

    make: dict[str, t.Callable[[], object]] = {
        "file": lambda: path.write_bytes(b"precious"),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "link": link,
        "loose link": lambda: path.symlink_to(elsewhere),
    }
    make[kind]()
    before = path.lstat()
    seed: dict[str, t.Any] = {"cloud_init": {"root_password": "opensesame"}, "state": "running"}
    for check in (True, False):
        refused = task(check=check, **BASE, disk=[{"size": 1}], **seed)
        assert (refused.failed, refused.changed) == (True, False), refused.values
        assert "nothing was written to it" in refused.msg
    assert (path.lstat().st_ino, path.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert not hypervisor.names()
    if kind == "folder":
        path.rmdir()


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_has_no_size_is_no_disk_of_a_size(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, kind: str
) -> None:
    path = pathlib.Path("/dev/null") if kind == "device" else tmp_path / kind
    if kind != "device":
        (path.mkdir if kind == "folder" else functools.partial(os.mkfifo, path))()
    for check in (True, False):
        refused = task(check=check, **BASE, disk=[{"path": str(path), "size": 1}])
        assert (refused.failed, refused.changed) == (True, False), refused.values
        assert f"size: {path} is {'a directory' if kind == 'folder' else 'no file'}" in refused.msg


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "it is no file"),
        (lambda path: path.symlink_to("/nowhere"), "is a link to /nowhere, which is not there"),
    ],
    ids=["pipe", "loose link"],
)
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "made anew"])
def test_nothing_is_made_where_something_is(
    hypervisor: Hypervisor, make: t.Callable[[pathlib.Path], None], words: str, is_new: bool
) -> None:
    """Also under a name that is chosen here, and in place of an image that is gone."""
    IMAGES.mkdir(exist_ok=True)
    if is_new:
        # It knows neither of them.
        hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
        ).create()
    else:
        assert task(**BASE, disk={"size": 1}).changed
        IMAGE.unlink()
    make(IMAGE)
    inode = IMAGE.lstat().st_ino
    options = {**BASE, "disk": {"size": 1}, "recreate_missing": not is_new}
    for check in (True, False):
        refused = task(check=check, **options)
        assert (refused.failed, refused.changed) == (True, False), refused.values
        if is_new or "link" in words:
            assert words in refused.msg
    assert IMAGE.lstat().st_ino == inode


@pytest.mark.parametrize(
    ("name", "disk", "words"),
    [
        ("a\tb", {"size": 1}, "has a control character"),
        (NAME, {"path": f"{IMAGES}/a\tb.qcow2", "size": 1}, "has a control character"),
        ("..", {"size": 1}, "no '..'; choose another"),
        (NAME, {"size": 1, "backing_store": str(IMAGES)}, "is a directory; give an image"),
        (NAME, {"size": 1, "backing_store": "no.img"}, f"{os.getcwd()}/no.img does not exist"),
        (NAME, {"vol": "/a"}, "a volume is given as POOL/VOLUME"),
    ],
)
def test_what_can_not_be_is_foreseen(
    hypervisor: Hypervisor, name: str, disk: dict[str, t.Any], words: str
) -> None:
    IMAGES.mkdir(exist_ok=True)
    for check in (True, False):
        refused = task(check=check, **BASE, name=name, disk=disk)
        assert (refused.failed, refused.changed) == (True, False), refused.values
        assert words in refused.msg
    assert not list(IMAGES.iterdir())
    assert not hypervisor.names()


def test_an_image_that_is_copied_first_grows_before_the_first_start(
    hypervisor: Hypervisor,
) -> None:
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / "cloud.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "1G"], check=True)
    thrice(**BASE, disk=[{"path": str(path), "size": 3}], state="running")
    assert size(path) == 3 * GIB


def test_a_raw_volume_of_a_broken_size_is_a_disk(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / "broken.img"
    disk = {"path": str(path), "size": 0.1, "format": "raw"}
    thrice(**BASE, disk=disk)
    assert path.stat().st_size == 107374592
    hypervisor.undefine(NAME)
    thrice(**BASE, disk=disk)
    # Another program may have left the part of a sector out.
    os.truncate(path, 107374182)
    assert not task(disk=disk).changed


@pytest.mark.parametrize("form", ["vdi", "vmdk", "vpc"])
def test_an_image_that_no_program_can_make_larger(hypervisor: Hypervisor, form: str) -> None:
    path = IMAGES / f"image.{form}"
    IMAGES.mkdir(exist_ok=True)
    disk = {"path": str(path), "size": 1, "format": form}
    assert task(**BASE, disk=disk).changed
    for check in (True, False):
        refused = task(check=check, disk={**disk, "size": 2})
        assert (refused.failed, refused.changed) == (True, False), refused.values
        assert f"size: {path} is a {form} image, and such an image can't be made" in refused.msg


def test_an_image_that_a_program_has_open_does_not_grow(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}])
    with subprocess.Popen(["qemu-io", IMAGE], stdin=subprocess.PIPE, stdout=-1) as holder:
        assert holder.stdout is not None
        # Its prompt tells that it has opened, and so locked, the image.
        holder.stdout.read(1)
        for check in (True, False):
            refused = task(check=check, disk=[{"size": 2}], memory=300)
            assert (refused.failed, refused.changed) == (True, False), refused.values
            assert f"{IMAGE} is used by the process {holder.pid} (qemu-io)" in refused.msg
        holder.communicate(b"quit\n")
    assert size(IMAGE) == GIB
    assert task(disk=[{"size": 2}]).changed


def test_a_volume_that_can_not_grow(hypervisor: Hypervisor) -> None:
    task(**BASE, disk=[{"size": 1}])
    # QEMU makes no image of the first version larger that has a snapshot.
    for command in ("amend -o compat=0.10", "snapshot -c old"):
        subprocess.run(["qemu-img", *command.split(), IMAGE], check=True)
    for check in (True, False):
        refused = task(check=check, disk=[{"size": 2}], memory=300)
        assert (refused.failed, refused.changed) == (True, False), refused.values
        assert f"size: {IMAGE} is a qcow2 image of version 2 with the snapshots old" in refused.msg
    assert size(IMAGE) == GIB
    subprocess.run(["qemu-img", "snapshot", "-d", "old", IMAGE], check=True)
    assert task(disk=[{"size": 2}]).changed


#: libvirt refuses it, and no schema does: this watchdog is of another architecture.
REFUSED: dict[str, t.Any] = {"watchdog": "diag288"}


def pools(hypervisor: Hypervisor) -> list[str]:
    return sorted(one.name() for one in hypervisor.raw.listAllStoragePools())


def test_nothing_stays_of_what_is_refused(hypervisor: Hypervisor) -> None:
    refused = task(**BASE, disk={"size": 1}, **REFUSED)
    assert (refused.failed, refused.changed) == (True, False)
    assert "libvirt failed to define" in refused.msg
    assert (pools(hypervisor), list(IMAGES.iterdir())) == ([], [])


def test_the_pool_of_another_domain_stays(hypervisor: Hypervisor) -> None:
    those = [{"name": "refused", **REFUSED}, {"name": NAME}]
    done = task_of(domains, domains=those, defaults={**BASE, "disk": {"size": 1}})
    assert [bool(one.get("failed")) for one in done.values["results"]] == [True, False]
    assert (pools(hypervisor), list(IMAGES.iterdir())) == (["default"], [IMAGE])
    # The same in a pool that was there before.
    assert task(**BASE, disk={"size": 1}, **{**REFUSED, "name": "refused"}).failed
    assert (pools(hypervisor), list(IMAGES.iterdir())) == (["default"], [IMAGE])


@pytest.mark.parametrize("folder", [None, "/run/images"])
def test_several_tasks_create_volumes_at_the_same_time(
    hypervisor: Hypervisor, folder: str | None
) -> None:
    if folder is not None:
        pathlib.Path(folder).mkdir(exist_ok=True)
    running = []
    for number in range(6):
        disk = {"size": 1} if folder is None else {"size": 1, "path": f"{folder}/{number}.qcow2"}
        options = {**BASE, "name": f"guest{number}", "disk": disk}
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=pathlib.Path(__file__).parents[2],
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(options))
        process.stdin.close()
        running.append(process)
    for process in running:
        with process:
            assert process.stdout is not None
            assert process.stdout.read().strip() == "False"
    assert len(hypervisor.names()) == 6
    assert pools(hypervisor) == (["default"] if folder is None else [])


_PROGRAM = """
import json, sys
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain
from tests.integration.hypervisor import task_of
done = task_of(domain, **json.load(sys.stdin))
print(done.failed, done.msg)
"""


def test_the_pool_of_a_killed_task_is_used_no_more(hypervisor: Hypervisor) -> None:
    folder = pathlib.Path("/run/images")
    folder.mkdir(exist_ok=True)
    name = temporary_name(str(folder))
    left = f"<pool type='dir'><name>{name}</name><target><path>{folder}</path></target></pool>"
    hypervisor.raw.storagePoolCreateXML(left)
    path = folder / "left.qcow2"
    thrice(**BASE, disk={"size": 1, "path": str(path)})
    assert pools(hypervisor) == []
    hypervisor.raw.storagePoolCreateXML(left)
    thrice(**BASE, disk={"size": 2, "path": str(path)})
    assert (pools(hypervisor), size(path)) == ([], 2 * GIB)


def test_what_an_interrupted_task_has_left_is_removed_by_name(hypervisor: Hypervisor) -> None:
    """The volumes of a domain that is absent already."""
    seed: dict[str, t.Any] = {"cloud_init": {"root_password": "secret"}, "state": "running"}
    assert task(**BASE, disk={"size": 0.01}, **seed).changed
    left = sorted(path.name for path in IMAGES.iterdir())
    assert left == [f"{NAME}-cloudinit.iso", f"{NAME}.qcow2"]
    assert task(state="absent").changed
    assert sorted(path.name for path in IMAGES.iterdir()) == left
    names = [f"default/{NAME}.qcow2", "cloud_init", f"default/{NAME}-1.qcow2"]
    for check in (True, False):
        removed = task(check, state="absent", remove_volumes=names)
        assert removed.changed, removed.msg
        assert {change["path"] for change in removed.values["changes"]} == {
            f"volume {IMAGES / name}" for name in left
        }
        assert (list(IMAGES.iterdir()) == []) != check
    again = task(state="absent", remove_volumes=names)
    assert (again.changed, again.failed) == (False, False)


def test_an_overlay_goes_before_what_it_is_based_on(hypervisor: Hypervisor) -> None:
    assert task(**BASE, disk={"size": 0.01}).changed
    assert task(state="absent").changed
    overlay = IMAGES / "overlay.qcow2"
    make_overlay(overlay, IMAGE)
    assert task(**BASE, disk={"path": str(overlay)}).changed
    based = task(state="absent", remove_volumes=[str(IMAGE)])
    assert based.failed
    assert f"is the backing file of {overlay}" in based.msg
    removed = task(state="absent", remove_volumes=[f"default/{IMAGE.name}", str(overlay)])
    assert removed.changed, removed.msg
    assert list(IMAGES.iterdir()) == []
    assert hypervisor.names() == set()


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("default/a/b", "is no volume; give POOL/VOLUME"),
        ("off/x.qcow2", "the storage pool off is off"),
        ("/nowhere/x.qcow2", None),
        ("default/x.qcow2", None),
        ("none/x.qcow2", None),
    ],
)
def test_names_of_volumes_that_are_no_volumes(
    hypervisor: Hypervisor, word: str, words: str | None
) -> None:
    hypervisor.raw.storagePoolDefineXML(
        "<pool type='dir'><name>off</name><target><path>/var/lib/libvirt/off</path></target></pool>"
    )
    result = task(state="absent", remove_volumes=[word])
    assert result.failed == (words is not None)
    assert (words or "") in result.msg
    warned = "there is no storage pool none" in json.dumps(result.values.get("warnings", ""))
    assert warned == word.startswith("none/")


def test_a_disk_is_based_on_a_volume_of_a_pool(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["qemu-img", "create", "-q", "-f", "qcow2", IMAGES / "base.qcow2", "8M"], check=True
    )
    disk = {"backing_store": "default/base.qcow2"}
    # There is no pool yet, but its folder.
    assert task(True, **BASE, disk=disk).changed
    hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>default</name><target><path>{IMAGES}</path></target></pool>"
    ).create()
    assert (
        "there is no volume none.qcow2"
        in task(**BASE, disk={"backing_store": "default/none.qcow2"}).msg
    )
    assert "there is no storage pool images" in task(**BASE, disk={"backing_store": "images/a"}).msg
    for changed in (True, False):
        result = task(**BASE, disk=disk)
        assert (result.failed, result.changed) == (False, changed), result.msg
    assert image(IMAGE)["full-backing-filename"] == str(IMAGES / "base.qcow2")
