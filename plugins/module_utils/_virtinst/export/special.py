# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sub-options that aren't the value at one place, read from their elements.

A reader takes the document and the element, and gives the sub-options by their names.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..options.setters.boot import DEVICES
from ..options.setters.qemu import URI

#: By the name of the sub-option, or by its name and the numbers in it.
Found = dict[t.Any, t.Any]
_KIB = 1024
_PCI = ("domain", "bus", "slot", "function")
#: Features that a new guest gets unless they are switched off.
_SWITCHED = ("acpi", "apic")
_MEMORY, _CURRENT = "memory", "currentMemory"

#: Sub-options that the generic reading leaves out, because a reader has them, another sub-option says
#: the same, or another option has them.
SKIPPED: dict[str, frozenset[str]] = {
    # domain/os: the words hd, cdrom… are one list; other options have type, arch and machine.
    "boot": frozenset(
        [*DEVICES, "os_type", "arch", "machine", "domain_type", "boot[].dev", "initargs"]
    ),
    "metadata": frozenset(["name", "uuid", "description", "os_name", "os_full_id", "genid_enable"]),
    "memory": frozenset([_MEMORY, _CURRENT, "maxmemory", "hugepages"]),
    # The topology is read by the option cpu.
    "vcpus": frozenset(
        ["maxvcpus", "cpuset", "vcpus", "sockets", "dies", "cores", "threads", "vcpu.cpuset"]
    ),
    "cpu": frozenset(["model", "secure", "force", "require", "optional", "disable", "forbid"]),
    "disk": frozenset(["source.file", "source.dev", "source.dir"]),
    "network": frozenset(["source", "model.type", "mac.address"]),
    # The password is left out; the address may be that of an element <listen>.
    "graphics": frozenset(["password", "passwordValidTo", "connected"]),
    "filesystem": frozenset(["target.dir", "source"]),
    "hostdev": frozenset(["name"]),
    # The list of timers has them all.
    "clock": frozenset(
        [
            *(f"{name}_present" for name in ("platform", "pit", "rtc", "hpet", "tsc", "kvmclock")),
            *("hypervclock_present", "pit_tickpolicy", "rtc_tickpolicy"),
        ]
    ),
    "controller": frozenset(["address", "num_pcie_root_ports"]),
    "qemu_commandline": frozenset(["args", "env"]),
    # An address may be given as HOST:PORT, which the newer names don't need.
    **dict.fromkeys(
        ("serial", "parallel", "channel", "console"),
        frozenset(["path", "mode", "bind_host", "host"]),
    ),
    "rng": frozenset(["device", "type"]),
    "redirdev": frozenset(["server"]),
}


def _boot(root: Element, element: Element) -> Found:
    words = [boot.get("dev") or "" for boot in element.all("boot")]
    if not set(words) <= set(DEVICES) or len(set(words)) != len(words):
        return {("boot[].dev", (number,)): word for number, word in enumerate(words)}
    return dict.fromkeys(words, True)


def _features(_root: Element, element: Element) -> Found:
    return {name: False for name in _SWITCHED if element.child(name) is None}


def _hostdev(_root: Element, element: Element) -> Found:
    source = element.child("source")
    address = None if source is None else source.child("address")
    if element.get("type") == "pci" and address is not None:
        parts = [int(address.get(name) or "0", 0) for name in _PCI]
        return {"name": "{:04x}:{:02x}:{:02x}.{:x}".format(*parts)}
    if element.get("type") == "usb" and source is not None:
        ids = [source.value(f"{name}/@id") for name in ("vendor", "product")]
        if all(ids):
            return {"name": ":".join(filter(None, ids))}
        if address is not None:
            return {"name": f"{address.get('bus')}.{address.get('device')}"}
    return {}


def _memory(root: Element, _element: Element) -> Found:
    most, current = root.value(_MEMORY), root.value(_CURRENT)
    if most is None or not most.isdigit() or not (current or most).isdigit():
        return {}
    if current in (None, most):
        return {_MEMORY: _mebibytes(most)}
    return {_MEMORY: _mebibytes(current or most), "maxmemory": _mebibytes(most)}


def _mebibytes(kibibytes: str) -> int | str:
    amount = int(kibibytes)
    return amount // _KIB if amount % _KIB == 0 else f"{amount}KiB"


def _vcpus(root: Element, _element: Element) -> Found:
    cpuset = root.value("vcpu/@cpuset")
    return {} if cpuset is None else {"vcpu.cpuset": cpuset}


def _cpu(root: Element, element: Element) -> Found:
    found: Found = {}
    model, mode = element.value("model"), element.get("mode")
    if model:
        found["secure"] = False
        found["model"] = model
    elif mode and mode != "custom":
        found["model"] = mode
    for feature in element.all("feature"):
        policy, name = feature.get("policy"), feature.get("name")
        if policy and name:
            found.setdefault(policy, []).append(name)
    return found


def _disk(_root: Element, element: Element) -> Found:
    for attribute in ("file", "dev", "dir"):
        path = element.value(f"source/@{attribute}")
        if path:
            return {"path": path}
    return {}


def _network(_root: Element, element: Element) -> Found:
    device = element.value("source/@dev")
    return {"source": device} if element.get("type") == "direct" and device else {}


def _qemu(root: Element, _element: Element) -> Found:
    line = root.child(f"{{{URI}}}commandline")
    found: Found = {}
    if line is None:
        return found
    arguments = [each.get("value") or "" for each in line.all(f"{{{URI}}}arg")]
    variables = [
        f"{each.get('name')}={each.get('value') or ''}" for each in line.all(f"{{{URI}}}env")
    ]
    if arguments:
        found["args"] = arguments
    if variables:
        found["env"] = variables
    return found


#: By the name of the group.
READERS: dict[str, t.Callable[[Element, Element], Found]] = {
    "boot": _boot,
    "memory": _memory,
    "vcpus": _vcpus,
    "cpu": _cpu,
    "disk": _disk,
    "features": _features,
    "hostdev": _hostdev,
    "network": _network,
    "qemu_commandline": _qemu,
}
