# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forms of a document that libvirt turns into another one when it reads it."""

from __future__ import annotations

from ..._xmltree.element import Element, with_child
from ..amounts import in_kib, kib
from ..rows import Rewrite
from ..spelling import bitmap
from .graphics import stored_graphics


def memory_of_cells(domain: Element) -> Element:
    """virDomainDefPostParseMemory: NUMA cells and modules make up the memory."""
    cells = [in_kib(c.get("memory"), c.get("unit")) for c in domain.findall("cpu/numa/cell")]
    modules = [kib(module.find("target/size")) for module in domain.findall("devices/memory")]
    known = [size for size in cells + modules if size is not None]
    if not cells or len(known) != len(cells) + len(modules):
        return domain
    old = domain.child("memory")
    attributes = {"unit": "KiB"}
    if old is not None and "dumpCore" in old.attributes:
        attributes["dumpCore"] = old.attributes["dumpCore"]
    if old is not None and kib(old) == sum(known):
        return domain
    return with_child(domain, Element("memory", attributes, str(sum(known))))


def current_memory_in_bounds(domain: Element) -> Element:
    """virDomainDefPostParseMemory: no more than the memory; 0 is all of it."""
    current, total = kib(domain.child("currentMemory")), kib(domain.child("memory"))
    if current is None or total is None or 0 < current <= total:
        return domain
    return with_child(domain, Element("currentMemory", {"unit": "KiB"}, str(total)))


def cpus_of_first_cell(domain: Element) -> Element:
    """qemuDomainDefNumaCPUsRectify: CPUs without a cell belong to the first, for QEMU."""
    if domain.get("type") not in ("qemu", "kvm", "hvf"):
        return domain
    cells = domain.findall("cpu/numa/cell")
    count = (domain.value("vcpu") or "1").strip()
    if not cells or not count.isdigit() or any(cell.get("cpus") is None for cell in cells[:1]):
        return domain
    owned = [bitmap(cell.get("cpus") or "") for cell in cells]
    if not all(isinstance(numbers, frozenset) for numbers in owned if numbers != ""):
        return domain
    taken = {number for numbers in owned if isinstance(numbers, frozenset) for number in numbers}
    left = set(range(int(count))) - taken
    if not left:
        return domain
    first = cells[0]
    mine = sorted(left | {n for n in range(int(count)) if n in (owned[0] or ())})  # type: ignore[operator]
    cell = first.replaced({**first.attributes, "cpus": ",".join(map(str, mine))})
    return _with_cell(domain, first, cell)


def variable_clock(domain: Element) -> Element:
    """virDomainClockDefParse: a clock with an adjustment counts from where it would be."""
    clock = domain.child("clock")
    if clock is None or clock.get("offset") not in ("utc", "localtime"):
        return domain
    if clock.get("adjustment") in (None, "reset"):
        return domain
    basis = str(clock.get("offset"))
    return with_child(
        domain, clock.replaced({**clock.attributes, "offset": "variable", "basis": basis})
    )


def current_vcpus(domain: Element) -> Element:
    """virDomainVcpuParse: where each virtual CPU is told, those that are on are counted."""
    count, listed = domain.child("vcpu"), domain.findall("vcpus/vcpu")
    if count is None or not listed or any(one.get("enabled") is None for one in listed):
        return domain
    present = str(sum(one.get("enabled") == "yes" for one in listed))
    if present == count.get("current"):
        return domain
    return with_child(domain, count.replaced({**count.attributes, "current": present}))


def _with_cell(domain: Element, old: Element, new: Element) -> Element:
    return _replaced_below(domain, ("cpu", "numa"), old, new)


def _replaced_below(parent: Element, tags: tuple[str, ...], old: Element, new: Element) -> Element:
    """The parent with one element, that lies below these tags, replaced."""
    children = []
    for child in parent.children:
        if child is old:
            child = new
        elif tags and child.tag == tags[0]:
            child = _replaced_below(child, tags[1:], old, new)
        children.append(child)
    return parent.replaced(children=children)


def console_of_serial(domain: Element) -> Element:
    """virDomainDefAddConsoleCompat: the first console is the first serial port."""
    devices = domain.child("devices")
    if devices is None or domain.value("os/type") != "hvm":
        return domain
    serials, consoles = devices.all("serial"), devices.all("console")
    is_mirror = bool(consoles) and consoles[0].value("target/@type") in (None, "serial")
    if not serials and not is_mirror:
        return domain
    children = list(devices.children)
    if not serials:
        if _is_other_architecture(domain):
            return domain
        serials = [_without(consoles[0], "target", "alias", tag="serial")]
        children.insert(_position(children, consoles[0]), serials[0])
    elif not is_mirror and serials[0].value("target/@type") in _NO_CONSOLE:
        return domain
    mirror = _without(serials[0], "target", "alias", tag="console")
    port = serials[0].value("target/@port") or "0"
    mirror.children.append(Element("target", {"type": "serial", "port": port}))
    if is_mirror:
        alias = consoles[0].child("alias")
        if alias is not None:
            mirror.children.append(alias)
        children[_position(children, consoles[0])] = mirror
    elif consoles:
        # It comes before those that are no serial ports.
        children.insert(_position(children, consoles[0]), mirror)
    else:
        children.insert(_position(children, serials[-1]) + 1, mirror)
    return with_child(domain, devices.replaced(children=children))


def consoles_in_order(domain: Element) -> Element:
    """virDomainDefParseXML: consoles are numbered as they stand, but for the serial port's.

    That is before virDomainDefAddConsoleCompat puts one in front of them, so that a definition
    may have other numbers than it gets when libvirt reads it the next time.
    """
    devices = domain.child("devices")
    if devices is None or devices.child("console") is None:
        return domain
    children: list[Element] = []
    number = 0
    for child in devices.children:
        if child.tag == "console":
            target = child.child("target")
            is_mirror = target is not None and target.get("type") in (None, "serial")
            if (
                target is not None
                and target.get("port") not in (None, str(number))
                and not is_mirror
            ):
                numbered = target.replaced({**target.attributes, "port": str(number)})
                child = with_child(child, numbered)
            number += 1
        children.append(child)
    if all(new is old for new, old in zip(children, devices.children)):
        return domain
    return with_child(domain, devices.replaced(children=children))


#: Serial ports that no console is made for.
_NO_CONSOLE = ("usb-serial", "pci-serial", "isa-debug")


def _is_other_architecture(domain: Element) -> bool:
    return domain.value("os/type/@arch") in ("s390x", "s390")


def _without(device: Element, *tags: str, tag: str) -> Element:
    children = [child for child in device.children if child.tag not in tags]
    return Element(tag, dict(device.attributes), device.text, children)


def _position(children: list[Element], wanted: Element) -> int:
    return next(n for n, child in enumerate(children) if child is wanted)


def primary_video_first(domain: Element) -> Element:
    """virDomainDefPostParseVideo: the primary video device goes to the front."""
    devices = domain.child("devices")
    videos = devices.all("video") if devices is not None else []
    primary = [video for video in videos if video.value("model/@primary") == "yes"]
    if devices is None or not primary or primary[0] is videos[0]:
        return domain
    children = [child for child in devices.children if child is not primary[0]]
    children.insert(_position(children, videos[0]), primary[0])
    return with_child(domain, devices.replaced(children=children))


def graphics(domain: Element) -> Element:
    """virDomainGraphicsDefFormat: ports and listeners as they are kept."""
    devices = domain.child("devices")
    if devices is None or devices.child("graphics") is None:
        return domain
    children = [
        stored_graphics(child) if child.tag == "graphics" else child for child in devices.children
    ]
    return with_child(domain, devices.replaced(children=children))


REWRITES = (
    Rewrite(memory_of_cells, "virDomainDefPostParseMemory"),
    Rewrite(current_memory_in_bounds, "virDomainDefPostParseMemory"),
    Rewrite(cpus_of_first_cell, "qemuDomainDefNumaCPUsRectify"),
    Rewrite(variable_clock, "virDomainClockDefParse"),
    Rewrite(current_vcpus, "virDomainVcpuParse"),
    Rewrite(console_of_serial, "virDomainDefAddConsoleCompat"),
    Rewrite(consoles_in_order, "virDomainDefParseXML", both=True),
    Rewrite(primary_video_first, "virDomainDefPostParseVideo"),
    Rewrite(graphics, "virDomainGraphicsDefFormat"),
)
