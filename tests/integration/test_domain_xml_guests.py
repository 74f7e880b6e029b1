# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_xml on guests that run, and what is left of a domain that goes.

The guests are real ones under TCG. They have no operating system, and so don't
hear the power button.
"""

from __future__ import annotations

import pathlib
import time
import typing as t

import libvirt
import pytest

from .hypervisor import Hypervisor, task

UUID = "3f0c9a52-5d1e-4b7c-9a0b-2f6f3b1c7d01"
DOCUMENT = """
<domain type='qemu'>
  <name>guest</name>
  <uuid>3f0c9a52-5d1e-4b7c-9a0b-2f6f3b1c7d01</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <interface type='user'><model type='virtio'/></interface>
    <graphics type='vnc'/>
    <console type='pty'/>
  </devices>
</domain>
"""
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
QUICK = {"method": ["acpi"], "timeout": 1, "force": False}


def with_devices(devices: str) -> str:
    return DOCUMENT.replace("<console", f"{devices}<console")


def start(hypervisor: Hypervisor, document: str = DOCUMENT) -> t.Any:
    domain = hypervisor.raw.defineXML(document)
    domain.create()
    return domain


def paths(changes: list[dict[str, t.Any]]) -> list[str]:
    return [change["path"] for change in changes]


# The definition of a running guest


def test_what_cannot_change_live_waits_for_the_restart(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor)
    fresh = task(xml=DOCUMENT)
    assert not fresh.changed
    assert fresh.values["pending"] == []
    assert fresh.values["restart_required"] is False

    wanted = DOCUMENT.replace("'MiB'>64<", "'MiB'>128<").replace(
        "<vcpu>1<", "<title>Mine</title><vcpu>2<"
    )
    waiting = ["/domain/currentMemory", "/domain/memory", "/domain/vcpu"]
    predicted = task(xml=wanted, check=True)
    done = task(xml=wanted)
    assert done.values["changes"] == predicted.values["changes"]
    for result in (predicted, done):
        assert result.changed
        when = {change["path"]: change["when"] for change in result.values["changes"]}
        assert when == {**dict.fromkeys(waiting, "restart"), "/domain/title": "live"}
        assert sorted(paths(result.values["pending"])) == waiting
        assert all(change["reason"] for change in result.values["pending"])
        assert result.values["restart_required"] is True
        assert result.values["domain"]["state"] == "running"
    assert domain.maxMemory() == 64 * 1024
    assert "<title>Mine" in domain.XMLDesc()

    again = task(xml=wanted)
    assert not again.changed
    assert sorted(paths(again.values["pending"])) == waiting

    domain.destroy()
    domain.create()
    restarted = task(xml=wanted)
    assert not restarted.changed
    assert restarted.values["pending"] == []


def test_what_someone_else_changed_is_pending_and_left_alone(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor, DOCUMENT.replace("<vcpu>1<", "<vcpu current='1'>2<"))
    domain.setVcpusFlags(2, libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    title = "<domain><title>x</title></domain>"
    predicted = task(name="guest", mode="merge", xml=title, check=True)
    done = task(name="guest", mode="merge", xml=title)
    for result in (predicted, done):
        assert paths(result.values["pending"]) == ["/domain/vcpu/@current"]
        assert [change["when"] for change in result.values["changes"]] == ["live"]
    assert domain.vcpusFlags(libvirt.VIR_DOMAIN_AFFECT_LIVE) == 1
    assert not task(name="guest", mode="merge", xml=title).changed
    # A document that says all of it does ask for this.
    whole = DOCUMENT.replace("<vcpu>1<", "<title>x</title><vcpu current='2'>2<")
    assert [change["when"] for change in task(xml=whole).values["changes"]] == ["live"]
    assert domain.vcpusFlags(libvirt.VIR_DOMAIN_AFFECT_LIVE) == 2


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (
            "<graphics type='vnc' listen='0.0.0.0'/>",
            "<graphics type='vnc'/>",
            {"@listen", "listen[@type='address']/@address"},
        ),
        (
            "<graphics type='vnc' port='5931' autoport='no'/>",
            "<graphics type='vnc'/>",
            {"@port", "@autoport"},
        ),
        (
            "</devices><seclabel type='none' model='none'/><devices>",
            "",
            {"seclabel[@model='none']"},
        ),
    ],
)
def test_what_libvirt_might_have_chosen_is_pending_when_it_is_taken_away(
    hypervisor: Hypervisor, before: str, after: str, lost: set[str]
) -> None:
    plain = "<graphics type='vnc'/>"
    domain = start(hypervisor, DOCUMENT.replace(plain, before))
    for check in (True, False):
        done = task(check=check, xml=DOCUMENT.replace(plain, after))
        left = paths(done.values["pending"])
        assert {one for one in lost if any(path.endswith(f"/{one}") for path in left)} == lost
        assert done.values["restart_required"]
        assert {one["when"] for one in done.values["changes"]} == {"restart"}
    assert not task(xml=DOCUMENT.replace(plain, after)).changed
    # The same with a restart, after which nothing is left of it.
    hypervisor.define(DOCUMENT.replace(plain, before))
    domain.destroy()
    domain.create()
    options: dict[str, t.Any] = {"restart": "if_required", "shutdown": SWITCH_OFF}
    done = task(xml=DOCUMENT.replace(plain, after), **options)
    assert paths(done.values["changes"])[-1] == "state"
    assert done.values["pending"] == []
    assert not task(xml=DOCUMENT.replace(plain, after), **options).changed


def test_only_the_running_guest(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor)
    before = hypervisor.definition("guest")
    wanted = DOCUMENT.replace("<vcpu>1<", "<title>Mine</title><vcpu>1<")
    for check, changed in ((True, True), (False, True), (False, False), (True, False)):
        result = task(xml=wanted, affect=["live"], check=check)
        assert result.changed == changed
        assert hypervisor.definition("guest") == before
    # Its next start has no title: that is what waits.
    assert paths(result.values["pending"]) == ["/domain/title"]
    domain.destroy()
    assert not task(xml=wanted, affect=["live"]).changed


def test_only_the_definition(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor)
    wanted = DOCUMENT.replace("<vcpu>1<", "<title>Mine</title><vcpu>1<")
    for check, changed in ((True, True), (False, True), (False, False)):
        result = task(xml=wanted, affect=["config"], check=check)
        assert result.changed == changed
        assert {change["when"] for change in result.values["changes"]} <= {"restart"}
    assert paths(result.values["pending"]) == ["/domain/title"]
    assert "<title>" not in domain.XMLDesc()


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_restart_when_it_is_required(hypervisor: Hypervisor, state: str) -> None:
    domain = start(hypervisor)
    if state == "paused":
        domain.suspend()
    wanted = DOCUMENT.replace("<vcpu>1<", "<title>Mine</title><vcpu>2<")
    options: dict[str, t.Any] = {"xml": wanted, "restart": "if_required", "shutdown": SWITCH_OFF}
    predicted = task(check=True, **options)
    done = task(**options)
    assert predicted.values["changes"] == done.values["changes"]
    assert done.values["changes"][-1] == {
        "path": "state",
        "op": "modify",
        "before": state,
        "after": "restarted",
        "when": "restart",
    }
    assert done.values["pending"] == predicted.values["pending"] == []
    assert done.values["domain"]["state"] == state
    assert domain.vcpusFlags(libvirt.VIR_DOMAIN_AFFECT_LIVE) == 2
    identifier = hypervisor.number(domain.name())
    assert not task(**options).changed
    titled: dict[str, t.Any] = {**options, "xml": wanted.replace("Mine", "Yours")}
    assert [change["when"] for change in task(**titled).values["changes"]] == ["live"]
    assert hypervisor.number(domain.name()) == identifier
    always: dict[str, t.Any] = {
        **options,
        "xml": wanted.replace("Mine", "Theirs"),
        "restart": "always",
    }
    predicted = task(check=True, **always)
    assert predicted.values["changes"] == task(**always).values["changes"]
    assert hypervisor.number(domain.name()) != identifier
    assert not task(**always).changed


def test_a_guest_that_does_not_stop_is_not_restarted(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor)
    identifier = hypervisor.number(domain.name())
    wanted = DOCUMENT.replace("<vcpu>1<", "<vcpu>2<")
    result = task(xml=wanted, restart="if_required", shutdown=QUICK)
    assert result.failed
    assert result.changed
    assert "its definition is as wanted, but it could not be restarted" in result.msg
    assert "shutdown.force" in result.msg
    assert hypervisor.number(domain.name()) == identifier
    assert "<vcpu placement='static'>2" in hypervisor.definition("guest")


def test_a_transient_domain_gets_a_definition(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.createXML(DOCUMENT)
    assert task(xml=DOCUMENT, check=True).changed
    assert not domain.isPersistent()
    assert task(xml=DOCUMENT).changed
    assert domain.isPersistent()
    assert domain.isActive()
    assert not task(xml=DOCUMENT).changed


# Absent


def test_an_inactive_domain_goes_and_stays_away(hypervisor: Hypervisor) -> None:
    hypervisor.define(DOCUMENT)
    before = hypervisor.definition("guest")
    predicted = task(name="guest", state="absent", check=True, diff=True)
    assert predicted.changed
    assert hypervisor.definition("guest") == before
    done = task(name="guest", state="absent", diff=True)
    assert done.values["changes"] == predicted.values["changes"]
    assert "<name>guest</name>" in done.values["diff"]["before"]
    assert done.values["diff"]["after"] == ""
    assert hypervisor.names() == set()
    again = task(name="guest", state="absent")
    assert not again.changed
    assert again.values["domain"]["state"] == "absent"
    assert set(again.values) >= {"domain", "changes", "restart_required", "pending"}


def test_a_domain_goes_by_its_uuid(hypervisor: Hypervisor) -> None:
    hypervisor.define(DOCUMENT)
    assert task(name=UUID, state="absent").changed
    assert not task(name=UUID, state="absent").changed


def test_a_guest_that_ignores_the_power_button_stays(hypervisor: Hypervisor) -> None:
    domain = start(hypervisor)
    began = time.monotonic()
    result = task(name="guest", state="absent", shutdown=QUICK)
    took = time.monotonic() - began
    assert result.failed
    assert not result.changed
    assert "guest" in result.msg
    assert "shutdown.force" in result.msg
    assert 1 <= took < 10
    assert domain.isActive()
    assert "guest" in hypervisor.names()


@pytest.mark.parametrize("paused", [False, True])
def test_a_guest_is_switched_off_when_that_is_allowed(hypervisor: Hypervisor, paused: bool) -> None:
    domain = start(hypervisor)
    if paused:
        domain.suspend()
    predicted = task(name="guest", state="absent", shutdown=SWITCH_OFF, check=True)
    assert predicted.changed
    assert domain.isActive()
    assert task(name="guest", state="absent", shutdown={**QUICK, "force": True}).changed
    assert hypervisor.names() == set()


def test_a_managed_save_goes(hypervisor: Hypervisor, storage: Storage) -> None:
    image = storage.volume("disk.qcow2")
    document = with_devices(
        f"<disk type='file'><driver name='qemu' type='qcow2'/><source file='{image}'/>"
        "<target dev='vda' bus='virtio'/></disk>"
    )
    domain = start(hypervisor, document)
    domain.managedSave()
    assert domain.hasManagedSaveImage()
    assert task(name="guest", state="absent").changed
    assert hypervisor.names() == set()
    assert pathlib.Path(image).exists()
    assert not list(pathlib.Path("/var/lib/libvirt/qemu/save").glob("guest*"))


def test_the_metadata_of_snapshots_goes(hypervisor: Hypervisor, storage: Storage) -> None:
    image = storage.volume("disk.qcow2")
    domain = hypervisor.raw.defineXML(
        with_devices(
            f"<disk type='file'><driver name='qemu' type='qcow2'/><source file='{image}'/>"
            "<target dev='vda' bus='virtio'/></disk>"
        )
    )
    domain.snapshotCreateXML("<domainsnapshot><name>one</name></domainsnapshot>")
    assert domain.snapshotNum() == 1
    assert task(name="guest", state="absent").changed
    assert hypervisor.names() == set()
    assert pathlib.Path(image).exists()


@pytest.mark.parametrize("keep", [[], ["nvram"]], ids=["removed", "kept"])
def test_the_variables_of_the_firmware(hypervisor: Hypervisor, keep: list[str]) -> None:
    variables = pathlib.Path("/var/lib/libvirt/qemu/nvram/guest_VARS.fd")
    hypervisor.define(
        DOCUMENT.replace(
            "machine='pc'>hvm</type>",
            "machine='q35'>hvm</type><loader readonly='yes' type='pflash'>"
            f"/usr/share/OVMF/OVMF_CODE.fd</loader><nvram>{variables}</nvram>",
        )
    )
    variables.write_bytes(b"variables")
    assert task(name="guest", state="absent", keep=keep).changed
    assert hypervisor.names() == set()
    assert variables.exists() == bool(keep)
    variables.unlink(missing_ok=True)


@pytest.mark.parametrize("keep", [[], ["tpm"]], ids=["removed", "kept"])
def test_the_state_of_the_tpm(hypervisor: Hypervisor, keep: list[str]) -> None:
    hypervisor.define(
        with_devices("<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>")
    )
    state = pathlib.Path(f"/var/lib/libvirt/swtpm/{UUID}/tpm2/tpm2-00.permall")
    state.parent.mkdir(parents=True)
    state.write_bytes(b"state")
    assert task(name="guest", state="absent", keep=keep).changed
    assert hypervisor.names() == set()
    assert state.exists() == bool(keep)
    if keep:
        state.unlink()
        state.parent.rmdir()
        state.parent.parent.rmdir()


# Volumes


class Storage:
    """A storage pool in a directory of the test."""

    def __init__(self, hypervisor: Hypervisor, folder: pathlib.Path) -> None:
        self.folder = folder
        self._pool = hypervisor.raw.storagePoolCreateXML(
            f"<pool type='dir'><name>tests</name><target><path>{folder}</path></target></pool>"
        )

    def volume(self, name: str, backing: str | None = None) -> str:
        store = (
            f"<backingStore><path>{backing}</path><format type='qcow2'/></backingStore>"
            if backing
            else ""
        )
        return str(
            self._pool.createXML(
                f"<volume><name>{name}</name><capacity unit='MiB'>1</capacity>"
                f"<target><format type='qcow2'/></target>{store}</volume>"
            ).path()
        )

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def close(self) -> None:
        self._pool.destroy()


@pytest.fixture
def storage(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> t.Iterator[Storage]:
    found = Storage(hypervisor, tmp_path)
    yield found
    found.close()


def disk(path: str, target: str, extra: str = "", device: str = "disk", bus: str = "virtio") -> str:
    return (
        f"<disk type='file' device='{device}'><driver name='qemu' type='qcow2'/>"
        f"<source file='{path}'/><target dev='{target}' bus='{bus}'/>{extra}</disk>"
    )


def test_volumes_stay_unless_they_are_named(hypervisor: Hypervisor, storage: Storage) -> None:
    one, two = storage.volume("one.qcow2"), storage.volume("two.qcow2")
    document = with_devices(disk(one, "vda") + disk(two, "vdb"))
    hypervisor.define(document)
    assert task(name="guest", state="absent").changed
    assert storage.names() == {"one.qcow2", "two.qcow2"}
    hypervisor.define(document)
    options: dict[str, t.Any] = {"name": "guest", "state": "absent", "remove_volumes": ["vda"]}
    predicted = task(check=True, **options)
    assert storage.names() == {"one.qcow2", "two.qcow2"}
    done = task(**options)
    assert done.changed
    assert done.values["changes"] == predicted.values["changes"]
    assert one in str(done.values["changes"])
    assert storage.names() == {"two.qcow2"}
    assert not task(**options).changed
    assert storage.names() == {"two.qcow2"}


@pytest.mark.parametrize(
    "case", ["read-only", "shareable", "CD-ROM", "backing", "another domain's"]
)
def test_volumes_that_are_never_removed(
    hypervisor: Hypervisor, storage: Storage, case: str
) -> None:
    image = storage.volume("image.qcow2")
    document = with_devices(
        {
            "read-only": disk(image, "vda", "<readonly/>"),
            "shareable": disk(image, "vda", "<shareable/>").replace("qcow2'/>", "raw'/>", 1),
            "CD-ROM": disk(image, "hda", "<readonly/>", "cdrom", "ide"),
        }.get(case, disk(image, "vda"))
    )
    target = "hda" if case == "CD-ROM" else "vda"
    if case == "backing":
        storage.volume("overlay.qcow2", backing=image)
    if case == "another domain's":
        hypervisor.define(
            document.replace(">guest<", ">other<").replace(UUID, UUID.replace("3f0c", "4f0c"))
        )
    hypervisor.define(document)
    before, volumes = hypervisor.definition("guest"), storage.names()
    for check in (True, False):
        result = task(name="guest", state="absent", remove_volumes=[target], check=check)
        assert result.failed
        assert "guest" in result.msg
        assert target in result.msg
        assert "\n" not in result.msg
        assert hypervisor.definition("guest") == before
        assert storage.names() == volumes
