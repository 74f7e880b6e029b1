# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which device of a guest a task means that speaks of one device alone."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import KeyOf
from .identity import disk_source, host_device, pci_address, plugged_into


def drive(disk: Element) -> t.Hashable | None:
    """A drive for media, whatever is in it."""
    kind = disk.get("device")
    return kind if kind in ("cdrom", "floppy") else None


Key = t.Union[str, KeyOf]


class Device(t.NamedTuple):
    """A kind of device.

    ``unique`` are values that no two devices of the kind share: a device that says one
    of them is the one that has it, or a new one. ``like`` are values that a person who
    says nothing unique means a device by. ``is_single`` says that a guest has one at
    most. ``keeps_data`` says that a guest which uses it loses data when it is plugged
    out.
    """

    tag: str
    unique: tuple[Key, ...] = ()
    like: tuple[Key, ...] = ()
    is_single: bool = False
    keeps_data: bool = False
    reason: str = ""


#: What is unique for every kind: the user's own name for a device, and where it sits.
UNIQUE_ANYWHERE: tuple[Key, ...] = ("alias/@name", pci_address)

_DEVICES = (
    Device(
        "disk",
        ("target/@dev",),
        (disk_source, drive),
        keeps_data=True,
        reason="a guest has one disk at a target; a source is seldom given twice, and a guest "
        "seldom has two drives of a kind",
    ),
    Device(
        "interface",
        ("mac/@address",),
        (plugged_into,),
        reason="a MAC is unique in a guest; without one, its network says which is meant",
    ),
    Device("controller", ("@type @index",), reason="controllers of a type are numbered"),
    Device(
        "filesystem",
        ("target/@dir",),
        keeps_data=True,
        reason="a mount tag names one file system",
    ),
    Device("hostdev", (host_device,), reason="a host device can be given to a guest once"),
    Device("serial", ("target/@port",), reason="ports are numbered"),
    Device("parallel", ("target/@port",), reason="ports are numbered"),
    Device("console", ("target/@type target/@port",), reason="ports of a type are numbered"),
    Device(
        "channel",
        ("target/@name", "target/@address target/@port"),
        reason="a virtio port is known to the guest by its name, a guestfwd by its address",
    ),
    Device("graphics", ("@type",), reason="libvirt allows one graphics of a type"),
    Device("audio", ("@id",), reason="audio backends are numbered"),
    Device("watchdog", ("@model",), reason="there is one of a model"),
    Device("panic", ("@model",), reason="there is one of a model"),
    Device("shmem", ("@name",), reason="the shared memory's name"),
    Device("lease", ("lockspace key",), reason="a lease is a key in a lockspace"),
    Device("memory", ("address/@slot",), reason="a module has a slot"),
    Device("video", like=("model/@type",), reason="several of a model are rare"),
    Device("sound", like=("@model",), reason="several of a model are rare"),
    Device("rng", like=("@model",), reason="several of a model are rare"),
    Device("input", like=("@type @bus",), reason="several of a type on a bus are rare"),
    Device("tpm", is_single=True, reason="virDomainDefPostParseTPM: a guest has one"),
    Device("memballoon", is_single=True, reason="virDomainDefParseXML: a guest has one"),
    Device("vsock", is_single=True, reason="virDomainDefParseXML: a guest has one"),
    Device("iommu", is_single=True, reason="virDomainDefParseXML: a guest has one"),
    Device("nvram", is_single=True, reason="virDomainDefParseXML: a guest has one"),
    Device("emulator", is_single=True, reason="it runs the guest"),
)
_BY_TAG = {row.tag: row for row in _DEVICES}


def device(element: Element) -> Device:
    """The row of a device's kind; one without keys where the table has none."""
    return _BY_TAG.get(element.tag) or Device(element.tag)
