# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forms of a document that libvirt turns into another one when it reads it."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element, with_child
from ..amounts import in_kib, kib, scale
from ..rows import Rewrite
from ..spelling import bitmap, integer
from .graphics import stored_graphics

#: KiB of the blocks that the memory of a pseries guest comes in.
_BLOCK = 262144


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


def last_of_each_vcpu(domain: Element) -> Element:
    """virDomainVcpuParse: what is said last of a virtual CPU holds."""
    vcpus = domain.child("vcpus")
    if vcpus is None:
        return domain
    last = {integer(one.get("id") or ""): one for one in vcpus.children}
    left = [one for one in vcpus.children if last[integer(one.get("id") or "")] is one]
    if len(left) == len(vcpus.children):
        return domain
    return with_child(domain, vcpus.replaced(children=left))


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


def _without(device: Element, *tags: str, tag: str) -> Element:
    children = [child for child in device.children if child.tag not in tags]
    return Element(tag, dict(device.attributes), device.text, children)


def _position(children: list[Element], wanted: Element) -> int:
    return next(n for n, child in enumerate(children) if child is wanted)


#: Schedulers by the attribute that says which threads they are for.
_SCHEDULED = {"vcpusched": "vcpus", "iothreadsched": "iothreads"}


def schedulers_one_by_one(domain: Element) -> Element:
    """virDomainSchedulerFormat: each thread has its own, which is said of several at a time."""
    tune = domain.child("cputune")
    if tune is None:
        return domain
    split = one_by_one(tune)
    return domain if split is tune else with_child(domain, split)


def one_by_one(tune: Element) -> Element:
    """The same of the element ``cputune``."""
    children = [part for child in tune.children for part in _of_threads(child)]
    return tune if len(children) == len(tune.children) else tune.replaced(children=children)


def _of_threads(scheduler: Element) -> list[Element]:
    name = _SCHEDULED.get(scheduler.tag)
    threads = bitmap(scheduler.get(name) or "") if name is not None else None
    if name is None or not isinstance(threads, frozenset) or not threads:
        return [scheduler]
    return [
        scheduler.replaced({**scheduler.attributes, name: str(number)})
        for number in sorted(threads)
    ]


def _with_each(domain: Element, tag: str, change: t.Callable[[Element], Element]) -> Element:
    """The domain with each device of a tag as ``change`` gives it; itself where none is another."""
    devices = domain.child("devices")
    if devices is None:
        return domain
    children = [change(one) if one.tag == tag else one for one in devices.children]
    if all(new is old for new, old in zip(children, devices.children)):
        return domain
    return with_child(domain, devices.replaced(children=children))


def without_mac_of_zeros(domain: Element) -> Element:
    """virDomainNetDefParseXML: an address of zeros is none, and another one is drawn."""
    return _with_each(domain, "interface", without_zeros)


def without_zeros(interface: Element) -> Element:
    """The same of an interface."""
    if (interface.value("mac/@address") or "").strip("0:") or interface.child("mac") is None:
        return interface
    return interface.replaced(children=[one for one in interface.children if one.tag != "mac"])


#: What is read of a driver whatever the model (virDomainVirtioOptionsParseXML).
VIRTIO_OPTIONS = ("iommu", "ats", "packed", "page_per_vq")


def drivers_of_named_models(domain: Element) -> Element:
    """virDomainNetDefParseXML: what is set of a card's driver is read where virtio is named.

    That is before the card has got the model that the document leaves out.
    """
    return _with_each(domain, "interface", _with_named_driver)


def _with_named_driver(interface: Element) -> Element:
    driver = interface.child("driver")
    has_model = interface.value("model/@type") is not None or interface.get("type") == "hostdev"
    if driver is None or has_model:
        return interface
    options = {name: value for name, value in driver.attributes.items() if name in VIRTIO_OPTIONS}
    if options == driver.attributes and not driver.children:
        return interface
    if options:
        return with_child(interface, Element("driver", options))
    return interface.replaced(children=[one for one in interface.children if one is not driver])


def nvdimm_in_blocks(domain: Element) -> Element:
    """qemuDomainNVDimmAlignSizePseries: beside its label, an NVDIMM has whole 256 MiB."""
    is_pseries = (domain.value("os/type/@arch") or "").startswith("ppc64")
    return _with_each(domain, "memory", _in_blocks) if is_pseries else domain


def _in_blocks(module: Element) -> Element:
    target = module.child("target")
    size = None if target is None else kib(target.child("size"))
    label = None if target is None else kib(target.find("label/size"))
    if module.get("model") != "nvdimm" or target is None or size is None or label is None:
        return module
    whole = max((size - label) // _BLOCK, 1) * _BLOCK + label
    if whole == size:
        return module
    return with_child(module, with_child(target, Element("size", {"unit": "KiB"}, str(whole))))


def shared_memory_in_mebibytes(domain: Element) -> Element:
    """virDomainShmemDefFormat writes whole MiB; qemuDomainShmemDefPostParse takes 0 as 4.

    libvirt forgets less than 1 MiB as soon as it reads its own definition again.
    """
    return _with_each(domain, "shmem", _in_mebibytes)


def _in_mebibytes(memory: Element) -> Element:
    size = memory.child("size")
    if size is None:
        return memory
    unit, number = scale(size.get("unit") or "B"), integer(size.text or "0")
    if unit is None or not isinstance(number, int):
        return memory
    return with_child(memory, Element("size", {"unit": "M"}, str((number * unit >> 20) or 4)))


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
    return _with_each(domain, "graphics", stored_graphics)


REWRITES = (
    Rewrite(schedulers_one_by_one, "virDomainSchedulerFormat"),
    Rewrite(without_mac_of_zeros, "virDomainNetDefParseXML"),
    Rewrite(drivers_of_named_models, "virDomainNetDefParseXML"),
    Rewrite(nvdimm_in_blocks, "qemuDomainNVDimmAlignSizePseries"),
    Rewrite(shared_memory_in_mebibytes, "virDomainShmemDefFormat", both=True),
    Rewrite(memory_of_cells, "virDomainDefPostParseMemory"),
    Rewrite(current_memory_in_bounds, "virDomainDefPostParseMemory"),
    Rewrite(cpus_of_first_cell, "qemuDomainDefNumaCPUsRectify"),
    Rewrite(variable_clock, "virDomainClockDefParse"),
    Rewrite(last_of_each_vcpu, "virDomainVcpuParse"),
    Rewrite(current_vcpus, "virDomainVcpuParse"),
    Rewrite(console_of_serial, "virDomainDefAddConsoleCompat"),
    Rewrite(consoles_in_order, "virDomainDefParseXML", both=True),
    Rewrite(primary_video_first, "virDomainDefPostParseVideo"),
    Rewrite(graphics, "virDomainGraphicsDefFormat"),
)
