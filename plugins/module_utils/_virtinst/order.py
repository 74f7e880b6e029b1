# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sorting elements into libvirt's own order, which people are used to.

libvirt accepts any order of different elements. The order of devices of one kind has a
meaning, and stays: https://libvirt.org/formatdomain.html
"""

from __future__ import annotations

from .._xmltree.element import Element

_ORDER: dict[str, tuple[str, ...]] = {
    "domain": (
        *("name", "uuid", "genid", "title", "description", "metadata", "maxMemory", "memory"),
        *("currentMemory", "blkiotune", "memtune", "memoryBacking", "vcpu", "vcpus", "iothreads"),
        *("iothreadids", "defaultiothread", "cputune", "numatune", "resource", "sysinfo"),
        *("bootloader", "bootloader_args", "os", "idmap", "features", "cpu", "clock"),
        *("on_poweroff", "on_reboot", "on_crash", "on_lockfailure", "pm", "perf", "devices"),
        *("seclabel", "keywrap", "launchSecurity"),
    ),
    "os": (
        *("type", "firmware", "loader", "nvram", "init", "initarg", "initenv", "initdir"),
        *("inituser", "initgroup", "kernel", "initrd", "cmdline", "dtb", "acpi", "boot"),
        *("bootmenu", "bios", "smbios"),
    ),
    "devices": (
        *("emulator", "disk", "controller", "lease", "filesystem", "interface", "smartcard"),
        *("serial", "parallel", "console", "channel", "input", "tpm", "graphics", "sound"),
        *("audio", "video", "hostdev", "redirdev", "redirfilter", "hub", "watchdog"),
        *("memballoon", "rng", "nvram", "panic", "shmem", "memory", "iommu", "vsock"),
    ),
    "disk": ("driver", "auth", "source", "geometry", "blockio", "target", "iotune", "readonly"),
    "interface": ("mac", "source", "virtualport", "target", "model", "driver"),
    "channel": ("source", "target"),
}
_DEVICE_LAST = ("boot", "alias", "address")


def put_in_order(root: Element) -> None:
    """Sort the elements of a domain; unknown elements stay in their order, at the end."""
    for element in root.walk():
        known = _ORDER.get(element.tag)
        if known is not None:
            element.children.sort(key=lambda child: _position(known, child.tag))


def _position(known: tuple[str, ...], tag: str) -> int:
    if tag in known:
        return known.index(tag)
    return len(known) + (_DEVICE_LAST.index(tag) + 1 if tag in _DEVICE_LAST else 0)
