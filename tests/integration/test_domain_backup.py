# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups of real guests, which are restored and read."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import socket
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_backup,
    domain_backup_info,
    domain_checkpoint,
)

from .guests import Boot, Guest, start
from .guests import document as guest_document
from .hypervisor import Hypervisor, Result, task_of
from .test_domain_clone import make_pool
from .test_domain_snapshot import IMAGES, content, write
from .test_playbooks import play
from .three_ways import assert_fails, assert_unchanged, three_ways

NAME = "kept"
KEPT = pathlib.Path("/var/lib/libvirt/kept")
TPM = pathlib.Path("/var/lib/libvirt/swtpm")
SOCKET = "/run/served.sock"

pytestmark = pytest.mark.usefixtures("no_images", "folder")

task = functools.partial(task_of, domain_backup, domain=NAME, directory=str(KEPT))


@pytest.fixture
def folder(hypervisor: Hypervisor) -> t.Iterator[None]:
    IMAGES.mkdir(exist_ok=True)
    KEPT.mkdir(exist_ok=True)
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    for path in KEPT.iterdir():
        path.unlink()
    KEPT.rmdir()


def image(target: str, form: str = "qcow2", options: str = "") -> pathlib.Path:
    path = IMAGES / f"{target}.{form}"
    more = ["-o", options] if options else []
    subprocess.run(["qemu-img", "create", "-q", "-f", form, *more, str(path), "16M"], check=True)
    return path


def disk(path: pathlib.Path, target: str) -> str:
    form = path.suffix[1:]
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/></disk>"
    )


def define(hypervisor: Hypervisor, devices: str, name: str = NAME) -> t.Any:
    return hypervisor.raw.defineXML(
        f"<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory>"
        f"<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>{devices}"
        "<graphics type='vnc' passwd='secret'/></devices></domain>"
    )


def everything(hypervisor: Hypervisor) -> object:
    domain = hypervisor.raw.lookupByName(NAME)
    points = sorted(each.getName() for each in domain.listAllCheckpoints())
    files = sorted((path.name, path.stat().st_size) for path in KEPT.iterdir())
    return domain.XMLDesc(0), points, files, [raw.name() for raw in hypervisor.raw.listAllDomains()]


def done(**options: t.Any) -> dict[str, t.Any]:
    """The backup that a task makes, whose changes are those of check mode."""
    place: dict[str, t.Any] = {} if "pool" in options else {"directory": str(KEPT)}
    own = functools.partial(task_of, domain_backup, domain=NAME, **place)
    predicted = own(check=True, **options)
    result = own(**options)
    assert not result.failed, result.msg
    assert not predicted.failed, predicted.msg
    assert result.changed
    assert result.values["changes"] == predicted.values["changes"]
    return t.cast("dict[str, t.Any]", result.values["backup"])


def restored(backup: t.Mapping[str, t.Any], target: str = "vda") -> str:
    """The checksum of a disk in a backup."""
    (path,) = (each["path"] for each in backup["disks"] if each["target"] == target)
    check = subprocess.run(["qemu-img", "check", "-q", path], check=False, capture_output=True)
    assert check.returncode == 0, check.stderr
    return content(pathlib.Path(path))


def records() -> list[str]:
    return sorted(path.name for path in KEPT.glob("*.backup.json"))


def test_of_a_guest_that_runs(hypervisor: Hypervisor) -> None:
    vda, vdb = image("vda"), image("vdb", "raw")
    write("qcow2", vda, 1)
    write("raw", vdb, 2)
    domain = define(hypervisor, disk(vda, "vda") + disk(vdb, "vdb"))
    domain.create()
    state = functools.partial(everything, hypervisor)
    options: dict[str, t.Any] = {"domain": NAME, "directory": str(KEPT), "max_age": "20h"}
    result: Result = three_ways(domain_backup, state, **options)
    assert result.values["changes"] == [
        {
            "path": "backup",
            "op": "add",
            "before": None,
            "after": "full backup of vda, vdb",
            "when": "live",
        }
    ]
    backup = result.values["backup"]
    assert restored(backup, "vda") == content(vda)
    assert restored(backup, "vdb") == content(vdb, "raw")
    assert [each["capacity"] for each in backup["disks"]] == [16 << 20, 16 << 20]
    definition = pathlib.Path(backup["definition"]).read_text()
    assert f"<name>{NAME}</name>" in definition
    assert "secret" not in definition
    assert json.loads((KEPT / f"{backup['name']}.backup.json").read_text())["type"] == "full"
    assert not [path for path in KEPT.iterdir() if path.suffix == ".part"]
    assert domain.listAllCheckpoints() == []
    # A backup of one disk is none of both, and one of both is one of each.
    assert_unchanged(domain_backup, state, **{**options, "disks": ["vdb"]})
    fails = functools.partial(assert_fails, domain_backup, state)
    wrong: dict[str, dict[str, t.Any]] = {
        "checkpoint: the image of vdb is raw": {"checkpoint": True},
        "type: the image of vdb is raw": {"type": "incremental"},
        "disks: the domain has no disk vdc": {"disks": ["vdc"]},
        "quiesce: the domain has no channel": {"quiesce": True},
        "there is no folder": {"directory": "/nowhere"},
        "max_age: soon is no age": {"max_age": "soon"},
        "keep: it is less than 1": {"keep": 0},
        "stall_timeout: it is 0": {"stall_timeout": 0},
    }
    for words, more in wrong.items():
        fails(words, **{"domain": NAME, "directory": str(KEPT), **more})


def test_of_a_guest_that_is_off(hypervisor: Hypervisor) -> None:
    vda = image("vda", options="compat=0.10")
    write("qcow2", vda, 1)
    domain = define(hypervisor, disk(vda, "vda"))
    before = everything(hypervisor)[0]  # type: ignore[index]
    backup = done(type="auto")
    assert (backup["type"], backup["checkpoint"]) == ("full", None)
    assert restored(backup) == content(vda)
    assert domain.XMLDesc(0) == before
    assert not domain.isActive()
    assert [raw.name() for raw in hypervisor.raw.listAllDomains()] == [NAME]


def test_a_chain(hypervisor: Hypervisor) -> None:
    vda = image("vda", options="compat=1.1")
    write("qcow2", vda, 1)
    domain = define(hypervisor, disk(vda, "vda"))
    contents, backups = [], []
    for number in range(1, 5):
        write("qcow2", vda, number, f"{number}M 64k")
        contents.append(content(vda))
        domain.create()
        backups.append(done(type="auto", full_every=3))
        domain.destroy()
    assert [each["type"] for each in backups] == ["full", "incremental", "incremental", "full"]
    assert [len(each["chain"]) for each in backups] == [1, 2, 3, 1]
    assert [restored(backup) for backup in backups] == contents
    assert len(set(contents)) == 4
    # Each has only what has changed, and goes on from the one before.
    assert backups[1]["disks"][0]["allocation"] < 1 << 20
    info = ["qemu-img", "info", "--output=json", backups[2]["disks"][0]["path"]]
    facts = json.loads(subprocess.run(info, check=True, capture_output=True).stdout)
    assert facts["backing-filename"] == pathlib.Path(backups[1]["disks"][0]["path"]).name
    assert facts["backing-filename-format"] == "qcow2"
    assert [each.getName() for each in domain.listAllCheckpoints()] == [backups[3]["checkpoint"]]
    # Two stay, with the two that one of them needs.
    domain.create()
    result = task(max_age="1h", keep=2)
    assert not result.changed
    assert len(records()) == 4
    backups.append(done(type="auto", full_every=3, keep=2))
    assert records() == [f"{each['name']}.backup.json" for each in backups[3:]]
    assert restored(backups[4]) == contents[3]
    assert {path.name.rpartition("Z")[0] for path in KEPT.iterdir()} == {
        each["name"].rpartition("Z")[0] for each in backups[3:]
    }


def test_what_was_interrupted_is_removed(hypervisor: Hypervisor) -> None:
    vda = image("vda", options="compat=1.1")
    domain = define(hypervisor, disk(vda, "vda"))
    domain.create()
    backup = done(type="auto")
    # As if the record of a second one had never been written.
    second = done(type="auto")
    record = KEPT / f"{second['name']}.backup.json"
    note = KEPT / f"{second['name']}.unfinished.json"
    note.write_text(record.read_text())
    record.unlink()
    predicted = task(check=True, max_age="1h")
    result = task(max_age="1h")
    assert not result.failed, result.msg
    assert result.values["changes"] == predicted.values["changes"]
    assert result.values["changes"][0]["before"] == "incomplete"
    assert result.values["backup"]["name"] == backup["name"]
    assert records() == [f"{backup['name']}.backup.json"]
    assert not any(second["name"] in path.name for path in KEPT.iterdir())
    assert not task(max_age="1h").changed
    assert os.path.exists(backup["disks"][0]["path"])


def test_keep_counts_whole_backups_of_the_past(hypervisor: Hypervisor) -> None:
    define(hypervisor, disk(image("vda"), "vda") + disk(image("vdb"), "vdb"))
    whole = done()
    done(disks=["vda"], keep=1)
    # The only backup of vdb.
    assert os.path.exists(whole["disks"][1]["path"])
    assert len(records()) == 2
    # Its clock was wrong.
    record = KEPT / f"{whole['name']}.backup.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "time": 1 << 33}))
    newest = done(keep=1)
    assert records() == sorted(f"{each['name']}.backup.json" for each in (whole, newest))
    result = task(keep=1, max_age="1h")
    assert not result.changed
    assert "a time that is yet to come" in str(result.values["warnings"])


def test_a_backup_of_the_future_is_continued_once(hypervisor: Hypervisor) -> None:
    """And a guest that is paused has no agent that answers."""
    devices = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    domain = define(hypervisor, disk(image("vda", options="compat=1.1"), "vda") + devices)
    domain.create()
    domain.suspend()
    backup = done(type="auto")
    record = KEPT / f"{backup['name']}.backup.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "time": 1 << 33}))
    words = "quiesce: the guest is paused"
    assert words in str(task(check=True, type="auto", quiesce=True).values["warnings"])
    for _time in range(2):
        result = task(type="auto", quiesce=True)
        assert not result.failed, result.msg
        # The change, as the newest backup that is shown is that of the future.
        assert result.values["changes"][-1]["after"] == "incremental backup of vda"
        assert words in str(result.values["warnings"])


def test_served(hypervisor: Hypervisor) -> None:
    vda, vdb = image("vda"), image("vdb", "raw")
    write("qcow2", vda, 1)
    domain = define(hypervisor, disk(vda, "vda") + disk(vdb, "vdb"))
    state = functools.partial(everything, hypervisor)
    fails = functools.partial(assert_fails, domain_backup, state)
    common: dict[str, t.Any] = {"domain": NAME, "directory": str(KEPT)}
    serve = {**common, "state": "served", "socket": SOCKET, "disks": ["vda"]}
    fails("state: the guest is off", **serve)
    domain.create()
    before = state()
    fails("socket: there is no folder", **{**serve, "socket": "/nowhere/sock"})
    # One at which somebody listens stays, and one that a dead guest has left doesn't matter.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(SOCKET)
        listener.listen()
        fails(f"socket: {SOCKET} exists", **serve)
    fails("since: the domain has no checkpoint 'one'; it has none", **serve, since="one")
    fails("since: only state served has one", **common, since="one")
    result = three_ways(domain_backup, state, **serve)
    fails(f"since: {SOCKET} serves the disks without a", **serve, since="one")
    fails(f"disks: {SOCKET} serves vda; end that", **{**serve, "disks": ["vdb"]})
    (export,) = result.values["exports"]
    copy = IMAGES / "copy.qcow2"
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", export["uri"], str(copy)], check=True)
    assert content(copy) == content(vda)
    fails("another backup of it runs", **common)
    three_ways(domain_backup, state, **common, state="ended")
    assert state() == before
    assert not os.path.exists(SOCKET)
    # The guest stops meanwhile.
    assert task(**serve).changed
    domain.destroy()
    pathlib.Path(SOCKET).unlink(missing_ok=True)
    result = task(max_age="1h")
    assert not result.failed, result.msg
    assert [each["op"] for each in result.values["changes"]] == ["remove", "add"]
    assert len(list(KEPT.glob("*.json"))) == 1


def test_a_guest_writes_and_is_restored(hypervisor: Hypervisor, boot: Boot) -> None:
    """Backups while it writes; the guest that is made of each reads what it had then.

    Two are volumes of a pool, one on top of the other. A program of its own merges what it has read
    of a checkpoint into a copy of before.
    """
    make_pool(hypervisor, "kept", KEPT)
    pool = functools.partial(done, pool="kept")
    vda = image("vda", options="compat=1.1")
    guest = start(hypervisor, guest_document(NAME, boot, disk(vda, "vda")))

    def put(word: str) -> None:
        guest.run("sh", "-c", f"printf %-512s {word} | dd of=/dev/vda conv=fsync")

    put("first")
    full = pool(type="auto", quiesce=True)
    assert full["quiesced"] is True
    put("second")
    second = pool(type="auto", quiesce=True)
    assert second["type"] == "incremental"

    assert task_of(domain_checkpoint, domain=NAME, name="own").changed
    merged = IMAGES / "merged.raw"
    read_served(merged)
    put("third")
    assert merge_served(merged, since="own") == {"vda": 65536}
    put("fourth")
    guest.domain.destroy()
    assert restored(full) != restored(second) != content(vda)
    again = IMAGES / "again.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", second["disks"][0]["path"], str(again)]
    subprocess.run(convert, check=True)
    assert merged.read_bytes()[:512].split() == [b"third"]
    new = start(hypervisor, guest_document("again", boot, disk(again, "vda")))
    assert new.run("head", "-c", "512", "/dev/vda").split() == ["second"]


def read_served(copy: pathlib.Path) -> None:
    """Copy the disk that is served."""
    result = task(state="served", socket=SOCKET)
    assert not result.failed, result.msg
    (export,) = result.values["exports"]
    assert export["bitmap"] is None
    subprocess.run(["qemu-img", "convert", "-O", "raw", export["uri"], str(copy)], check=True)
    assert task(state="ended").changed


def merge_served(copy: pathlib.Path, since: str) -> dict[str, int]:
    """Copy what was written since a checkpoint into a copy; how many bytes there were by target."""
    options: dict[str, t.Any] = {"state": "served", "socket": SOCKET, "since": since}
    result = task(**options)
    assert not result.failed, result.msg
    assert not task(**options).changed
    found = {}
    for export in result.values["exports"]:
        target = export["target"]
        image = (
            f"driver=nbd,export={target},server.type=unix,server.path={SOCKET},"
            f"x-dirty-bitmap={export['bitmap']}"
        )
        mapped = subprocess.run(
            ["qemu-img", "map", "--output=json", "--image-opts", image],
            check=True,
            capture_output=True,
        )
        # In a map of a bitmap, what was written is what has no data: nbd_client_co_block_status.
        parts = [each for each in json.loads(mapped.stdout) if not each["data"]]
        found[target] = sum(each["length"] for each in parts)
        whole = copy.with_suffix(".served")
        convert = ["qemu-img", "convert", "-O", "raw", export["uri"], str(whole)]
        subprocess.run(convert, check=True)
        with open(whole, "rb") as source, open(copy, "r+b") as sink:
            for part in parts:
                source.seek(part["start"])
                sink.seek(part["start"])
                sink.write(source.read(part["length"]))
        whole.unlink()
    assert task(state="ended").changed
    return found


def test_in_a_pool(hypervisor: Hypervisor) -> None:
    pool = make_pool(hypervisor, "kept", KEPT)
    vda = image("vda", options="compat=1.1")
    domain = define(hypervisor, disk(vda, "vda"))
    domain.create()
    state = functools.partial(everything, hypervisor)
    common: dict[str, t.Any] = {"domain": NAME, "pool": "kept"}
    fails = functools.partial(assert_fails, domain_backup, state)
    fails("pool: there is no pool 'other'", domain=NAME, pool="other")
    result = three_ways(domain_backup, state, **common, type="auto", max_age="1h")
    (first,) = (each["path"] for each in result.values["backup"]["disks"])
    in_pool = functools.partial(done, pool="kept")

    def volumes() -> set[str]:
        """The paths that the pool knows without being refreshed."""
        return {each.path() for each in pool.listAllVolumes()}

    assert first in volumes()
    second = in_pool(type="auto")
    assert second["type"] == "incremental"
    assert second["disks"][0]["path"] in volumes()
    newest = in_pool(type="full", keep=1)
    assert volumes() == {str(path) for path in KEPT.iterdir()}
    assert first not in volumes()
    assert restored(newest) == content(vda)
    # What was interrupted, too.
    (KEPT / f"{newest['name']}.backup.json").rename(KEPT / f"{newest['name']}.unfinished.json")
    again = in_pool(max_age="1h")
    assert volumes() == {str(path) for path in KEPT.iterdir()}
    assert again["disks"][0]["path"] in volumes()
    pool.destroy()
    fails("pool: 'kept' is not active", **common)


def test_variables_and_tpm(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    """The guest that is made of them has the variables and the TPM of the old one."""
    vda = image("vda", options="compat=1.1")

    def document(name: str, path: pathlib.Path) -> str:
        # Newer Debians have the larger one alone.
        size = "" if pathlib.Path("/usr/share/OVMF/OVMF_VARS.fd").exists() else "_4M"
        loader = f"<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE{size}.fd</loader>"
        template = f"/usr/share/OVMF/OVMF_VARS{size}.fd"
        nvram = f"<nvram template='{template}'>{IMAGES / name}.nvram</nvram>"
        return (
            f"<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory>"
            f"<os><type arch='x86_64' machine='q35'>hvm</type>{loader}{nvram}</os>"
            "<features><acpi/></features><devices>"
            f"{disk(path, 'vda')}<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"
            "</devices></domain>"
        )

    domain = hypervisor.raw.defineXML(document(NAME, vda))
    fresh = done()
    assert (fresh["nvram"], fresh["tpm"]) == (None, None)
    domain.create()
    live = done(type="auto")
    state = TPM / domain.UUIDString() / "tpm2" / "tpm2-00.permall"
    domain.destroy()
    # A boot entry of its own, where the firmware has its variables.
    variables = IMAGES / f"{NAME}.nvram"
    with open(variables, "r+b") as file:
        file.seek(0x10000)
        file.write(b"entry")
    off = done(type="auto")
    assert pathlib.Path(off["nvram"]).read_bytes() == variables.read_bytes()
    assert pathlib.Path(live["nvram"]).read_bytes() != variables.read_bytes()
    kept = state.read_bytes()
    for backup in (live, off):
        folder = tmp_path / backup["name"]
        folder.mkdir()
        subprocess.run(["tar", "-xf", backup["tpm"], "-C", str(folder)], check=True)
        assert (folder / "tpm2" / "tpm2-00.permall").read_bytes()
    assert (folder / "tpm2" / "tpm2-00.permall").read_bytes() == kept
    found = task_of(domain_backup_info, directory=str(KEPT)).values["backups"]
    assert [each["tpm"] for each in found] == [None, live["tpm"], off["tpm"]]

    again = hypervisor.raw.defineXML(document("again", pathlib.Path(off["disks"][0]["path"])))
    (IMAGES / "again.nvram").write_bytes(pathlib.Path(off["nvram"]).read_bytes())
    place = TPM / again.UUIDString()
    place.mkdir()
    subprocess.run(["tar", "-xf", off["tpm"], "-C", str(place)], check=True)
    old, new = ((TPM / each.UUIDString() / "tpm2").stat() for each in (domain, again))
    assert (old.st_uid, old.st_gid, old.st_mode) == (new.st_uid, new.st_gid, new.st_mode)
    again.create()
    assert (IMAGES / "again.nvram").read_bytes()[0x10000:0x10005] == b"entry"
    again.destroy()
    again.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
    # All is gone with its backup.
    done(keep=1)
    assert not os.path.exists(off["nvram"])
    assert not os.path.exists(off["tpm"])


def test_a_storage_that_is_too_slow(hypervisor: Hypervisor) -> None:
    """A disk of which half a MiB is read in a second: without progress for a moment, it is given up."""
    vda, slow = image("vda", options="compat=1.1"), IMAGES / "slow.raw"
    slow.write_bytes(os.urandom(3 << 20))
    server = [
        *("qemu-nbd", "--bind=127.0.0.1", "--port=10810", "--persistent"),
        *("--object", "throttle-group,id=slow,x-bps-read=524288"),
        *(
            "--image-opts",
            f"driver=throttle,throttle-group=slow,file.driver=file,file.filename={slow}",
        ),
    ]
    network = (
        "<disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='nbd'>"
        "<host name='127.0.0.1' port='10810'/></source><target dev='vdb' bus='virtio'/></disk>"
    )
    process = subprocess.Popen(server)
    try:
        Guest.wait_until(lambda: is_open(10810))
        domain = define(hypervisor, disk(vda, "vda") + network)
        domain.create()
        before = everything(hypervisor)
        result = task(stall_timeout=0.6)
        assert result.failed
        assert "stall_timeout: the backup has made no progress for 0.6 s" in result.msg
        assert not result.changed
        assert everything(hypervisor) == before
        assert domain.jobStats(0)["type"] == 0
        done(disks=["vda"])
        # What is slow and goes on is no reason to give up.
        backup = done(disks=["vdb"], stall_timeout=60)
        assert pathlib.Path(backup["disks"][0]["path"]).stat().st_size >= 3 << 20
        domain.destroy()
    finally:
        process.kill()
        process.wait()


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_the_playbook(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    vda, vdb = image("vda"), image("vdb")
    define(hypervisor, disk(vda, "vda")).create()
    define(hypervisor, disk(vdb, "vda"), "other")
    define(hypervisor, "", "diskless")
    define(hypervisor, "", "test-1")
    variables = {"backup_directory": str(KEPT), "backup_exclude": ["test-*"]}
    foreseen = play(
        tmp_path,
        "nightly_backup",
        "--check",
        **{**variables, "backup_directory": str(KEPT / "new")},
    )
    played = play(tmp_path, "nightly_backup", **variables)
    assert played.status == 2
    assert "2 made, 0 unchanged, 1 failed" in played.text
    assert "backup of 'diskless'" in played.text
    # A directory that the run would make is not there in check mode.
    assert foreseen.artifacts == played.artifacts
    assert not (KEPT / "new").exists()
    summary = played.artifacts["nightly_backup"]["here"]
    assert summary["made"] == [NAME, "other"]
    assert list(summary["failed"]) == ["diskless"]
    assert "has no disk that can be backed up" in summary["failed"]["diskless"]
    assert len(records()) == 2
    hypervisor.raw.lookupByName("diskless").undefine()
    played = play(tmp_path, "nightly_backup", **variables, backup_max_age="0s", backup_keep=1)
    assert sorted(played.artifacts["nightly_backup"]["here"]["made"]) == [NAME, "other"]
    # The guest that runs has an increment, which needs the one before; that of the other is gone.
    assert len(records()) == 3
    found = task_of(domain_backup_info, directory=str(KEPT), domain=[NAME])
    assert [each["type"] for each in found.values["backups"]] == ["full", "incremental"]
    assert all(each["complete"] for each in found.values["backups"])
    assert [each["domain"] for each in found.values["checkpoints"]] == [NAME]
    assert found.values["checkpoints"][0]["changed_bytes"] == {"vda": 0}
