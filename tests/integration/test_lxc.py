# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers on ``lxc:///system``, which run as they do anywhere."""

from __future__ import annotations

import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domain_info,
    domain_state,
    domain_xml,
)

from .hypervisor import DUMP, Result, task_of
from .three_ways import assert_unchanged, three_ways

URI = "lxc:///system"
#: It ends when it is told to, as a system's init does.
INIT = {"init": "/bin/sh", "initargs": "-c 'trap exit TERM INT PWR; sleep 1000 & wait'"}
SYSTEM: dict[str, t.Any] = {
    "name": "web",
    "memory": 64,
    "filesystem": {"source": "/", "target": "/"},
    "network": "none",
    "boot": INIT,
}
OFF = {"method": [], "force": True}
DOCUMENT = (
    "<domain type='lxc'><name>web</name><memory>65536</memory><os><type>exe</type><init>/bin/sh</init>"
    "</os><devices><console type='pty'/></devices></domain>"
)


class Containers:
    def __init__(self) -> None:
        libvirt.registerErrorHandler(lambda *_error: None, None)
        try:
            self.raw = libvirt.open(URI)
        except libvirt.libvirtError as error:
            pytest.skip(f"needs libvirt-daemon-driver-lxc: {error}")

    def definition(self) -> str:
        return str(self.raw.lookupByName("web").XMLDesc(DUMP))

    def live(self) -> str:
        return str(self.raw.lookupByName("web").XMLDesc(0))

    def clear(self) -> None:
        for found in self.raw.listAllDomains():
            is_persistent = found.isPersistent()
            if found.isActive():
                found.destroy()
            if is_persistent:
                found.undefine()


@pytest.fixture(name="containers")
def fixture_containers() -> t.Iterator[Containers]:
    found = Containers()
    found.clear()
    yield found
    found.clear()


def done(module: t.Any, read: t.Callable[[], object] | None, **options: t.Any) -> Result:
    return three_ways(module, read, uri=URI, **options)


def test_a_container(containers: Containers) -> None:
    read = containers.definition
    made = done(domain, None, **SYSTEM)
    assert "warnings" not in made.values
    assert "<init>/bin/sh</init>" in read()
    started = done(domain, None, **SYSTEM, state="running")
    assert (started.values["pending"], started.values["restart_required"]) == ([], False)
    # What it got at its start is nobody's change.
    assert_unchanged(domain, read, uri=URI, **SYSTEM, mode="exact", state="running")
    done(domain, read, name="web", memory=80)
    done(domain, read, name="web", metadata={"title": "x"})
    for state in ("paused", "running"):
        done(domain_state, None, name="web", state=state)
    done(domain, None, name="web", autostart=True)
    info = task_of(domain_info, uri=URI, gather=["xml", "live_xml", "stats"])
    assert (info.failed, info.values["domains"][0]["state"]) == (False, "running")
    done(domain_state, None, name="web", state="stopped", shutdown=OFF)
    done(domain_state, None, name="web", state="running")
    done(domain, None, name="web", state="absent", shutdown=OFF)
    assert containers.raw.listAllDomains() == []


def test_a_program_on_the_host_s_own_files(containers: Containers) -> None:
    program = {"boot": {"init": "/bin/sleep", "initargs": "1000"}, "memory": 64}
    done(domain, None, name="web", **program)
    started = done(domain, None, name="web", state="running", **program)
    # libvirt gives it the host's root, and a name to its interface.
    assert "<target dir='/'/>" in containers.live()
    assert (started.values["pending"], started.values["restart_required"]) == ([], False)


def test_devices(containers: Containers) -> None:
    read = containers.definition
    done(domain, None, **SYSTEM, state="running")
    nic = {"network": "default", "mac": "52:54:00:00:00:04"}
    added = done(domain_device, read, domain="web", network=nic)
    assert {change["when"] for change in added.values["changes"]} == {"live"}
    assert nic["mac"] in containers.live()
    done(domain_device, read, domain="web", network={"mac": nic["mac"]}, state="absent")
    assert nic["mac"] not in containers.live()
    later = done(domain_device, read, domain="web", filesystem={"source": "/srv", "target": "/mnt"})
    assert later.values["restart_required"]


def test_a_document(containers: Containers) -> None:
    made = done(domain_xml, None, xml=DOCUMENT)
    assert "warnings" not in made.values
    assert "<target type='lxc' port='0'/>" in containers.definition()
    done(domain_xml, None, name="web", state="absent")


def test_stopping(containers: Containers) -> None:
    """The driver has neither an agent nor a power button, and uses what it has."""
    program = {"boot": {"init": "/bin/sleep", "initargs": "1000"}, "memory": 64}
    done(domain, None, name="web", state="running", **program)
    stop: dict[str, t.Any] = {"name": "web", "state": "stopped", "uri": URI}
    failed = task_of(domain_state, **stop, shutdown={"timeout": 1})
    # The first process of a container ignores signals that it has no handler for.
    assert (failed.failed, "shutdown: no effect in 1 s" in failed.msg) == (True, True), failed.msg
    named = task_of(domain_state, **stop, shutdown={"method": ["acpi"], "timeout": 1})
    assert (named.failed, "acpi: unsupported flags" in named.msg) == (True, True), named.msg
    assert task_of(domain_state, **stop, shutdown={"timeout": 1, "force": True}).changed
