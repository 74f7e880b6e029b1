# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``machine`` of a domain that exists: its newest version, and from i440FX to Q35."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from . import writing
from .errors import OptionError
from .guest import Guest
from .host import Host

OPTION, LATEST = "machine", "latest"
_MACHINE = "os/type/@machine"
#: The beginnings of machine types whose alias is another word: QEMU's hw/i386/pc_piix.c and
#: pc_q35.c.
_PREFIXES = {"pc": "pc-i440fx-", "q35": "pc-q35-"}
_I440FX, _Q35 = (("pc", "pc-i440fx-"), ("q35", "pc-q35-"))
#: The models of devices that become others, as virt-xml --convert-to-q35 changes them: the
#: chipset has a sound card of its own, and its ports are of PCI Express.
_MODELS = {("sound", "@model", "ich6"): "ich9", ("interface", "model/@type", "e1000"): "e1000e"}


def resolved(
    host: Host, options: t.Mapping[str, t.Any], actual: Element | None
) -> t.Mapping[str, t.Any]:
    """The options with a machine type in place of ``latest``.

    A new domain gets the default machine, which is the newest version of its family.

    :raises OptionError: the host has no such family, or not the machine type that a domain is to get.
    """
    machine = options.get(OPTION)
    if machine != LATEST:
        # An empty name leaves the machine as it is.
        if machine and actual is not None and machine != actual.value(_MACHINE):
            _check_known(host, machine, options.get("arch"), actual)
        return options
    if actual is None:
        return {name: value for name, value in options.items() if name != OPTION}
    return {**options, OPTION: _newest(host, actual)}


def _check_known(host: Host, machine: str, arch: str | None, actual: Element) -> None:
    """:raises OptionError: the host has no such machine type; libvirt may name another fault.

    libvirt gives addresses to the devices before it asks QEMU for the machine (``qemuDomainDefAssignAddresses``).
    """
    of = (actual.value("os/type"), arch or actual.value("os/type/@arch"))
    # The test driver lists no machine types.
    if host.capabilities.choose(*of).machines:
        host.capabilities.choose(*of, machine=machine)


def _newest(host: Host, actual: Element) -> str:
    """The host's newest machine type of the family that a domain's machine is of."""
    machine = actual.value(_MACHINE) or ""
    # An old QEMU's machine types may be gone, so the machine is left open.
    choice = host.capabilities.choose(
        actual.value("os/type"), actual.value("os/type/@arch"), actual.get("type")
    )
    if machine in choice.aliases.values():
        return machine
    for alias, newest in choice.aliases.items():
        if machine == alias or machine.startswith(_PREFIXES.get(alias, f"{alias}-")):
            return newest
    known = ", ".join(choice.aliases) or "none"
    raise OptionError(
        f"machine: latest: the host has no newer version of {machine or 'this machine'}; the families "
        f"that it has are {known}; give a machine type"
    )


def becomes_q35(machine: str | None, actual: Element) -> bool:
    """Whether a domain on an i440FX chipset is to get a Q35 one."""
    old = actual.value(_MACHINE) or ""
    return _is_of(machine or "", _Q35) and _is_of(old, _I440FX)


def note_of(document: Element) -> str:
    """What a person should know of the change to Q35."""
    disks = [
        disk.value("target/@dev") or "one"
        for disk in document.findall("devices/disk")
        if disk.value("target/@bus") == "ide"
    ]
    moved = f"; its IDE disks become SATA disks: {', '.join(disks)}" if disks else ""
    return (
        f"the machine becomes a Q35, whose devices have other PCI addresses{moved}; Linux follows where "
        "it names disks by UUID and its network devices don't depend on their slot, Windows needs "
        "the SATA driver (AHCI) switched on before, takes network devices for new ones, and may "
        "have to be activated again"
    )


def convert(guest: Guest) -> None:
    """Change the devices of a whole document that a Q35 can't have.

    libvirt's own controllers and the PCI addresses go with the old machine, see
    :mod:`.._rules.domain.machine`, and the new one's ports are requested. Disks keep their targets, by which tasks know them.
    """
    for disk in guest.devices("disk"):
        if disk.value("target/@bus") == "ide":
            writing.write(disk, "target/@bus", "sata")
            disk.children = [child for child in disk.children if child.tag != "address"]
    for (tag, place, old), new in _MODELS.items():
        for device in guest.devices(tag):
            if device.value(place) == old:
                writing.write(device, place, new)


def _is_of(machine: str, family: tuple[str, str]) -> bool:
    alias, prefix = family
    return machine == alias or machine.startswith(prefix)
