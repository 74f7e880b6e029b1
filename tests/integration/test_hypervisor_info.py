# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.hypervisor_info on a private libvirtd, and on libvirt's driver "test"."""

from __future__ import annotations

import json
import subprocess
import typing as t

import pytest
import yaml
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.node import (
    DEVICE_FLAGS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.hypervisor.info import (
    GATHERED,
    USUAL,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import hypervisor_info

from .hypervisor import URI, Hypervisor, task_of

TEST = "test:///default"
#: What is returned whatever is asked for.
ALWAYS = {
    *("uri", "hostname", "driver", "versions", "cpu", "memory", "system", "security_models"),
    "iommu",
}

NEED_WRITE = ("domain_capabilities", "xml")


def facts(**options: t.Any) -> dict[str, t.Any]:
    done = task_of(hypervisor_info, **{"uri": URI, **options})
    assert not done.failed, done.msg
    assert not done.changed
    return t.cast("dict[str, t.Any]", done.values["hypervisor"])


def virsh(*arguments: str) -> dict[str, str]:
    """The lines ``key: value`` that virsh prints."""
    printed = subprocess.run(
        ["virsh", "-c", URI, *arguments], check=True, capture_output=True, text=True
    ).stdout
    pairs = (line.partition(":") for line in printed.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, _colon, value in pairs}


def test_the_cpus_and_versions_are_those_of_virsh(hypervisor: Hypervisor) -> None:
    found = facts(gather=[])
    assert set(found) == ALWAYS
    info = virsh("nodeinfo")
    cpu = found["cpu"]
    assert [
        str(cpu[name]) for name in ("arch", "total", "numa_nodes", "sockets", "cores", "threads")
    ] == [
        info[name]
        for name in (
            *("CPU model", "CPU(s)", "NUMA cell(s)", "CPU socket(s)"),
            *("Core(s) per socket", "Thread(s) per core"),
        )
    ]
    said = virsh("version")
    assert found["versions"]["libvirt"] == said["Using API"].split()[-1]
    assert found["versions"]["hypervisor"] == said["Running hypervisor"].split()[-1]
    total = virsh("nodememstats")["total"]
    assert found["memory"]["total"] == int(total.split()[0]) * 1024
    assert 0 < found["memory"]["free"] < found["memory"]["total"]
    assert (found["uri"], found["driver"]) == (URI, "qemu")


def test_the_usual_parts(hypervisor: Hypervisor) -> None:
    assert set(facts()) == {*ALWAYS, *USUAL}
    assert set(facts(gather=list(GATHERED))) == {*ALWAYS, *GATHERED}


def test_guests_of_one_architecture_and_machine(hypervisor: Hypervisor) -> None:
    arm = facts(gather=["guests"], arch="aarch64")["guests"]
    assert {guest["arch"] for guest in arm} == {"aarch64"}
    assert any("virt" in guest["machines"] for guest in arm)
    own = facts(gather=["guests"], machine="q35", virt_type="qemu")["guests"]
    assert {(guest["arch"], guest["virt_type"]) for guest in own} == {
        ("x86_64", "qemu"),
        ("i686", "qemu"),
    }
    assert all(guest["aliases"]["q35"].startswith("pc-q35-") for guest in own)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("x86_64", "pc-i440fx")),
        ({"machine": "q35"}, ("x86_64", "pc-q35")),
        ({"arch": "aarch64", "machine": "virt"}, ("aarch64", "virt-")),
    ],
)
def test_domain_capabilities(
    hypervisor: Hypervisor, options: dict[str, str], expected: tuple[str, str]
) -> None:
    found = facts(gather=["domain_capabilities"], virt_type="qemu", **options)[
        "domain_capabilities"
    ]
    assert (found["arch"], found["machine"][: len(expected[1])]) == expected
    assert found["virt_type"] == "qemu"
    assert found["firmware"]["automatic"] == ["efi"]
    assert found["firmware"]["loaders"]
    assert found["devices"]["rng"]["supported"]
    assert "virtio" in found["devices"]["rng"]["model"]
    assert "custom" in found["cpu"]["modes"]
    assert found["max_vcpus"] > 1


@pytest.mark.parametrize(
    "options",
    [
        {"arch": "vax"},
        {"machine": "pc-9.9"},
        {"virt_type": "xen"},
        {"arch": "s390x", "machine": "q35"},
    ],
)
def test_what_the_host_can_not_run(hypervisor: Hypervisor, options: dict[str, str]) -> None:
    found = facts(gather=["guests", "domain_capabilities", "xml"], **options)
    assert (found["guests"], found["domain_capabilities"]) == ([], None)
    assert found["xml"]["domain_capabilities"] is None
    assert "<host>" in found["xml"]["capabilities"]


def test_numa_is_that_of_the_kernel(hypervisor: Hypervisor) -> None:
    cells = facts(gather=["numa"])["numa"]
    cpus = [cpu["id"] for cell in cells for cpu in cell["cpus"]]
    assert cpus == list(range(hypervisor.raw.getInfo()[2]))
    for cell in cells:
        assert 0 < cell["free"] <= cell["memory"] * 1.01
        assert cell["pages"][0]["size"] == 4096
        assert cell["pages"][0]["free"] * 4096 <= cell["memory"]


def test_networks_and_pools(hypervisor: Hypervisor) -> None:
    raw = hypervisor.raw
    hypervisor.clear_pools()
    raw.storagePoolDefineXML(
        "<pool type='dir'><name>off</name><target><path>/run/off</path></target></pool>"
    )
    on = raw.storagePoolCreateXML(
        "<pool type='dir'><name>passing</name><target><path>/run</path></target></pool>"
    )
    network = raw.networkLookupByName("default")
    network.setAutostart(1)
    try:
        found = facts(gather=["networks", "pools"])
    finally:
        network.setAutostart(0)
        hypervisor.clear_pools()
    assert found["networks"] == [
        {
            "name": "default",
            "uuid": network.UUIDString(),
            "state": "active",
            "persistent": True,
            "autostart": True,
        }
    ]
    assert [(each["name"], each["state"], each["persistent"]) for each in found["pools"]] == [
        ("off", "inactive", True),
        ("passing", "active", False),
    ]
    assert found["pools"][1]["uuid"] == on.UUIDString()


def test_devices(hypervisor: Hypervisor) -> None:
    names = [device.name() for device in hypervisor.raw.listAllDevices()]
    found = facts(gather=["devices"])["devices"]
    assert [device["name"] for device in found] == sorted(names)
    by_type: dict[str, list[dict[str, t.Any]]] = {}
    for device in found:
        by_type.setdefault(device["type"], []).append(device)
    assert set(by_type) <= set(DEVICE_FLAGS)
    loopback = next(device for device in by_type["net"] if device["interface"] == "lo")
    assert (loopback["mac"], loopback["parent"]) == ("00:00:00:00:00:00", "computer")
    for kind, devices in by_type.items():
        only = facts(gather=["devices"], device_types=[kind])["devices"]
        assert [device["name"] for device in only] == [device["name"] for device in devices]
    assert facts(gather=["devices"], device_types=[])["devices"] == []


def test_a_device_of_the_result_is_one_that_libvirt_knows(hypervisor: Hypervisor) -> None:
    for device in facts(gather=["devices"], device_types=["pci"])["devices"]:
        raw = hypervisor.raw.nodeDeviceLookupByName(device["name"])
        assert raw.parent() == device["parent"]
        assert device["path"].endswith(device["address"])


def test_the_driver_test() -> None:
    found = facts(uri=TEST, gather=list(GATHERED))
    assert found["driver"] == "test"
    assert found["cpu"]["total"] == 16
    assert found["cpu"]["arch"] == "i686"
    assert found["domain_capabilities"] is None
    assert {guest["os_type"] for guest in found["guests"]} == {"hvm", "xen"}
    assert [len(cell["cpus"]) for cell in found["numa"]] == [8, 8]
    assert [(pool["name"], pool["state"]) for pool in found["pools"]] == [
        ("default-pool", "active")
    ]
    assert found["sysinfo"]["bios"][0]["vendor"] == "LENOVO"
    assert found["system"]["serial"] == "123456"
    assert "scsi_host" in {device["type"] for device in found["devices"]}
    hosts = facts(uri=TEST, gather=["devices"], device_types=["fc_host"])["devices"]
    assert [device["name"] for device in hosts] == ["scsi_host1", "scsi_host11", "scsi_host2"]


def test_the_result_is_what_is_documented(hypervisor: Hypervisor) -> None:
    """Each key is in RETURN, and each key of RETURN is returned."""
    found = {**facts(gather=list(GATHERED)), "pools": []}
    documented = _documented()["hypervisor"]["contains"]
    assert set(found) == set(documented)
    for key, values in (("guests", found["guests"]), ("numa", found["numa"])):
        assert set(values[0]) == set(documented[key]["contains"])
    assert set(found["devices"][0]) == set(documented["devices"]["contains"])
    capabilities = found["domain_capabilities"]
    assert set(capabilities) == set(documented["domain_capabilities"]["contains"])
    for key in ("versions", "cpu", "memory", "system"):
        assert list(found[key]) or found[key] is None
        assert set(found[key]) == set(documented[key]["sample"]), key
    json.dumps(found)


def _documented() -> dict[str, t.Any]:
    from ansible_collections.declarative.libvirt.plugins.modules import hypervisor_info as module

    return t.cast("dict[str, t.Any]", yaml.safe_load(module.RETURN))


def test_a_read_only_connection(hypervisor: Hypervisor) -> None:
    """libvirt lets it read all but the domain capabilities (virConnectGetDomainCapabilities)."""
    uri = "qemu+unix:///system?socket=/run/libvirt/libvirt-sock-ro"
    found = facts(uri=uri, gather=[name for name in GATHERED if name not in NEED_WRITE])
    assert found["guests"]
    assert found["devices"]
    for name in NEED_WRITE:
        refused = task_of(hypervisor_info, uri=uri, gather=[name])
        assert refused.failed
        assert refused.msg == (
            "the hypervisor: libvirt failed to read what guests can have: operation forbidden: read "
            "only access prevents virConnectGetDomainCapabilities; use a uri that doesn't name libvirt's read-only socket"
        )
