# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can change while a guest runs, and by which call.

The calls are those of https://libvirt.org/html/libvirt-libvirt-domain.html; what
QEMU's driver takes is in ``qemu_hotplug.c`` and ``qemu_driver.c``. A change that
no row speaks of waits for a restart.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._xmltree.element import Element
from ..amounts import kib
from ..book import below
from ..spelling import integer

_ALL = ("add", "remove", "modify", "move")
_SET = ("add", "modify")
#: By which a disk can be reached that comes or goes while the guest runs.
_PLUGGABLE_BUSES = ("virtio", "scsi", "usb")
_DRIVES = ("cdrom", "floppy")
#: The serial ports that are devices of a hot-pluggable bus.
_PLUGGABLE_PORTS = ("pci-serial", "usb-serial")
#: qemuDomainAttachWatchdog
_PLUGGABLE_WATCHDOGS = ("i6300esb", "diag288")


class Unit(t.NamedTuple):
    """What a call changes: a device, or a child of the domain.

    ``wanted`` and ``present`` are the two elements, ``None`` where there is none;
    ``domain`` is the running guest's document.
    """

    wanted: Element | None
    present: Element | None
    domain: Element

    @property
    def either(self) -> Element:
        """The element that is wanted, else the one that is there."""
        found = self.wanted if self.wanted is not None else self.present
        return found if found is not None else Element("none")


@dataclasses.dataclass(frozen=True)
class LiveCall:
    """What a call can change.

    ``path`` is as in other rows, and stands for everything below it as well;
    unless ``is_whole``, which is for a device that comes or goes. ``call`` names a
    function of ``hypervisor.live_calls``, ``shown`` and ``function`` tell a person
    what is changed by which function of libvirt. ``hinders`` gives the reason why it
    can't be done with a unit, ``None`` when it can; ``condition`` says the same in
    general.
    """

    path: str
    call: str
    shown: str
    function: str
    ops: tuple[str, ...] = _ALL
    is_whole: bool = False
    hinders: t.Callable[[Unit], str | None] = lambda unit: None
    condition: str = ""

    @functools.cached_property
    def _is_below(self) -> t.Callable[[str], bool]:
        return below(self.path)

    def fits(self, path: str, op: str) -> bool:
        """Whether the row speaks of such a change."""
        if op not in self.ops or (self.is_whole and path.count("/") != 1):
            return False
        return self._is_below(path)


def vcpu_count(vcpu: Element | None) -> tuple[int, int]:
    """How many virtual CPUs are plugged in, and how many there can be."""
    if vcpu is None:
        return 1, 1
    most = int(vcpu.text or 1)
    return int(vcpu.get("current") or most), most


def _more_memory_than_started(unit: Unit) -> str | None:
    balloon = unit.domain.find("devices/memballoon")
    if balloon is None or balloon.get("model") == "none":
        return "the guest has no memory balloon"
    wanted, most = kib(unit.wanted), kib(unit.domain.child("memory"))
    if wanted is not None and most is not None and wanted > most:
        return f"the guest was started with {most // 1024} MiB at most"
    return None


def _vcpus_of_start(unit: Unit) -> str | None:
    wanted = vcpu_count(unit.wanted)[0]
    present, most = vcpu_count(unit.present)
    if wanted > most:
        return f"the guest was started with {most} virtual CPUs at most"
    plugged = [
        vcpu
        for vcpu in unit.domain.findall("vcpus/vcpu")
        if vcpu.get("hotpluggable") == "yes" and vcpu.get("enabled") == "yes"
    ]
    if present - wanted > len(plugged):
        return "the virtual CPUs that the guest was started with can't be plugged out"
    return None


def _disk_is_fixed(unit: Unit) -> str | None:
    device, bus = unit.either.get("device"), unit.either.value("target/@bus")
    if bus in _PLUGGABLE_BUSES:
        return None
    if device in _DRIVES:
        return f"a drive on the bus {bus} can't be plugged in or out, only its medium"
    return f"a disk on the bus {bus} can't be plugged in or out"


def _disk_is_no_drive(unit: Unit) -> str | None:
    if unit.either.get("device") in _DRIVES:
        return None
    return "only the medium of a CD-ROM or a floppy can be changed"


def _controller_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.get("type")
    if kind == "scsi":
        return None
    return f"only SCSI controllers can be plugged in or out, and this one is for {kind}"


def _port_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.value("target/@type")
    return None if kind in _PLUGGABLE_PORTS else f"a serial port of the type {kind} is built in"


def _channel_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.value("target/@type")
    if kind == "virtio" and unit.present is None:
        return _no_port(unit)
    return None if kind in ("virtio", "guestfwd") else f"a channel of the type {kind} is built in"


def _no_port(unit: Unit) -> str | None:
    """virDomainVirtioSerialAddrAutoAssign: such controllers can't be plugged in."""
    there = [
        integer(one.get("index") or "0")
        for one in unit.domain.findall("devices/controller")
        if one.get("type") == "virtio-serial"
    ]
    number = unit.either.value("address/@controller")
    if there and (number is None or integer(number) in there):
        return None
    return "the guest was started without a virtio serial controller for it"


def _input_is_fixed(unit: Unit) -> str | None:
    bus = unit.either.get("bus")
    return None if bus in ("usb", "virtio") else f"an input device on the bus {bus} is built in"


def _memory_is_fixed(unit: Unit) -> str | None:
    if unit.domain.child("maxMemory") is None:
        return "the guest was started without slots for memory (maxMemory)"
    return None


def _file_system_is_fixed(unit: Unit) -> str | None:
    if unit.either.value("driver/@type") == "virtiofs":
        return None
    return "only file systems of the driver virtiofs can be plugged in or out"


def _watchdog_is_fixed(unit: Unit) -> str | None:
    kind = unit.either.get("model")
    return None if kind in _PLUGGABLE_WATCHDOGS else f"a watchdog of the model {kind} is built in"


def _plugged(
    tag: str,
    shown: str,
    hinders: t.Callable[[Unit], str | None] = lambda unit: None,
    condition: str = "",
) -> tuple[LiveCall, LiveCall]:
    path = f"devices/{tag}"
    return (
        LiveCall(
            *(path, "attach", f"plug in {shown}", "virDomainAttachDeviceFlags", ("add",)),
            *(True, hinders, condition),
        ),
        LiveCall(
            *(path, "detach", f"plug out {shown}", "virDomainDetachDeviceAlias", ("remove",)),
            *(True, hinders, condition),
        ),
    )


def _updated(path: str, shown: str, **conditions: t.Any) -> LiveCall:
    return LiveCall(f"devices/{path}", "update", shown, "virDomainUpdateDeviceFlags", **conditions)


#: The first row that fits holds.
LIVE_CALLS: tuple[LiveCall, ...] = (
    LiveCall(
        "currentMemory",
        "memory",
        "memory, by the balloon",
        "virDomainSetMemoryFlags",
        hinders=_more_memory_than_started,
        condition="with a memory balloon, up to the memory that the guest was started with",
    ),
    LiveCall(
        "vcpu/@current",
        "vcpus",
        "number of virtual CPUs",
        "virDomainSetVcpusFlags",
        hinders=_vcpus_of_start,
        condition="between the number that the guest was started with and its maximum",
    ),
    LiveCall(
        "cputune/vcpupin",
        "pin_vcpus",
        "CPUs that virtual CPUs run on",
        "virDomainPinVcpuFlags",
        _SET,
        condition="set or changed; what is to be unset waits for a restart",
    ),
    LiveCall(
        "cputune/emulatorpin",
        "pin_emulator",
        "CPUs that the emulator runs on",
        "virDomainPinEmulator",
        _SET,
        condition="set or changed; what is to be unset waits for a restart",
    ),
    LiveCall(
        "cputune/iothreadpin",
        "pin_iothreads",
        "CPUs that I/O threads run on",
        "virDomainPinIOThread",
        _SET,
        condition="set or changed; what is to be unset waits for a restart",
    ),
    LiveCall(
        "cputune/{shares,period,quota,global_period,global_quota,emulator_period,emulator_quota,"
        "iothread_period,iothread_quota}",
        "scheduler",
        "shares of CPU time, and their limits",
        "virDomainSetSchedulerParametersFlags",
        _SET,
        condition="set or changed; what is to be unset waits for a restart",
    ),
    LiveCall(
        "memtune/{hard_limit,soft_limit,swap_hard_limit}",
        "memory_limits",
        "limits of memory on the host",
        "virDomainSetMemoryParameters",
    ),
    LiveCall(
        "numatune/memory/@nodeset",
        "numa_nodes",
        "NUMA nodes of the host that memory comes from",
        "virDomainSetNumaParameters",
        _SET,
    ),
    LiveCall(
        "blkiotune/{weight,device}",
        "block_weights",
        "shares and limits of disk I/O on the host",
        "virDomainSetBlkioParameters",
        _SET,
        condition="set or changed; what is to be unset waits for a restart",
    ),
    LiveCall(
        "{iothreads,iothreadids}",
        "iothreads",
        "number of I/O threads",
        "virDomainAddIOThread, virDomainDelIOThread",
    ),
    LiveCall("title", "title", "title", "virDomainSetMetadata"),
    LiveCall("description", "description", "description", "virDomainSetMetadata"),
    LiveCall("metadata", "metadata", "metadata of applications", "virDomainSetMetadata"),
    LiveCall("perf", "perf_events", "performance events", "virDomainSetPerfEvents"),
    LiveCall(
        "{on_poweroff,on_reboot,on_crash}",
        "lifecycle",
        "what happens when the guest powers off, reboots or crashes",
        "virDomainSetLifecycleAction",
    ),
    LiveCall(
        "devices/disk/iotune",
        "block_io_tune",
        "limits of a disk's throughput",
        "virDomainSetBlockIoTune",
    ),
    _updated(
        "disk/{source,@type,driver/@type}",
        "medium of a CD-ROM or a floppy",
        hinders=_disk_is_no_drive,
        condition="not the source of a disk",
    ),
    _updated(
        "interface/{link,bandwidth,filterref,coalesce,source,virtualport,vlan,port}",
        "link state, network or bridge, bandwidth, filter and coalescing of an interface",
        condition="from a network or bridge to another, not to another type of connection",
    ),
    _updated(
        "graphics/@{passwd,passwdValidTo,connected}",
        "password of a graphics server, its expiry, and what a new connection does",
    ),
    _updated("memory/target/requested", "size of a virtio-mem device"),
    LiveCall(
        "devices/memballoon/stats",
        "memory_statistics",
        "period of the memory balloon's statistics",
        "virDomainSetMemoryStatsPeriod",
    ),
    *_plugged("disk", "a disk", _disk_is_fixed, "on the buses virtio, scsi and usb"),
    *_plugged("interface", "a network interface"),
    *_plugged("hostdev", "a device of the host"),
    *_plugged("controller", "a controller", _controller_is_fixed, "of the type scsi"),
    *_plugged("redirdev", "a redirected USB device"),
    *_plugged("rng", "a random number generator"),
    *_plugged("shmem", "shared memory"),
    *_plugged(
        "filesystem", "a shared file system", _file_system_is_fixed, "of the driver virtiofs"
    ),
    *_plugged("memory", "memory", _memory_is_fixed, "when the guest was started with slots for it"),
    *_plugged("watchdog", "a watchdog", _watchdog_is_fixed, "of the models i6300esb and diag288"),
    *_plugged("input", "an input device", _input_is_fixed, "on the buses usb and virtio"),
    *_plugged("vsock", "a vsock device"),
    *_plugged("lease", "a lease"),
    *_plugged("serial", "a serial port", _port_is_fixed, "of the types pci-serial and usb-serial"),
    *_plugged("channel", "a channel", _channel_is_fixed, "of the types virtio and guestfwd"),
)

#: What is left where a device can only be changed by plugging it out and in again.
REPLUG = "replug"
REPLUG_CALL = LiveCall(
    "devices/*",
    REPLUG,
    "a device that is plugged out and in again",
    "virDomainDetachDeviceAlias, virDomainAttachDeviceFlags",
)


def live_call(path: str, op: str) -> LiveCall | None:
    """The row for a change at this path of rows, ``None`` when none fits."""
    return next((row for row in LIVE_CALLS if row.fits(path, op)), None)
