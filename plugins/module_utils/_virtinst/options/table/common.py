# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sub-options that many groups have."""

from __future__ import annotations

import typing as t

from ..rows import Option, commas, integer, on_off, text, yes_no
from ..setters import common

CLEAR = yes_no("clearxml", None, "forget the earlier values of the same option", set=common.clear)

#: Changes of the finished element that no other sub-option can make.
XPATH = (
    commas("xpath[].delete", None, "remove the element at this XPath"),
    commas(
        "xpath[].set",
        None,
        "set the element or attribute at this XPath, as XPATH=VALUE or with xpath.value",
    ),
    commas("xpath[].create", None, "add an empty element at this XPath"),
    commas("xpath[].value", None, "what xpath.set sets, where it is given separately"),
)

_ANY = (CLEAR, *XPATH)

_ADDRESS = (
    text(
        "address.type",
        "address/@type",
        "kind of address: pci, drive, usb, virtio-serial, ccw, isa…",
    ),
    integer("address.domain", "address/@domain", "PCI domain"),
    integer("address.bus", "address/@bus", "number of the bus"),
    integer("address.slot", "address/@slot", "slot on the bus"),
    on_off(
        "address.multifunction",
        "address/@multifunction",
        "whether the PCI slot has several functions",
    ),
    integer("address.function", "address/@function", "function in the PCI slot"),
    integer("address.controller", "address/@controller", "index of the controller"),
    integer("address.unit", "address/@unit", "unit on the bus of a disk controller"),
    integer("address.port", "address/@port", "port of a virtio-serial or USB bus"),
    integer("address.target", "address/@target", "target on the bus of a SCSI controller"),
    text("address.reg", "address/@reg", "register of a spapr-vio device"),
    text("address.cssid", "address/@cssid", "channel subsystem of a CCW device"),
    text("address.ssid", "address/@ssid", "subchannel set of a CCW device"),
    text("address.devno", "address/@devno", "device number of a CCW device"),
    text("address.iobase", "address/@iobase", "first I/O port of an ISA device"),
    text("address.irq", "address/@irq", "interrupt of an ISA device"),
    text("address.base", "address/@base", "where in memory a DIMM begins"),
    text("address.zpci.uid", "address/zpci/@uid", "user-defined id of a PCI device on s390x"),
    text("address.zpci.fid", "address/zpci/@fid", "function id of a PCI device on s390x"),
)
_ALIAS = (
    text("alias.name", "alias/@name", "libvirt's name for the device; one's own begins with ua-"),
)
_BOOT_ORDER = (
    integer(
        "boot.order",
        "boot/@order",
        "place in the boot order, from 1; excludes the boot devices of the whole guest",
        "boot_order",
        set=common.set_boot_order,
    ),
)
_BOOT_PARAMETER = (
    text("boot.loadparm", "boot/@loadparm", "parameter of the boot loader on s390x"),
)
_VIRTIO = (
    on_off("driver.ats", "driver/@ats", "address translation service of a virtio device"),
    on_off("driver.iommu", "driver/@iommu", "whether a virtio device goes through the IOMMU"),
    on_off("driver.packed", "driver/@packed", "packed virtqueues"),
    on_off(
        "driver.page_per_vq",
        "driver/@page_per_vq",
        "a page of notification addresses for each virtqueue",
    ),
)


def element(*options: Option) -> tuple[Option, ...]:
    """The sub-options of a group that isn't a device."""
    return (*_ANY, *options)


def device(
    *options: Option,
    boot_order: bool = False,
    boot_parameter: bool = False,
    virtio: bool = False,
) -> tuple[Option, ...]:
    """The sub-options of a group of devices."""
    return (
        *_ANY,
        *_ADDRESS,
        *_ALIAS,
        *(_BOOT_ORDER if boot_order else ()),
        *(_BOOT_PARAMETER if boot_parameter else ()),
        *(_VIRTIO if virtio else ()),
        *options,
    )


def spelled(options: t.Iterable[Option], **older: str) -> tuple[Option, ...]:
    """Sub-options that have older spellings in one group only.

    ``older`` maps an older spelling to the name that it stands for.
    """
    options = tuple(options)
    for alias, name in older.items():
        options = tuple(
            option._replace(aliases=(*option.aliases, alias)) if option.name == name else option
            for option in options
        )
    return options


def source_labels(prefix: str = "", path: str = "", *, aliased: bool = False) -> tuple[Option, ...]:
    """The security labels of a device's source."""

    def aliases(name: str) -> tuple[str, ...]:
        return (f"seclabel[].{name}",) if aliased else ()

    name, place = f"{prefix}source.seclabel[]", f"{path}source/seclabel[{{}}]"
    return (
        text(
            f"{name}.model",
            f"{place}/@model",
            "security driver that the label is for",
            *aliases("model"),
        ),
        yes_no(
            f"{name}.relabel",
            f"{place}/@relabel",
            "whether libvirt sets the label",
            *aliases("relabel"),
        ),
        commas(f"{name}.label", f"{place}/label", "the label", *aliases("label")),
    )
