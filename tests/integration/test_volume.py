# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.volume and volume_info on a private libvirtd."""

from __future__ import annotations

import base64
import json
import os
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import volume_sources
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    secret,
    volume,
    volume_info,
)

from .hypervisor import Hypervisor, Result, task_of
from .three_ways import assert_fails, assert_unchanged, three_ways

MIB = 1024**2


class Volumes:
    """A pool, and what the tests look at by other means than the module's."""

    def __init__(self, hypervisor: Hypervisor, folder: pathlib.Path) -> None:
        self.hypervisor = hypervisor
        self.folder = folder
        self.pool = hypervisor.raw.storagePoolDefineXML(
            f"<pool type='dir'><name>a</name><target><path>{folder}</path></target></pool>"
        )
        self.pool.create()

    def state(self) -> dict[str, t.Any]:
        return {
            name: (self.info(name)["format"], self.info(name)["virtual-size"])
            for name in sorted(os.listdir(self.folder))
        }

    def info(self, name: str) -> dict[str, t.Any]:
        """What qemu-img says of a file."""
        path = str(self.folder / name)
        command = ["qemu-img", "info", "--force-share", "--output=json", path]
        found = subprocess.run(command, capture_output=True, check=True)
        return dict(json.loads(found.stdout))

    def image(
        self, name: str, size: str = "1M", form: str = "qcow2", *options: str
    ) -> pathlib.Path:
        """An image that libvirt doesn't know yet."""
        path = self.folder / name
        subprocess.run(["qemu-img", "create", "-q", "-f", form, *options, path, size], check=True)
        return path

    def guest(self, name: str, form: str, runs: bool = True, called: str = "guest") -> None:
        """A guest with a disk of the pool."""
        self.hypervisor.define(
            f"<domain type='qemu'><name>{called}</name><memory unit='MiB'>32</memory>"
            "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>"
            f"<disk type='file'><driver name='qemu' type='{form}'/>"
            f"<source file='{self.folder / name}'/><target dev='vda' bus='virtio'/></disk>"
            "</devices></domain>"
        )
        if runs:
            self.hypervisor.raw.lookupByName(called).create()

    def three_ways(self, **options: t.Any) -> Result:
        return three_ways(volume, self.state, pool="a", **options)

    def fails(self, words: str, **options: t.Any) -> None:
        assert_fails(volume, self.state, words, pool="a", **options)

    def unchanged(self, **options: t.Any) -> None:
        assert_unchanged(volume, self.state, pool="a", **options)


@pytest.fixture
def volumes(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> t.Iterator[Volumes]:
    hypervisor.clear_pools()
    # QEMU's user looks below it.
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(0o755)
    folder = tmp_path / "pool"
    folder.mkdir()
    yield Volumes(hypervisor, folder)
    hypervisor.clear()
    hypervisor.clear_pools()


# New ones


def test_a_folder(volumes: Volumes) -> None:
    done = three_ways(volume, None, pool="a", name="v", capacity="4M", format="dir")
    assert done.values["volume"]["format"] == "dir"
    assert (volumes.folder / "v").is_dir()


@pytest.mark.parametrize(
    ("options", "form", "size"),
    [
        ({"capacity": "64 MiB"}, "qcow2", 64 * MIB),
        ({"capacity": "64M", "format": "raw"}, "raw", 64 * MIB),
        ({"capacity": "1 MB", "format": "qcow2"}, "qcow2", 1000448),
        # qemu-img gets whole KiB, and this is more than a sector away from one.
        ({"capacity": "2 MB", "format": "qcow2"}, "qcow2", 2000896),
        ({"capacity": "4194304", "format": "vmdk"}, "vmdk", 4 * MIB),
        ({"capacity": "4M", "format": "vdi"}, "vdi", 4 * MIB),
        # A whole number of cylinders.
        ({"capacity": "10M", "format": "vpc"}, "vpc", 10514432),
        ({"capacity": "4M", "format": "raw", "preallocation": "full"}, "raw", 4 * MIB),
        ({"capacity": "4M", "preallocation": "metadata"}, "qcow2", 4 * MIB),
        ({"capacity": "4M", "allocation": "1M", "format": "raw"}, "raw", 4 * MIB),
    ],
    ids=str,
)
def test_a_new_one(volumes: Volumes, options: dict[str, t.Any], form: str, size: int) -> None:
    done = volumes.three_ways(name="v", **options)
    assert volumes.state() == {"v": (form, size)}
    assert done.values["volume"]["path"] == str(volumes.folder / "v")
    assert (done.values["volume"]["pool"], done.values["volume"]["format"]) == ("a", form)
    if form == "qcow2":
        assert volumes.info("v")["format-specific"]["data"]["compat"] == "1.1"
    taken = (volumes.folder / "v").stat().st_blocks * 512
    assert (taken >= size) == (options.get("preallocation") == "full")


def test_a_new_one_as_xml(volumes: Volumes) -> None:
    xml = (
        "<volume><name>v</name><capacity unit='MiB'>8</capacity><target><format type='qcow2'/>"
        "<permissions><mode>0640</mode></permissions></target></volume>"
    )
    volumes.three_ways(xml=xml)
    assert volumes.info("v")["format-specific"]["data"]["compat"] == "1.1"
    assert (volumes.folder / "v").stat().st_mode & 0o777 == 0o640
    volumes.three_ways(xml=xml.replace(">8<", ">16<"))
    volumes.fails(
        "permissions.mode: it is 0640, and 0600 is asked for", xml=xml.replace("40<", "00<")
    )


def test_one_that_is_based_on_another(volumes: Volumes) -> None:
    volumes.image("base.qcow2", "8M")
    volumes.pool.refresh()
    volumes.three_ways(name="b", backing={"volume": "base.qcow2"})
    found = volumes.info("b")
    assert found["backing-filename-format"] == "qcow2"
    assert found["virtual-size"] == 8 * MIB
    path = volumes.folder / "base.qcow2"
    volumes.three_ways(name="c", backing={"path": str(path)}, capacity="16M")
    assert volumes.info("c")["backing-filename-format"] == "qcow2"
    other = {"path": str(volumes.image("other.raw", "8M", "raw")), "format": "raw"}
    volumes.fails("backing: it is ", name="b", backing=other)
    volumes.fails("there is no volume none in the pool a", name="d", backing={"volume": "none"})
    volumes.fails("can't read /none", name="d", backing={"path": "/none"})


def test_an_encrypted_one(volumes: Volumes) -> None:
    usage = {"type": "volume", "id": str(volumes.folder / "v")}
    done = task_of(secret, usage=usage, value="passphrase-of-it")
    encryption = {"secret": {"uuid": done.values["secret"]["uuid"]}}
    try:
        options = {"name": "v", "format": "raw", "capacity": "4M", "encryption": encryption}
        for last in (False, False, True):
            try:
                volumes.three_ways(**options)
            except AssertionError as error:
                # QEMU measures how fast the host is, and gives up on one that is too busy.
                if last or "qemu-img create -f luks" not in str(error):
                    raise
            else:
                break
        assert volumes.info("v")["format"] == "luks"
        volumes.unchanged(name="v", encryption={"secret": {"usage": usage["id"]}})
        volumes.pool.refresh()
        volumes.unchanged(name="v", format="raw", capacity="4M", encryption=encryption)
        volumes.fails("can change that only while a guest runs", name="v", capacity="8M")
        volumes.fails(
            "is encrypted, and libvirt doesn't know", name="w", clone_from={"volume": "v"}
        )
    finally:
        task_of(secret, usage=usage, state="absent", force=True)


CONTENTS = (
    ({"content": "hello\n"}, b"hello\n"),
    ({"content_base64": base64.b64encode(bytes(range(256))).decode()}, bytes(range(256))),
    ({"content": ""}, b""),
)


@pytest.mark.parametrize(("options", "content"), CONTENTS, ids=["text", "bytes", "nothing"])
def test_content(volumes: Volumes, options: dict[str, str], content: bytes) -> None:
    done = volumes.three_ways(name="v", **options)
    assert (volumes.folder / "v").read_bytes() == content
    if content:
        assert options.get("content", "hello") not in str(done.values["invocation"])
    # What is there stays.
    volumes.unchanged(name="v", content="another")


def test_a_file(volumes: Volumes, tmp_path: pathlib.Path) -> None:
    source = tmp_path / "a.iso"
    source.write_bytes(os.urandom(3 * MIB + 7))
    volumes.three_ways(name="a.iso", content_src=str(source))
    assert (volumes.folder / "a.iso").read_bytes() == source.read_bytes()
    volumes.fails(
        "capacity: 1 MiB is less than content has", name="b", content_src=str(source), capacity="1M"
    )
    volumes.fails(
        "the content is no image in the format qcow2",
        name="b",
        content_src=str(source),
        format="qcow2",
    )
    volumes.fails("content_src: can't read /none", name="b", content_src="/none")


def test_an_image_keeps_its_format_and_grows(volumes: Volumes, tmp_path: pathlib.Path) -> None:
    image = volumes.image("x.qcow2", "4M").rename(tmp_path / "x.qcow2")
    volumes.three_ways(name="v", content_src=str(image), capacity="32M")
    assert volumes.state()["v"] == ("qcow2", 32 * MIB)
    volumes.three_ways(name="w", content_src=str(image))
    assert volumes.state()["w"] == ("qcow2", 4 * MIB)
    assert (volumes.folder / "w").read_bytes() == image.read_bytes()
    volumes.fails(
        "the content has the format qcow2, and not vmdk",
        name="x",
        content_src=str(image),
        format="vmdk",
    )
    volumes.fails("set format to qcow2", name="x", content_src=str(image), format="raw")


def test_a_copy(volumes: Volumes) -> None:
    volumes.image("base", "8M")
    volumes.image("over", "8M", "qcow2", "-b", "base", "-F", "qcow2")
    subprocess.run(["qemu-io", "-c", "write -P 7 0 1M", volumes.folder / "over"], check=True)
    volumes.pool.refresh()
    volumes.three_ways(name="larger", clone_from={"volume": "over"}, capacity="64M")
    assert volumes.state()["larger"] == ("qcow2", 64 * MIB)
    assert "backing-filename" not in volumes.info("larger")
    volumes.three_ways(name="raw", clone_from={"volume": "over"}, format="raw")
    assert (volumes.folder / "raw").read_bytes()[:MIB] == b"\7" * MIB
    assert volumes.state()["raw"] == ("raw", 8 * MIB)
    volumes.fails(
        "less than clone_from has", name="x", clone_from={"volume": "over"}, capacity="1M"
    )
    volumes.fails("there is no volume none", name="x", clone_from={"volume": "none"})
    volumes.guest("over", "qcow2")
    words = "is used by vda of the domain guest now"
    volumes.fails(words, name="x", clone_from={"volume": "over"})
    # Which is no matter where there is nothing to copy.
    volumes.unchanged(name="raw", clone_from={"volume": "over"})


def test_what_can_not_be_made(volumes: Volumes) -> None:
    volumes.fails("a new volume needs one", name="v")
    volumes.fails("'a lot' is no size", name="v", capacity="a lot")
    volumes.fails("'1.3 bytes' is no whole number", name="v", capacity="1.3 bytes")
    volumes.fails("20 alone is a number of bytes", name="v", capacity="20")
    volumes.fails("has a slash", name="a/v", capacity="1M")
    volumes.fails("only a volume that goes is overwritten", name="v", capacity="1M", wipe=True)
    volumes.fails(
        "format: QEMU can't make images of the format dmg", name="v", capacity="1M", format="dmg"
    )
    failed = task_of(volume, pool="a", name="v", capacity="1M", format="nonsense")
    assert failed.failed
    assert not volumes.state()


def test_backing_files_that_never_end(volumes: Volumes) -> None:
    """qemu-img reads them for ever, and libvirt waits for it."""
    path = volumes.image("one")
    for name, base in (("two", "one"), ("one", "two")):
        volumes.image(name, "1M", "qcow2", "-u", "-b", base, "-F", "qcow2")
    volumes.pool.refresh()
    for option, value in (
        ("clone_from", {"volume": "one"}),
        ("backing", {"volume": "one"}),
        ("backing", {"path": str(path), "format": "qcow2"}),
    ):
        words = f"{option}: the backing files of {path} come back to one of them"
        volumes.fails(words, name="v", **{option: value})


def test_a_folder_is_no_image(volumes: Volumes) -> None:
    path = volumes.folder / "sub"
    path.mkdir()
    volumes.pool.refresh()
    for option in ("clone_from", "backing"):
        for check in (True, False):
            options: dict[str, t.Any] = {option: {"volume": "sub"}}
            failed = task_of(volume, check, pool="a", name="v", **options)
            assert failed.msg.endswith(
                f"{option}: {path} is a folder; give a volume that is an image"
            )


def test_formats_that_keep_their_size(volumes: Volumes) -> None:
    for form, sizes in (("vmdk", ("1M", "64M")), ("vpc", ("64M",)), ("qed", ("1M",))):
        volumes.image(form, "4M", form)
        for size in sizes:
            words = f"of the format {form} {'larger' if size == '64M' else 'smaller'}"
            volumes.fails(words, name=form, capacity=size, shrink=True)
    volumes.three_ways(name="qed", capacity="64M")


def test_names_that_no_file_has(volumes: Volumes) -> None:
    volumes.fails("name: it has 256 bytes", name="v" * 256, capacity="1M")
    volumes.three_ways(name="v" * 255, capacity="1M")


def test_a_pool_that_is_not_there(volumes: Volumes) -> None:
    for check in (True, False):
        failed = task_of(volume, check, pool="none", name="v", capacity="1M")
        assert "pool: there is no storage pool 'none'; " in failed.msg
        other = task_of(volume, check, pool="A", name="v", capacity="1M")
        assert "pool: there is no storage pool 'A', but there is 'a'; " in other.msg
        # What was in a pool that is gone is gone.
        gone = task_of(volume, check, pool="none", name="v", state="absent")
        assert (gone.failed, gone.changed) == (False, False)
        volumes.hypervisor.raw.storagePoolLookupByName("a").destroy()
        for state in ("present", "absent"):
            failed = task_of(volume, check, pool="a", name="v", capacity="1M", state=state)
            assert "pool: the storage pool 'a' is inactive" in failed.msg
        volumes.pool.create()


@pytest.mark.parametrize("failing", ["upload", "grow_to"])
def test_nothing_is_left_of_one_that_fails(
    volumes: Volumes, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    image = volumes.image("x", "4M").rename(tmp_path / "x")

    def fail(*_arguments: object) -> None:
        raise HypervisorError("no room")

    monkeypatch.setattr(volume_sources, failing, fail)
    failed = task_of(volume, pool="a", name="v", content_src=str(image), capacity="8M")
    assert "no room" in failed.msg
    assert not volumes.state()
    monkeypatch.undo()
    volumes.three_ways(name="v", content_src=str(image), capacity="8M")


def test_one_whose_upload_was_interrupted(volumes: Volumes) -> None:
    mark = b"declarative.libvirt: this volume is incomplete, 0"
    (volumes.folder / "v").write_bytes(mark.ljust(8192, b"\0"))
    volumes.fails("content: ", name="v", content="text")
    volumes.three_ways(name="v", state="absent")


# Those that exist


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_it_becomes_larger(volumes: Volumes, form: str) -> None:
    volumes.image("v", "4M", form)
    done = volumes.three_ways(name="v", capacity="8M")
    assert volumes.state() == {"v": (form, 8 * MIB)}
    assert done.values["changes"] == [
        {
            "path": "/volume/capacity",
            "op": "modify",
            "before": f"{4 * MIB} bytes",
            "after": f"{8 * MIB} bytes",
            "when": "live",
        }
    ]
    volumes.unchanged(name="v")
    volumes.unchanged(name="v", capacity="8 MiB", format=form)


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_it_becomes_larger_under_a_guest(volumes: Volumes, form: str) -> None:
    volumes.image("v", "4M", form)
    volumes.pool.refresh()
    volumes.guest("v", form)
    volumes.three_ways(name="v", capacity="8M")
    domain = volumes.hypervisor.raw.lookupByName("guest")
    assert domain.blockInfo("vda")[0] == 8 * MIB
    volumes.fails("capacity: it has 8 MiB, and 4 MiB is asked for", name="v", capacity="4M")
    words = "is used by vda of the domain guest, and a volume in use is never made smaller"
    volumes.fails(words, name="v", capacity="4M", shrink=True)
    # QEMU's user has it for so long.
    volumes.unchanged(name="v", permissions={"owner": "0", "group": "0"})
    domain.destroy()
    volumes.three_ways(name="v", capacity="12M")
    volumes.fails(words, name="v", capacity="4M", shrink=True)


def test_it_becomes_smaller_only_when_the_task_says_so(volumes: Volumes) -> None:
    volumes.image("v", "8M")
    volumes.fails("set shrink to lose it", name="v", capacity="4M")
    volumes.three_ways(name="v", capacity="4M", shrink=True)
    assert volumes.state() == {"v": ("qcow2", 4 * MIB)}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "raw"}, "format: it is qcow2, and raw is asked for; libvirt can't change"),
        ({"permissions": {"mode": "0600"}}, "permissions.mode: it is 0644, and 0600"),
        ({"encryption": {"secret": {"usage": "x"}}}, "encryption: it is none, and "),
    ],
    ids=str,
)
def test_what_can_not_be_changed(volumes: Volumes, options: dict[str, t.Any], words: str) -> None:
    volumes.image("v", "4M").chmod(0o644)
    before = (volumes.folder / "v").read_bytes()
    volumes.fails(words, name="v", **options)
    volumes.fails(words, name="v", capacity="64M", **options)
    assert (volumes.folder / "v").read_bytes() == before


def test_a_file_that_the_pool_does_not_know(volumes: Volumes) -> None:
    (volumes.folder / "v").write_bytes(b"data" * 1024)
    volumes.unchanged(name="v", format="raw", capacity="4096")
    (volumes.folder / "w").write_bytes(b"data" * 1024)
    volumes.fails(
        "format: it is raw, and qcow2 is asked for", name="w", format="qcow2", capacity="1M"
    )
    assert (volumes.folder / "w").read_bytes() == b"data" * 1024


def test_a_file_that_has_gone(volumes: Volumes) -> None:
    volumes.image("v", "4M")
    volumes.pool.refresh()
    (volumes.folder / "v").unlink()
    assert_unchanged(volume, volumes.state, pool="a", name="v", state="absent")
    volumes.three_ways(name="v", capacity="8M")


def test_what_is_no_file(volumes: Volumes) -> None:
    (volumes.folder / "v").symlink_to("/none")
    for check in (True, False):
        failed = task_of(volume, check, pool="a", name="v", capacity="1M")
        assert "is no file that libvirt takes for a volume" in failed.msg
    assert os.readlink(volumes.folder / "v") == "/none"


# Removal


def test_it_is_deleted(volumes: Volumes) -> None:
    volumes.image("v", "4M")
    volumes.three_ways(name="v", state="absent")
    assert not volumes.state()


def test_it_is_overwritten_and_deleted(volumes: Volumes) -> None:
    path = volumes.folder / "v"
    path.write_bytes(b"data" * 1024)
    link = volumes.folder.parent / "link"
    os.link(path, link)
    done = volumes.three_ways(name="v", state="absent", wipe=True)
    assert [change["path"] for change in done.values["changes"]] == ["/volume", "content"]
    assert link.read_bytes() == bytes(4096)


# Information


def test_information(volumes: Volumes) -> None:
    volumes.image("base", "8M")
    volumes.image("over", "8M", "qcow2", "-b", str(volumes.folder / "base"), "-F", "qcow2")
    volumes.guest("over", "qcow2", runs=False)
    found = task_of(volume_info, pool=["a"], users=True).values["volumes"]
    assert [(one["name"], one["users"]) for one in found] == [
        ("base", [f"{volumes.folder}/over, whose backing file it is"]),
        ("over", ["vda of the domain guest"]),
    ]
    assert found[1]["backing"] == {"path": str(volumes.folder / "base"), "format": "qcow2"}
    found = task_of(volume_info, name=["b*"]).values["volumes"]
    assert [one["path"] for one in found] == [str(volumes.folder / "base")]
    assert "users" not in found[0]
    assert task_of(volume_info, pool=["none"]).values["volumes"] == []
