# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What identifies an element among its siblings, and whose order counts."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import Identity
from ..spelling import any_spelling, integer
from .arguments import arguments_there


def _flat(element: Element, above: str = "") -> t.Iterator[tuple[str, t.Hashable]]:
    for name, value in element.attributes.items():
        yield f"{above}@{name}", any_spelling(value)
    if element.text is not None:
        yield above, element.text
    for child in element.children:
        if child.tag not in ("address", "seclabel"):
            yield from _flat(child, f"{above}{child.tag}/")


def plugged_into(interface: Element) -> t.Hashable | None:
    """The network, bridge, device… that an interface is connected to."""
    source = interface.child("source")
    if source is None:
        return None
    place = {n: v for n, v in source.attributes.items() if n not in ("portid", "index")}
    return (interface.get("type"), tuple(sorted(place.items())))


#: The attributes that say where a disk's data is.
DISK_SOURCES = ("file", "dev", "dir", "protocol", "name", "pool", "volume")


def disk_source(disk: Element) -> t.Hashable | None:
    """Where a disk's data is."""
    source = disk.child("source")
    if source is None:
        return None
    place = tuple((name, source.get(name)) for name in DISK_SOURCES if source.get(name) is not None)
    return place or None


def _without_lun(path: str, value: t.Hashable) -> t.Hashable:
    """An iSCSI target without a LUN is LUN 0."""
    return value[:-2] if path == "@name" and str(value).endswith("/0") else value  # type: ignore[index]


#: What says nothing about which device it is.
_USUAL = (("@protocol", "adapter"), ("adapter/@type", "scsi_host"))
#: What an address consists of; a part that isn't given is 0.
_ADDRESS_PARTS = {
    "pci": ("domain", "bus", "slot", "function"),
    "scsi": ("bus", "target", "unit"),
}


def host_device(hostdev: Element) -> t.Hashable | None:
    """The host's device: vendor and product, SCSI adapter, or its address."""
    source = hostdev.child("source")
    if source is None:
        return None
    facts = sorted(
        (path, _without_lun(path, value))
        for path, value in _flat(source)
        if path.rpartition("@")[2] not in ("startupPolicy", "guestReset", "writeFiltering")
        and not path.startswith(("auth/", "initiator/"))
        and path not in ("host/@port", "host/@transport")
        and (path, value) not in _USUAL
    )
    address = source.child("address")
    usual = {f"@{name}": 0 for name in _ADDRESS_PARTS.get(hostdev.get("type") or "", ())}
    known = {} if address is None else {**usual, **dict(_flat(address))}
    where = sorted((path, value) for path, value in known.items() if path in usual or not usual)
    return (hostdev.get("type"), str(facts), str(where)) if facts or where else None


def pci_address(device: Element) -> t.Hashable | None:
    """The PCI address that a device sits at."""
    address = device.child("address")
    if address is None or address.get("type") != "pci" or address.get("slot") is None:
        return None
    return tuple(
        integer(address.get(name) or "0") for name in ("domain", "bus", "slot", "function")
    )


def chardev_source(device: Element) -> t.Hashable | None:
    """What a character device is connected to on the host."""
    source = device.child("source")
    return None if source is None else (device.get("type"), str(sorted(_flat(source))))


def of_machine(device: Element) -> t.Hashable | None:
    """Whether an input device is the machine's own, if it says where it is plugged in."""
    bus = device.get("bus")
    return None if bus is None else bus == "ps2"


IDENTITY = (
    # Devices
    Identity("devices/disk", ("target/@dev",), "a guest has one disk at a target"),
    Identity(
        "devices/controller",
        ("@type @index @model", "@type @index"),
        "controllers of a type are numbered; USB companions share their number",
        weak=("@type @model", "@type"),
    ),
    Identity(
        "devices/interface",
        (
            "alias/@name",
            "mac/@address teaming/@type",
            "mac/@address @type",
            "mac/@address",
            pci_address,
            plugged_into,
        ),
        "a MAC is unique in a guest, but for a team's two; a person who gives none means the "
        "interface by its network",
        in_order=True,
        names=("mac/@address",),
    ),
    Identity(
        "devices/hostdev",
        (host_device,),
        "a host device can be given to a guest once",
    ),
    Identity("devices/filesystem", ("target/@dir",), "a mount tag names one file system"),
    Identity(
        "devices/{serial,parallel}",
        ("target/@port",),
        "ports are numbered; without a number, in the order of the document",
        in_order=True,
        names=("target/@port",),
    ),
    Identity(
        "devices/console",
        ("target/@type target/@port", chardev_source, "target/@type", "target/@port"),
        "consoles are numbered; without a number, in the order of the document",
        in_order=True,
    ),
    Identity(
        "devices/channel",
        ("target/@name", "target/@address target/@port"),
        "a virtio port is known to the guest by its name, a guestfwd by its address",
        weak=(chardev_source, "@type"),
        in_order=True,
        names=("target/@name", "target/@address target/@port"),
    ),
    Identity("devices/graphics", ("@type",), "libvirt allows one graphics of a type"),
    Identity(
        "devices/video",
        (pci_address, "model/@type"),
        "several may be of one model; the first is the primary one",
        in_order=True,
        ordered=True,
    ),
    Identity(
        "devices/sound", (pci_address,), "no number of its own", weak=("@model",), in_order=True
    ),
    Identity("devices/sound/codec", ("@type",), "no number of its own", in_order=True),
    Identity(
        "devices/audio", ("@id",), "audio backends are numbered", in_order=True, names=("@id",)
    ),
    Identity(
        "devices/input",
        ("@type @bus", "@type"),
        "no number of its own; those on PS/2 belong to the machine, and become no others",
        names=(of_machine,),
    ),
    Identity("devices/watchdog", ("@model",), "no number of its own", in_order=True),
    Identity("devices/panic", ("@model",), "one of a model", in_order=True),
    Identity("devices/shmem", ("@name",), "the shared memory's name"),
    Identity("devices/lease", ("lockspace key",), "a lease is a key in a lockspace"),
    Identity(
        "devices/memory",
        (pci_address, "address/@slot", "source/path"),
        "a module has a slot; without one, in the order of the document",
        in_order=True,
        names=("address/@slot", "source/path"),
    ),
    Identity("devices/{rng,crypto}", (pci_address,), "no number of its own", in_order=True),
    Identity("devices/hub", ("address/@bus address/@port",), "no number of its own", in_order=True),
    Identity(
        "devices/smartcard",
        ("address/@controller address/@slot",),
        "a reader's slot",
        in_order=True,
    ),
    Identity(
        "devices/redirdev",
        ("address/@bus address/@port", chardev_source),
        "no number of its own",
        in_order=True,
    ),
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
    Identity("devices/disk/driver/iothreads/iothread", ("@id",), "I/O threads are numbered"),
    Identity("devices/disk/driver/iothreads/iothread/queue", ("@id",), "queues are numbered"),
    Identity(
        "devices/disk/throttlefilters/throttlefilter",
        reason="the first limit is applied first",
        ordered=True,
        in_order=True,
    ),
    Identity("throttlegroups/throttlegroup", ("group_name",), "a group's name"),
    Identity("devices/tpm", ("@model",), "a pseries guest may have a proxy beside", in_order=True),
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
    Identity("cputune/{cachetune,memorytune}", ("@vcpus",), "the virtual CPUs that it is for"),
    Identity("cputune/cachetune/cache", ("@id @level @type",), "a part of a host's cache"),
    Identity(
        "cputune/{cachetune,memorytune}/monitor", ("@level @vcpus", "@vcpus"), "what it measures"
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
