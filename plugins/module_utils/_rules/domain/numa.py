# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The NUMA cell that newer libvirts add to a guest whose memory can be plugged in.

Its memory and CPUs are those of the guest. libvirt then takes the guest's memory from it.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element, with_child
from ..amounts import kib
from ..context import Context
from ..rows import Implied, Settle


def modules(domain: Element) -> list[Element]:
    """The memory that is plugged in."""
    return domain.findall("devices/memory")


def of_hotplug(domain: Element) -> Element | None:
    """qemuDomainDefNumaAutoAdd: with memory hotplug, one cell that has all."""
    total = kib(domain.child("memory"))
    if domain.child("maxMemory") is None or total is None:
        return None
    return _numa(domain, total - sum(kib(one.find("target/size")) or 0 for one in modules(domain)))


def _numa(domain: Element, memory: int) -> Element:
    last = int((domain.value("vcpu") or "1").strip() or 1) - 1
    cpus = f"0-{last}" if last else "0"
    cell = {"id": "0", "cpus": cpus, "memory": str(memory), "unit": "KiB"}
    return Element("numa", children=[Element("cell", cell)])


def implied(context: Context, _extra: Element) -> Implied:
    """What libvirt adds where the document has no cells."""
    return of_hotplug(context.root.desired)


def followed(
    domain: Element, actual: Element, said: t.Callable[[Element], Element | None]
) -> Element:
    """The guest's only cell has all of its memory and CPUs, also when these change.

    With modules plugged in, the guest's memory is their sum with the cell's, and what is said
    of it says nothing of the cell.
    """
    cpu = domain.child("cpu")
    numa = None if cpu is None else cpu.child("numa")
    if cpu is None or numa is None or said(numa) is not None or numa != of_hotplug(actual):
        return domain
    memory = kib(domain.child("memory"))
    if memory is None or modules(domain):
        memory = int(numa.value("cell/@memory") or 0)
    return with_child(domain, with_child(cpu, _numa(domain, memory)))


NUMA = (Settle(followed, "qemuDomainDefNumaAutoAdd; the guest's memory is that of its cells"),)
