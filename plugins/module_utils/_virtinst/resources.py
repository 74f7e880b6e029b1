# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The default memory, CPUs and disk size of a guest."""

from __future__ import annotations

from .._osinfo import Resources
from .configure import vcpus
from .errors import OptionError
from .guest import Guest
from .storage import GIB

#: libvirt requires a number for containers, and doesn't use it.
_CONTAINER_KIB = 1024 * 1024


def configure_memory(guest: Guest) -> None:
    """Fill in the memory.

    :raises OptionError: the database doesn't know the system's needs.
    """
    if _has_memory(guest):
        _agree(guest)
        return
    if guest.is_container:
        kib = _CONTAINER_KIB
    else:
        ram = recommended(guest, "ram")
        if ram is None:
            raise OptionError(
                "a new domain needs memory, and the osinfo database doesn't know how much "
                f"{guest.os.short_id} needs; give memory, in MiB{_or_system(guest)}"
            )
        kib = ram // 1024
    guest.set("currentMemory", str(kib))
    guest.set("memory", str(kib))


def configure_vcpus(guest: Guest) -> None:
    """Fill in the recommended number of CPUs, if there is one."""
    number = None if guest.is_container else recommended(guest, "cpus")
    if number is not None:
        vcpus.configure(guest, number)


def default_disk_size(guest: Guest) -> int | None:
    """The size of the default disk, in GiB.

    :raises OptionError: the database doesn't know the system's needs.
    """
    if guest.is_container:
        return None
    storage = recommended(guest, "storage")
    if storage is None:
        raise OptionError(
            "a new domain gets a disk, and the osinfo database doesn't know how large one "
            f"{guest.os.short_id} needs; give disks, or disks: none{_or_system(guest)}"
        )
    return storage // GIB


def _or_system(guest: Guest) -> str:
    return "" if guest.os.id else "; or name its operating system with osinfo"


def recommended(guest: Guest, key: str) -> int | None:
    """The recommended amount; else twice the minimum, because the minimum alone is too little."""
    value = known(guest.os.resources("recommended"), guest.arch or "", key)
    if value:
        return value
    minimum = known(guest.os.resources("minimum"), guest.arch or "", key)
    return minimum * 2 if minimum else None


def known(resources: dict[str, Resources], arch: str, key: str) -> int | None:
    """The amount for an architecture, or else for all architectures."""
    for name in (arch, "all"):
        value: int | None = getattr(resources.get(name, Resources()), key)
        if value is not None:
            return value
    return None


def _has_memory(guest: Guest) -> bool:
    return bool(guest.get("memory") or guest.get("currentMemory") or guest.has("cpu/numa/cell"))


def _agree(guest: Guest) -> None:
    """Raise the maximum memory to the memory at the start."""
    current = guest.get("currentMemory")
    most = guest.get("memory")
    if current is not None and (most is None or int(most) < int(current)):
        guest.set("memory", current)
