# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a definition says in two places, and elements that are one value."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..amounts import kib
from ..rows import Mirror, Whole
from .rewrites import one_by_one, without_zeros

_SERIAL = (None, "serial")


def first_listener(said: Element, _actual: Element) -> Element:
    """The listener that an attribute stands for; what a listener says wins, as for libvirt."""
    listeners = said.all("listen")
    if listeners:
        return _with_attributes(said, listeners[0])
    if said.get("socket") is not None:
        listener = Element("listen", {"type": "socket", "socket": said.attributes["socket"]})
    elif said.get("listen") is not None:
        listener = Element("listen", {"type": "address", "address": said.attributes["listen"]})
    else:
        return said
    return said.replaced(children=[listener, *said.children])


def _with_attributes(said: Element, listener: Element) -> Element:
    address = listener.get("address")
    if listener.get("type") != "address" or said.get("listen") == address or not address:
        return said
    return said.replaced({**said.attributes, "listen": address})


def secrets_in_place(said: Element, actual: Element) -> Element:
    """virDomainDiskDefParseXML: a disk or its source has them, and both is an error."""
    source, there = said.child("source"), actual.child("source")
    for tag in ("auth", "encryption"):
        given, inner = said.child(tag), None if source is None else source.child(tag)
        if given is not None and there is not None and there.child(tag) is not None:
            said = _moved(said, given)
        elif inner is not None and source is not None and actual.child(tag) is not None:
            rest = source.replaced(children=[one for one in source.children if one is not inner])
            children = [rest if one is source else one for one in said.children]
            said = said.replaced(children=[*children, inner])
        source = said.child("source")
    return said


def _moved(disk: Element, child: Element) -> Element:
    source = disk.child("source") or Element("source")
    inner = source.replaced(children=[*source.children, child])
    left = [one for one in disk.children if one is not child and one is not source]
    return disk.replaced(children=[*left, inner])


def port_of_console(said: Element, actual: Element) -> Element:
    """virDomainDefAddConsoleCompat: the first console is the first serial port as well."""
    consoles, serials = said.all("console"), actual.all("serial")
    there = actual.all("console")
    if said.child("serial") is not None or not consoles or not serials or not there:
        return said
    console = consoles[0]
    if console.value("target/@type") not in _SERIAL or there[0].value("target/@type") != "serial":
        return said
    return said.replaced(children=[as_port(console, Element("serial")), *said.children])


def as_port(console: Element, port: Element) -> Element:
    """The serial port of a console, where the port is."""
    own = ("target", "alias", "address")
    return Element(
        "serial",
        dict(console.attributes),
        children=[
            *(one for one in console.children if one.tag not in own),
            *(one for one in port.children if one.tag in own),
        ],
    )


def memory_at_start(said: Element, actual: Element) -> Element:
    """A guest that has all its memory has all of another amount too.

    With modules, the amount is their sum as well, which is settled elsewhere.
    """
    if actual.findall("devices/memory"):
        return said
    memory, both = said.child("memory"), [actual.child("memory"), actual.child("currentMemory")]
    amounts = [kib(one) for one in both]
    if memory is None or said.child("currentMemory") is not None or amounts[0] != amounts[1]:
        return said
    current = Element("currentMemory", dict(memory.attributes), memory.text)
    current.attributes.pop("dumpCore", None)
    return said.replaced(children=[*said.children, current])


def schedulers(said: Element, _actual: Element) -> Element:
    """virDomainSchedulerFormat: each thread has its own, which is said of several at a time."""
    return one_by_one(said)


def without_macs(said: Element, _actual: Element) -> Element:
    """virDomainNetDefParseXML: an address of zeros is none."""
    children = [without_zeros(one) if one.tag == "interface" else one for one in said.children]
    is_same = all(new is old for new, old in zip(children, said.children))
    return said if is_same else said.replaced(children=children)


MIRRORS = (
    Mirror("cputune", schedulers, "virDomainSchedulerFormat"),
    Mirror("devices", without_macs, "virDomainNetDefParseXML"),
    Mirror("devices/graphics", first_listener, "virDomainGraphicsListensParseXML"),
    Mirror("devices/disk", secrets_in_place, "virDomainDiskDefParseXML"),
    Mirror("devices", port_of_console, "virDomainDefAddConsoleCompat"),
    Mirror("", memory_at_start, "virDomainDefPostParseMemory: without one, it is the other"),
)

WHOLES = (
    Whole("devices/{interface,hostdev}/vlan", "one tag is an access port, several are a trunk"),
    Whole("devices/redirfilter", "the first rule that matches decides"),
    Whole("devices/**/source/{cookies,ssl}", "what a server is asked with"),
    Whole("devices/interface/**/virtualport/parameters", "what a switch knows a port by"),
)
