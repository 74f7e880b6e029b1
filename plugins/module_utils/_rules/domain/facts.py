# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several rules ask of a domain: architecture, machine, bus."""

from __future__ import annotations

from ..._xmltree.element import Element
from ..context import Context

_X86 = ("x86_64", "i686")
#: qemuDomainDefAddDefaultDevices: what the first interrupt controllers can count.
_FEW_CPUS = 255
#: What has slots for PCI devices on a machine with PCIe.
WITH_SLOTS = ("pcie-to-pci-bridge", "dmi-to-pci-bridge", "pci-bridge")


def domain_type(context: Context) -> str | None:
    """``kvm``, ``qemu``, ``lxc``…"""
    return context.root.actual.get("type")


def is_qemu(context: Context) -> bool:
    """Whether libvirt's QEMU driver runs the domain."""
    return domain_type(context) in ("qemu", "kvm", "hvf")


def architecture(context: Context) -> str | None:
    """The guest's architecture, which libvirt always writes."""
    return context.root.actual.value("os/type/@arch")


def is_x86(context: Context) -> bool:
    """Whether the guest's architecture is an x86."""
    return architecture(context) in _X86


def bus_of_input(kind: str | None, arch: str | None) -> str | None:
    """virDomainInputDefPostParse: the bus of an input device that has none, by its type.

    On x86 it is PS/2 where there is one.
    """
    if kind in ("mouse", "keyboard"):
        return "ps2" if arch in _X86 else "usb"
    return {"tablet": "usb", "passthrough": "virtio"}.get(kind or "")


def is_arm(context: Context) -> bool:
    """Whether the guest's architecture is an ARM."""
    return architecture(context) in ("aarch64", "armv7l", "armv6l")


def machine(context: Context) -> str:
    """The machine type with its version, which libvirt always writes."""
    return context.root.actual.value("os/type/@machine") or ""


def is_q35(context: Context) -> bool:
    """Whether the machine is a q35 (virQEMU's qemuDomainIsQ35)."""
    name = machine(context)
    return name == "q35" or name.startswith("pc-q35")


def is_pcie(context: Context) -> bool:
    """Whether the machine has a PCIe root (qemuDomainHasPCIeRoot)."""
    return any(
        controller.get("model") == "pcie-root"
        for controller in actual_devices(context, "controller")
    )


def has_many_cpus(context: Context) -> bool:
    """Whether a q35 has more than the 255 virtual CPUs that need nothing else."""
    count = (context.root.desired.value("vcpu") or "1").strip()
    return is_q35(context) and count.isdigit() and int(count) > _FEW_CPUS


def is_firmware_chosen(system: Context) -> bool:
    """Whether libvirt chooses the firmware; ``system`` is the context of ``os``.

    qemuFirmwareFillDomain: where the document says which kind, and since 9.2 where it names a
    flash image that a firmware descriptor of the host knows.
    """
    if system.desired.get("firmware") is not None:
        return True
    is_flash = system.desired.value("loader/@type") == "pflash"
    return is_flash and system.actual.get("firmware") is not None


def firmware_is_chosen(root: Context) -> bool:
    """The same for a whole domain."""
    desired, actual = root.desired.child("os"), root.actual.child("os")
    if desired is None or actual is None:
        return False
    return is_firmware_chosen(Context(desired, actual, root.place.child("os"), root))


def devices(context: Context, *tags: str) -> list[Element]:
    """The desired devices with one of these tags."""
    found = context.root.desired.child("devices")
    if found is None:
        return []
    return [device for device in found.children if device.tag in tags]


def actual_devices(context: Context, *tags: str) -> list[Element]:
    """The devices with one of these tags that libvirt has."""
    found = context.root.actual.child("devices")
    if found is None:
        return []
    return [device for device in found.children if device.tag in tags]


def graphics(context: Context) -> list[str | None]:
    """The types of the desired graphics."""
    return [device.get("type") for device in devices(context, "graphics")]


#: virDomainNetDefParseXML reads the filter of these types alone: only what passes through a
#: device of the host is filtered.
FILTERED = ("network", "bridge", "ethernet")
_INTERFACES, _FILTER, _MAC = "devices/interface", "filterref/@filter", "mac/@address"


def filters_of(document: Element) -> list[str]:
    """The names of the filters that a domain's interfaces have, each once."""
    found = (
        interface.value(_FILTER)
        for interface in document.findall(_INTERFACES)
        if interface.get("type") in FILTERED
    )
    return list(dict.fromkeys(name for name in found if name is not None))


def dropped_filters(document: Element, actual: Element | None) -> list[tuple[Element, str]]:
    """The interfaces of a task's document whose filter libvirt drops, each with its type.

    An interface without a type has that of the one in ``actual``, the domain's definition, that has
    its MAC address.
    """
    known = {} if actual is None else _types(actual)
    found = []
    for interface in document.findall(_INTERFACES):
        kind = interface.get("type") or known.get((interface.value(_MAC) or "").lower())
        if kind is not None and kind not in FILTERED and interface.value(_FILTER) is not None:
            found.append((interface, kind))
    return found


def _types(document: Element) -> dict[str, str]:
    return {
        (interface.value(_MAC) or "").lower(): interface.get("type") or ""
        for interface in document.findall(_INTERFACES)
    }
