# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The NUMA cell that newer libvirts add to a guest whose memory can be plugged in.

Its memory and CPUs are those of the guest. libvirt then takes the guest's memory from it.
"""

from __future__ import annotations

import typing as t

from ...xmltree.element import Element
from ..amounts import kib
from ..rows import Implied, Settle
from ..site import Site
from .rewrites import with_child


def of_hotplug(domain: Element) -> Element | None:
    """qemuDomainDefNumaAutoAdd: with memory hotplug, one cell that has all."""
    total = kib(domain.child("memory"))
    if domain.child("maxMemory") is None or total is None:
        return None
    total -= sum(kib(one.find("target/size")) or 0 for one in domain.findall("devices/memory"))
    last = int((domain.value("vcpu") or "1").strip() or 1) - 1
    cpus = f"0-{last}" if last else "0"
    cell = {"id": "0", "cpus": cpus, "memory": str(total), "unit": "KiB"}
    return Element("numa", children=[Element("cell", cell)])


def implied(site: Site, _extra: Element) -> Implied:
    """What libvirt adds where the document has no cells."""
    return of_hotplug(site.root.desired)


def followed(
    domain: Element, actual: Element, said: t.Callable[[Element], Element | None]
) -> Element:
    """The guest's only cell has all of its memory and CPUs, also when these change."""
    cpu = domain.child("cpu")
    numa = None if cpu is None else cpu.child("numa")
    if cpu is None or numa is None or said(numa) is not None or numa != of_hotplug(actual):
        return domain
    new = of_hotplug(domain)
    return domain if new is None else with_child(domain, with_child(cpu, new))


NUMA = (Settle(followed, "qemuDomainDefNumaAutoAdd; the guest's memory is that of its cells"),)
