# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guest that never runs, and has the disks of a domain that is off.

libvirt backs up only what QEMU has open. The stand-in is transient, paused, and ends with the
connection. QEMU's lock on the images keeps the domain itself off meanwhile. It neither needs the
networks and devices of the domain nor touches its saved state, its NVRAM or its TPM.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .connection import Connection
from .flags import flag
from .libvirt_import import libvirt

#: What an image is opened by; the rest of a disk is what the guest sees of it.
_OF_THE_IMAGE = ("driver", "source", "target", "auth", "shareable")
#: Enough for each machine type; nothing of it is ever used.
_MEMORY = Element("memory", {"unit": "MiB"}, "256")
#: What a driver says of an image, and not of the device.
_DRIVER = ("name", "type", "cache", "io", "discard", "detect_zeroes")


def name_of(uuid: str) -> str:
    """The name of the stand-in for the domain with this UUID."""
    return f"backup-of-{uuid}"


def left_behind(connection: Connection, uuid: str) -> t.Any:
    """The stand-in of an interrupted task, as its ``virDomain``; ``None`` if there is none.

    libvirt forgets that it ends with a connection, when libvirtd itself is killed.
    """
    try:
        return connection.raw.lookupByName(name_of(uuid))
    except libvirt.libvirtError:
        return None


def stand_in_document(definition: Element, uuid: str, targets: t.Collection[str]) -> Element:
    """The document of a stand-in for the domain with this UUID, with some of its disks."""
    system = definition.find("os/type") or Element("type", {}, "hvm")
    disks = [
        _disk(disk)
        for disk in definition.findall("devices/disk")
        if disk.value("target/@dev") in targets
    ]
    emulator = definition.findall("devices/emulator")
    attributes = {"type": definition.get("type") or "qemu"}
    return Element(
        "domain",
        attributes,
        None,
        [
            Element("name", {}, name_of(uuid)),
            _MEMORY,
            Element("os", {}, None, [system]),
            *definition.all("seclabel"),
            Element(
                "devices", {}, None, [*emulator, *disks, Element("memballoon", {"model": "none"})]
            ),
        ],
    )


def _disk(disk: Element) -> Element:
    children = []
    for child in disk.children:
        if child.tag not in _OF_THE_IMAGE:
            continue
        attributes = dict(child.attributes)
        if child.tag == "driver":
            attributes = {name: value for name, value in attributes.items() if name in _DRIVER}
        if child.tag == "target":
            attributes = {"dev": attributes["dev"], "bus": "virtio"}
        children.append(child.replaced(attributes=attributes))
    return Element("disk", {"type": disk.get("type") or "file", "device": "disk"}, None, children)


@contextlib.contextmanager
def stand_in(connection: Connection, document: Element) -> t.Iterator[t.Any]:
    """Start a stand-in for the block; the result is its ``virDomain``.

    :raises HypervisorError: libvirt can't start it; nothing is left of it.
    """
    left = left_behind(connection, (document.value("name") or "").rpartition(name_of(""))[2])
    if left is not None:
        with connection.explained("end what has stood in for the domain"):
            left.destroy()
    flags = flag("VIR_DOMAIN_START_PAUSED") | flag("VIR_DOMAIN_START_AUTODESTROY")
    with connection.explained(
        "open the images of the domain, which is off", "correct the domain's disks"
    ):
        raw = connection.raw.createXML(serialise(document), flags)
    try:
        yield raw
    finally:
        with contextlib.suppress(libvirt.libvirtError):
            raw.destroy()
