# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virt-xml has actions for, as a state that a task can be in for ever."""

from __future__ import annotations

import functools
import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
)

from .hypervisor import Hypervisor, task_of
from .three_ways import three_ways

NEW: dict[str, t.Any] = {
    "osinfo": "debian11",
    "memory": 128,
    "virt_type": "qemu",
    "disks": [{"size": 0.01}],
    "import": True,
}
OFF: dict[str, t.Any] = {"method": [], "force": True}


@pytest.fixture(name="hypervisor")
def fixture_hypervisor() -> t.Iterator[Hypervisor]:
    found = Hypervisor()
    found.clear()
    yield found
    for name in found.names():
        task_of(domain, name=name, state="absent", remove_volumes="all", shutdown=OFF)


def made(hypervisor: Hypervisor, name: str, **options: t.Any) -> t.Callable[[], str]:
    result = task_of(domain, name=name, **{**NEW, **options})
    assert not result.failed, result.msg
    return functools.partial(hypervisor.definition, name)


def machine(document: str) -> str:
    found = re.search(r"machine='([^']+)'", document)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("old", ["pc-q35-5.2", "pc-i440fx-5.2"])
def test_the_newest_machine(hypervisor: Hypervisor, old: str) -> None:
    read = made(hypervisor, "a", machine=old)
    assert machine(read()) == old
    three_ways(domain, read, name="a", machine="latest")
    assert machine(read()) > old
    assert machine(read()).rpartition("-")[0] == old.rpartition("-")[0]
    # And a new one.
    made(hypervisor, "b", machine="latest")
    assert not task_of(domain, name="b", machine="latest").changed


def test_the_newest_machine_of_a_running_guest(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", machine="pc-q35-5.2", state="running")
    number = hypervisor.number("a")
    done = three_ways(domain, read, name="a", machine="latest")
    assert done.values["restart_required"]
    assert hypervisor.number("a") == number
    restart: dict[str, t.Any] = {"restart": "if_required", "shutdown": OFF}
    assert task_of(domain, name="a", machine="latest", **restart).changed
    assert hypervisor.number("a") != number
    again = task_of(domain, name="a", machine="latest", **restart)
    assert (again.changed, again.values["restart_required"]) == (False, False)


def test_to_q35(hypervisor: Hypervisor) -> None:
    disks = [{"size": 0.01, "bus": "ide"}, {"size": 0.01, "bus": "virtio"}, {"device": "cdrom"}]
    read = made(hypervisor, "a", machine="pc", osinfo="win7", disks=disks)
    assert read().count("bus='ide'") == 2
    done = three_ways(domain, read, name="a", machine="q35")
    assert "IDE disks become SATA disks: hda, hdb" in str(done.values["warnings"])
    assert read().count("bus='sata'") == 2
    assert (read().count("model='pcie-root-port'"), "'e1000e'" in read()) == (14, True)
    # It starts with them.
    assert not task_of(domain, name="a", state="running", memory=64).failed


def test_to_q35_of_a_running_guest(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", machine="pc", state="running")
    three_ways(domain, read, name="a", machine="q35")
    restart: dict[str, t.Any] = {"restart": "if_required", "shutdown": OFF}
    assert task_of(domain, name="a", machine="q35", **restart).changed
    again = task_of(domain, name="a", machine="q35", **restart)
    assert (again.changed, again.values["restart_required"]) == (False, False)


@pytest.mark.parametrize(
    "options",
    [
        {"graphics": "vnc", "exclusive": ["graphics"]},
        {"graphics": ["vnc", {"type": "spice", "state": "absent"}]},
        {"graphics": "none"},
    ],
)
@pytest.mark.parametrize("state", ["stopped", "running"])
def test_the_last_spice(hypervisor: Hypervisor, options: dict[str, t.Any], state: str) -> None:
    read = made(hypervisor, "a", graphics="spice", state=state)
    assert read().count("spice") > 3
    done = three_ways(domain, read, name="a", **options)
    assert "channel and redirdev of it go" in str(done.values["warnings"])
    assert "spice" not in read()


def test_one_of_two_graphics(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", graphics=["spice", "vnc"])
    served = read().count("spicevmc")
    three_ways(domain_device, read, domain="a", graphics="vnc", state="absent")
    assert read().count("spicevmc") == served == 3


@pytest.mark.parametrize(
    "options",
    [
        {"graphics": "spice", "state": "absent"},
        {"match": {"type": "spice"}, "graphics": "vnc"},
    ],
)
def test_the_last_spice_by_device(hypervisor: Hypervisor, options: dict[str, t.Any]) -> None:
    read = made(hypervisor, "a", graphics="spice")
    three_ways(domain_device, read, domain="a", **options)
    assert "spice" not in read()


def test_what_needs_spice_is_wanted_as_well(hypervisor: Hypervisor) -> None:
    read = made(hypervisor, "a", graphics="spice")
    before = read()
    options: dict[str, t.Any] = {"graphics": "none", "redirdev": {"type": "spicevmc"}}
    failed = task_of(domain, name="a", **options)
    assert failed.failed
    assert "SPICE can't go while the task wants redirdev" in failed.msg
    assert read() == before
