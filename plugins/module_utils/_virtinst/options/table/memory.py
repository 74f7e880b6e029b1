# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory, and where it comes from."""

from __future__ import annotations

from ..rows import Group, Nothing, commas, integer, mebibytes, presence, text
from ..setters import memory
from .common import element

MEMORY = Group(
    "memory",
    ".",
    "how much memory the guest has, in MiB",
    (
        mebibytes(
            "memory",
            "memory",
            "what the guest starts with; with currentMemory, the most it can have",
        ),
        mebibytes(
            "currentMemory", "currentMemory", "what the guest starts with", set=memory.set_current
        ),
        mebibytes(
            "maxMemory",
            "maxMemory",
            "how much there can be when memory is plugged in",
            "hotplugmemorymax",
        ),
        integer(
            "maxMemory.slots",
            "maxMemory/@slots",
            "how many modules can be plugged in",
            "hotplugmemoryslots",
        ),
        mebibytes("maxmemory", "memory", "the most that the guest can have"),
        presence(
            "hugepages", "/memoryBacking/hugepages", "whether huge pages of the host are used"
        ),
    ),
    none=Nothing.REFUSED,
    flags=("--memory",),
    first=("memory",),
    prepare=memory.prepare,
)

NUMATUNE = Group(
    "numatune",
    "numatune",
    "NUMA nodes of the host that memory comes from",
    element(
        commas("memory.nodeset", "memory/@nodeset", "nodes, such as 0-2,^1", "nodeset"),
        text("memory.mode", "memory/@mode", "strict, interleave, preferred or restrictive", "mode"),
        text("memory.placement", "memory/@placement", "static, or auto to ask numad"),
        integer(
            "memnode[].cellid", "memnode[{}]/@cellid", "node of the guest that the settings are for"
        ),
        text("memnode[].mode", "memnode[{}]/@mode", "mode for this node of the guest"),
        commas(
            "memnode[].nodeset",
            "memnode[{}]/@nodeset",
            "nodes of the host for this node of the guest",
        ),
    ),
    flags=("--numatune",),
    first=("memory.nodeset",),
)

MEMTUNE = Group(
    "memtune",
    "memtune",
    "limits of the memory that the domain uses, in KiB",
    element(
        integer("hard_limit", "hard_limit", "the most that it may use", unit="KiB"),
        integer("soft_limit", "soft_limit", "what it is held to when memory is scarce", unit="KiB"),
        integer(
            "swap_hard_limit", "swap_hard_limit", "the most of memory and swap together", unit="KiB"
        ),
        integer("min_guarantee", "min_guarantee", "what is guaranteed to it", unit="KiB"),
    ),
    flags=("--memtune",),
    first=("soft_limit",),
)

MEMORYBACKING = Group(
    "memorybacking",
    "memoryBacking",
    "how the host provides the memory",
    element(
        presence("hugepages", "hugepages", "whether huge pages are used"),
        text(
            "hugepages.page[].size",
            "hugepages/page[{}]/@size",
            "size of the huge pages",
            "size",
            unit_option="hugepages.page[].unit",
        ),
        text(
            "hugepages.page[].unit",
            "hugepages/page[{}]/@unit",
            "unit of the size: K, M, G…",
            "unit",
        ),
        commas(
            "hugepages.page[].nodeset",
            "hugepages/page[{}]/@nodeset",
            "nodes of the guest that get these pages",
            "nodeset",
        ),
        presence("nosharepages", "nosharepages", "keep equal pages of guests apart"),
        presence("locked", "locked", "keep the guest in memory, never swapped out"),
        text("access.mode", "access/@mode", "shared or private", "access_mode"),
        text("source.type", "source/@type", "file, anonymous or memfd", "source_type"),
        presence("discard", "discard", "drop the content of memory when the guest ends"),
        text("allocation.mode", "allocation/@mode", "immediate or ondemand"),
        integer(
            "allocation.threads", "allocation/@threads", "how many threads allocate the memory"
        ),
    ),
    flags=("--memorybacking",),
)
