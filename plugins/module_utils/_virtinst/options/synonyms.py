# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What sub-options are called elsewhere.

The words are those of libvirt's documents, of ``virsh``, of virt-manager's windows and of
other Ansible collections and clouds, without dashes and the like. The letters alone would
lead from them to something else, such as from the ``name`` of a network to that of an alias.
"""

from __future__ import annotations

#: By the group: what a word means among its sub-options.
SYNONYMS: dict[str, dict[str, str]] = {
    "boot": {
        # virt-manager says firmware, QEMU and clouds say efi or bios.
        "efi": "uefi",
        "ovmf": "uefi",
        "secure": "loader.secure",
        # <boot dev='hd'/>, and the disk of --boot.
        "disk": "hd",
        "dev": "boot[].dev",
        "device": "boot[].dev",
        "pxe": "network",
        "floppy": "fd",
        "bootmenu": "menu",
        "timeout": "bootmenu.timeout",
        "append": "kernel_args",
        "kernelargs": "kernel_args",
    },
    "cpu": {
        "cores": "topology.cores",
        "sockets": "topology.sockets",
        "threads": "topology.threads",
        "type": "model",
        "feature": "require",
        "features": "require",
        # Of features of the CPU there are sub-options by what becomes of them.
        "flags": "require",
        "name": "model",
    },
    "disk": {
        "file": "path",
        "filename": "path",
        "image": "path",
        "src": "path",
        "name": "path",
        "volume": "vol",
        "capacity": "size",
        "sizegb": "size",
        "sizegib": "size",
        "disksize": "size",
        "interface": "bus",
        "driver": "driver.type",
        "dev": "target.dev",
        "readonlydisk": "readonly",
        "ro": "readonly",
        "backingfile": "backing_store",
        "backingimage": "backing_store",
        "base": "backing_store",
        "storagepool": "pool",
        "datastore": "pool",
        "iops": "iotune.total_iops_sec",
        "bootindex": "boot.order",
    },
    "graphics": {
        "address": "listen",
        "listenaddress": "listen",
        "host": "listen",
        "pass": "password",
        "pw": "password",
        "tls": "tlsPort",
        "opengl": "gl",
    },
    "memory": {
        "size": "memory",
        "amount": "memory",
        "mem": "memory",
        "ram": "memory",
        "mib": "memory",
        "current": "currentMemory",
        "max": "maxmemory",
        "maximum": "maxmemory",
        "slots": "maxMemory.slots",
    },
    "network": {
        # The network's name: nothing else of an interface has one.
        "name": "network",
        "net": "network",
        "networkname": "network",
        "br": "bridge",
        "dev": "source",
        "interface": "source",
        "nic": "model",
        "nicmodel": "model",
        "driver": "model",
        "hwaddr": "mac",
        "macaddress": "mac",
        "ethernet": "mac",
        "mtu": "mtu.size",
        "queues": "driver.queues",
        "filter": "filterref",
        "bootindex": "boot.order",
    },
    "tpm": {"tpmversion": "version", "device": "backend.device.path"},
    "vcpus": {
        "cpus": "vcpu",
        "cpu": "vcpu",
        "count": "vcpu",
        "number": "vcpu",
        "current": "vcpu.current",
        "max": "maxvcpus",
        "maximum": "maxvcpus",
        "pinning": "cpuset",
    },
    "video": {"type": "model", "memory": "vram"},
}

#: What takes more than one sub-option, or none: what to write instead.
INSTEAD: dict[str, dict[str, str]] = {
    "boot": {
        "secureboot": "write uefi: true with firmware.feature: [{name: secure-boot, enabled: true}]",
        "order": "write hd, cdrom, network: true in the order that is meant, or boot.order of a "
        "device",
    },
    "network": {
        "vlan": 'write xpath.set: "./vlan/tag/@id=42", or give a portgroup of the network',
        "ip": "addresses are given by the network's DHCP server, or by cloud_init",
        "ipaddress": "addresses are given by the network's DHCP server, or by cloud_init",
    },
}


def instead(group: str, letters: str) -> str | None:
    """What to write instead of a sub-option that there isn't."""
    return INSTEAD.get(group, {}).get(letters)
