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

from ..amounts import kib, vcpu_count
from ..book import below
from .devices import DEVICES
from .plugging import Plug, Unit, disk_is_no_drive

_ALL = ("add", "remove", "modify", "move")
_SET = ("add", "modify")


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


def _more_memory_than_started(unit: Unit) -> str | None:
    balloon = unit.domain.find("devices/memballoon")
    if balloon is None or balloon.get("model") == "none":
        return "the guest has no memory balloon"
    wanted, most = kib(unit.desired), kib(unit.domain.child("memory"))
    if wanted is not None and most is not None and wanted > most:
        return f"the guest was started with {most // 1024} MiB at most"
    return None


def _vcpus_of_start(unit: Unit) -> str | None:
    wanted = vcpu_count(unit.desired)[0]
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


def _plugged(tag: str, plug: Plug) -> tuple[LiveCall, LiveCall]:
    shown, hinders, condition = plug
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
        hinders=disk_is_no_drive,
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
    *(call for row in DEVICES if row.plug is not None for call in _plugged(row.tag, row.plug)),
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
