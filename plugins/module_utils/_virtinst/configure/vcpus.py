# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The number of virtual CPUs, and their topology."""

from __future__ import annotations

from ..errors import OptionError
from ..guest import Guest

_PARTS = ("sockets", "dies", "cores", "threads")


def configure(guest: Guest, default: int = 1) -> None:
    """Make the number and the topology agree; without both the number is ``default``.

    :raises OptionError: they contradict each other.
    """
    topology = {part: guest.get(f"cpu/topology/@{part}") for part in _PARTS}
    has_topology = guest.has("cpu/topology")
    if guest.get("vcpu") is None:
        guest.set("vcpu", str(_total(topology) if has_topology else default))
    if not has_topology:
        return
    vcpus = int(guest.get("vcpu") or 1)
    # More systems limit the number of sockets than the number of cores, so the missing
    # factor goes into cores.
    for part in ("cores", "sockets", "dies", "threads"):
        if not _number(topology[part]):
            topology[part] = "1" if part == "dies" else str(vcpus // _total(topology))
    if _total(topology) != vcpus:
        given = " × ".join(f"{topology[part]} {part}" for part in _PARTS)
        raise OptionError(f"the CPU topology of {given} does not make {vcpus} vcpus")
    for part in _PARTS:
        guest.set(f"cpu/topology/@{part}", topology[part])


def _number(text: str | None) -> int:
    return int(text) if text else 0


def _total(topology: dict[str, str | None]) -> int:
    total = 1
    for part in _PARTS:
        total *= _number(topology[part]) or 1
    return total
