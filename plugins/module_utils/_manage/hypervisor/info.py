# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that is known of a hypervisor."""

from __future__ import annotations

import typing as t

from ..._hypervisor import node
from ..._hypervisor.connection import Connection
from ..._hypervisor.domains import Domains
from ..._hypervisor.host import host_facts
from ..._hypervisor.uri import shown_uri
from ..._virtinst.capabilities import Capabilities, Choice
from ..._virtinst.domain_capabilities import DomainCapabilities
from ..._virtinst.errors import OptionError
from ..._virtinst.host import Host
from ..._xmltree.element import Element
from ..._xmltree.serialise import serialise
from .devices import described_device
from .domain_capabilities import described_capabilities
from .numa import described_cells

GUESTS = "guests"
DOMAIN_CAPABILITIES = "domain_capabilities"
NUMA = "numa"
NETWORKS = "networks"
POOLS = "pools"
DEVICES = "devices"
SYSINFO = "sysinfo"
XML = "xml"
#: What can be asked for, and what is returned unless something else is asked for.
GATHERED = (GUESTS, DOMAIN_CAPABILITIES, NUMA, NETWORKS, POOLS, DEVICES, SYSINFO, XML)
USUAL = (GUESTS, NUMA, NETWORKS, POOLS)


class Wish(t.NamedTuple):
    """What to find out.

    ``gather`` is some of :data:`GATHERED`. ``arch``, ``machine`` and ``virt_type`` limit the
    guests, and choose the domain capabilities. ``kinds`` are those of devices, ``None`` for all.
    """

    gather: t.Collection[str]
    arch: str | None = None
    machine: str | None = None
    virt_type: str | None = None
    kinds: t.Collection[str] | None = None


def describe(connection: Connection, wish: Wish) -> dict[str, t.Any]:
    """The facts of the hypervisor and of its host; what its driver lacks is ``None`` or empty.

    :raises HypervisorError: something can't be read.
    """
    host = host_facts(Domains(connection))
    own = host.capabilities.root
    cpus, memory = node.cpus_and_memory(connection)
    libvirt, hypervisor, client = node.versions(connection)
    described: dict[str, t.Any] = {
        "uri": shown_uri(connection.uri),
        "hostname": node.hostname(connection),
        "driver": host.driver,
        "versions": {"libvirt": libvirt, "hypervisor": hypervisor, "client": client},
        "cpu": _cpu(host.capabilities, cpus),
        "memory": memory._asdict(),
        "system": _system(node.system(connection)),
        "security_models": host.capabilities.security_models,
        "iommu": _is_supported(own.value("host/iommu/@support")),
    }
    _add(described, connection, host, wish)
    return described


def _add(described: dict[str, t.Any], connection: Connection, host: Host, wish: Wish) -> None:
    """Add what is returned only if it is asked for."""
    chosen = _domain_capabilities(host, wish)
    parts: dict[str, t.Callable[[], t.Any]] = {
        GUESTS: lambda: _guests(host.capabilities, wish),
        DOMAIN_CAPABILITIES: lambda: None if chosen is None else described_capabilities(chosen),
        NUMA: lambda: described_cells(connection, host.capabilities.root),
        NETWORKS: lambda: [_brief(each) for each in node.networks(connection)],
        POOLS: lambda: [_brief(each) for each in node.pools(connection)],
        DEVICES: lambda: [
            described_device(each) for each in node.node_devices(connection, wish.kinds)
        ],
        SYSINFO: lambda: _sysinfo(node.firmware_tables(connection)),
        XML: lambda: {
            "capabilities": serialise(host.capabilities.root),
            "domain_capabilities": serialise(chosen.root)
            if chosen is not None and chosen.root.children
            else None,
        },
    }
    for name in GATHERED:
        if name in wish.gather:
            described[name] = parts[name]()


def _cpu(capabilities: Capabilities, cpus: node.Cpus | None) -> dict[str, t.Any]:
    counted = dict.fromkeys(node.Cpus._fields) if cpus is None else cpus._asdict()
    return {
        **counted,
        # The driver "test" gives the model in place of the architecture.
        "arch": capabilities.host_arch or counted["arch"],
        "model": capabilities.host_cpu_model,
        "vendor": capabilities.root.value("host/cpu/vendor"),
    }


def _system(document: Element | None) -> dict[str, t.Any] | None:
    """Who made the machine, by the document of the device ``computer``."""
    if document is None:
        return None
    hardware = document.find("capability/hardware") or Element("none")
    firmware = document.find("capability/firmware") or Element("none")
    return {
        "vendor": hardware.value("vendor"),
        "product": document.value("capability/product"),
        "version": hardware.value("version"),
        "serial": hardware.value("serial"),
        "uuid": hardware.value("uuid"),
        "firmware": {name: firmware.value(name) for name in ("vendor", "version", "release_date")},
    }


def _guests(capabilities: Capabilities, wish: Wish) -> list[dict[str, t.Any]]:
    return [
        {
            "arch": choice.arch,
            "os_type": choice.os_type,
            "virt_type": choice.virt_type,
            "emulator": choice.emulator,
            "machines": list(choice.machines),
            "aliases": choice.aliases,
        }
        for choice in capabilities.choices()
        if _fits(choice, wish)
    ]


def _fits(choice: Choice, wish: Wish) -> bool:
    return (
        wish.arch in (None, choice.arch)
        and wish.virt_type in (None, choice.virt_type)
        and (wish.machine is None or wish.machine in choice.machines)
    )


def _domain_capabilities(host: Host, wish: Wish) -> DomainCapabilities | None:
    """The chosen domain capabilities; ``None`` where the host can't run such guests."""
    if not {DOMAIN_CAPABILITIES, XML} & set(wish.gather):
        return None
    try:
        choice = host.capabilities.choose(
            arch=wish.arch, virt_type=wish.virt_type, machine=wish.machine
        )
    except OptionError:
        return None
    return host.domain_capabilities(choice.emulator, choice.arch, wish.machine, choice.virt_type)


def _brief(found: node.Brief) -> dict[str, t.Any]:
    return {
        "name": found.name,
        "uuid": found.uuid,
        "state": "active" if found.active else "inactive",
        "persistent": found.persistent,
        "autostart": found.autostart,
    }


def _sysinfo(document: Element | None) -> dict[str, list[dict[str, str | None]]] | None:
    """The SMBIOS tables, each a list, because there may be several of a kind."""
    if document is None:
        return None
    found: dict[str, list[dict[str, str | None]]] = {}
    for section in document.children:
        entries = {each.get("name") or "": each.text for each in section.all("entry")}
        found.setdefault(section.tag, []).append(entries)
    return found


def _is_supported(text: str | None) -> bool | None:
    return None if text is None else text == "yes"
