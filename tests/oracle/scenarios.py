# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each operating system is tried with: virt-install's arguments, and the same as options."""

from __future__ import annotations

import typing as t

#: Beside ``--osinfo``; an installation image is at this path.
IMAGE = "/var/lib/libvirt/images/installation.iso"
#: What cloud-init is told.
USER_DATA = "/var/lib/libvirt/images/user-data"

_BUSES = [f"size=1,bus={bus}" for bus in 2 * ("virtio", "sata", "scsi", "usb")]
_OLD_BUSES = [*(2 * ["size=1,bus=ide"]), *(2 * ["device=floppy"])]

#: In which nothing is known but what the database says, which may not be enough.
WITHOUT_MEMORY = "nothing but the system"

SCENARIOS: dict[str, tuple[list[str], dict[str, t.Any]]] = {
    "import": (["--import", "--disk", "size=5"], {"import": True, "disk": "size=5"}),
    WITHOUT_MEMORY: ([], {}),
    "cdrom": (
        ["--cdrom", IMAGE, "--disk", "size=5"],
        {"cdrom": IMAGE, "disk": {"size": 5}},
    ),
    "cdrom and a second drive": (
        ["--cdrom", IMAGE, "--disk", "size=5", "--disk", "device=cdrom"],
        {"cdrom": IMAGE, "disk": ["size=5", {"device": "cdrom"}]},
    ),
    "cloud-init": (
        ["--import", "--disk", "size=5", "--cloud-init", f"user-data={USER_DATA}"],
        {"import": True, "disk": "size=5", "cloud_init": f"user-data={USER_DATA}"},
    ),
    "pxe": (["--pxe", "--disk", "size=5"], {"pxe": True, "disk": "size=5"}),
    "pxe without a disk": (["--pxe", "--disk", "none"], {"pxe": True, "disk": "none"}),
    "vnc": (
        ["--import", "--disk", "size=5", "--graphics", "vnc"],
        {"import": True, "disk": "size=5", "graphics": "vnc"},
    ),
    "no graphics": (
        ["--import", "--disk", "size=5", "--graphics", "none"],
        {"import": True, "disk": "size=5", "graphics": "none"},
    ),
    "machine pc": (
        ["--import", "--disk", "size=5", "--machine", "pc"],
        {"import": True, "disk": "size=5", "machine": "pc"},
    ),
    "machine q35": (
        ["--import", "--disk", "size=5", "--machine", "q35"],
        {"import": True, "disk": "size=5", "machine": "q35"},
    ),
    "uefi": (
        ["--import", "--disk", "size=5", "--boot", "uefi"],
        {"import": True, "disk": "size=5", "boot": "uefi"},
    ),
    "qemu": (
        ["--import", "--disk", "size=5", "--virt-type", "qemu"],
        {"import": True, "disk": "size=5", "virt_type": "qemu"},
    ),
    "several disks on each bus": (
        ["--import", *(word for disk in _BUSES for word in ("--disk", disk))],
        {"import": True, "disk": _BUSES},
    ),
    "several disks on each old bus": (
        [
            *("--import", "--machine", "pc"),
            *(word for disk in _OLD_BUSES for word in ("--disk", disk)),
        ],
        {"import": True, "machine": "pc", "disk": _OLD_BUSES},
    ),
    "no disk, no network": (
        ["--import", "--disk", "none", "--network", "none"],
        {"import": True, "disk": "none", "network": "none"},
    ),
    "network user and bridge": (
        ["--import", "--disk", "size=5", "--network", "user", "--network", "bridge=br0"],
        {"import": True, "disk": "size=5", "network": ["user", {"bridge": "br0"}]},
    ),
    "topology and maximum memory": (
        [
            *("--import", "--disk", "size=5", "--vcpus", "4,sockets=2"),
            *("--memory", "1024,maxmemory=4096"),
        ],
        {
            "import": True,
            "disk": "size=5",
            "vcpus": {"vcpu": 4, "sockets": 2},
            "memory": {"memory": 1024, "maxmemory": 4096},
        },
    ),
}
