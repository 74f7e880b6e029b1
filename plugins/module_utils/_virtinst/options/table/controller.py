# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers, and the IOMMU."""

from __future__ import annotations

from ..rows import Group, Nothing, integer, on_off, text
from ..setters import controller
from .common import device, element

CONTROLLER = Group(
    "controller",
    "devices/controller",
    "controllers that disks and other devices are plugged into, or usb2 or usb3",
    device(
        text(
            "type", "@type", "usb, scsi, sata, ide, fdc, pci, virtio-serial, ccid, xenbus or nvme"
        ),
        text("model", "@model", "model, such as qemu-xhci or virtio-scsi"),
        integer("index", "@index", "number among the controllers of its type"),
        integer("maxGrantFrames", "@maxGrantFrames", "most grant frames of a xenbus controller"),
        integer("vectors", "@vectors", "number of vectors of a virtio-serial controller"),
        integer(
            "master.startport",
            "master/@startport",
            "first port of a USB companion at its master",
            "master",
        ),
        integer("driver.iothread", "driver/@iothread", "number of the I/O thread to use"),
        integer("driver.queues", "driver/@queues", "number of queues", "driver_queues"),
        integer("target.chassisNr", "target/@chassisNr", "number of a PCI bridge"),
        integer("target.chassis", "target/@chassis", "chassis of a PCI Express port"),
        integer("target.port", "target/@port", "port of a PCI Express port"),
        on_off("target.hotplug", "target/@hotplug", "whether devices can be plugged in and out"),
        integer("target.busNr", "target/@busNr", "number of the bus of a PCI expander"),
        integer("target.index", "target/@index", "index of a PCI host bridge of pSeries"),
        integer("target.node", "target/node", "node of the guest that a PCI expander belongs to"),
        integer(
            "target.memReserve",
            "target/@memReserve",
            "memory that a PCI bridge sets aside for what is plugged in later, in KiB",
            unit="KiB",
        ),
        text(
            "address",
            "address",
            "PCI address, as [DOMAIN:]BUS:SLOT.FUNCTION",
            set=controller.set_address,
        ),
        integer(
            "num_pcie_root_ports",
            None,
            "how many spare PCI Express ports the guest gets by default",
        ),
        virtio=True,
    ),
    none=Nothing.REFUSED,
    flags=("--controller",),
    is_list=True,
    aliases=("controllers",),
    first=("type",),
    prepare=controller.prepare,
    special=controller.special,
)

IOMMU = Group(
    "iommu",
    "devices/iommu",
    "IOMMU of the guest",
    element(
        text("model", "@model", "intel, smmuv3 or virtio"),
        integer("driver.aw_bits", "driver/@aw_bits", "width of addresses, in bits"),
        on_off("driver.intremap", "driver/@intremap", "interrupt remapping"),
        on_off(
            "driver.caching_mode",
            "driver/@caching_mode",
            "caching mode, needed to hand on devices of the host",
        ),
        on_off("driver.eim", "driver/@eim", "extended interrupt mode"),
        on_off("driver.iotlb", "driver/@iotlb", "IOTLB in the devices"),
    ),
    flags=("--iommu",),
    is_list=True,
    aliases=("iommus",),
    first=("model",),
)
