# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of a host, with drivers that lack calls, and devices that come and go."""

from __future__ import annotations

import contextlib
import types
import typing as t

import pytest

libvirt = pytest.importorskip("libvirt")

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import node


def refused(name: str) -> t.Callable[..., t.NoReturn]:
    """A call that libvirt answers with this code."""

    def call(*_arguments: object) -> t.NoReturn:
        error = libvirt.libvirtError("")
        error.err = (getattr(libvirt, name), 0, "no", 0, "", None, None, 0, 0)
        raise error

    return call


def connection(**calls: t.Any) -> t.Any:
    """A connection whose driver has these calls; they are functions, or what is answered."""
    answers = {
        name: call if callable(call) else lambda *_arguments, value=call: value
        for name, call in calls.items()
    }
    return types.SimpleNamespace(
        raw=types.SimpleNamespace(**answers),
        explained=lambda _doing: contextlib.nullcontext(),
        version=lambda: 12008003,
    )


INFO = ["x86_64", 2048, 8, 2600, 1, 2, 2, 2]
LACKS = refused("VIR_ERR_NO_SUPPORT")


def test_memory_by_its_statistics() -> None:
    known = {"total": 4096, "free": 1024, "buffers": 16, "cached": 512}
    cpus, memory = node.cpus_and_memory(connection(getInfo=INFO, getMemoryStats=known))
    assert cpus == node.Cpus("x86_64", 8, 2600, 1, 2, 2, 2)
    assert memory == (4096 * 1024, 1024 * 1024, 16 * 1024, 512 * 1024)


def test_memory_without_statistics() -> None:
    cpus, memory = node.cpus_and_memory(
        connection(getInfo=INFO, getMemoryStats=LACKS, getFreeMemory=5000)
    )
    assert cpus is not None
    assert memory == (2048 * 1024 * 1024, 5000, None, None)


def test_a_driver_without_any_of_it() -> None:
    none = connection(
        getInfo=LACKS,
        getMemoryStats=LACKS,
        getFreeMemory=LACKS,
        getHostname=LACKS,
        getVersion=LACKS,
        getSysinfo=refused("VIR_ERR_CONFIG_UNSUPPORTED"),
        nodeDeviceLookupByName=LACKS,
        listAllDevices=LACKS,
        listAllNetworks=LACKS,
        listAllStoragePools=LACKS,
        getCellsFreeMemory=LACKS,
        getFreePages=LACKS,
    )
    assert node.cpus_and_memory(none) == (None, (None, None, None, None))
    assert node.hostname(none) is None
    assert node.versions(none)[:2] == ("12.8.3", None)
    assert node.firmware_tables(none) is None
    assert node.system(none) is None
    assert node.node_devices(none, None) == []
    assert node.networks(none) == []
    assert node.pools(none) == []
    assert node.free_in_cells(none, [0, 4]) == {}
    assert node.free_pages(none, [4], [0, 4]) == {}


def test_an_error_that_says_something_else_is_no_lack() -> None:
    with pytest.raises(libvirt.libvirtError):
        node.hostname(connection(getHostname=refused("VIR_ERR_INTERNAL_ERROR")))
    with pytest.raises(libvirt.libvirtError):
        node.networks(connection(listAllNetworks=refused("VIR_ERR_AUTH_FAILED")))


def test_a_host_without_the_device_of_itself() -> None:
    lost = connection(nodeDeviceLookupByName=refused("VIR_ERR_NO_NODE_DEVICE"))
    assert node.system(lost) is None


def device(name: str, kind: str = "mdev", **calls: t.Any) -> t.Any:
    text = f"<device><name>{name}</name><capability type='{kind}'/></device>"
    return types.SimpleNamespace(**{"XMLDesc": lambda _flags: text, **calls})


def test_devices_by_name_without_those_that_have_gone() -> None:
    denied = refused("VIR_ERR_OPERATION_DENIED")
    found = node.node_devices(
        connection(
            listAllDevices=[
                device("b", isActive=lambda: 0, isPersistent=lambda: 1, autostart=denied),
                device("gone", XMLDesc=refused("VIR_ERR_NO_NODE_DEVICE")),
                # libvirt-python before 7.3.
                device("a"),
                device("c", "pci"),
            ]
        ),
        None,
    )
    assert [each.document.value("name") for each in found] == ["a", "b", "c"]
    assert [each[1:] for each in found] == [
        (None, None, None),
        (False, True, None),
        (True, False, False),
    ]


def test_kinds_of_devices_are_flags() -> None:
    asked: list[int] = []

    def listed(flags: int) -> list[t.Any]:
        asked.append(flags)
        return []

    node.node_devices(connection(listAllDevices=listed), ["pci", "net"])
    node.node_devices(connection(listAllDevices=listed), None)
    assert asked == [
        libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
        | libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET,
        0,
    ]


def test_no_kinds_are_not_all_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags of 0 stand for all devices, and a kind that is too new for the library has none."""
    everything = connection(listAllDevices=[device("a")])
    assert node.node_devices(everything, []) == []
    monkeypatch.delattr(libvirt, "VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD", raising=False)
    assert node.node_devices(everything, ["vpd"]) == []


@pytest.mark.parametrize("kind", node.DEVICE_FLAGS)
def test_each_kind_of_devices_is_known_to_libvirt(kind: str) -> None:
    names = [name for name in dir(libvirt) if name.startswith("VIR_CONNECT_LIST_NODE_DEVICES_CAP_")]
    # libvirt 12.0
    newer = {"ccwgroup"}
    assert f"VIR_CONNECT_LIST_NODE_DEVICES_CAP_{node.DEVICE_FLAGS[kind]}" in names or kind in newer


def test_networks_in_four_calls() -> None:
    a, b = (types.SimpleNamespace(name=lambda n=n: n, UUIDString=lambda n=n: n * 2) for n in "ab")
    by_flag = {
        0: [b, a],
        libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE: [b],
        libvirt.VIR_CONNECT_LIST_NETWORKS_PERSISTENT: [a, b],
        libvirt.VIR_CONNECT_LIST_NETWORKS_AUTOSTART: [a],
    }
    found = node.networks(connection(listAllNetworks=by_flag.__getitem__))
    assert found == [("a", "aa", False, True, True), ("b", "bb", True, True, False)]


def test_cells_are_asked_one_by_one() -> None:
    """Numbers of cells may be left out, and a cell may have no memory."""

    def free(cell: int, count: int) -> list[int]:
        assert count == 1
        if cell == 4:
            refused("VIR_ERR_OPERATION_FAILED")()
        return [cell * 10]

    assert node.free_in_cells(connection(getCellsFreeMemory=free), [0, 4, 8]) == {0: 0, 8: 80}
