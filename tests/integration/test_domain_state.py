# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_state on real guests."""

from __future__ import annotations

import pathlib
import subprocess
import threading
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain as domain_module,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_state

from .guests import Boot, Guest, document, start
from .hypervisor import Hypervisor, Result, task_of

NAME = "guest"
#: It has no operating system, and so doesn't hear the power button.
DEAF = f"""
<domain type='qemu'>
  <name>{NAME}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices><console type='pty'/></devices>
</domain>
"""
INTERFACE = (
    "<interface type='network'><mac address='52:54:00:00:02:01'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
QUICK = {"method": ["acpi"], "timeout": 1, "force": False}


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain_state, check, **{"name": NAME, **options})


def state(hypervisor: Hypervisor) -> str:
    if NAME not in hypervisor.names():
        return "absent"
    domain = hypervisor.raw.lookupByName(NAME)
    if not domain.isActive():
        return "saved" if domain.hasManagedSaveImage() else "shutoff"
    return {1: "running", 3: "paused"}[domain.state()[0]]


def three_ways(hypervisor: Hypervisor, before: str, after: str, **options: t.Any) -> Result:
    """Foreseen, done, and not done again; the domain's own state is the judge."""
    assert state(hypervisor) == before
    predicted = task(check=True, **options)
    assert state(hypervisor) == before
    done = task(**options)
    assert state(hypervisor) == after, done.msg
    again = task(**options)
    assert (predicted.changed, done.changed, again.changed) == (True, True, False)
    assert predicted.values["changes"] == done.values["changes"]
    assert again.values["changes"] == []
    assert state(hypervisor) == after
    shown = [one.values["domain"]["state"] for one in (predicted, done, again)]
    assert shown == ["shutoff" if after == "saved" else after] * 3
    return done


def test_each_state_from_each_other(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    way = (
        *("running", "paused", "running", "saved", "running", "stopped", "paused"),
        *("saved", "paused", "saved", "running", "stopped"),
    )
    now = "shutoff"
    for wanted in way:
        after = "shutoff" if wanted == "stopped" else wanted
        three_ways(hypervisor, now, after, state=wanted, shutdown=SWITCH_OFF)
        now = after
    assert not task(state="saved").changed


@pytest.mark.parametrize(
    ("before", "after", "call", "first"),
    [
        ("shutoff", "running", "createWithFlags", lambda raw: raw.create()),
        ("paused", "running", "resume", lambda raw: raw.resume()),
        ("running", "paused", "suspend", lambda raw: raw.suspend()),
        ("running", "stopped", "destroy", lambda raw: raw.destroy()),
        ("running", "saved", "managedSave", lambda raw: raw.managedSave()),
    ],
)
def test_someone_else_is_faster(
    hypervisor: Hypervisor,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    call: str,
    first: t.Callable[[libvirt.virDomain], None],
) -> None:
    raw = hypervisor.raw.defineXML(DEAF)
    if before != "shutoff":
        raw.create()
    if before == "paused":
        raw.suspend()
    original = getattr(libvirt.virDomain, call)

    def slower(theirs: libvirt.virDomain, *arguments: t.Any) -> t.Any:
        monkeypatch.undo()
        first(raw)
        return original(theirs, *arguments)

    monkeypatch.setattr(libvirt.virDomain, call, slower)
    result = task(state=after, shutdown=SWITCH_OFF)
    assert not result.failed, result.msg
    assert state(hypervisor) == {"stopped": "shutoff"}.get(after, after)


def test_what_is_undefined_meanwhile_is_not_started(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = hypervisor.raw.defineXML(DEAF)
    original = libvirt.virDomain.createWithFlags

    def slower(theirs: libvirt.virDomain, flags: int) -> None:
        raw.undefine()
        original(theirs, flags)

    monkeypatch.setattr(libvirt.virDomain, "createWithFlags", slower)
    result = task(state="running")
    assert result.failed
    assert "no domain with matching uuid" in result.msg


def test_a_saved_guest_goes_on_where_it_was(hypervisor: Hypervisor, boot: Boot) -> None:
    guest = start(hypervisor, document(NAME, boot))
    guest.run("touch", "/var/mark")
    three_ways(hypervisor, "running", "saved", state="saved")
    assert not task(state="stopped").changed
    assert state(hypervisor) == "saved"
    three_ways(hypervisor, "saved", "running", state="running")
    guest.wait_for_agent()
    guest.run("ls", "/var/mark")


@pytest.mark.parametrize("method", ["agent", "acpi"])
def test_a_guest_that_powers_off(hypervisor: Hypervisor, boot: Boot, method: str) -> None:
    start(hypervisor, document(NAME, boot))
    begun = time.monotonic()
    three_ways(hypervisor, "running", "shutoff", state="stopped", shutdown={"method": [method]})
    assert time.monotonic() - begun < 90


def test_a_guest_that_ignores_the_power_button(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    task(state="running")
    begun = time.monotonic()
    refused = task(state="stopped", shutdown={"method": ["acpi"], "timeout": 2})
    assert 2 <= time.monotonic() - begun < 20
    assert refused.failed
    assert "domain 'guest': the guest is still running (acpi: no effect in 2 s)" in refused.msg
    assert "shutdown.force" in refused.msg
    assert state(hypervisor) == "running"
    three_ways(
        hypervisor,
        "running",
        "shutoff",
        state="stopped",
        shutdown={"method": ["acpi"], "timeout": 1, "force": True},
    )


def test_a_paused_guest_that_ignores_it_is_paused_again(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    task(state="paused")
    assert task(state="stopped", shutdown=QUICK).failed
    assert state(hypervisor) == "paused"


def test_restarted_and_reset_are_changes_each_time(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    refused = task(state="reset")
    assert refused.failed
    assert "it can't be reset, because it is shutoff" in refused.msg
    started = task(state="restarted")
    assert started.changed
    number = hypervisor.number(NAME)
    for check in (True, False, False):
        assert task(check, state="reset").changed
        assert hypervisor.number(NAME) == number
    for check, same in ((True, True), (False, False)):
        result = task(check, state="restarted", shutdown=SWITCH_OFF)
        assert result.values["changes"][0]["after"] == "restarted"
        assert result.values["domain"]["state"] == "running"
        assert (hypervisor.number(NAME) == number) == same
    number = hypervisor.number(NAME)
    assert task(state="restarted", shutdown=QUICK).failed
    assert hypervisor.number(NAME) == number


def test_a_restart_applies_what_was_pending(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    task(state="running")
    hypervisor.raw.lookupByName(NAME).setVcpusFlags(
        2, libvirt.VIR_DOMAIN_AFFECT_CONFIG | libvirt.VIR_DOMAIN_VCPU_MAXIMUM
    )
    before = task(state="running")
    assert sorted(change["path"] for change in before.values["pending"]) == [
        "/domain/vcpu",
        "/domain/vcpu/@current",
    ]
    assert task(check=True, state="restarted").values["pending"] == []
    done = task(state="restarted", shutdown=SWITCH_OFF)
    assert done.values["restart_required"] is False


def test_autostart(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    domain = hypervisor.raw.lookupByName(NAME)
    for wanted in (True, False):
        assert task(check=True, autostart=wanted).changed
        assert domain.autostart() == (not wanted)
        assert task(autostart=wanted).values["domain"]["autostart"] == wanted
        assert domain.autostart() == wanted
        assert not task(autostart=wanted).changed


def test_a_transient_domain(hypervisor: Hypervisor) -> None:
    hypervisor.raw.createXML(DEAF)
    for wanted in ("saved", "restarted"):
        refused = task(state=wanted)
        assert refused.failed
        assert "transient" in refused.msg
        assert task(check=True, state=wanted).msg == refused.msg
    assert "can't start by itself" in task(autostart=True).msg
    three: dict[str, t.Any] = {"state": "stopped", "shutdown": SWITCH_OFF}
    predicted, done = task(check=True, **three), task(**three)
    assert predicted.values["domain"]["state"] == done.values["domain"]["state"] == "absent"
    missing = task(**three)
    assert missing.failed
    assert "domain 'guest': there is no such domain" in missing.msg


def test_a_crashed_guest_is_kept_until_it_may_go(hypervisor: Hypervisor) -> None:
    crash = DEAF.replace("<features>", "<on_crash>preserve</on_crash><features>").replace(
        "<console", "<panic model='isa'/><console"
    )
    hypervisor.define(crash)
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    # The guest's own way to say that it has crashed: the port of pvpanic.
    domain.injectNMI()
    import libvirt_qemu

    libvirt_qemu.qemuMonitorCommand(
        domain, "o /b 0x505 1", libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP
    )
    Guest.wait_until(lambda: domain.state()[0] == libvirt.VIR_DOMAIN_CRASHED)
    for wanted in ("running", "paused", "stopped", "saved"):
        refused = task(state=wanted)
        assert refused.failed
        assert "crashed" in refused.msg
    assert domain.state()[0] == libvirt.VIR_DOMAIN_CRASHED
    done = task(state="running", shutdown={"force": True})
    assert done.changed
    assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING


# Guests that sleep, and domains that something else is busy with


def test_a_guest_that_has_suspended_itself(hypervisor: Hypervisor, boot: Boot) -> None:
    guest = start(
        hypervisor, document(NAME, boot, extra="<pm><suspend-to-mem enabled='yes'/></pm>")
    )
    suspended = libvirt.VIR_DOMAIN_PMSUSPENDED

    def sleep() -> None:
        guest.domain.pMSuspendForDuration(libvirt.VIR_NODE_SUSPEND_TARGET_MEM, 0)
        guest.wait_until(lambda: guest.domain.state()[0] == suspended)

    sleep()
    assert task(wait={"for": "ip", "timeout": 1, "source": ["lease"]}).failed
    for wanted, before, after in (
        ("running", "pmsuspended", "running"),
        ("stopped", "pmsuspended", "shutoff"),
    ):
        if wanted == "stopped":
            guest.wait_for_agent()
            sleep()
        predicted = task(check=True, state=wanted)
        assert guest.domain.state()[0] == suspended
        done = task(state=wanted)
        assert done.values["changes"] == predicted.values["changes"], done.msg
        (change,) = done.values["changes"]
        assert (change["before"], change["after"]) == (before, after)
        again = task(state=wanted)
        assert (again.changed, again.values["domain"]["state"]) == (False, after)


def started_with_disk(hypervisor: Hypervisor, folder: pathlib.Path, more: str = "") -> t.Any:
    """A guest that runs with an image of its own; ``more`` stands in the disk's element."""
    image = folder / "disk.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "8M"], check=True)
    disk = (
        f"<disk type='file'><driver name='qemu' type='qcow2'/><source file='{image}'/>"
        f"<target dev='vda' bus='virtio'/>{more}</disk>"
    )
    hypervisor.define(DEAF.replace("<devices>", f"<devices>{disk}"))
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    return domain


def test_a_domain_that_a_job_is_busy_with(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    domain = started_with_disk(hypervisor, tmp_path)
    socket = f"<server transport='unix' socket='{tmp_path}/backup.sock'/>"
    domain.backupBegin(f"<domainbackup mode='pull'>{socket}</domainbackup>", None)
    assert domain.jobInfo()[0] != libvirt.VIR_DOMAIN_JOB_NONE
    three_ways(hypervisor, "running", "paused", state="paused")
    three_ways(hypervisor, "paused", "running", state="running")
    refused = task(state="saved")
    assert refused.failed
    assert not refused.changed
    assert "domain 'guest': libvirt failed to save the guest's state: " in refused.msg
    assert "DomainBackup" in refused.msg
    assert "wait until the operation in progress has ended" in refused.msg
    assert state(hypervisor) == "running"
    three_ways(hypervisor, "running", "shutoff", state="stopped", shutdown=SWITCH_OFF)


def test_what_libvirt_cannot_save_is_said_before(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    domain = started_with_disk(hypervisor, tmp_path, "<transient/>")
    with pytest.raises(libvirt.libvirtError):
        domain.managedSave()
    for module in (domain_state, domain_module):
        refused = task_of(module, True, name=NAME, state="saved")
        assert refused.failed
        assert "state: libvirt can't save the state of a guest that has a transient" in refused.msg
        assert task_of(module, False, name=NAME, state="saved").msg == refused.msg
    assert state(hypervisor) == "running"
    three_ways(hypervisor, "running", "shutoff", state="stopped", shutdown=SWITCH_OFF)


# Waiting


def test_waiting_for_an_address_and_the_agent(hypervisor: Hypervisor, boot: Boot) -> None:
    hypervisor.define(document(NAME, boot, devices=INTERFACE))
    assert task(check=True, state="running", wait={"for": "ip"}).values["addresses"] == []
    done = task(state="running", wait={"for": "ip", "source": ["lease"], "timeout": 60})
    assert done.changed, done.msg
    (address,) = done.values["addresses"]
    assert address["address"].startswith("192.168.122.")
    assert (address["mac"], address["source"]) == ("52:54:00:00:02:01", "lease")
    guest = Guest(hypervisor.raw.lookupByName(NAME))
    assert not task(wait={"for": "agent", "timeout": 60}).changed
    guest.wait_until(lambda: address["address"] in guest.run("ip", "address"))
    told = task(wait={"for": "ip", "source": ["agent"], "timeout": 60})
    assert not told.changed
    assert address["address"] in [one["address"] for one in told.values["addresses"]]


def test_waiting_in_vain(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    begun = time.monotonic()
    result = task(state="running", wait={"for": "ip", "timeout": 1})
    assert 1 <= time.monotonic() - begun < 20
    assert result.failed
    assert result.changed
    assert "state: running is done, but no address of it is known after 1 s" in result.msg
    for wait in ({"for": "agent"}, {"for": "ip", "source": ["agent"]}):
        assert "org.qemu.guest_agent.0" in task(wait=wait).msg
    assert "still runs after 1 s" in task(wait={"for": "shutoff", "timeout": 1}).msg
    task(state="stopped", shutdown=SWITCH_OFF)
    assert "does not run" in task(wait={"for": "agent", "timeout": 60}).msg
    assert "it is not running after 1 s" in task(wait={"for": "running", "timeout": 1}).msg


@pytest.mark.parametrize("wanted", ["running", "shutoff"])
def test_waiting_for_what_someone_else_does(hypervisor: Hypervisor, wanted: str) -> None:
    hypervisor.define(DEAF)
    domain = hypervisor.raw.lookupByName(NAME)
    if wanted == "shutoff":
        domain.create()
    someone = threading.Timer(1, domain.create if wanted == "running" else domain.destroy)
    someone.start()
    result = task(wait={"for": wanted, "timeout": 30})
    someone.join()
    assert not result.failed
    assert result.values["domain"]["state"] == wanted


def test_the_guest_is_killed_while_it_is_waited_for(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    domain = hypervisor.raw.lookupByName(NAME)
    domain.create()
    someone = threading.Timer(1, domain.destroy)
    someone.start()
    result = task(wait={"for": "ip", "timeout": 30, "source": ["lease"]})
    someone.join()
    assert result.failed
    assert "does not run" in result.msg


def test_the_daemon_is_restarted_while_it_is_waited(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    hypervisor.raw.lookupByName(NAME).create()

    def restart() -> None:
        hypervisor.kill_daemon()
        hypervisor.start_daemon()

    someone = threading.Timer(1, restart)
    someone.start()
    result = task(wait={"for": "shutoff", "timeout": 30})
    someone.join()
    assert result.failed
    assert "the connection to libvirt was lost" in result.msg
    assert state(hypervisor) == "running"
    again: dict[str, t.Any] = {
        "state": "stopped",
        "shutdown": SWITCH_OFF,
        "wait": {"for": "shutoff"},
    }
    assert task(**again).changed


def test_what_can_not_be(hypervisor: Hypervisor) -> None:
    hypervisor.define(DEAF)
    wrong: tuple[tuple[dict[str, t.Any], str], ...] = (
        ({}, "one of the following is required: state, autostart, wait"),
        ({"state": "on"}, "value of state must be one of"),
        ({"state": "running", "name": "nobody"}, "domain 'nobody': there is no such domain"),
        ({"wait": {"for": "ip", "timeout": -1}}, "wait.timeout is negative"),
        ({"wait": {"for": "ip", "source": []}}, "wait.source is empty"),
        ({"state": "stopped", "shutdown": {"timeout": -1}}, "shutdown.timeout is negative"),
        ({"state": "stopped", "shutdown": {"method": []}}, "no guest could be stopped"),
    )
    for options, message in wrong:
        result = task(**options)
        assert result.failed
        assert message in result.msg
    assert state(hypervisor) == "shutoff"
