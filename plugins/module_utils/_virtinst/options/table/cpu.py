# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""CPUs: their model, their number and where they run."""

from __future__ import annotations

from ..rows import Group, Lists, Nothing, Option, commas, integer, on_off, text, yes_no
from ..setters import cpu, vcpus
from .common import element


def _feature(policy: str, about: str) -> Option:
    return text(policy, "feature/@policy", about, set=cpu.feature(policy), lists=Lists.EACH)


_CELL = "numa/cell[{}]"
_CELL_CACHE = f"{_CELL}/cache[{{}}]"
_LATENCY = "numa/interconnects/latency[{}]"
_BANDWIDTH = "numa/interconnects/bandwidth[{}]"

CPU = Group(
    "cpu",
    "cpu",
    "CPU model, features, topology and NUMA nodes of the guest",
    element(
        yes_no(
            "secure",
            None,
            "whether a named model gets the features against known attacks",
            set=cpu.set_secure,
        ),
        text(
            "model",
            "model",
            "a model, or host-passthrough, host-model, host-model-only, maximum, default or none",
            set=cpu.set_model,
        ),
        text("model.fallback", "model/@fallback", "allow or forbid a lesser model"),
        text("model.vendor_id", "model/@vendor_id", "vendor that the guest sees, of 12 characters"),
        text("vendor", "vendor", "vendor that the host's CPU must be of"),
        text("mode", "@mode", "custom, host-model, host-passthrough or maximum"),
        text("match", "@match", "minimum, exact or strict"),
        text("check", "@check", "none, partial or full"),
        on_off("migratable", "@migratable", "leave out features that prevent migration"),
        integer("topology.sockets", "topology/@sockets", "number of sockets"),
        integer("topology.dies", "topology/@dies", "number of dies in a socket"),
        integer("topology.cores", "topology/@cores", "number of cores in a die"),
        integer("topology.threads", "topology/@threads", "number of threads of a core"),
        integer("cache.level", "cache/@level", "level of the cache that is described"),
        text("cache.mode", "cache/@mode", "emulate, passthrough or disable"),
        text(
            "maxphysaddr.mode",
            "maxphysaddr/@mode",
            "passthrough or emulate: how wide the guest's physical addresses are",
        ),
        integer("maxphysaddr.bits", "maxphysaddr/@bits", "width of the addresses, in bits"),
        _feature("force", "feature that the guest has even if the host hasn't; also +NAME"),
        _feature("require", "feature that the guest has, and the host must have"),
        _feature("optional", "feature that the guest has if the host has"),
        _feature("disable", "feature that the guest hasn't; also -NAME"),
        _feature("forbid", "feature that the host mustn't have"),
        integer("numa.cell[].id", f"{_CELL}/@id", "number of the node", "cell[].id"),
        commas(
            "numa.cell[].cpus", f"{_CELL}/@cpus", "CPUs of the node, such as 0-3,7", "cell[].cpus"
        ),
        integer(
            "numa.cell[].memory",
            f"{_CELL}/@memory",
            "memory of the node, in KiB unless there is a unit",
            "cell[].memory",
            unit_option="numa.cell[].unit",
        ),
        text("numa.cell[].unit", f"{_CELL}/@unit", "unit of the memory"),
        text("numa.cell[].memAccess", f"{_CELL}/@memAccess", "shared or private"),
        yes_no(
            "numa.cell[].discard",
            f"{_CELL}/@discard",
            "drop the content of memory when the guest ends",
        ),
        integer(
            "numa.cell[].distances.sibling[].id",
            f"{_CELL}/distances/sibling[{{}}]/@id",
            "number of another node",
            "cell[].distances.sibling[].id",
        ),
        integer(
            "numa.cell[].distances.sibling[].value",
            f"{_CELL}/distances/sibling[{{}}]/@value",
            "distance to the other node, 10 for none",
            "cell[].distances.sibling[].value",
        ),
        integer(
            "numa.cell[].cache[].level",
            f"{_CELL_CACHE}/@level",
            "level of a cache on the memory's side",
        ),
        text(
            "numa.cell[].cache[].associativity",
            f"{_CELL_CACHE}/@associativity",
            "none, direct or full",
        ),
        text(
            "numa.cell[].cache[].policy",
            f"{_CELL_CACHE}/@policy",
            "none, writeback or writethrough",
        ),
        integer(
            "numa.cell[].cache[].size.value",
            f"{_CELL_CACHE}/size/@value",
            "size of the cache",
            unit_option="numa.cell[].cache[].size.unit",
        ),
        text("numa.cell[].cache[].size.unit", f"{_CELL_CACHE}/size/@unit", "unit of the size"),
        integer(
            "numa.cell[].cache[].line.value",
            f"{_CELL_CACHE}/line/@value",
            "size of a line of the cache",
            unit_option="numa.cell[].cache[].line.unit",
        ),
        text(
            "numa.cell[].cache[].line.unit", f"{_CELL_CACHE}/line/@unit", "unit of the line's size"
        ),
        integer(
            "numa.interconnects.latency[].initiator",
            f"{_LATENCY}/@initiator",
            "node that asks for memory",
        ),
        integer(
            "numa.interconnects.latency[].target", f"{_LATENCY}/@target", "node that has the memory"
        ),
        integer(
            "numa.interconnects.latency[].cache",
            f"{_LATENCY}/@cache",
            "level of the cache",
        ),
        text("numa.interconnects.latency[].type", f"{_LATENCY}/@type", "access, read or write"),
        integer(
            "numa.interconnects.latency[].value", f"{_LATENCY}/@value", "latency in nanoseconds"
        ),
        text("numa.interconnects.latency[].unit", f"{_LATENCY}/@unit", "unit of the value"),
        integer(
            "numa.interconnects.bandwidth[].initiator",
            f"{_BANDWIDTH}/@initiator",
            "node that asks for memory",
        ),
        integer(
            "numa.interconnects.bandwidth[].target",
            f"{_BANDWIDTH}/@target",
            "node that has the memory",
        ),
        text("numa.interconnects.bandwidth[].type", f"{_BANDWIDTH}/@type", "access, read or write"),
        integer(
            "numa.interconnects.bandwidth[].cache",
            f"{_BANDWIDTH}/@cache",
            "level of the cache",
        ),
        integer(
            "numa.interconnects.bandwidth[].value",
            f"{_BANDWIDTH}/@value",
            "bandwidth in KiB each second unless there is a unit",
            unit_option="numa.interconnects.bandwidth[].unit",
        ),
        text("numa.interconnects.bandwidth[].unit", f"{_BANDWIDTH}/@unit", "unit of the bandwidth"),
    ),
    flags=("--cpu",),
    first=("model",),
    none=Nothing.VALUE,
    pairs=cpu.pairs,
)

VCPUS = Group(
    "vcpus",
    ".",
    "number of virtual CPUs",
    (
        integer("maxvcpus", "vcpu", "the most CPUs that there can be"),
        commas(
            "cpuset", "vcpu/@cpuset", "CPUs of the host that may be used, such as 1-4,^3, or auto"
        ),
        integer("vcpus", "vcpu", "number of CPUs"),
        integer("sockets", "/cpu/topology/@sockets", "number of sockets"),
        integer("dies", "/cpu/topology/@dies", "number of dies in a socket"),
        integer("cores", "/cpu/topology/@cores", "number of cores in a die"),
        integer("threads", "/cpu/topology/@threads", "number of threads of a core"),
        integer(
            "vcpu",
            "vcpu",
            "number of CPUs; with vcpu.current, the most that there can be",
            set=vcpus.set_most,
        ),
        integer("vcpu.current", "vcpu/@current", "number of CPUs that run at first"),
        commas(
            "vcpu.cpuset",
            "vcpu/@cpuset",
            "CPUs of the host that may be used, or auto",
            set=vcpus.set_cpuset,
        ),
        text("vcpu.placement", "vcpu/@placement", "static, or auto to ask numad", "placement"),
        integer("vcpus.vcpu[].id", "vcpus/vcpu[{}]/@id", "number of a CPU"),
        yes_no("vcpus.vcpu[].enabled", "vcpus/vcpu[{}]/@enabled", "whether this CPU runs at first"),
        yes_no(
            "vcpus.vcpu[].hotpluggable",
            "vcpus/vcpu[{}]/@hotpluggable",
            "whether this CPU can be unplugged",
        ),
        integer("vcpus.vcpu[].order", "vcpus/vcpu[{}]/@order", "place in the order of plugging in"),
    ),
    none=Nothing.REFUSED,
    flags=("--vcpus",),
    first=("vcpu",),
    prepare=vcpus.prepare,
)
