# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of devices of a guest: one row has all that is known of a kind."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..rows import Identity, KeyOf
from . import plugging
from .device_keys import (
    chardev_source,
    console_source,
    disk_source,
    drive,
    host_device,
    module_slot,
    of_machine,
    pci_address,
    plugged_into,
    primary_of_model,
)
from .plugging import Plug

Key = t.Union[str, KeyOf]


def never(_device: Element) -> bool:
    """No device of the kind."""
    return False


def always(_device: Element) -> bool:
    """Each device of the kind."""
    return True


class Device(t.NamedTuple):
    """A kind of device.

    ``keys``, ``weak``, ``names``, ``in_order`` and ``ordered`` tell one from others in two
    documents, as in :class:`.rows.Identity`; without any, each is matched by all that it says.
    ``unique`` are values that no two devices of the kind share: a device that says one of them
    is the one that has it, or a new one. ``like`` are values that a person who says nothing
    unique means a device by. ``plug`` is for those that can come and go while the guest runs.
    ``takes_port`` says which ones libvirt plugs into a PCIe port of their own, and ``takes_slot``
    which into a slot of a PCI bridge (qemuDomainDeviceCalculatePCIConnectFlags; a transitional
    model of virtio takes a slot wherever others take a port). ``is_single`` says that a guest has one at most,
    and ``keeps_data`` that a guest which uses it loses data when it is plugged out.
    """

    tag: str
    reason: str
    keys: tuple[Key, ...] = ()
    weak: tuple[Key, ...] = ()
    names: tuple[Key, ...] = ()
    in_order: bool = False
    ordered: bool = False
    unique: tuple[Key, ...] = ()
    like: tuple[Key, ...] = ()
    plug: Plug | None = None
    takes_port: t.Callable[[Element], bool] = never
    takes_slot: t.Callable[[Element], bool] = never
    is_single: bool = False
    keeps_data: bool = False

    @property
    def identity(self) -> Identity | None:
        """The row by which devices of the kind are matched."""
        if not (self.keys or self.in_order or self.ordered):
            return None
        return Identity(
            f"devices/{self.tag}",
            self.keys,
            self.reason,
            weak=self.weak,
            in_order=self.in_order,
            ordered=self.ordered,
            names=self.names,
        )


#: What is unique for every kind: the user's own name for a device, and where it sits.
UNIQUE_ANYWHERE: tuple[Key, ...] = ("alias/@name", pci_address)

_PORT = ("target/@port",)
#: USB controllers of PCIe, and those that are no PCI devices.
_XHCI, _NO_PCI_USB = ("qemu-xhci", "nec-xhci"), ("qusb1", "qusb2", "none")
_VIRTIO_SCSI = ("virtio-scsi", "virtio-non-transitional", "virtio-transitional")
#: Network cards of PCI; one without a model is an rtl8139 on x86.
_PCI_CARDS = ("rtl8139", "e1000", "vmxnet3", None)
#: Sound cards of PCI; an ich9 is a part of the machine.
_PCI_SOUND = ("ich6", "es1370", "ac97")


def _controller_takes_port(controller: Element) -> bool:
    kind, model = controller.get("type"), controller.get("model")
    if kind == "scsi":
        return model in _VIRTIO_SCSI
    return kind == "virtio-serial" or (kind == "usb" and model in _XHCI)


def _controller_takes_slot(controller: Element) -> bool:
    kind, model = controller.get("type"), controller.get("model")
    if kind == "scsi":
        return model not in (*_VIRTIO_SCSI, "ibmvscsi")
    if kind == "usb":
        return model is not None and model not in (*_XHCI, *_NO_PCI_USB)
    # The first one is a part of the machine.
    return kind == "sata" and controller.get("index") not in (None, "0")


DEVICES = (
    Device(
        "disk",
        "a guest has one disk at a target; a source is seldom given twice, and a guest seldom has "
        "two drives of a kind",
        keys=("target/@dev",),
        unique=("target/@dev",),
        like=(disk_source, drive),
        plug=Plug("a disk", plugging.disk_is_fixed, "on the buses virtio, scsi and usb"),
        takes_port=lambda disk: disk.value("target/@bus") == "virtio",
        keeps_data=True,
    ),
    Device(
        "interface",
        "a MAC is unique in a guest, but for a team's two; a person who gives none means the "
        "interface by its network",
        keys=(
            "alias/@name",
            "mac/@address teaming/@type",
            "mac/@address @type",
            "mac/@address",
            pci_address,
            plugged_into,
        ),
        names=("mac/@address",),
        in_order=True,
        unique=("mac/@address",),
        like=(plugged_into,),
        plug=Plug("a network interface"),
        takes_port=lambda interface: (
            interface.get("type") == "hostdev"
            or interface.value("model/@type") not in (*_PCI_CARDS, "usb-net")
        ),
        takes_slot=lambda interface: (
            interface.get("type") != "hostdev" and interface.value("model/@type") in _PCI_CARDS
        ),
    ),
    Device(
        "hostdev",
        "a host device can be given to a guest once",
        keys=(host_device,),
        unique=(host_device,),
        plug=Plug("a device of the host"),
        takes_port=lambda hostdev: (
            hostdev.get("type") in ("pci", "scsi_host") or hostdev.get("model") == "vfio-pci"
        ),
    ),
    Device(
        "controller",
        "controllers of a type are numbered; USB companions share their number",
        keys=("@type @index @model", "@type @index"),
        weak=("@type @model", "@type"),
        unique=("@type @index",),
        plug=Plug("a controller", plugging.controller_is_fixed, "of the type scsi"),
        takes_port=_controller_takes_port,
        takes_slot=_controller_takes_slot,
    ),
    Device(
        "redirdev",
        "no number of its own",
        keys=("address/@bus address/@port", chardev_source),
        in_order=True,
        plug=Plug("a redirected USB device"),
    ),
    Device(
        "rng",
        "no number of its own; several of a model are rare",
        keys=(pci_address,),
        in_order=True,
        like=("@model",),
        plug=Plug("a random number generator"),
        takes_port=always,
    ),
    Device(
        "shmem",
        "the shared memory's name",
        keys=("@name",),
        unique=("@name",),
        plug=Plug("shared memory"),
        takes_slot=always,
    ),
    Device(
        "filesystem",
        "a mount tag names one file system",
        keys=("target/@dir",),
        unique=("target/@dir",),
        plug=Plug("a shared file system", plugging.file_system_is_fixed, "of the driver virtiofs"),
        takes_port=always,
        keeps_data=True,
    ),
    Device(
        "memory",
        "a module has a slot; without one, in the order of the document",
        keys=(pci_address, module_slot, "source/path"),
        names=(module_slot, "source/path"),
        in_order=True,
        unique=(module_slot,),
        plug=Plug(
            "memory", plugging.memory_is_fixed, "when the guest was started with slots for it"
        ),
        takes_port=lambda module: module.get("model") in ("virtio-mem", "virtio-pmem"),
    ),
    Device(
        "watchdog",
        "there is one of a model",
        keys=("@model",),
        in_order=True,
        unique=("@model",),
        plug=Plug("a watchdog", plugging.watchdog_is_fixed, "of the models i6300esb and diag288"),
        takes_slot=lambda watchdog: watchdog.get("model") == "i6300esb",
    ),
    Device(
        "input",
        "no number of its own, and several of a type on a bus are rare; those on PS/2 belong to the "
        "machine, and become no others",
        keys=("@type @bus", "@type"),
        names=(of_machine,),
        like=("@type @bus",),
        plug=Plug("an input device", plugging.input_is_fixed, "on the buses usb and virtio"),
        takes_port=lambda device: device.get("bus") == "virtio",
    ),
    Device(
        "vsock",
        "virDomainDefParseXML: a guest has one",
        plug=Plug("a vsock device"),
        takes_port=always,
        is_single=True,
    ),
    Device(
        "lease",
        "a lease is a key in a lockspace",
        keys=("lockspace key",),
        unique=("lockspace key",),
        plug=Plug("a lease"),
    ),
    Device(
        "serial",
        "ports are numbered; without a number, in the order of the document",
        keys=_PORT,
        names=_PORT,
        in_order=True,
        unique=_PORT,
        plug=Plug(
            "a serial port", plugging.port_is_fixed, "of the types pci-serial and usb-serial"
        ),
        takes_slot=lambda port: port.value("target/@type") == "pci-serial",
    ),
    Device(
        "parallel",
        "ports are numbered; without a number, in the order of the document",
        keys=_PORT,
        names=_PORT,
        in_order=True,
        unique=_PORT,
    ),
    Device(
        "console",
        "ports of a type are numbered; without a number, in the order of the document",
        keys=("target/@type target/@port", console_source, "target/@type", "target/@port"),
        in_order=True,
        unique=("target/@type target/@port",),
    ),
    Device(
        "channel",
        "a virtio port is known to the guest by its name, a guestfwd by its address",
        keys=("target/@name", "target/@address target/@port"),
        weak=(chardev_source, "@type"),
        names=("target/@name", "target/@address target/@port"),
        in_order=True,
        unique=("target/@name", "target/@address target/@port"),
        plug=Plug("a channel", plugging.channel_is_fixed, "of the types virtio and guestfwd"),
    ),
    Device(
        "graphics",
        "libvirt allows one graphics of a type",
        keys=("@type",),
        unique=("@type",),
    ),
    Device(
        "video",
        "several may be of one model, which is rare; the first is the primary one",
        keys=(pci_address, primary_of_model, "model/@type"),
        in_order=True,
        ordered=True,
        like=("model/@type",),
    ),
    Device(
        "sound",
        "no number of its own; several of a model are rare",
        keys=(pci_address,),
        weak=("@model",),
        in_order=True,
        like=("@model",),
        takes_slot=lambda sound: sound.get("model") in _PCI_SOUND,
    ),
    Device(
        "audio",
        "audio backends are numbered",
        keys=("@id",),
        names=("@id",),
        in_order=True,
        unique=("@id",),
    ),
    Device("panic", "there is one of a model", keys=("@model",), in_order=True, unique=("@model",)),
    Device(
        "crypto",
        "no number of its own",
        keys=(pci_address,),
        in_order=True,
        takes_port=always,
    ),
    Device("hub", "no number of its own", keys=("address/@bus address/@port",), in_order=True),
    Device(
        "smartcard", "a reader's slot", keys=("address/@controller address/@slot",), in_order=True
    ),
    Device(
        "tpm",
        "virDomainTPMDefValidate: a guest has one, and a pseries guest may have a proxy beside",
        keys=("@model",),
        in_order=True,
        is_single=True,
    ),
    Device(
        "memballoon",
        "virDomainDefParseXML: a guest has one",
        takes_port=lambda balloon: balloon.get("model") != "none",
        is_single=True,
    ),
    Device(
        "iommu",
        "virDomainDefParseXML: a guest has one; since 12.0, one of some models at each PCIe bus",
        keys=("driver/@pciBus",),
        in_order=True,
        unique=("driver/@pciBus",),
        is_single=True,
    ),
    Device("nvram", "virDomainDefParseXML: a guest has one", is_single=True),
    Device("emulator", "it runs the guest", is_single=True),
)
_BY_TAG = {row.tag: row for row in DEVICES}

#: How devices are told from others of their kind.
IDENTITY_OF_DEVICES = tuple(row.identity for row in DEVICES if row.identity is not None)


def device(element: Element) -> Device:
    """The row of a device's kind; one without keys where the table has none."""
    return _BY_TAG.get(element.tag) or Device(element.tag, "a kind that the table lacks")
