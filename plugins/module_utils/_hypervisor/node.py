# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine that a hypervisor runs on: its CPUs, memory and devices, and what is set up there.

No driver has all of these calls. What one lacks is ``None`` or empty.
"""

from __future__ import annotations

import functools
import typing as t

from .._xmltree.element import Element
from .._xmltree.parse import parse
from .connection import Connection
from .errors import is_code
from .flags import flag
from .libvirt_import import libvirt

T = t.TypeVar("T")

_KIB = 1024
_MIB = 1024 * 1024
#: The errors of a driver that lacks a call, of one that lacks it on this machine
#: (virConnectGetSysinfo without dmidecode), of one that doesn't know a flag, and of a NUMA cell
#: that can't be asked (virHostMemGetCellsFree, virHostMemGetFreePages).
_LACKS = (
    "VIR_ERR_NO_SUPPORT",
    "VIR_ERR_OPERATION_UNSUPPORTED",
    "VIR_ERR_CONFIG_UNSUPPORTED",
    "VIR_ERR_ARGUMENT_UNSUPPORTED",
    "VIR_ERR_INVALID_ARG",
    "VIR_ERR_OPERATION_FAILED",
)
#: The kinds of node devices, as ``virsh nodedev-list --cap`` names them, with what follows
#: VIR_CONNECT_LIST_NODE_DEVICES_CAP_ in the name of the flag: include/libvirt/libvirt-nodedev.h.
DEVICE_FLAGS = {
    "ap_card": "AP_CARD",
    "ap_matrix": "AP_MATRIX",
    "ap_queue": "AP_QUEUE",
    "ccw": "CCW_DEV",
    "ccwgroup": "CCWGROUP_DEV",
    "css": "CSS_DEV",
    "drm": "DRM",
    "fc_host": "FC_HOST",
    "mdev": "MDEV",
    "mdev_types": "MDEV_TYPES",
    "net": "NET",
    "pci": "PCI_DEV",
    "scsi": "SCSI",
    "scsi_generic": "SCSI_GENERIC",
    "scsi_host": "SCSI_HOST",
    "scsi_target": "SCSI_TARGET",
    "storage": "STORAGE",
    "system": "SYSTEM",
    "usb": "USB_INTERFACE",
    "usb_device": "USB_DEV",
    "vdpa": "VDPA",
    "vports": "VPORTS",
    "vpd": "VPD",
}


class Cpus(t.NamedTuple):
    """The CPUs of a machine, by virNodeGetInfo.

    ``arch`` is libvirt's name of the architecture. ``sockets`` are those of one NUMA node,
    ``cores`` those of a socket, and ``threads`` those of a core.
    ``mhz`` is ``None`` where the driver doesn't know it.
    """

    arch: str
    total: int
    mhz: int | None
    numa_nodes: int
    sockets: int
    cores: int
    threads: int


class Memory(t.NamedTuple):
    """The memory of a machine, in bytes; ``None`` where it is unknown."""

    total: int | None
    free: int | None
    buffers: int | None
    cached: int | None


class NodeDevice(t.NamedTuple):
    """A device of a machine: its document, and what that doesn't have.

    The others are ``None`` where libvirt doesn't know them of a mediated device (before 7.8).
    """

    document: Element
    active: bool | None
    persistent: bool | None
    autostart: bool | None


class Brief(t.NamedTuple):
    """A network or pool, as libvirt lists it."""

    name: str
    uuid: str
    active: bool
    persistent: bool
    autostart: bool


def cpus_and_memory(connection: Connection) -> tuple[Cpus | None, Memory]:
    """The CPUs and the memory of the machine.

    :raises HypervisorError: they can't be read.
    """
    raw = connection.raw
    with connection.explained("read the host's CPUs and memory"):
        info = _if_known(raw.getInfo)
        known = _if_known(lambda: raw.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)) or {}
        free = None if "free" in known else _if_known(raw.getFreeMemory)
    total = None if info is None else info[1] * _MIB
    memory = Memory(
        known["total"] * _KIB if "total" in known else total,
        known["free"] * _KIB if "free" in known else free,
        *(known[name] * _KIB if name in known else None for name in ("buffers", "cached")),
    )
    if info is None:
        return None, memory
    arch, _memory, total, mhz, nodes, sockets, cores, threads = info
    return Cpus(arch, total, mhz or None, nodes, sockets, cores, threads), memory


def hostname(connection: Connection) -> str | None:
    """The name of the machine."""
    with connection.explained("read the host's name"):
        return _if_known(connection.raw.getHostname)


def versions(connection: Connection) -> tuple[str, str | None, str]:
    """The versions of the hypervisor's libvirt, of the hypervisor, and of the client's libvirt."""
    with connection.explained("read the hypervisor's version"):
        own = _if_known(connection.raw.getVersion)
    return (
        _dotted(connection.version()),
        _dotted(own) if own else None,
        _dotted(libvirt.getVersion()),
    )


def firmware_tables(connection: Connection) -> Element | None:
    """The SMBIOS tables of the machine."""
    with connection.explained("read the host's SMBIOS tables"):
        text = _if_known(lambda: connection.raw.getSysinfo(0))
    return None if text is None else parse(text)


def system(connection: Connection) -> Element | None:
    """The document of the machine itself, which libvirt calls the device ``computer``."""
    with connection.explained("look at the host itself"):
        try:
            device = _if_known(lambda: connection.raw.nodeDeviceLookupByName("computer"))
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_NODE_DEVICE"):
                return None
            raise
        return None if device is None else parse(device.XMLDesc(0))


def free_in_cells(connection: Connection, cells: t.Sequence[int]) -> dict[int, int]:
    """The free memory of NUMA cells in bytes, as far as it is known."""
    found: dict[int, int] = {}
    with connection.explained("read the free memory of the host's NUMA cells"):
        for cell in cells:
            # A call for a range of cells fails where numbers are left out.
            free = _if_known(functools.partial(connection.raw.getCellsFreeMemory, cell, 1))
            if free:
                found[cell] = free[0]
    return found


def free_pages(
    connection: Connection, sizes: t.Sequence[int], cells: t.Sequence[int]
) -> dict[int, dict[int, int]]:
    """The numbers of free pages by their sizes in KiB, for each of the NUMA cells."""
    found: dict[int, dict[int, int]] = {}
    with connection.explained("read the free pages of the host's memory"):
        for cell in cells if sizes else ():
            ask = functools.partial(connection.raw.getFreePages, list(sizes), cell, 1, 0)
            free = _if_known(ask)
            found.update(free or {})
    return found


def node_devices(connection: Connection, kinds: t.Collection[str] | None) -> list[NodeDevice]:
    """The devices of the machine that are of one of these kinds, by name; all for ``None``.

    :raises HypervisorError: they can't be read.
    """
    numbers = 0
    for kind in kinds or ():
        numbers |= flag(f"VIR_CONNECT_LIST_NODE_DEVICES_CAP_{DEVICE_FLAGS[kind]}")
    if kinds is not None and not numbers:
        return []
    found = []
    with connection.explained("list the devices of the host"):
        for raw in _if_known(lambda: connection.raw.listAllDevices(numbers)) or []:
            try:
                found.append(_device(raw))
            except libvirt.libvirtError as error:
                # It has been plugged out meanwhile.
                if not is_code(error, "VIR_ERR_NO_NODE_DEVICE"):
                    raise
    return sorted(found, key=lambda device: device.document.value("name") or "")


def _device(raw: t.Any) -> NodeDevice:
    document = parse(raw.XMLDesc(0))
    if document.value("capability/@type") != "mdev":
        # Only mediated devices have definitions: virNodeDeviceDefineXML.
        return NodeDevice(document, active=True, persistent=False, autostart=False)
    return NodeDevice(
        document, *(_switch(raw, name) for name in ("isActive", "isPersistent", "autostart"))
    )


def _switch(raw: t.Any, name: str) -> bool | None:
    """One of a device's switches; a connection that may only read isn't told of autostart."""
    call = getattr(raw, name, None)
    found = None if call is None else _if_known(call, "VIR_ERR_OPERATION_DENIED")
    return None if found is None else bool(found)


def networks(connection: Connection) -> list[Brief]:
    """The networks of libvirt, by name.

    :raises HypervisorError: they can't be listed.
    """
    with connection.explained("list the networks"):
        return _listed(connection.raw, "listAllNetworks", "VIR_CONNECT_LIST_NETWORKS_")


def pools(connection: Connection) -> list[Brief]:
    """The storage pools, by name.

    :raises HypervisorError: they can't be listed.
    """
    with connection.explained("list the storage pools"):
        return _listed(connection.raw, "listAllStoragePools", "VIR_CONNECT_LIST_STORAGE_POOLS_")


def _listed(raw: t.Any, function: str, flags: str) -> list[Brief]:
    """What a function lists. Four calls for all of them, and not three for each."""

    def those(name: str) -> frozenset[str]:
        number = flag(flags + name)
        return frozenset(each.UUIDString() for each in getattr(raw, function)(number))

    found = _if_known(lambda: getattr(raw, function)(0))
    if not found:
        return []
    active, persistent, autostart = those("ACTIVE"), those("PERSISTENT"), those("AUTOSTART")
    listed = []
    for each in found:
        uuid = each.UUIDString()
        listed.append(
            Brief(each.name(), uuid, uuid in active, uuid in persistent, uuid in autostart)
        )
    return sorted(listed)


def _dotted(version: int) -> str:
    """A version as people write it; libvirt has major * 1000000 + minor * 1000 + release."""
    return f"{version // 1000000}.{version // 1000 % 1000}.{version % 1000}"


def _if_known(call: t.Callable[[], T], *others: str) -> T | None:
    """What a call returns; ``None`` where the driver lacks it, or for one of the other errors."""
    try:
        return call()
    except libvirt.libvirtError as error:
        if is_code(error, *_LACKS, *others):
            return None
        raise
