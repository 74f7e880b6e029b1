# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether another document makes the same definition on a host that doesn't have it.

For a domain that exists, whatever libvirt has chosen is right, and stays. For one that is to be made
again it isn't: libvirt may choose otherwise. There a value may be missing only where it is drawn or
assigned anew by nature, which :data:`DRAWN` lists, or where a row knows the very value.
"""

from __future__ import annotations

import itertools
import typing as t

from ..._xmltree.element import Element
from ..book import RuleBook
from ..context import Context
from ..rows import ASSIGNED, Fill, Implied, Row, Value
from . import controllers, defaults, facts, implied
from .book import ROWS


def generated_alias(_context: Context, alias: Element) -> Implied:
    """virDomainDeviceInfoFormat: a definition has the aliases that a person gave, ``ua-…``."""
    return None if (alias.get("name") or "").startswith("ua-") else ASSIGNED


_PORT_IDS = ("interfaceid", "instanceid")


def drawn_parameters(_context: Context, parameters: Element) -> Implied:
    """virNetDevVPortProfileParse: the identifiers of a port, without anything else."""
    return ASSIGNED if set(parameters.attributes) <= set(_PORT_IDS) else None


_PLUG = ("chassis", "chassisNr", "port", "busNr", "index")


def plug(_context: Context, target: Element) -> Implied:
    """qemuDomainAssignPCIAddresses: numbers of a controller, without anything else."""
    return ASSIGNED if set(target.attributes) <= set(_PLUG) and not target.children else None


def numbered_thread(context: Context, thread: Element) -> Implied:
    """virDomainDefIOThreadsParse: the lowest numbers that are free, from 1."""
    numbers = sorted(child.get("id") or "" for child in context.actual.all("iothread"))
    is_usual = numbers == sorted(str(n + 1) for n in range(len(numbers)))
    is_plain = set(thread.attributes) == {"id"} and not thread.children
    return ASSIGNED if is_usual and is_plain else None


def cell_number(context: Context) -> Value:
    """virDomainNumaDefParseXML: cells without a number are numbered in order."""
    cells = context.above().desired.all("cell")
    return next((str(n) for n, cell in enumerate(cells) if cell is context.desired), None)


def variables(context: Context, nvram: Element) -> Implied:
    """qemuDomainNVRAMPathGenerate: the file's path; its template where the firmware is chosen."""
    if nvram.get("template") is not None and not facts.is_firmware_chosen(context):
        return None
    return implied.nvram(context, nvram)


def gic_version(context: Context) -> Value:
    """qemuDomainDefEnableDefaultFeatures: 2 of an emulated one, or else what the host has."""
    return "2" if facts.domain_type(context) == "qemu" else ASSIGNED


def gic(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefEnableDefaultFeatures: ARM's machines have one."""
    return Element("gic") if facts.architecture(context) in ("aarch64", "armv7l") else None


def spapr_nvram(context: Context, _extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: pseries machines have NVRAM."""
    return Element("nvram") if facts.machine(context).startswith("pseries") else None


def serial_type(context: Context) -> Value:
    """qemuDomainChrDefPostParse: the machine's own kind of serial port."""
    known = defaults.serial_target_type(context)
    if known is not ASSIGNED:
        return known
    machine, arch = facts.machine(context), facts.architecture(context)
    if machine.startswith("pseries"):
        return "spapr-vio-serial"
    if arch == "s390x":
        return "sclp-serial"
    return "system-serial" if machine.startswith("virt") else None


def serial_model(context: Context) -> Value:
    """The same for QEMU's device."""
    known = defaults.serial_model(context)
    if known is not ASSIGNED:
        return known
    kind = context.above().actual.get("type")
    if kind == "system-serial":
        return "pl011" if facts.is_arm(context) else "16550a"
    return {"spapr-vio-serial": "spapr-vty", "sclp-serial": "sclpconsole"}.get(kind or "")


def console_type(context: Context) -> Value:
    """A console is a serial port."""
    known = defaults.console_target_type(context)
    if known is not ASSIGNED:
        return known
    return "serial"


def controller(context: Context, extra: Element) -> Implied:
    """qemuDomainDefAddDefaultDevices: not every machine has a USB controller of its own."""
    expected = controllers.own(context, extra)
    if extra.get("type") == "usb" and facts.architecture(context) == "s390x":
        return None
    return expected


#: Models of USB controllers that share one number.
_COMPANIONS = "ich9-"


def controller_number(context: Context) -> Value:
    """virDomainAssignControllerIndexes: the lowest number that no other of the type has.

    virDomainDefMaybeAddHostdevSCSIcontroller comes before: it adds the first one where none has its
    number.
    """
    kind, model = context.desired.get("type"), context.desired.get("model") or ""
    of_host = any(one.get("type") == "scsi" for one in facts.devices(context, "hostdev"))
    if of_host and kind == "scsi":
        return None
    if kind == "pci" or model.startswith(_COMPANIONS):
        # PCI's follow from what is plugged in, and USB companions have one number.
        return ASSIGNED
    alike = [one for one in facts.devices(context, "controller") if one.get("type") == kind]
    taken = {controllers.as_number(one.get("index")) for one in alike if one.get("index")}
    for one in alike:
        if one.get("index"):
            continue
        number = next(number for number in itertools.count() if number not in taken)
        if one is context.desired:
            return str(number)
        taken.add(number)
    return ASSIGNED


def controller_model(context: Context) -> Value:
    """The first PCI controller is what the machine has; of others only one model is known."""
    known = defaults.controller_model(context)
    if context.desired.get("type") == "pci":
        return known
    return known if isinstance(known, str) else None


def controller_name(context: Context) -> Value:
    """qemuDomainPCIControllerSetOptionsDefaults: what QEMU has had since 2.9."""
    names = defaults.pci_controller_name(context)
    return names[0] if isinstance(names, tuple) else names


def input_bus(context: Context) -> Value:
    """virDomainInputDefPostParse: newer libvirts add PS/2's mouse and keyboard before they know it.

    virDomainDefMaybeAddInput takes an input without a bus for another one then.
    """
    known = defaults.input_bus(context)
    return None if known == "ps2" else known


def tpm_version(context: Context) -> Value:
    """qemuDomainTPMDefPostParse: TPM-CRB, and those of other machines, never were of version 1.2."""
    is_new = context.above().desired.get("model") in ("tpm-crb", "tpm-spapr")
    return "2.0" if is_new or facts.is_arm(context) else None


#: What is drawn or assigned anew by nature, or follows from what is.
DRAWN: tuple[Fill, ...] = (
    Fill("uuid", ASSIGNED, "another guest has another"),
    Fill("genid/text()", ASSIGNED, "another guest has another"),
    Fill("devices/*/address", ASSIGNED, "addresses follow from the devices"),
    Fill("devices/*/address/@multifunction", ASSIGNED, "addresses follow from the devices"),
    Fill("devices/*/address/@*", defaults.address_part, "an incomplete address is completed"),
    Fill("devices/*/address/zpci", ASSIGNED, "addresses follow from the devices"),
    Fill("devices/*/address/zpci/@*", ASSIGNED, "addresses follow from the devices"),
    Fill("devices/*/alias", generated_alias, "names that libvirt gives"),
    Fill("devices/interface/mac", ASSIGNED, "another guest has another"),
    Fill("devices/interface/virtualport/parameters", drawn_parameters, "identifiers of the port"),
    Fill(
        f"devices/interface/virtualport/parameters/@{{{','.join(_PORT_IDS)}}}",
        ASSIGNED,
        "virNetDevVPortProfileParse: identifiers of the port are drawn",
    ),
    Fill("devices/controller/@index", controller_number, "controllers are numbered in order"),
    Fill("devices/controller/target", plug, "chassis and ports follow from the addresses"),
    Fill(
        f"devices/controller/target/@{{{','.join(_PLUG)}}}",
        ASSIGNED,
        "chassis and ports follow from the addresses",
    ),
    Fill("devices/controller/master", ASSIGNED, "USB companions are given their first port"),
    Fill("devices/input/@bus", input_bus, "newer libvirts have two of what has no bus"),
    Fill("devices/controller", controller, "those that devices need", order=controllers.order),
    Fill("devices/controller/@model", controller_model, "qemuDomainControllerDefPostParse"),
    Fill(
        "devices/controller/model/@name",
        controller_name,
        "qemuDomainPCIControllerSetOptionsDefaults",
    ),
    Fill(
        "iothreadids/iothread",
        numbered_thread,
        "I/O threads are numbered in order",
        order=defaults.thread_number,
    ),
    Fill("cpu/numa/cell/@id", cell_number, "cells are numbered in order"),
    Fill("cpu/@migratable", defaults.cpu_migratable, "the host's kind of virtualization decides"),
    Fill("seclabel/@model", ASSIGNED, "the host's security driver"),
    Fill("features/gic", gic, "qemuDomainDefEnableDefaultFeatures"),
    Fill("features/gic/@version", gic_version, "qemuDomainDefEnableDefaultFeatures"),
    Fill("devices/emulator", implied.emulator, "the host's QEMU"),
    Fill("devices/nvram", spapr_nvram, "qemuDomainDefAddDefaultDevices"),
    Fill("devices/serial/target/@type", serial_type, "qemuDomainChrDefPostParse"),
    Fill("devices/serial/target/model/@name", serial_model, "qemuDomainChrSerialTargetModel"),
    Fill("devices/console/target/@type", console_type, "virDomainChrDefParseTargetXML"),
    Fill("devices/tpm/backend/@version", tpm_version, "qemuDomainTPMDefPostParse"),
    Fill("devices/video/model/@device", defaults.video_device, "the modules of the host's QEMU"),
    # The firmware and the file of its variables are the host's.
    Fill("os/{loader,firmware}", implied.with_firmware, "the host's firmware descriptors"),
    Fill("os/firmware/feature", implied.firmware_feature, "the host's firmware descriptors"),
    Fill("os/loader/@type", defaults.loader_type, "the host's firmware descriptors"),
    Fill("os/loader/@readonly", defaults.loader_readonly, "the host's firmware descriptors"),
    Fill("os/loader/@format", defaults.loader_format, "the host's firmware descriptors"),
    Fill(
        "os/loader/@{secure,stateless}", defaults.firmware_chosen, "the host's firmware descriptors"
    ),
    Fill("os/loader/text()", defaults.firmware_chosen, "the host's firmware descriptors"),
    Fill("os/nvram", variables, "the path is generated from the name"),
    Fill("os/nvram/text()", ASSIGNED, "the path is generated from the name"),
    Fill("os/nvram/source", defaults.variables_file, "the path is generated from the name"),
    Fill(
        "os/nvram/@{template,templateFormat,format}",
        defaults.firmware_chosen,
        "the host's firmware descriptors",
    ),
    # Names that are generated
    Fill("devices/pstore/path", implied.pstore_path, "the path is generated from the name"),
    Fill("devices/interface/target", implied.test_interface, "testDomainGenerateIfnames"),
    Fill("resource", implied.container_partition, "virLXCCgroupCreate"),
)


def _known(row: Row) -> Row:
    """The row without what libvirt chooses among several values."""
    if not isinstance(row, Fill):
        return row
    value = row.value
    if not callable(value):
        return row._replace(value=_only(value))

    def known(*context: t.Any) -> t.Any:
        return _only(value(*context))

    return row._replace(value=known)


def _only(value: t.Any) -> t.Any:
    return None if value is ASSIGNED or isinstance(value, tuple) else value


#: The rules for what a document makes on a host that doesn't have the domain.
ANEW = RuleBook("domain", (*DRAWN, *map(_known, ROWS)))
