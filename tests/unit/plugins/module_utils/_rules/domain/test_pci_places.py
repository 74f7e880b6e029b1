# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where libvirt 9.0 plugs a device in on a q35, as it was seen to do, and what it needs there."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.devices import (
    device as row_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_IN_PORTS = (
    *(f"<controller type='scsi' model='{model}'/>" for model in ("virtio-scsi",)),
    *(f"<controller type='usb' model='{model}'/>" for model in ("qemu-xhci", "nec-xhci")),
    "<controller type='virtio-serial'/>",
    "<disk><target bus='virtio'/></disk>",
    "<filesystem/>",
    "<hostdev type='pci'/>",
    "<hostdev type='scsi_host' model='virtio'/>",
    "<hostdev type='mdev' model='vfio-pci'/>",
    "<input type='tablet' bus='virtio'/>",
    *(f"<interface><model type='{model}'/></interface>" for model in ("virtio", "e1000e")),
    "<interface type='hostdev'/>",
    "<memballoon model='virtio'/>",
    *(f"<memory model='{model}'/>" for model in ("virtio-mem", "virtio-pmem")),
    "<rng model='virtio'/>",
    "<vsock model='virtio'/>",
)
_IN_SLOTS = (
    *(f"<controller type='scsi' model='{model}'/>" for model in ("lsilogic", "vmpvscsi")),
    *(f"<controller type='usb' model='{model}'/>" for model in ("ehci", "piix3-uhci")),
    "<controller type='sata' index='1'/>",
    *(f"<interface><model type='{model}'/></interface>" for model in ("rtl8139", "e1000")),
    "<interface/>",
    *(f"<sound model='{model}'/>" for model in ("ich6", "ac97", "es1370")),
    "<shmem name='a'/>",
    "<watchdog model='i6300esb'/>",
    "<serial><target type='pci-serial'/></serial>",
)
_ELSEWHERE = (
    "<controller type='sata' index='0'/>",
    "<controller type='usb' model='none'/>",
    "<controller type='ccid'/>",
    "<disk><target bus='sata'/></disk>",
    "<hostdev type='usb'/>",
    "<interface><model type='usb-net'/></interface>",
    "<input type='tablet' bus='usb'/>",
    "<memory model='dimm'/>",
    "<memballoon model='none'/>",
    *(f"<sound model='{model}'/>" for model in ("ich9", "usb")),
    "<watchdog model='ib700'/>",
    "<serial/>",
)


@pytest.mark.parametrize(
    ("text", "port", "slot"),
    [
        *((text, True, False) for text in _IN_PORTS),
        *((text, False, True) for text in _IN_SLOTS),
        *((text, False, False) for text in _ELSEWHERE),
    ],
)
def test_place(text: str, port: bool, slot: bool) -> None:
    device = parse(text)
    assert (row_of(device).takes_port(device), row_of(device).takes_slot(device)) == (port, slot)


_ROOT = "<controller type='pci' index='0' model='pcie-root'/>"


def _bridge(index: int, model: str = "pcie-root-port", bus: int = 0) -> str:
    return (
        f"<controller type='pci' index='{index}' model='{model}'><address type='pci' "
        f"domain='0x0000' bus='0x{bus:02x}' slot='0x0{index}' function='0x0'/></controller>"
    )


_BRIDGE = _bridge(2, "pcie-to-pci-bridge", 1)
_PCI = "<address type='pci' domain='0x0000' bus='0x0{}' slot='0x01' function='0x0'/>"


@pytest.mark.parametrize(
    ("document", "dump", "changes"),
    [
        # A bridge of slots waits for what has to go into one again.
        (
            "<vsock model='virtio-transitional'/>",
            f"<vsock model='virtio'>{_PCI.format(2)}</vsock>{_bridge(1)}{_BRIDGE}{_bridge(3)}",
            ["vsock/@model"],
        ),
        # A port waits for what has to go into one again, and another one for what comes.
        (
            "<hostdev mode='subsystem' type='scsi_host' managed='no' model='virtio'>"
            "<source protocol='vhost' wwpn='a'/></hostdev>",
            "<hostdev mode='subsystem' type='scsi_host' managed='no'>"
            "<source protocol='vhost' wwpn='a'/></hostdev>" + _bridge(1) + _bridge(2) + _bridge(3),
            ["hostdev/@model", "controller[@type='pci'][@index='3'][@model='pcie-root-port']"],
        ),
        # That a bridge is there for the sake of its number doesn't make the port below it free.
        (
            "<rng model='virtio'><backend model='random'>/a</backend></rng>",
            f"<rng model='virtio'><backend model='random'>/a</backend>{_PCI.format(3)}</rng>"
            f"{_bridge(1)}{_BRIDGE}{_bridge(3)}{_bridge(4)}",
            [],
        ),
        # The one bridge that nothing needs goes, and with it the port below.
        (
            "<vsock model='virtio'/>",
            f"<vsock model='virtio'>{_PCI.format(1)}</vsock>{_bridge(1)}{_bridge(2)}"
            f"{_bridge(3, 'pcie-to-pci-bridge', 2)}",
            ["controller[@type='pci'][@index='3'][@model='pcie-to-pci-bridge']"],
        ),
    ],
)
def test_bridges_and_ports(document: str, dump: str, changes: list[str]) -> None:
    desired, actual = parse(_domain(document)), parse(_domain(_ROOT + dump))
    paths = [change.path for change in reconcile(desired, actual, DOMAIN).changes]
    assert [path.removeprefix("/domain/devices/") for path in paths] == changes


def _domain(devices: str) -> str:
    os = "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>"
    none = "<controller type='usb' index='0' model='none'/><memballoon model='none'/>"
    return (
        "<domain type='qemu'><name>d</name><memory unit='KiB'>1024</memory>"
        f"<currentMemory unit='KiB'>1024</currentMemory><vcpu placement='static'>1</vcpu>{os}"
        f"<devices>{none}{devices}</devices></domain>"
    )
