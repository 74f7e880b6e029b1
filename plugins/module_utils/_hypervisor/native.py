# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What QEMU would be started with for a domain, which nothing is defined or started for."""

from __future__ import annotations

import functools
import re
import typing as t

from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .connection import Connection
from .define_refusal import document_to_ask
from .libvirt_import import libvirt

_FORMAT = "qemu-argv"


def command_line(connection: Connection, document: Element) -> str | None:
    """QEMU's command line for a domain with this document; ``None`` where libvirt doesn't tell.

    libvirt makes all choices for it that it makes for a new domain: addresses, controllers, models
    (qemuConnectDomainXMLToNative).
    """
    asked = document_to_ask(connection, document)
    if asked is None:
        return None
    try:
        return str(connection.raw.domainXMLToNative(_FORMAT, serialise(asked), 0))
    except libvirt.libvirtError:
        return None


def machine_of(connection: Connection, definition: Element) -> t.Callable[[Element], bool]:
    """Tells whether a document is the same machine to QEMU as this one, so far as libvirt tells.

    The document gets the UUID and MAC addresses of ``definition``, which are drawn anew otherwise.
    """

    @functools.cache
    def before() -> str | None:
        line = command_line(connection, definition)
        return None if line is None else without_chance(line)

    def is_same(made: Element) -> bool:
        if before() is None:
            return True
        after = command_line(connection, _with_identity(made, definition))
        return after is not None and without_chance(after) == before()

    return is_same


#: The ports of consoles in the arguments of QEMU.
_SPICE, _SPICE_PORT = re.compile(r"(?<=-spice )\S+"), re.compile(r"(?<=port=)\d+")
_VNC_DISPLAY = re.compile(r"(-vnc [^\s,]*:)\d+")
#: Of the file descriptors of tap devices and such.
_DESCRIPTOR = re.compile(r'(?<=fd=)\d+|(?<=fds=)[\d:]+|(?<=fd":")\d+|(?<=fds":")[\d:]+')


def without_chance(line: str) -> str:
    """A command line without what is free at the moment: ports of consoles, file descriptors.

    libvirt takes the first one that is, also where it starts nothing (qemuProcessGraphicsReservePorts).
    """
    line = _SPICE.sub(lambda found: _SPICE_PORT.sub("", found[0]), line)
    return _VNC_DISPLAY.sub(r"\1", _DESCRIPTOR.sub("", line))


def _with_identity(made: Element, definition: Element) -> Element:
    identity = [child for child in definition.children if child.tag == "uuid"]
    children = [child for child in made.children if child.tag != "uuid"]
    macs = [nic.child("mac") for nic in definition.findall("devices/interface")]
    found = []
    for child in children:
        if child.tag == "devices":
            number, devices = 0, []
            for device in child.children:
                if device.tag == "interface":
                    mac = macs[number] if number < len(macs) else None
                    number += 1
                    if device.child("mac") is None and mac is not None:
                        device = device.replaced(children=[mac, *device.children])
                devices.append(device)
            child = child.replaced(children=devices)
        found.append(child)
    return made.replaced(children=[*identity, *found])
