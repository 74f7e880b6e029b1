# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a new guest would have nothing to boot."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .disk import storage_of
from .guest import Guest
from .install import Install
from .storage import NewVolume

#: Options with which virt-install doesn't complain: they show that the first boot was thought
#: of, or change the guest in ways that aren't understood here.
_DELIBERATE = ("import", "livecd", "cloud_init", "qemu_commandline", "xpath")


def has_nothing_to_boot(guest: Guest, install: Install, options: t.Mapping[str, t.Any]) -> bool:
    """Whether all its disks are new and empty, and it boots from nothing else.

    In this case virt-install demands an installation or ``--import``.
    """
    if not guest.is_hvm or any(options.get(name) for name in _DELIBERATE):
        return False
    if install.has_phase or install.is_live or guest.has("os/kernel"):
        return False
    if any(boot.get("dev") == "network" for boot in guest.root.findall("os/boot")):
        return False
    if guest.devices("hostdev") or guest.devices("redirdev"):
        # Such a device may be a disk, or a network card.
        return False
    if any(interface.value("boot/@order") for interface in guest.devices("interface")):
        return False
    return all(map(_is_blank, guest.devices("disk")))


def _is_blank(disk: Element) -> bool:
    storage = storage_of(disk)
    if isinstance(storage, NewVolume):
        return not (storage.exists or storage.backing or storage.image or storage.content)
    return storage is None and disk.child("source") is None
