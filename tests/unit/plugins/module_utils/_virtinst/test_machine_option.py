# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst import machine_option
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.existing import (
    domain_options,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from . import hosts

CAPABILITIES = """
<capabilities>
  <host><cpu><arch>x86_64</arch></cpu></host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <machine>pc-q35-6.2</machine>
      <machine canonical='pc-q35-7.2'>q35</machine>
      <machine canonical='pc-i440fx-7.2'>pc</machine>
      <machine canonical='microvm-7.2'>microvm</machine>
      <domain type='qemu'/>
    </arch>
  </guest>
</capabilities>
"""


def domain(machine: str, devices: str = "") -> Element:
    return parse(
        f"<domain type='qemu'><name>a</name><os><type arch='x86_64' machine='{machine}'>hvm</type>"
        f"</os><devices>{devices}</devices></domain>"
    )


@pytest.mark.parametrize(
    ("machine", "newest"),
    [
        ("pc-q35-5.2", "pc-q35-7.2"),
        ("pc-q35-7.2", "pc-q35-7.2"),
        # That QEMU has it no more is why it is refreshed.
        ("pc-i440fx-1.4", "pc-i440fx-7.2"),
        ("q35", "pc-q35-7.2"),
        ("microvm-6.0", "microvm-7.2"),
    ],
)
def test_latest(machine: str, newest: str) -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    found = machine_option.resolved(host, {"machine": "latest"}, domain(machine))
    assert found == {"machine": newest}


def test_latest_of_a_new_domain_is_the_default() -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    assert machine_option.resolved(host, {"machine": "latest", "vcpus": 2}, None) == {"vcpus": 2}


def test_latest_of_an_unknown_family() -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    with pytest.raises(OptionError, match=r"machine: latest: .*isapc.*q35, pc, microvm"):
        machine_option.resolved(host, {"machine": "latest"}, domain("isapc"))


def test_a_machine_type_that_the_host_has_not() -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    with pytest.raises(OptionError, match=r"machine: the host has no machine type q36 .*q35"):
        machine_option.resolved(host, {"machine": "q36"}, domain("q35"))


def test_a_machine_type_that_the_domain_has_stays_although_the_host_has_it_no_more() -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    options = {"machine": "pc-q35-2.4"}
    assert machine_option.resolved(host, options, domain("pc-q35-2.4")) == options


def test_an_empty_machine_type_leaves_it_as_it_is() -> None:
    host = hosts.host(capabilities=CAPABILITIES)
    assert machine_option.resolved(host, {"machine": ""}, domain("q35")) == {"machine": ""}


def test_machine_types_are_not_checked_where_the_host_lists_none() -> None:
    lines = [line for line in CAPABILITIES.splitlines() if "<machine" not in line]
    options = {"machine": "q36"}
    host = hosts.host(capabilities="\n".join(lines))
    assert machine_option.resolved(host, options, domain("q35")) == options


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ("q35", "pc-i440fx-7.2", True),
        ("pc-q35-7.2", "pc", True),
        ("q35", "pc-q35-5.2", False),
        ("pc", "pc-q35-5.2", False),
        (None, "pc", False),
        ("q35", "isapc", False),
    ],
)
def test_what_becomes_q35(new: str | None, old: str, expected: bool) -> None:
    assert machine_option.becomes_q35(new, domain(old)) == expected


DEVICES = (
    "<disk type='file' device='disk'><source file='/a'/><target dev='hda' bus='ide'/>"
    "<address type='drive' controller='0' bus='0' target='0' unit='0'/></disk>"
    "<disk type='file' device='disk'><source file='/b'/><target dev='vda' bus='virtio'/></disk>"
    "<interface type='user'><model type='e1000'/></interface>"
    "<interface type='user'><model type='virtio'/></interface>"
    "<sound model='ich6'/>"
)


def test_a_domain_becomes_a_q35() -> None:
    actual = domain("pc-i440fx-7.2", DEVICES)
    result = domain_options(hosts.host(capabilities=CAPABILITIES), {"machine": "q35"}, actual)
    left = result.taken(actual).document
    buses = [disk.value("target/@bus") for disk in left.findall("devices/disk")]
    assert buses == ["sata", "virtio"]
    assert left.find("devices/disk/address") is None
    assert [one.value("model/@type") for one in left.findall("devices/interface")] == [
        "e1000e",
        "virtio",
    ]
    assert left.value("devices/sound/@model") == "ich9"
    controllers = result.domain.findall("devices/controller")
    assert [one.get("index") for one in controllers] == [str(number) for number in range(15)]
    assert controllers[0].get("model") == "pcie-root"
    (note,) = result.notes
    assert "IDE disks become SATA disks: hda;" in note


def test_a_q35_stays_as_it_is() -> None:
    actual = domain("pc-q35-5.2", DEVICES)
    result = domain_options(hosts.host(capabilities=CAPABILITIES), {"machine": "q35"}, actual)
    assert result.taken(actual).document == actual
    assert result.domain.find("devices") is None
    assert result.notes == ()
