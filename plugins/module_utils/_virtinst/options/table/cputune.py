# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where CPUs run and how much of them the domain gets."""

from __future__ import annotations

from ..rows import Group, Nothing, commas, integer, text
from .common import XPATH, element

_CACHE = "cachetune[{}]/cache[{}]"
_MONITOR = "cachetune[{}]/monitor[{}]"
_NODE = "memorytune[{}]/node[{}]"

CPUTUNE = Group(
    "cputune",
    "cputune",
    "pinning, scheduling and limits of CPUs",
    element(
        integer("shares", "shares", "share of the CPU in comparison with other domains"),
        integer("period", "period", "period of the limit of each CPU, in microseconds"),
        integer("quota", "quota", "time for each CPU in a period, in microseconds"),
        integer("global_period", "global_period", "period of the limit of the whole domain"),
        integer("global_quota", "global_quota", "time for the whole domain in a period"),
        integer("emulator_period", "emulator_period", "period of the limit of the emulator"),
        integer("emulator_quota", "emulator_quota", "time for the emulator in a period"),
        integer("iothread_period", "iothread_period", "period of the limit of I/O threads"),
        integer("iothread_quota", "iothread_quota", "time for I/O threads in a period"),
        integer("vcpupin[].vcpu", "vcpupin[{}]/@vcpu", "number of a CPU of the guest"),
        commas("vcpupin[].cpuset", "vcpupin[{}]/@cpuset", "CPUs of the host that it runs on"),
        commas(
            "emulatorpin.cpuset",
            "emulatorpin/@cpuset",
            "CPUs of the host that the emulator runs on",
        ),
        integer("iothreadpin[].iothread", "iothreadpin[{}]/@iothread", "number of an I/O thread"),
        commas(
            "iothreadpin[].cpuset", "iothreadpin[{}]/@cpuset", "CPUs of the host that it runs on"
        ),
        text("emulatorsched.scheduler", "emulatorsched/@scheduler", "batch, idle, fifo or rr"),
        integer(
            "emulatorsched.priority",
            "emulatorsched/@priority",
            "priority for fifo and rr, from 1 to 99",
        ),
        commas(
            "vcpusched[].vcpus",
            "vcpusched[{}]/@vcpus",
            "CPUs of the guest that the scheduler is for",
        ),
        text("vcpusched[].scheduler", "vcpusched[{}]/@scheduler", "batch, idle, fifo or rr"),
        integer("vcpusched[].priority", "vcpusched[{}]/@priority", "priority for fifo and rr"),
        commas(
            "iothreadsched[].iothreads",
            "iothreadsched[{}]/@iothreads",
            "I/O threads that the scheduler is for",
        ),
        text(
            "iothreadsched[].scheduler", "iothreadsched[{}]/@scheduler", "batch, idle, fifo or rr"
        ),
        integer(
            "iothreadsched[].priority", "iothreadsched[{}]/@priority", "priority for fifo and rr"
        ),
        commas(
            "cachetune[].vcpus",
            "cachetune[{}]/@vcpus",
            "CPUs of the guest that share a part of the cache",
        ),
        integer("cachetune[].cache[].id", f"{_CACHE}/@id", "number of the host's cache"),
        integer("cachetune[].cache[].level", f"{_CACHE}/@level", "level of the cache"),
        text("cachetune[].cache[].type", f"{_CACHE}/@type", "code, data or both"),
        integer(
            "cachetune[].cache[].size",
            f"{_CACHE}/@size",
            "how much of the cache they get",
            unit_option="cachetune[].cache[].unit",
        ),
        text("cachetune[].cache[].unit", f"{_CACHE}/@unit", "unit of the size"),
        integer(
            "cachetune[].monitor[].level",
            f"{_MONITOR}/@level",
            "level of the cache that is watched",
        ),
        commas(
            "cachetune[].monitor[].vcpus",
            f"{_MONITOR}/@vcpus",
            "CPUs of the guest that are watched",
        ),
        commas(
            "memorytune[].vcpus",
            "memorytune[{}]/@vcpus",
            "CPUs of the guest that share a part of the bandwidth",
        ),
        integer("memorytune[].node[].id", f"{_NODE}/@id", "number of the host's node"),
        integer(
            "memorytune[].node[].bandwidth",
            f"{_NODE}/@bandwidth",
            "part of the memory bandwidth, in per cent",
        ),
    ),
    flags=("--cputune",),
    none=Nothing.VALUE,
)

BLKIOTUNE = Group(
    "blkiotune",
    "blkiotune",
    "how much of the host's disks the domain gets",
    element(
        integer("weight", "weight", "weight in comparison with other domains, from 10 to 1000"),
        text("device[].path", "device[{}]/path", "a block device of the host", "device_path"),
        text("device[].weight", "device[{}]/weight", "weight for this device", "device_weight"),
        integer(
            "device[].read_bytes_sec",
            "device[{}]/read_bytes_sec",
            "bytes that may be read each second",
            "read_bytes_sec",
            unit="b",
        ),
        integer(
            "device[].write_bytes_sec",
            "device[{}]/write_bytes_sec",
            "bytes that may be written each second",
            "write_bytes_sec",
            unit="b",
        ),
        integer(
            "device[].read_iops_sec",
            "device[{}]/read_iops_sec",
            "reads each second",
            "read_iops_sec",
        ),
        integer(
            "device[].write_iops_sec",
            "device[{}]/write_iops_sec",
            "writes each second",
            "write_iops_sec",
        ),
    ),
    flags=("--blkiotune",),
    first=("weight",),
)

IOTHREADS = Group(
    "iothreads",
    ".",
    "threads of the emulator for disks",
    (
        *XPATH,
        integer("iothreads", "iothreads", "number of threads"),
        integer("iothreadids.iothread[].id", "iothreadids/iothread[{}]/@id", "number of a thread"),
        integer(
            "iothreadids.iothread[].thread_pool_min",
            "iothreadids/iothread[{}]/@thread_pool_min",
            "fewest workers of this thread",
        ),
        integer(
            "iothreadids.iothread[].thread_pool_max",
            "iothreadids/iothread[{}]/@thread_pool_max",
            "most workers of this thread",
        ),
        *(
            integer(
                f"iothreadids.iothread[].poll.{name}",
                f"iothreadids/iothread[{{}}]/poll/@{name}",
                about,
            )
            for name, about in (
                ("max", "longest time that this thread polls, in nanoseconds; 0 for never"),
                ("grow", "by what the time is multiplied when it was too short"),
                ("shrink", "by what the time is divided when it was too long"),
            )
        ),
        integer(
            "defaultiothread.thread_pool_min",
            "defaultiothread/@thread_pool_min",
            "fewest workers of the emulator's main thread",
        ),
        integer(
            "defaultiothread.thread_pool_max",
            "defaultiothread/@thread_pool_max",
            "most workers of the emulator's main thread",
        ),
    ),
    flags=("--iothreads",),
    first=("iothreads",),
)
