# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests that move between two real libvirtds, there and back."""

from __future__ import annotations

import functools
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_migrate
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hypervisor import Hypervisor, Result, task_of
from .second_host import FIRST, IMAGES, SECOND, SecondHost
from .three_ways import assert_fails, three_ways

NAME = "moving"
UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
ADDRESS = "tcp://127.0.0.1"

there = {"domain": NAME, "destination": SECOND, "migrate_uri": ADDRESS}
back = {"domain": NAME, "uri": SECOND, "destination": FIRST, "migrate_uri": ADDRESS}


class World(t.NamedTuple):
    """Both hosts."""

    first: Hypervisor
    second: SecondHost

    def state(self) -> object:
        """All that a task may change."""
        return [
            (
                [
                    (domain.name(), domain.state(), domain.autostart(), domain.XMLDesc(2))
                    for domain in host.raw.listAllDomains()
                ],
                [pool.listVolumes() for pool in host.raw.listAllStoragePools() if pool.isActive()],
            )
            for host in self
        ]

    def define(self, devices: str = "", more: str = "", system: str = "") -> t.Any:
        return self.first.raw.defineXML(document(devices, more, system))

    def where(self) -> tuple[str, str]:
        """What the domain is on both hosts: ``absent``, ``off`` or ``active``."""
        return where(self.first), where(self.second)

    def moved(self, **options: t.Any) -> Result:
        return three_ways(domain_migrate, self.state, **{**there, **options})

    def fails(self, words: str, **options: t.Any) -> None:
        assert_fails(domain_migrate, self.state, words, **{**there, **options})


def where(host: Hypervisor) -> str:
    for domain in host.raw.listAllDomains():
        if domain.UUIDString() == UUID:
            return "active" if domain.isActive() else "off"
    return "absent"


def document(devices: str = "", more: str = "", system: str = "") -> str:
    return (
        f"<domain type='qemu'><name>{NAME}</name><uuid>{UUID}</uuid><title>Moves</title>"
        f"<metadata><x:tags xmlns:x='urn:x'>web</x:tags></metadata>"
        f"<memory unit='MiB'>64</memory><os><type arch='x86_64' machine='pc'>hvm</type>{system}</os>"
        f"<features><acpi/></features>{more}<devices>{devices}<memballoon model='none'/></devices></domain>"
    )


@pytest.fixture
def world(hypervisor: Hypervisor) -> t.Iterator[World]:
    IMAGES.mkdir(exist_ok=True)
    found = World(hypervisor, SecondHost())
    found.second.clear()
    yield found
    found.second.clear()
    found.second.clear_images()
    hypervisor.clear()
    hypervisor.clear_pools()
    for image in IMAGES.iterdir():
        image.unlink()


task = functools.partial(task_of, domain_migrate)


def done(**options: t.Any) -> Result:
    result = task(**options)
    assert not result.failed, result.msg
    return result


def disk(name: str = "disk.qcow2", target: str = "vda", size: str = "8M") -> str:
    path = IMAGES / name
    form = path.suffix[1:]
    subprocess.run(["qemu-img", "create", "-q", "-f", form, str(path), size], check=True)
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/></disk>"
    )


def write(path: pathlib.Path, pattern: int) -> None:
    command = ["qemu-io", "-f", path.suffix[1:], "-c", f"write -P {pattern} 1M 64k", str(path)]
    subprocess.run(command, check=True, capture_output=True)


READ = "read -P {} 1M 64k"


def has(run: t.Callable[..., str], path: pathlib.Path, pattern: int) -> bool:
    """Whether an image has the pattern that was written."""
    command = f"qemu-io -U -f {path.suffix[1:]} -c '{READ.format(pattern)}' {path}"
    return "Pattern verification failed" not in run("sh", "-c", command)


def test_a_running_guest_moves_there_and_back(world: World) -> None:
    domain = world.define()
    domain.setAutostart(True)
    domain.create()
    result = world.moved()
    assert [change["path"] for change in result.values["changes"]] == ["host"]
    assert result.values["domain"]["state"] == "running"
    assert result.values["domain"]["autostart"] is True
    assert result.values["statistics"]["memory_total"] > 64 * 1024**2
    assert world.where() == ("absent", "active")
    arrived = world.second.raw.lookupByUUIDString(UUID)
    assert arrived.isPersistent()
    assert arrived.autostart()
    for flags in (0, 2):
        metadata = parse(arrived.XMLDesc(flags)).child("metadata")
        assert metadata is not None
        assert [child.tag for child in metadata.children] == ["{urn:x}tags"]
    # By the UUID too, of which the name isn't known at the source.
    assert not done(**{**there, "domain": UUID}).changed
    arrived.setAutostart(False)
    three_ways(domain_migrate, world.state, **back)
    assert world.where() == ("active", "absent")
    assert not world.first.raw.lookupByUUIDString(UUID).autostart()
