# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pasted command lines of virt-install."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.command_line import (
    read,
)

WHOLE = r"""
$ sudo virt-install --name web \
    --osinfo fedora37 --memory=4096 --vcpus 4,sockets=2 \
    --disk size=20,bus=virtio --disk '/images/my data.qcow2' \
    --network bridge=br0 --graphics none --import --noautoconsole
"""


def test_a_whole_command_line() -> None:
    line = read(WHOLE)
    assert line.options == {
        "name": "web",
        "osinfo": "fedora37",
        "memory": ["4096"],
        "vcpus": ["4,sockets=2"],
        "disk": ["size=20,bus=virtio", "/images/my data.qcow2"],
        "network": ["bridge=br0"],
        "graphics": ["none"],
        "import": True,
    }
    assert line.notes == ("--noautoconsole of virt-install is left out; no console is opened",)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("/usr/bin/virt-install --pxe", {"pxe": True}),
        ("--os-var gentoo", {"osinfo": "gentoo"}),
        ("-r 512 -n a", {"memory": ["512"], "name": "a"}),
        ("--ram 512 --memory 1024", {"memory": ["1024"]}),
        ("--vcpus 2 --cpuset 1-2", {"vcpus": ["2", ",cpuset=1-2"]}),
        ("--container --init /bin/sh", {"os_type": "exe", "boot": [",init=/bin/sh"]}),
        ("-f /a -f /b -s 5", {"disk": ["path=/a,size=5", "path=/b"]}),
        ("-s 5 --nonsparse", {"disk": ["size=5,sparse=no"]}),
        ("--nodisks --nonetworks", {"disk": ["none"], "network": ["none"]}),
        ("-m 52:54:00:00:00:01", {"network": ["default,mac=52:54:00:00:00:01"]}),
        ("-b br0 -b br1 -m 1", {"network": ["bridge=br0,mac=1", "bridge=br1"]}),
        ("-w bridge:br0", {"network": ["bridge=br0"]}),
        ("--vnc --vncport 5901 -k de", {"graphics": ["vnc,port=5901,keymap=de"]}),
        ("--nographics", {"graphics": ["none"]}),
        ("--noacpi --noapic", {"features": ["acpi=off,apic=off"]}),
        ("--sound --sound ich6", {"sound": ["default", "ich6"]}),
        ("--cloud-init", {"cloud_init": ""}),
        ("--location /tree -x a=b -x c", {"location": "/tree", "extra_args": ["a=b", "c"]}),
        ("--boot uefi --boot loader=/x", {"boot": ["uefi", "loader=/x"]}),
    ],
)
def test_options(text: str, options: dict[str, t.Any]) -> None:
    assert read(text).options == options


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("--dsk size=5", "did you mean --disk?"),
        ("--disk", "expected one argument"),
        ("--name my guest", "guest is no option"),
        ("--name 'open", "can't be split into words"),
        ("--disk=?", "disk asks for help"),
        ("--osinfo list", "osinfo asks for help"),
        ("--help", "asks for help"),
        ("--reinstall web --name other", "--reinstall names the domain"),
        ("--hvm --paravirt", "not allowed with"),
        ("--disk size=5 --nodisks", "--nodisks contradicts"),
        ("--disk size=5 -s 5", "can't be given together with --disk"),
        ("--bridge br0 --network default", "can't be given together"),
        ("--vnc --nographics", "only one of"),
        ("--vnc --graphics spice", "contradict --graphics"),
    ],
)
def test_what_can_not_be(text: str, reason: str) -> None:
    with pytest.raises(OptionError, match="virt_install: ") as error:
        read(text)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "--wait",
        "--wait 10",
        "--connect qemu:///system",
        "--print-xml",
        "--print-xml 1",
        "--dry-run",
        "-q",
        "--check all=off",
        "--noreboot",
        "--os-type linux",
        "--transient",
    ],
)
def test_what_says_nothing_of_a_domain_is_noted(text: str) -> None:
    line = read(text)
    assert line.options == {}
    assert [note for note in line.notes if "left out" not in note] == []
    assert len(line.notes) == 1


@pytest.mark.parametrize(
    ("text", "options", "task"),
    [
        ("--name a --autostart", {"name": "a"}, {"autostart": True}),
        ("--reinstall a --pxe", {"name": "a", "pxe": True}, {"reinstall": True}),
        ("--reinstall a -n a", {"name": "a"}, {"reinstall": True}),
    ],
)
def test_what_is_of_the_task(text: str, options: dict[str, t.Any], task: dict[str, t.Any]) -> None:
    line = read(text)
    assert (line.options, line.task, line.notes) == (options, task, ())


@pytest.mark.parametrize(
    ("check", "disk"),
    [
        ("disk_size=off", "size=5,sparse=yes"),
        ("path_in_use=off,disk_size=no", "size=5,sparse=yes"),
        ("all=off", "size=5,sparse=yes"),
        ("path_in_use=off", "size=5"),
        ("disk_size=on", "size=5"),
    ],
)
def test_a_disk_whose_size_is_not_checked_may_outgrow_its_pool(check: str, disk: str) -> None:
    line = read(f"--check {check} --disk size=5 --disk size=6,sparse=no --disk none")
    assert line.options["disk"] == [disk, "size=6,sparse=no", "none"]
    assert len(line.notes) == 1
