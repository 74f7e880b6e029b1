# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running guests that are changed, by each row of the table of live changes.

The guests are real ones under TCG. Where they have a part in the change, they
have a small Linux.
"""

from __future__ import annotations

import pathlib
import re
import runpy
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.live_calls import (
    LIVE_CALLS,
)
from lxml import etree

from .guests import Boot, Guest, start
from .hypervisor import Hypervisor, Result, task
from .live_cases import CASES, DOCUMENT, IMAGES, Case

pytestmark = pytest.mark.usefixtures("live_surroundings")
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}


def changes(result: t.Any) -> list[dict[str, t.Any]]:
    found: list[dict[str, t.Any]] = result.values["changes"]
    return found


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.needs_guest], ids=lambda case: case.xpath
)
def test_a_change_of_a_running_guest(hypervisor: Hypervisor, case: Case) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()
    fresh = task(xml=DOCUMENT)
    assert (fresh.changed, fresh.values["pending"]) == (False, [])
    identifier = hypervisor.number(domain.name())

    wanted = DOCUMENT.replace(case.old, case.new)
    assert wanted != DOCUMENT
    predicted = task(xml=wanted, check=True)
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) != case.value
    done = task(xml=wanted)
    assert done.changed
    assert changes(done) == changes(predicted), done.values["pending"]
    assert {change["when"] for change in changes(done)} == {"live"}
    for result in (predicted, done, task(xml=wanted)):
        assert result.values["pending"] == []
        assert result.values["restart_required"] is False
    assert not result.changed
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) == case.value
    assert hypervisor.number(domain.name()) == identifier

    domain.destroy()
    domain.create()
    restarted = task(xml=wanted)
    assert (restarted.changed, restarted.values["pending"]) == (False, [])
    assert str(etree.fromstring(domain.XMLDesc(1)).xpath(case.xpath)) == case.value


#: What libvirt has no call to unset, and what only a guest could give back.
_STAYS = ("cputune/", "vcpu/@current")


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.again is not None], ids=lambda case: case.xpath
)
def test_a_second_change_and_back(hypervisor: Hypervisor, case: Case) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()
    identifier = hypervisor.number(domain.name())
    said = [case.new, case.again or "", case.old, case.new]
    # Other applications' metadata stay.
    is_kept = case.row == "metadata" and case.old == "</metadata>"
    for text in said[:2] if case.row.startswith(_STAYS) or is_kept else said:
        made(DOCUMENT.replace(case.old, text))
    assert hypervisor.number(domain.name()) == identifier


def test_a_fragment_changes_the_guest_and_nothing_else(hypervisor: Hypervisor) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()
    # Someone else's change waits for the next start.
    domain.setVcpusFlags(3, 2)
    fragment = (
        "<domain><title>Mine</title><devices><interface><mac address='52:54:00:00:00:01'/>"
        "<link state='down'/></interface></devices></domain>"
    )
    options: dict[str, t.Any] = {"name": "live", "mode": "merge", "xml": fragment}
    predicted, done, again = task(check=True, **options), task(**options), task(**options)
    assert changes(done) == changes(predicted)
    assert {change["when"] for change in changes(done)} == {"live"}
    assert not again.changed
    for result in (predicted, done, again):
        assert [one["path"] for one in result.values["pending"]] == ["/domain/vcpu/@current"]
    assert "<link state='down'/>" in domain.XMLDesc()


# Guests with an operating system


def bootable(boot: Boot, text: str = DOCUMENT, machine: str = "pc") -> str:
    """The same with a small Linux, which needs more memory."""
    system = (
        f"<os><type arch='x86_64' machine='{machine}'>hvm</type><kernel>{boot.kernel}</kernel>"
        f"<initrd>{boot.initrd}</initrd><cmdline>console=ttyS0 quiet</cmdline></os>"
    )
    agent = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    text = re.sub("<os>.*?</os>", system, text, flags=re.DOTALL)
    text = re.sub(r"(<memory unit='MiB'>|memory=')128", r"\g<1>192", text)
    return text.replace("<graphics", f"{agent}<graphics")


@pytest.fixture(scope="module")
def booted(boot: Boot) -> t.Iterator[Guest]:
    """One guest that has booted."""
    hypervisor = Hypervisor()
    hypervisor.clear()
    yield start(hypervisor, bootable(boot))
    hypervisor.clear()


def unchanged(text: str) -> None:
    """The guest is as the document says, whether its balloon has arrived or not."""
    for check in (True, False):
        found = task(check=check, xml=text)
        assert not found.failed, found.msg
        assert found.values["changes"] == found.values["pending"] == [], found.values


def made(text: str, **options: t.Any) -> t.Any:
    """The task, foreseen by check mode, done, and done again."""
    predicted = task(xml=text, check=True, **options)
    done = task(xml=text, **options)
    assert done.changed, done.msg
    assert changes(done) == changes(predicted), done.values["pending"]
    assert {change["when"] for change in changes(done)} == {"live"}
    again = task(xml=text, **options)
    assert (again.changed, again.values["pending"]) == (False, [])
    return done


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.needs_guest], ids=lambda case: case.xpath
)
def test_a_change_with_the_guest(booted: Guest, boot: Boot, case: Case) -> None:
    wanted = DOCUMENT.replace(case.old, case.new)
    assert wanted != DOCUMENT
    made(bootable(boot, wanted))
    assert str(etree.fromstring(booted.domain.XMLDesc(1)).xpath(case.xpath)) == case.value
    made(bootable(boot))


#: What a guest has no driver for, and so doesn't release.
_KEPT = ("memory",)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.call == "attach" and case.row.split("/")[1] not in _KEPT],
    ids=lambda case: case.row,
)
def test_a_device_comes_and_goes(booted: Guest, boot: Boot, case: Case) -> None:
    def there() -> list[str | None]:
        document = etree.fromstring(booted.domain.XMLDesc())
        return [etree.tostring(address).decode() for address in document.findall(".//address")]

    before = there()
    made(bootable(boot, DOCUMENT.replace(case.old, case.new)))
    assert set(before) < set(there()) or case.row in ("devices/input", "devices/redirdev")
    made(bootable(boot))
    assert there() == before


def test_memory_is_seen_by_the_guest(booted: Guest, boot: Boot) -> None:
    def total() -> int:
        found = re.search(r"MemTotal:\s*(\d+)", booted.run("cat", "/proc/meminfo"))
        return int(found[1]) if found is not None else 0

    before = total()
    less = "<currentMemory unit='MiB'>160</currentMemory><vcpu current"
    made(bootable(boot, DOCUMENT.replace("<vcpu current", less)))
    booted.wait_until(lambda: before - total() == 32 * 1024)
    made(bootable(boot))
    booted.wait_until(lambda: before == total())
    # The driver's last step, which it may not take for long; and a balloon that is on its way.
    most = booted.domain.maxMemory()
    booted.domain.setMemory(most - 1024)
    booted.wait_until(lambda: booted.domain.info()[2] == most - 1024)
    unchanged(bootable(boot))
    booted.domain.setMemory(most - 32 * 1024)
    booted.wait_until(lambda: booted.domain.info()[2] == most - 32 * 1024)
    booted.domain.setMemory(most)
    unchanged(bootable(boot))


def test_memory_of_the_running_guest_alone(booted: Guest, boot: Boot) -> None:
    def fragment(amount: str) -> Result:
        text = f"<domain><currentMemory {amount}</currentMemory></domain>"
        return task(name=booted.domain.name(), mode="merge", affect=["live"], xml=text)

    assert fragment("unit='MiB'>170").changed
    assert booted.domain.info()[2] == 170 * 1024
    assert not fragment(f"unit='KiB'>{170 * 1024}").changed
    made(bootable(boot))


def test_disks_and_interfaces_are_seen_by_the_guest(booted: Guest, boot: Boot) -> None:
    def seen(what: str) -> set[str]:
        return set(booted.run("ls", f"/sys/class/{what}").split())

    disks, interfaces = seen("block"), seen("net")
    both = (
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
        f"<source file='{IMAGES}/vdb.qcow2'/><target dev='vdb' bus='virtio'/></disk>"
        "<interface type='network'><source network='default'/><model type='virtio'/></interface>"
        "</devices>"
    )
    made(bootable(boot, DOCUMENT.replace("</devices>", both)))
    booted.wait_until(lambda: len(seen("block")) == len(disks) + 1)
    booted.wait_until(lambda: len(seen("net")) == len(interfaces) + 1)
    made(bootable(boot))
    assert seen("block") == disks
    assert seen("net") == interfaces


def test_virtual_cpus_are_seen_by_the_guest(hypervisor: Hypervisor, boot: Boot) -> None:
    guest = start(hypervisor, bootable(boot))
    assert guest.run("nproc").strip() == "2"
    # libvirt doesn't write a number that is the most there can be.
    said = "<domain><vcpu current='4'>4</vcpu></domain>"
    result = task(name=guest.domain.name(), mode="merge", xml=said)
    assert [change["when"] for change in changes(result)] == ["live"]
    assert "warnings" not in result.values
    guest.wait_until(lambda: guest.run("nproc").strip() == "4")
    result = task(xml=bootable(boot, DOCUMENT.replace("current='2'", "current='1'")))
    assert [change["when"] for change in changes(result)] == ["restart"]
    (waiting,) = result.values["pending"]
    assert waiting["reason"] == (
        "the virtual CPUs that the guest was started with can't be plugged out"
    )


_MANY = 20


def _disk(number: int) -> str:
    return (
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        f"<source file='{IMAGES}/many{number}.img'/><target dev='sd{chr(97 + number)}' bus='scsi'/>"
        "</disk>"
    )


def _interface(number: int) -> str:
    return (
        f"<interface type='network'><mac address='52:54:00:00:01:{number:02x}'/>"
        "<source network='default'/><model type='virtio'/></interface>"
    )


@pytest.fixture
def many_images() -> t.Iterator[None]:
    paths = [pathlib.Path(IMAGES) / f"many{number}.img" for number in range(_MANY)]
    for path in paths:
        path.write_bytes(bytes(1 << 20))
    yield
    for path in paths:
        path.unlink()


@pytest.mark.parametrize("at_once", [True, False], ids=["all at once", "one by one"])
def test_many_devices_come_and_go(
    hypervisor: Hypervisor, boot: Boot, many_images: None, at_once: bool
) -> None:
    few = bootable(
        boot,
        DOCUMENT.replace(
            "</devices>", "<controller type='scsi' index='0' model='virtio-scsi'/></devices>"
        )
        # Twenty interfaces are more than the little memory of the others has room for.
        .replace("'MiB'>128<", "'MiB'>256<")
        .replace("memory='128'", "memory='256'"),
    )
    start(hypervisor, few)
    devices = [make(number) for number in range(_MANY) for make in (_disk, _interface)]
    counts = [len(devices)] if at_once else range(1, len(devices) + 1)
    documents = [few.replace("</devices>", "".join(devices[:n]) + "</devices>") for n in counts]
    known: dict[str, str] = {}
    for text in documents:
        result = task(xml=text)
        assert {change["when"] for change in changes(result)} == {"live"}
        assert result.values["pending"] == []
        found = addresses(hypervisor)
        assert known.items() <= found.items()
        known = found
    assert len(known) >= len(devices)
    assert not task(xml=documents[-1]).changed
    for text in [*reversed(documents[:-1]), few]:
        result = task(xml=text, live_timeout=60)
        assert {change["when"] for change in changes(result)} == {"live"}, result.values["pending"]
        found = addresses(hypervisor)
        assert found.items() < known.items()
        known = found
    assert not task(xml=few).changed


def addresses(hypervisor: Hypervisor) -> dict[str, str]:
    """Where each disk and interface is, both in the guest and in the definition."""
    found: dict[str, str] = {}
    domain = hypervisor.raw.lookupByName("live")
    for flags in (0, 2):
        document = etree.fromstring(domain.XMLDesc(flags))
        for device in document.xpath("//disk | //interface"):
            name = device.xpath("string(target/@dev[../../self::disk] | mac/@address)")
            place = etree.tostring(device.find("address")).decode().strip()
            assert found.setdefault(name, place) == place
    return found


# Guests that don't take part


def test_a_device_that_the_guest_does_not_release(hypervisor: Hypervisor) -> None:
    with_rng = DOCUMENT.replace(
        "</devices>", "<rng model='virtio'><backend model='random'/></rng></devices>"
    )
    domain = hypervisor.raw.defineXML(with_rng)
    domain.create()
    result = task(xml=DOCUMENT, live_timeout=1)
    assert result.changed
    (change,) = changes(result)
    assert (change["op"], change["when"]) == ("remove", "restart")
    (waiting,) = result.values["pending"]
    assert waiting["reason"] == "the guest has not released it within 1 s"
    assert "<rng" in domain.XMLDesc()
    assert "<rng" not in hypervisor.definition("live")
    again = task(xml=DOCUMENT, live_timeout=1)
    assert not again.changed
    assert again.values["pending"] == result.values["pending"]
    restarted = task(xml=DOCUMENT, restart="if_required", live_timeout=1, shutdown=SWITCH_OFF)
    assert restarted.changed
    assert restarted.values["pending"] == []
    assert "<rng" not in domain.XMLDesc()


def test_every_row_of_the_table_is_tried_or_said_not_to_be() -> None:
    attached = {case.row for case in CASES if case.call == "attach"}
    tried = {(case.row, case.call) for case in CASES if case.call is not None}
    tried |= {(row, "detach") for row in attached}
    paths = {case.row for case in CASES if case.call is None}
    missing = {
        (row.path, row.call)
        for row in LIVE_CALLS
        if (row.path, row.call) not in tried and row.path not in paths
    }
    program = pathlib.Path(__file__).resolve().parents[1] / "setup" / "live_docs.py"
    assert missing == set(runpy.run_path(str(program))["UNTESTED"])
