# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What identifies an element among its siblings, and whose order counts."""

from __future__ import annotations

from ..rows import Identity
from .arguments import arguments_there
from .devices import IDENTITY_OF_DEVICES

IDENTITY = (
    *IDENTITY_OF_DEVICES,
    # Parts of devices
    Identity("devices/sound/codec", ("@type",), "no number of its own", in_order=True),
    Identity(
        "devices/redirfilter/usbdev",
        reason="the first rule that matches decides",
        ordered=True,
        in_order=True,
    ),
    Identity("**/source/host", reason="the first host is asked first", ordered=True, in_order=True),
    Identity("devices/disk/driver/statistics/statistic", ("@interval",), "an interval"),
    Identity(
        "**/latency-histogram",
        ("@type",),
        "one for a type of request; without one, for all",
        in_order=True,
        names=("@type",),
    ),
    Identity(
        "**/latency-histogram/bin", reason="the bins are one list", ordered=True, in_order=True
    ),
    Identity(
        "devices/{disk,controller}/driver/iothreads/iothread", ("@id",), "I/O threads are numbered"
    ),
    Identity(
        "devices/{disk,controller}/driver/iothreads/iothread/queue",
        ("@id",),
        "queues are numbered",
    ),
    Identity(
        "**/encryption/secret",
        reason="since 9.3: the first is of the image, the next one of what that is made from",
        ordered=True,
        in_order=True,
    ),
    Identity(
        "devices/disk/throttlefilters/throttlefilter",
        reason="the first limit is applied first",
        ordered=True,
        in_order=True,
    ),
    Identity("throttlegroups/throttlegroup", ("group_name",), "a group's name"),
    Identity(
        "devices/filesystem/idmap/{uid,gid}",
        ("@start",),
        "the first identifier",
        in_order=True,
        names=("@start",),
    ),
    Identity("**/cookies/cookie", ("@name",), "a cookie's name"),
    Identity("**/slices/slice", ("@type",), "one slice of a type"),
    Identity(
        "**/seclabel",
        ("@model",),
        "one label of a security model",
        in_order=True,
        names=("@model",),
    ),
    Identity(
        "devices/graphics/listen", ("@type",), "no number of its own", in_order=True, ordered=True
    ),
    Identity("devices/graphics/channel", ("@name",), "a channel's name"),
    Identity(
        "devices/interface/**/parameter",
        ("@name @value",),
        "a filter's parameter may have several values",
        weak=("@name",),
        in_order=True,
        names=("@name",),
    ),
    Identity("devices/interface/vlan/tag", ("@id",), "a VLAN's number"),
    Identity("devices/{interface,hostdev}/**/ip", ("@address",), "an address"),
    Identity(
        "devices/{interface,hostdev}/**/route",
        ("@address",),
        "a destination",
        in_order=True,
        names=("@address",),
    ),
    Identity(
        "devices/interface/portForward",
        ("@proto @address @dev", "@proto"),
        "what is forwarded",
        in_order=True,
        names=("@proto",),
    ),
    Identity("devices/interface/portForward/range", ("@start",), "the first port"),
    Identity("devices/**/source", ("@mode",), "a UDP character device has two", in_order=True),
    # What stands outside the devices
    Identity(
        "os/boot",
        reason="the guest's firmware tries them in this order",
        ordered=True,
        in_order=True,
    ),
    Identity("os/firmware/feature", ("@name",), "a feature's name"),
    Identity("os/acpi/table", ("@type",), "one table of a type", in_order=True, names=("@type",)),
    Identity("os/initarg", reason="arguments are an ordered list", ordered=True, in_order=True),
    Identity("os/initenv", ("@name",), "a variable's name"),
    Identity("cpu/feature", ("@name",), "a feature's name"),
    Identity(
        "cpu/numa/cell",
        ("@id",),
        "cells are numbered, if not then in order",
        in_order=True,
        names=("@id",),
    ),
    Identity("cpu/numa/cell/distances/sibling", ("@id",), "the other cell's number"),
    Identity("cpu/numa/cell/cache", ("@level",), "a cache level"),
    Identity(
        "cpu/numa/interconnects/{latency,bandwidth}",
        ("@initiator @target @cache @type", "@initiator @target @type"),
        "a pair of cells",
    ),
    Identity("clock/timer", ("@name",), "a timer's name"),
    Identity("vcpus/vcpu", ("@id",), "virtual CPUs are numbered"),
    Identity(
        "iothreadids/iothread",
        ("@id",),
        "I/O threads are numbered",
        in_order=True,
        names=("@id",),
    ),
    Identity("cputune/vcpupin", ("@vcpu",), "virtual CPUs are numbered"),
    Identity("cputune/iothreadpin", ("@iothread",), "I/O threads are numbered"),
    Identity("cputune/vcpusched", ("@vcpus",), "the virtual CPUs that it is for", in_order=True),
    Identity(
        "cputune/iothreadsched", ("@iothreads",), "the I/O threads that it is for", in_order=True
    ),
    Identity(
        "cputune/{cachetune,memorytune,energytune}", ("@vcpus",), "the virtual CPUs that it is for"
    ),
    Identity("cputune/cachetune/cache", ("@id @level @type",), "a part of a host's cache"),
    Identity(
        "cputune/{cachetune,memorytune,energytune}/monitor",
        ("@level @vcpus", "@vcpus"),
        "what it measures",
    ),
    Identity("cputune/memorytune/node", ("@id",), "NUMA nodes are numbered"),
    Identity("numatune/memnode", ("@cellid",), "cells are numbered"),
    Identity("blkiotune/device", ("path",), "a host's device"),
    Identity(
        "memoryBacking/hugepages/page",
        ("@nodeset", "@size @unit"),
        "the cells it is for",
        in_order=True,
        names=("@nodeset",),
    ),
    Identity("perf/event", ("@name",), "an event's name"),
    Identity(
        "idmap/{uid,gid}",
        ("@start",),
        "the first identifier",
        in_order=True,
        names=("@start",),
    ),
    Identity("keywrap/cipher", ("@name",), "a cipher's name"),
    Identity("resource/*", reason="one of a kind", in_order=True),
    Identity("sysinfo", ("@type",), "one of a type"),
    Identity(
        "sysinfo/oemStrings/entry", reason="strings are read by number", ordered=True, in_order=True
    ),
    Identity("sysinfo/baseBoard", reason="boards are read by number", ordered=True, in_order=True),
    Identity("sysinfo/**/entry", ("@name",), "an entry's name", in_order=True, names=("@name",)),
    Identity("{qemu,xen,bhyve}:commandline/{qemu,xen,bhyve}:env", ("@name",), "a variable's name"),
    Identity(
        "{qemu,xen,bhyve}:commandline/{qemu,xen,bhyve}:arg",
        reason="arguments are an ordered list",
        ordered=True,
        in_order=True,
        there=arguments_there,
    ),
    Identity("qemu:override/qemu:device", ("@alias",), "a device's alias"),
    Identity(
        "qemu:override/qemu:device/qemu:frontend/qemu:property", ("@name",), "a property's name"
    ),
    Identity("qemu:capabilities/{qemu:add,qemu:del}", ("@capability",), "a capability's name"),
)
