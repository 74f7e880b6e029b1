# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of real guests, whose disks are read from inside or by qemu-img."""

from __future__ import annotations

import functools
import hashlib
import pathlib
import subprocess
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.open_files import (
    holder,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_snapshot,
    domain_snapshot_info,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.snapshot import (
    NO_OVERLAY_ON_INACTIVE,
)

from .guests import Boot, Guest, start
from .guests import document as guest_document
from .hypervisor import Hypervisor, Result, task_of
from .test_domain_clone import make_pool
from .three_ways import assert_fails, three_ways

NAME = "snapped"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
REVERTS_EXTERNAL = libvirt.getVersion() >= 9_009_000

pytestmark = pytest.mark.usefixtures("no_images", "folder")


@pytest.fixture
def folder(hypervisor: Hypervisor) -> t.Iterator[None]:
    IMAGES.mkdir(exist_ok=True)
    yield
    hypervisor.clear()


def disk(target: str, form: str) -> str:
    image = IMAGES / f"{target}.{form}"
    command = ["qemu-img", "create", "-q", "-f", form, str(image), "16M"]
    subprocess.run(command, check=True)
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{image}'/><target dev='{target}' bus='virtio'/></disk>"
    )


def define(hypervisor: Hypervisor, devices: str, more: str = "", system: str = "") -> t.Any:
    return hypervisor.raw.defineXML(
        f"<domain type='qemu'><name>{NAME}</name><memory unit='MiB'>64</memory>"
        f"<os {system}><type arch='x86_64' machine='q35'>hvm</type></os>"
        f"<features><acpi/></features>{more}<devices>{devices}</devices></domain>"
    )


def write(form: str, path: pathlib.Path, pattern: int, where: str = "1M 64k") -> None:
    command = ["qemu-io", "-f", form, "-c", f"write -P {pattern} {where}", str(path)]
    subprocess.run(command, check=True, capture_output=True)


def content(path: pathlib.Path, form: str = "qcow2") -> str:
    """The checksum of what a guest reads from an image."""
    raw = IMAGES / "read.tmp"
    command = ["qemu-img", "convert", "-U", "-f", form, "-O", "raw", str(path), str(raw)]
    subprocess.run(command, check=True)
    found = hashlib.sha256(raw.read_bytes()).hexdigest()
    raw.unlink()
    return found


def top(domain: t.Any, target: str = "vda") -> pathlib.Path:
    """The image that a disk writes."""
    from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

    for each in parse(domain.XMLDesc(0)).findall("devices/disk"):
        if each.value("target/@dev") == target:
            return pathlib.Path(each.value("source/@file") or "")
    raise AssertionError(target)


def everything(hypervisor: Hypervisor) -> object:
    domain = hypervisor.raw.lookupByName(NAME)
    kept = sorted((each.getName(), each.getXMLDesc(0)) for each in domain.listAllSnapshots())
    return domain.XMLDesc(0), kept, sorted(path.name for path in IMAGES.iterdir())


task = functools.partial(task_of, domain_snapshot, domain=NAME)


def done(**options: t.Any) -> Result:
    result = task(**options)
    assert not result.failed, result.msg
    return result


def thrice(hypervisor: Hypervisor, **options: t.Any) -> Result:
    return three_ways(
        domain_snapshot, functools.partial(everything, hypervisor), domain=NAME, **options
    )


def fails(hypervisor: Hypervisor, words: str, **options: t.Any) -> None:
    assert_fails(
        domain_snapshot, functools.partial(everything, hypervisor), words, domain=NAME, **options
    )


def warned(result: Result) -> str:
    return str(result.values.get("warnings"))


def listed() -> list[dict[str, t.Any]]:
    found = task_of(domain_snapshot_info, domain=[NAME])
    assert not found.failed, found.msg
    snapshots: list[dict[str, t.Any]] = found.values["snapshots"]
    return snapshots


def test_internal_of_a_guest_that_is_off(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    image = IMAGES / "vda.qcow2"
    write("qcow2", image, 1)
    before = content(image)
    result = thrice(hypervisor, name="one", description="First")
    assert result.values["changes"] == [
        {
            "path": "snapshot one",
            "op": "add",
            "before": None,
            "after": "internal snapshot of vda",
            "when": "config",
        }
    ]
    write("qcow2", image, 2)
    assert content(image) != before
    reverted = task(check=True, name="one", state="reverted")
    assert reverted.changed
    assert content(image) != before
    assert done(name="one", state="reverted").values["changes"] == reverted.values["changes"]
    assert content(image) == before
    assert not done(name="one", state="reverted", only_if_not_current=True).changed
    assert done(name="one", state="reverted").changed
    result = thrice(hypervisor, name="one", description="Other")
    assert result.values["changes"][0]["path"] == "snapshot one description"
    assert listed()[0]["description"] == "Other"
    thrice(hypervisor, name="one", description="")
    assert listed()[0]["description"] is None
    wrong: dict[str, dict[str, t.Any]] = {
        "has no disk vdz; it has vda; correct": {"disks": [{"target": "vdz"}]},
        "type: the snapshot 'one' exists and is internal": {"type": "external"},
        "memory: the snapshot 'one' exists without memory": {"memory": True},
        "vda is internal in it": {"disks": [{"target": "vda", "type": "external"}]},
    }
    for words, options in wrong.items():
        fails(hypervisor, words, name="one", **options)
    thrice(hypervisor, name="one", state="absent")
    assert domain.snapshotNum() == 0


def test_external_of_a_guest_that_is_off(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "raw"))
    write("raw", IMAGES / "vda.raw", 1)
    before = content(IMAGES / "vda.raw", "raw")
    thrice(hypervisor, name="one")
    assert top(domain) == IMAGES / "vda.one"
    write("qcow2", top(domain), 2)
    after = content(top(domain))
    assert content(IMAGES / "vda.raw", "raw") == before != after
    (found,) = listed()
    assert found["type"] == "external"
    assert found["disks"][0]["path"] == str(IMAGES / "vda.one")
    assert found["disks"][0]["used"] is True
    if REVERTS_EXTERNAL:
        assert done(name="one", state="reverted").changed
        assert content(top(domain)) == before
        return
    fails(hypervisor, "is external, and libvirt 9.0 can't go back", name="one", state="reverted")
    thrice(hypervisor, name="one", state="absent")
    assert top(domain) == IMAGES / "vda.raw"
    assert content(top(domain), "raw") == after
    assert [path.name for path in IMAGES.iterdir()] == ["vda.raw"]


@pytest.mark.parametrize("order", ["1234", "2413"])
@pytest.mark.parametrize("runs", [False, True])
def test_a_chain_is_merged_in_any_order(hypervisor: Hypervisor, order: str, runs: bool) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    for number in range(1, 5):
        write("qcow2", top(domain), number, f"{number}M 64k")
        done(name=f"s{number}", type="external")
    write("qcow2", top(domain), 9, "9M 64k")
    after = content(top(domain))
    if runs:
        domain.create()
    for name in (f"s{number}" for number in order):
        result = task(check=True, name=name, state="absent")
        assert result.changed, result.msg
        assert done(name=name, state="absent").values["changes"] == result.values["changes"]
        assert name not in [each["name"] for each in listed()]
    assert bool(domain.isActive()) is runs
    assert top(domain) == IMAGES / "vda.qcow2"
    assert content(top(domain)) == after
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


def chain_of_four(domain: t.Any) -> dict[str, str]:
    """What a guest reads from its disk at each of four external snapshots."""
    found = {}
    for number in range(1, 5):
        write("qcow2", top(domain), number, f"{number}M 64k")
        found[f"s{number}"] = content(top(domain))
        done(name=f"s{number}", type="external")
    write("qcow2", top(domain), 9, "9M 64k")
    return found


goes_back = pytest.mark.skipif(
    not REVERTS_EXTERNAL, reason="this libvirt can't go back to external snapshots"
)


@goes_back
@pytest.mark.parametrize("runs", [False, True])
def test_back_to_each_of_a_chain(hypervisor: Hypervisor, runs: bool) -> None:
    """One after the other at once, though libvirt names an overlay by the second."""
    domain = define(hypervisor, disk("vda", "qcow2"))
    then = chain_of_four(domain)
    for name in ("s4", "s2", "s3", "s1", "s1", "s4"):
        write("qcow2", top(domain), 7, "12M 64k")
        assert content(top(domain)) not in then.values()
        if runs:
            domain.create()
        check = task(check=True, name=name, state="reverted")
        result = done(name=name, state="reverted")
        assert result.values["changes"] == check.values["changes"]
        assert not domain.isActive()
        assert content(top(domain)) == then[name]
    for name in ("s2", "s4", "s1", "s3"):
        thrice(hypervisor, name=name, state="absent")
    assert content(top(domain)) == then["s4"]
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


@goes_back
@pytest.mark.parametrize("is_newer", [False, True])
def test_what_is_left_beside_the_current_one(hypervisor: Hypervisor, is_newer: bool) -> None:
    """libvirtd 11.3 ends when it removes s1 while s3 and s4 are there."""
    domain = define(hypervisor, disk("vda", "qcow2"))
    chain_of_four(domain)
    done(name="s2", state="reverted")
    write("qcow2", top(domain), 7, "12M 64k")
    if is_newer:
        done(name="s5", type="external")
    now = content(top(domain))
    for name, words in {"s1": "s4, s3 were", "s2": "s4, s3 were", "s3": "s4 was"}.items():
        words = f"the domain has gone back since {words} taken on top of '{name}'"
        fails(hypervisor, words, name=name, state="absent")
    if is_newer:
        thrice(hypervisor, name="s4", state="absent")
        thrice(hypervisor, name="s3", state="absent")
        thrice(hypervisor, name="s1", state="absent")
        thrice(hypervisor, name="s5", state="absent")
        thrice(hypervisor, name="s2", state="absent")
    else:
        thrice(hypervisor, name="s1", state="absent", children=True)
    assert content(top(domain)) == now
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


def test_a_guest_that_runs(hypervisor: Hypervisor, boot: Boot) -> None:
    guest = start(hypervisor, guest_document(NAME, boot, disk("vda", "qcow2")))

    def inside() -> str:
        return guest.run(
            "sh", "-c", "echo 3 > /proc/sys/vm/drop_caches; sha256sum /dev/vda; cat /tmp/state"
        )

    def change(text: str) -> None:
        guest.run("sh", "-c", f"echo {text} > /tmp/state; echo {text} > /dev/vda; sync")

    change("first")
    before = inside()
    result = thrice(hypervisor, name="one")
    assert result.values["changes"][0]["after"] == "internal snapshot of vda, with memory"
    change("second")
    assert inside() != before
    assert done(name="one", state="reverted").changed
    guest.wait_for_agent()
    assert inside() == before
    # From off, too: the guest goes on.
    guest.domain.destroy()
    assert done(name="one", state="reverted").changed
    guest.wait_for_agent()
    assert inside() == before
    done(name="one", state="absent")
    external(hypervisor, guest, inside, change)


def external(
    hypervisor: Hypervisor,
    guest: Guest,
    inside: t.Callable[[], str],
    change: t.Callable[[str], None],
) -> None:
    """The same, by external snapshots with and without memory."""
    fails(hypervisor, "needs none", name="x", quiesce=True, memory=True, type="external")
    thrice(hypervisor, name="two", type="external", quiesce=True)
    change("third")
    after = inside()
    done(name="three", memory=True, type="external")
    memory = IMAGES / "vda.three.memory"
    assert memory.exists()
    change("fourth")
    if REVERTS_EXTERNAL:
        assert done(name="three", state="reverted").changed
        guest.wait_for_agent()
        assert inside() == after
        return
    fourth = inside()
    merged = done(name="three", state="absent")
    assert memory.exists() == (str(memory) in str(merged.values.get("warnings")))
    memory.unlink(missing_ok=True)
    done(name="two", state="absent")
    assert inside() == fourth
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


def test_what_is_not_possible(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2") + disk("vdb", "raw"))
    fails(hypervisor, "vdb is raw", name="one", type="internal")
    fails(hypervisor, "has no disk vdz", name="one", disks=[{"target": "vdz"}])
    fails(hypervisor, "the guest is off", name="one", memory=True)
    fails(hypervisor, "which no snapshot's name may", name="a/b")
    (IMAGES / "vda.one").write_text("mine")
    fails(hypervisor, f"would write {IMAGES / 'vda.one'}, which exists", name="one")
    long = "x" * 252
    fails(hypervisor, "would have a name of 256 bytes", name=long)
    lost = [{"target": "vda", "path": "/nowhere/vda.one"}]
    fails(hypervisor, "and there is no folder /nowhere; make it", name="four", disks=lost)
    contradictions: dict[str, dict[str, t.Any]] = {
        "disks: vda has a path, and type is internal": {"disks": lost},
        "memory_file: type is internal": {"memory_file": "/m"},
    }
    for words, options in contradictions.items():
        fails(hypervisor, words, name="four", type="internal", **options)
    fails(hypervisor, "memory_file: m doesn't begin with /", name="four", memory_file="m")
    thrice(hypervisor, name="two", disks=[{"target": "vdb", "type": "no"}])
    assert top(domain) == IMAGES / "vda.two"
    assert top(domain, "vdb") == IMAGES / "vdb.raw"
    fails(hypervisor, "vdb is raw", name="three", type="internal")
    domain.create()
    fails(hypervisor, "quiesce: the guest has no channel", name="three", quiesce=True)
    failed = task_of(domain_snapshot, domain="nobody", name="one")
    assert "there is no domain 'nobody'" in failed.msg
    assert not task_of(domain_snapshot, domain="nobody", name="one", state="absent").changed
    assert not task_of(domain_snapshot, domain=NAME, name="none", state="absent").changed
    fails(hypervisor, "has no snapshot 'none'; it has two", name="none", state="reverted")


VIRTIOFSD = pathlib.Path("/usr/lib/qemu/virtiofsd")
UNSAVED = {
    "shared memory that isn't its own": (
        "<shmem name='snapped' role='peer'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>",
        "",
    ),
    "a shared folder with virtiofs": (
        f"<filesystem type='mount'><driver type='virtiofs'/><source dir='{IMAGES}'/><target dir='share'/></filesystem>",
        "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
    ),
}


@pytest.mark.parametrize("part", UNSAVED)
def test_memory_that_can_not_be_saved(hypervisor: Hypervisor, part: str) -> None:
    """libvirt refuses an internal snapshot of the guest then, so that its disk gets an overlay."""
    devices, more = UNSAVED[part]
    if "virtiofs" in part and not VIRTIOFSD.exists():
        pytest.skip("this QEMU has no virtiofsd")
    domain = define(hypervisor, disk("vda", "qcow2") + devices, more)
    domain.create()
    with pytest.raises(libvirt.libvirtError, match="migrat"):
        domain.snapshotCreateXML("<domainsnapshot><name>one</name></domainsnapshot>")
    for options in ({"type": "internal"}, {"memory": True}):
        fails(hypervisor, f"save the memory of a guest that has {part}", name="one", **options)
    taken = thrice(hypervisor, name="one")
    assert taken.values["changes"][0]["after"] == "external snapshot of vda"
    thrice(hypervisor, name="one", state="absent")
    domain.destroy()
    taken = thrice(hypervisor, name="one")
    assert taken.values["changes"][0]["after"] == "internal snapshot of vda"


def test_memory_of_a_guest_that_is_paused(hypervisor: Hypervisor) -> None:
    """QEMU ends the migration to the file without its images, until the guest runs again."""
    domain = define(hypervisor, disk("vda", "qcow2"))
    domain.create()
    domain.suspend()
    done(name="one", type="external")
    thrice(hypervisor, name="two", type="external", memory=True)
    for name in ("one", "two"):
        fails(hypervisor, "QEMU doesn't write these images", name=name, state="absent")
    thrice(hypervisor, name="three", type="external")
    if hypervisor.raw.getVersion() >= NO_OVERLAY_ON_INACTIVE:
        fails(hypervisor, "QEMU doesn't write these images", name="three", state="absent")
    else:
        thrice(hypervisor, name="three", state="absent")
    domain.resume()
    done(name="three", state="absent")
    done(name="two", state="absent")
    thrice(hypervisor, name="one", state="absent")


def test_a_driver_with_snapshots_of_its_own() -> None:
    """That of libvirt's tests; its domain lasts as long as the connection."""
    here: dict[str, t.Any] = {"domain": "test", "uri": "test:///default", "name": "one"}
    check, run = (task_of(domain_snapshot, check, **here) for check in (True, False))
    assert check.changed, check.msg
    assert check.values == run.values
    for is_check in (True, False):
        refused = task_of(domain_snapshot, is_check, **here, type="external")
        assert "type: the driver TEST of libvirt takes no external snapshots" in refused.msg


def test_an_overlay_that_somebody_writes(hypervisor: Hypervisor) -> None:
    """It may be that of this guest, if the daemon died before it wrote down what QEMU did."""
    define(hypervisor, disk("vda", "qcow2"))
    overlay = linked(IMAGES / "vda.qcow2").rename(IMAGES / "vda.one")
    command = ["qemu-io", "-f", "qcow2", str(overlay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as writer:
        Guest.wait_until(lambda: holder(str(overlay), ()) is not None)
        words = f"would write {overlay}, which exists and is used by the process {writer.pid} (qemu-io); keep that file"
        fails(hypervisor, words, name="one", type="external")
        writer.terminate()
    fails(hypervisor, "which exists; give another name", name="one", type="external")


def raw_snapshot(domain: t.Any, name: str, is_external: bool = False) -> None:
    """One that somebody else takes."""
    domain.snapshotCreateXML(
        f"<domainsnapshot><name>{name}</name></domainsnapshot>",
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY if is_external else 0,
    )


def test_kinds_are_not_mixed(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    raw_snapshot(domain, "i1")
    fails(hypervisor, "the domain has internal snapshots", name="e1", type="external")
    raw_snapshot(domain, "e1", True)
    fails(hypervisor, "the external snapshot e1 on top", name="i1", state="reverted", confirm=True)
    fails(hypervisor, "based on the internal snapshot 'i1'", name="e1", state="absent")
    raw_snapshot(domain, "i2")
    fails(hypervisor, "the internal snapshot i2 would be lost", name="e1", state="absent")
    fails(hypervisor, "type: the domain has", name="new")
    # From the newest to the oldest, but for the external one, it goes.
    done(name="i2", state="absent")
    done(name="i1", state="absent")
    before = content(top(domain))
    done(name="e1", state="absent")
    assert content(top(domain)) == before
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


def test_later_changes_of_the_definition_need_confirm(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    done(name="one")
    text = domain.XMLDesc(0).replace(">65536<", ">131072<")
    hypervisor.define(text)
    fails(hypervisor, "/domain/memory", name="one", state="reverted")
    fails(hypervisor, "set confirm to true", name="one", state="reverted")
    check = task(check=True, diff=True, name="one", state="reverted", confirm=True)
    result = done(diff=True, name="one", state="reverted", confirm=True)
    assert "/domain/memory" in str(result.values["warnings"])
    assert ">65536<" in domain.XMLDesc(0)
    for key in ("changes", "diff"):
        assert check.values[key] == result.values[key]
    definition, rest = result.values["diff"]
    assert (">131072<" in definition["before"], ">65536<" in definition["after"]) == (True, True)
    assert rest["before"] == "current snapshot: one, and what came since\n"
    assert rest["after"] == "current snapshot: one\n"


def test_a_password_that_stays_needs_no_confirm(hypervisor: Hypervisor) -> None:
    screen = "<graphics type='vnc' autoport='yes' passwd='{}'/>"
    domain = define(hypervisor, disk("vda", "qcow2") + screen.format("one"))
    done(name="one")
    assert done(name="one", state="reverted").changed
    secure = libvirt.VIR_DOMAIN_XML_SECURE
    assert "passwd='one'" in domain.XMLDesc(secure)
    hypervisor.define(domain.XMLDesc(secure).replace("passwd='one'", "passwd='two'"))
    fails(hypervisor, "@passwd", name="one", state="reverted")
    result = done(name="one", state="reverted", confirm=True)
    assert "passwd='one'" in domain.XMLDesc(secure)
    assert "two" not in str(result.values)


def test_a_saved_state(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    domain.create()
    domain.managedSave(0)
    fails(hypervisor, "would write to the images below", name="e1", type="external")
    thrice(hypervisor, name="i1")
    fails(hypervisor, "loses the saved state", name="i1", state="reverted")
    check = task(check=True, name="i1", state="reverted", confirm=True)
    assert domain.hasManagedSaveImage()
    result = done(name="i1", state="reverted", confirm=True)
    assert result.values["changes"] == check.values["changes"]
    assert not domain.hasManagedSaveImage()
    done(name="i1", state="absent")
    done(name="e1", type="external")
    domain.create()
    domain.managedSave(0)
    fails(hypervisor, "the saved state of the guest needs", name="e1", state="absent")
    assert not domain.isActive()


def test_rotation(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    raw_snapshot(domain, "mine")
    for number in range(1, 5):
        thrice(hypervisor, name=f"nightly-{number}", keep=2, pattern="nightly-*")
    assert sorted(domain.snapshotListNames()) == ["mine", "nightly-3", "nightly-4"]
    # One that is older than others, and the one that the domain has gone back to.
    thrice(hypervisor, name="nightly-5")
    rotated = thrice(hypervisor, name="nightly-3", description="x", keep=1, pattern="nightly-*")
    assert "'nightly-3' is not among the newest and stays, because the task names it" in warned(
        rotated
    )
    assert sorted(domain.snapshotListNames()) == ["mine", "nightly-3", "nightly-5"]
    done(name="nightly-3", state="reverted")
    rotated = task(name="nightly-5", keep=1, pattern="nightly-*")
    assert not rotated.changed, rotated
    assert "'nightly-3' is not among the newest and stays, because the domain" in warned(rotated)
    thrice(hypervisor, name="nightly-6", keep=1, pattern="nightly-*")
    assert sorted(domain.snapshotListNames()) == ["mine", "nightly-6"]
    thrice(hypervisor, name="nightly-6", state="absent", children=True)
    assert domain.snapshotListNames() == ["mine"]


@goes_back
def test_rotation_after_going_back(hypervisor: Hypervisor) -> None:
    """What libvirt can't merge yet stays, and goes once what is on top of it goes."""
    domain = define(hypervisor, disk("vda", "qcow2"))
    chain_of_four(domain)
    done(name="s2", state="reverted")
    write("qcow2", top(domain), 7, "12M 64k")
    now = content(top(domain))
    rotated = thrice(hypervisor, name="s5", type="external", keep=2, pattern="s*")
    assert sorted(domain.snapshotListNames()) == ["s1", "s2", "s3", "s4", "s5"]
    for name, words in {"s1": "s4, s3 were", "s2": "s4, s3 were", "s3": "s4 was"}.items():
        assert (
            f"keep: the snapshot '{name}' is not among the newest and stays, because the domain has gone back since {words} "
            "taken on top of it"
        ) in warned(rotated).replace(f"on top of '{name}'", "on top of it")
    rotated = thrice(hypervisor, name="s6", type="external", keep=2, pattern="s*")
    assert "warnings" not in rotated.values
    assert sorted(domain.snapshotListNames()) == ["s5", "s6"]
    assert content(top(domain)) == now
    for name in ("s5", "s6"):
        thrice(hypervisor, name=name, state="absent")
    assert content(top(domain)) == now
    assert [path.name for path in IMAGES.iterdir()] == ["vda.qcow2"]


def test_an_overlay_that_somebody_else_merged(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    done(name="one", type="external")
    hypervisor.define(domain.XMLDesc(0).replace("vda.one", "vda.qcow2"))
    if not REVERTS_EXTERNAL:
        fails(hypervisor, "set metadata_only", name="one", state="absent")
    assert listed()[0]["disks"][0]["used"] is False
    thrice(hypervisor, name="one", state="absent", metadata_only=True)
    assert (IMAGES / "vda.one").exists()


_TIME = "<creationTime>1272917631</creationTime>"
#: Documents that others define again, and the type that is read of each. libvirt takes only those
#: with a name, a state and a time.
REDEFINED = [
    ("<name>empty</name><state>shutoff</state>", "internal"),
    (
        "<name>said</name><description>My description</description><state>shutoff</state>",
        "internal",
    ),
    (
        "<name>my snap name</name><description>!@#$%^</description><state>running</state>"
        "<memory snapshot='internal'/>",
        "internal",
    ),
    (
        "<name>my snap name</name><description>!@#$%^</description><state>running</state>"
        "<memory snapshot='external' file='/dev/HostVG/GuestMemory'/><parent><name>earlier</name></parent>",
        "external",
    ),
    (
        "<name>asdf</name><description>adsf</description><state>disk-snapshot</state><disks>"
        "<disk name='vda' snapshot='external'><driver type='qcow2'/>"
        "<source file='/var/lib/foo' startupPolicy='optional'/></disk></disks>",
        "external",
    ),
]


@pytest.mark.parametrize(("text", "kind"), REDEFINED)
def test_redefined(hypervisor: Hypervisor, text: str, kind: str) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    if "parent" in text:
        raw_snapshot(domain, "earlier")
    flags = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE
    whole = f"<domainsnapshot>{text}{_TIME}{domain.XMLDesc(0)}</domainsnapshot>"
    name = domain.snapshotCreateXML(whole, flags).getName()
    found = next(each for each in listed() if each["name"] == name)
    assert (found["type"], found["creation_time"]) == (kind, 1272917631)
    assert not done(name=name).changed
    thrice(hypervisor, name=name, description="Mine")
    assert next(each for each in listed() if each["name"] == name)["description"] == "Mine"
    thrice(hypervisor, name=name, state="absent", metadata_only=True)


@pytest.mark.parametrize("devices", ["", "<tpm model='tpm-tis'><backend type='emulator'/></tpm>"])
def test_uefi(hypervisor: Hypervisor, devices: str) -> None:
    domain = define(hypervisor, disk("vda", "qcow2") + devices, system="firmware='efi'")
    image = IMAGES / "vda.qcow2"
    write("qcow2", image, 1)
    before = content(image)
    thrice(hypervisor, name="off")
    write("qcow2", image, 2)
    done(name="off", state="reverted")
    assert content(image) == before
    domain.create()
    fails(hypervisor, "stop the guest, or remove the internal snapshots", name="on")
    warned = str(done(name="off", state="reverted", power="running").values["warnings"])
    assert "the variables of its UEFI stay" in warned
    assert ("the state of its TPM stays" in warned) is bool(devices)
    done(name="off", state="absent")
    done(name="on")
    assert listed()[0]["type"] == "external"
    domain.destroy()
    done(name="on", state="absent")
    assert content(image) == before


def linked(image: pathlib.Path, name: str = "linked") -> pathlib.Path:
    """An image of another guest that is based on this one."""
    made = IMAGES / f"{name}.qcow2"
    command = [
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-F",
        "qcow2",
        "-b",
        str(image),
        str(made),
    ]
    subprocess.run(command, check=True)
    return made


def define_other(hypervisor: Hypervisor, image: pathlib.Path) -> None:
    hypervisor.raw.defineXML(
        "<domain type='qemu'><name>other</name><memory unit='MiB'>64</memory>"
        "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices><disk type='file' device='disk'>"
        f"<driver name='qemu' type='qcow2'/><source file='{image}'/><target dev='vda' bus='virtio'/></disk>"
        "</devices></domain>"
    )


@pytest.mark.parametrize("below", ["vda.qcow2", "vda.one"])
@pytest.mark.parametrize("is_defined", [True, False])
def test_merging_spoils_no_image_of_another_guest(
    hypervisor: Hypervisor, below: str, is_defined: bool
) -> None:
    """A linked clone of the image that is written, or of the overlay that is deleted."""
    pool = make_pool(hypervisor, "default", IMAGES)
    define(hypervisor, disk("vda", "qcow2"))
    done(name="one", type="external")
    other = linked(IMAGES / below)
    if is_defined:
        define_other(hypervisor, other)
    pool.refresh()
    write("qcow2", IMAGES / "vda.one", 2)
    before = content(other)
    verb = "writes" if below == "vda.qcow2" else "deletes"
    user = f"the backing file of {other}" + (
        ", which is used by vda of the domain other" if is_defined else ""
    )
    fails(
        hypervisor,
        f"name: merging the overlay of 'one' {verb} {IMAGES / below}, which is {user} and would be spoilt by that; ",
        name="one",
        state="absent",
    )
    fails(hypervisor, "keep: merging the overlay of 'one'", name="two", keep=1, pattern="*")
    assert content(other) == before
    # The next overlay is merged into the first one.
    done(name="two")
    if below == "vda.qcow2":
        thrice(hypervisor, name="two", state="absent")
    assert content(other) == before


def test_reverting_spoils_no_image_of_another_guest(hypervisor: Hypervisor) -> None:
    define(hypervisor, disk("vda", "qcow2"))
    done(name="one")
    write("qcow2", IMAGES / "vda.qcow2", 2)
    other = linked(IMAGES / "vda.qcow2")
    define_other(hypervisor, other)
    before = content(other)
    fails(
        hypervisor,
        f"name: reverting to 'one' writes {IMAGES / 'vda.qcow2'}, which is the backing file of {other}, which is used by "
        "vda of the domain other and would be spoilt by that; ",
        name="one",
        state="reverted",
        confirm=True,
    )
    # Removing it leaves what is read through the image.
    thrice(hypervisor, name="one", state="absent")
    assert content(other) == before


def test_no_overlay_on_an_image_that_another_guest_writes(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2") + disk("vdb", "qcow2"))
    define_other(hypervisor, IMAGES / "vda.qcow2")
    words = f"type: {IMAGES / 'vda.qcow2'}, the image of vda, is vda of the domain other too, which would write below"
    fails(hypervisor, words, name="one", type="external")
    domain.create()
    fails(hypervisor, words, name="one", type="external")
    domain.destroy()
    left_out = [{"target": "vda", "type": "no"}]
    thrice(hypervisor, name="one", disks=left_out, type="external")
    thrice(hypervisor, name="one", state="absent")
    # A linked clone reads its base as it was, while it runs too.
    other = hypervisor.raw.lookupByName("other")
    other.undefine()
    define_other(hypervisor, linked(IMAGES / "vda.qcow2"))
    hypervisor.raw.lookupByName("other").create()
    thrice(hypervisor, name="two", type="external")
    fails(hypervisor, "would be spoilt by that", name="two", state="absent")


@goes_back
def test_reverting_deletes_no_overlay_of_another_guest(hypervisor: Hypervisor) -> None:
    define(hypervisor, disk("vda", "qcow2"))
    done(name="one", type="external")
    define_other(hypervisor, linked(IMAGES / "vda.one"))
    fails(
        hypervisor,
        f"name: reverting to 'one' deletes {IMAGES / 'vda.one'}, which is the backing file of ",
        name="one",
        state="reverted",
        confirm=True,
    )


def test_a_disk_of_an_external_snapshot_is_gone(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2") + disk("vdb", "qcow2"))
    done(name="one", type="external")
    domain.detachDeviceFlags(
        f"<disk type='file' device='disk'><source file='{IMAGES / 'vdb.one'}'/><target dev='vdb'/></disk>",
        libvirt.VIR_DOMAIN_AFFECT_CONFIG,
    )
    fails(
        hypervisor,
        "name: the domain has no disk vdb any more, whose overlay libvirt would merge for 'one'; ",
        name="one",
        state="absent",
    )
    thrice(hypervisor, name="one", state="absent", metadata_only=True)


def test_a_disk_that_names_a_volume(hypervisor: Hypervisor) -> None:
    """libvirt takes an external one while the guest is off, and can't merge it again."""
    make_pool(hypervisor, "default", IMAGES)
    disk("vda", "qcow2")
    hypervisor.raw.storagePoolLookupByName("default").refresh()
    domain = define(
        hypervisor,
        "<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/>"
        "<source pool='default' volume='vda.qcow2'/><target dev='vda' bus='virtio'/></disk>",
    )
    wish = {"type": "external", "disks": [{"target": "vda", "path": str(IMAGES / "vda.one")}]}
    fails(hypervisor, "type: vda names a storage pool and a volume", name="one", **wish)
    thrice(hypervisor, name="two")
    thrice(hypervisor, name="two", state="absent")
    domain.create()
    thrice(hypervisor, name="one", **wish)
    thrice(hypervisor, name="one", state="absent")


def test_an_image_that_lacks_the_snapshot(hypervisor: Hypervisor) -> None:
    """libvirt would go back in the first image before it looks at the second one."""
    define(hypervisor, disk("vda", "qcow2") + disk("vdb", "qcow2"))
    first, second = IMAGES / "vda.qcow2", IMAGES / "vdb.qcow2"
    for name in ("ä long name", "one"):
        done(name=name)
    write("qcow2", first, 2)
    before = content(first)
    subprocess.run(["qemu-img", "snapshot", "-d", "one", str(second)], check=True)
    words = f"name: {second}, the image of vdb, has no snapshot 'one' any more"
    fails(hypervisor, words, name="one", state="reverted", confirm=True)
    second.rename(IMAGES / "away")
    words = f"name: {second}, the image of vdb, is not there"
    fails(hypervisor, words, name="one", state="reverted", confirm=True)
    fails(hypervisor, words, name="two")
    assert content(first) == before
    (IMAGES / "away").rename(second)
    done(name="ä long name", state="reverted")
    assert content(first) != before


def test_an_image_has_a_snapshot_of_that_name(hypervisor: Hypervisor) -> None:
    """QEMU takes a second one of a name, and goes back to the first one."""
    define(hypervisor, disk("vda", "qcow2"))
    done(name="one")
    done(name="one", state="absent", metadata_only=True)
    image = IMAGES / "vda.qcow2"
    words = f"name: {image}, the image of vda, has a snapshot 'one' already, which libvirt doesn't know; "
    fails(hypervisor, words, name="one")
    subprocess.run(["qemu-img", "snapshot", "-d", "one", str(image)], check=True)
    thrice(hypervisor, name="one")


def test_a_name_that_is_a_number_of_qemu(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    image = IMAGES / "vda.qcow2"
    fails(hypervisor, "'2' is a number", name="2")
    # Another program doesn't know.
    for number, name in enumerate(["2", "other"]):
        write("qcow2", image, number + 1)
        domain.snapshotCreateXML(f"<domainsnapshot><name>{name}</name></domainsnapshot>")
    write("qcow2", image, 3)
    # QEMU would go back to the one with the ID 2.
    fails(hypervisor, "is the number of the snapshot 'other'", name="2", state="reverted")
    done(name="other", state="absent")
    done(name="2", state="reverted")
    disk("expected", "qcow2")
    write("qcow2", IMAGES / "expected.qcow2", 1)
    assert content(image) == content(IMAGES / "expected.qcow2")
    assert done(name="20260131").changed


def test_checkpoints_and_memory(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    domain.create()
    done(name="early")
    domain.checkpointCreateXML("<domaincheckpoint><name>c1</name></domaincheckpoint>")
    # QEMU ends, and the guest with it.
    fails(hypervisor, "the checkpoint c1, and QEMU ends", name="early", state="reverted")
    fails(hypervisor, "the checkpoint c1, and QEMU can't go back", name="late", type="internal")
    assert domain.isActive()
    domain.checkpointLookupByName("c1").delete()
    done(name="early", state="reverted")
    assert domain.isActive()
    # The first one is external then, and the way to one that this libvirt goes back to is named.
    done(name="early", state="absent")
    domain.checkpointCreateXML("<domaincheckpoint><name>c2</name></domaincheckpoint>")
    done(name="outside")
    if not REVERTS_EXTERNAL:
        without = (
            "internal without the checkpoint c2, which state: absent of domain_checkpoint deletes"
        )
        fails(hypervisor, without, name="outside", state="reverted")


def test_names_that_libvirt_loses(hypervisor: Hypervisor) -> None:
    domain = define(hypervisor, disk("vda", "qcow2"))
    fails(hypervisor, "a line break", name="one\n", type="external")
    fails(hypervisor, "it has 248 bytes", name="x" * 248)
    assert done(name="x" * 247).changed
    # libvirt writes them anew where one is removed.
    assert done(name="x" * 247, description="Long").changed
    assert done(name="x" * 247, state="absent").changed
    assert not domain.listAllSnapshots()
