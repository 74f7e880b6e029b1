# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of sub-options elsewhere.

The words come from libvirt's documents, ``virsh``, virt-manager's windows, other Ansible
collections and clouds; they are written without dashes and the like. By its letters alone a
word would lead to another sub-option, such as the ``name`` of a network to an alias.
"""

from __future__ import annotations

import re

_NO_LETTER = re.compile("[^a-z]")

#: By the group: the sub-option that a word stands for.
SYNONYMS: dict[str, dict[str, str]] = {
    "boot": {
        # virt-manager has firmware, QEMU and clouds have efi or bios.
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
        # The sub-options of CPU features are named by their policies.
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
        # The network's name; no other part of an interface has a name.
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

#: Replacements for words that stand for several sub-options, or for none.
INSTEAD: dict[str, dict[str, str]] = {
    "boot": {
        "secureboot": "write uefi: true with firmware.feature: [{name: secure-boot, enabled: true}]",
        "order": "write hd, cdrom, network: true in their order, or boot.order of a device",
    },
    "disk": {
        "encryption": "virt-install's disks have none either; write the disk with <encryption> as XML, "
        "as the guide about secrets shows",
    },
    "network": {
        "vlan": 'write xpath.set: "./vlan/tag/@id=42", or give a portgroup of the network',
        "ip": "addresses are given by the network's DHCP server, or by cloud_init",
        "ipaddress": "addresses are given by the network's DHCP server, or by cloud_init",
    },
}


def instead(group: str, key: str) -> str | None:
    """The replacement for an unknown sub-option: for its name, or for a part between its dots."""
    known = INSTEAD.get(group, {})
    parts = [_NO_LETTER.sub("", part) for part in (key.lower(), *key.lower().split("."))]
    return next((known[part] for part in parts if part in known), None)
