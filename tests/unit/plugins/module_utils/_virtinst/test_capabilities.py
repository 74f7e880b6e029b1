# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)

from . import hosts


def test_the_hosts_architecture_and_the_fastest_type_are_preferred() -> None:
    choice = hosts.host().capabilities.choose()
    assert (choice.arch, choice.virt_type, choice.os_type) == ("x86_64", "kvm", "hvm")
    assert choice.emulator == "/usr/bin/qemu-system-x86_64"
    assert choice.machines == ("q35", "pc-q35-7.2")
    assert (choice.has_acpi, choice.has_apic, choice.has_pae) == (True, True, True)


def test_a_machine_decides_about_the_type() -> None:
    assert hosts.host().capabilities.choose(machine="pc").virt_type == "qemu"
    assert hosts.host().capabilities.choose(machine="pc-q35-7.2").virt_type == "kvm"


def test_another_architecture() -> None:
    choice = hosts.host().capabilities.choose(arch="aarch64")
    assert (choice.virt_type, choice.machines) == ("qemu", ("virt", "virt-7.2"))
    assert not choice.has_apic


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"arch": "sparc"}, "for the architecture sparc; it can run aarch64, x86_64"),
        ({"os_type": "exe"}, "guests of the type exe"),
        ({"virt_type": "xen"}, "with virt_type xen; it has qemu, kvm"),
        ({"machine": "virt"}, "^machine: the host has no machine type virt for x86_64; give one"),
        ({"machine": "pc-q36"}, "such as pc, q35"),
    ],
)
def test_what_the_host_can_not_run(properties: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        hosts.host().capabilities.choose(**properties)
