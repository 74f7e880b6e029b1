# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices that decide about defaults, by their ids in the osinfo database.

An id ends with the PCI vendor and device: https://pcisig.com. Virtio devices
have one id for the transitional and one for the modern device
(https://docs.oasis-open.org/virtio/virtio/v1.2/virtio-v1.2.html, section 4.1.2).
"""

from __future__ import annotations

_PCI = "http://pcisig.com/pci/"

VIRTIO_NET = (f"{_PCI}1af4/1000", f"{_PCI}1af4/1041")
#: A system that knows the modern network card knows all modern virtio devices.
VIRTIO_NET_MODERN = (f"{_PCI}1af4/1041",)
VIRTIO_BLOCK = (f"{_PCI}1af4/1001", f"{_PCI}1af4/1042")
VIRTIO_BALLOON = (f"{_PCI}1af4/1002", f"{_PCI}1af4/1045")
VIRTIO_SERIAL = (f"{_PCI}1af4/1003", f"{_PCI}1af4/1043")
VIRTIO_SCSI = (f"{_PCI}1af4/1004", f"{_PCI}1af4/1048")
VIRTIO_RNG = (f"{_PCI}1af4/1005", f"{_PCI}1af4/1044")
VIRTIO_GPU = (f"{_PCI}1af4/1050",)
VIRTIO_INPUT = (f"{_PCI}1af4/1052",)
QEMU_XHCI = (f"{_PCI}1b36/0004",)
CHIPSET_Q35 = ("http://qemu.org/chipset/x86/q35",)
