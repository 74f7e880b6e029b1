# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain's document and libvirt's statistics in the form of a result."""

from __future__ import annotations

import typing as t

from ..._rules.amounts import kib, vcpu_count
from ..._xmltree.element import Element

#: The attribute of an interface's source that names its network.
_PLUGS = ("network", "bridge", "dev", "name", "path", "address")


def machine(document: Element) -> dict[str, t.Any]:
    """The guest as a whole: its kind, its memory in bytes and its virtual CPUs."""
    memory = kib(document.child("memory"))
    current = kib(document.child("currentMemory"))
    plugged, most = vcpu_count(document.child("vcpu"))
    return {
        "title": document.value("title"),
        "description": document.value("description"),
        "type": document.get("type"),
        "arch": document.value("os/type/@arch"),
        "machine": document.value("os/type/@machine"),
        "memory": {
            "current": _bytes(memory if current is None else current),
            "maximum": _bytes(memory),
        },
        "vcpus": {"current": plugged, "maximum": most},
    }


def disks(document: Element, stats: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """The disks in the document; their sizes, in bytes, are from the statistics."""
    sizes = _sizes(stats)
    found = []
    for disk in document.findall("devices/disk"):
        target = disk.value("target/@dev")
        size = sizes.get(target or "", {})
        found.append(
            {
                "target": target,
                "device": disk.get("device") or "disk",
                "bus": disk.value("target/@bus"),
                "type": disk.get("type"),
                "source": disk_source(disk),
                "format": disk.value("driver/@type"),
                "read_only": disk.child("readonly") is not None,
                "serial": disk.value("serial"),
                **{name: size.get(name) for name in _SIZES},
            }
        )
    return found


_SIZES = ("capacity", "allocation", "physical")


def _sizes(stats: t.Mapping[str, t.Any]) -> dict[str, dict[str, int]]:
    """The sizes by target; the statistics of backing files don't count."""
    found: dict[str, dict[str, int]] = {}
    for number in range(stats.get("block.count", 0)):
        prefix = f"block.{number}."
        name = stats.get(f"{prefix}name", "")
        found.setdefault(
            name,
            {key: stats[prefix + key] for key in _SIZES if prefix + key in stats},
        )
    return found


def disk_source(disk: Element) -> str | None:
    """A path, ``POOL/VOLUME`` or a URL; ``None`` for a drive without a medium."""
    source = disk.child("source")
    if source is None:
        return None
    kind = disk.get("type")
    if kind == "volume":
        return "/".join(filter(None, (source.get("pool"), source.get("volume"))))
    if kind == "network":
        return _url(source)
    if kind == "nvme":
        address = source.child("address")
        return pci_address(address) if address is not None else None
    for name in ("file", "dev", "dir", "path"):
        if name in source.attributes:
            return source.attributes[name]
    return None


def _url(source: Element) -> str:
    host = source.child("host")
    name, place = source.get("name") or "", ""
    if host is not None:
        address = host.get("name") or host.get("socket") or ""
        port = host.get("port")
        place = f"[{address}]" if ":" in address else address
        place += f":{port}" if port else ""
    return f"{source.get('protocol')}://{place}/{name.lstrip('/')}"


def pci_address(address: Element) -> str:
    """As ``lspci`` writes it: ``0000:01:00.0``."""
    parts = [int(address.get(n) or "0", 0) for n in ("domain", "bus", "slot", "function")]
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*parts)


def interfaces(document: Element) -> list[dict[str, t.Any]]:
    """The network interfaces in the document."""
    return [
        {
            "mac": interface.value("mac/@address"),
            "type": interface.get("type"),
            "source": _plugged_into(interface),
            "model": interface.value("model/@type"),
            "target": interface.value("target/@dev"),
            "link": interface.value("link/@state") or "up",
        }
        for interface in document.findall("devices/interface")
    ]


def _plugged_into(interface: Element) -> str | None:
    source = interface.child("source")
    if source is None:
        return None
    address = source.child("address")
    if interface.get("type") == "hostdev" and address is not None:
        return pci_address(address)
    return next((source.attributes[name] for name in _PLUGS if name in source.attributes), None)


def _bytes(amount: int | None) -> int | None:
    return None if amount is None else amount * 1024
