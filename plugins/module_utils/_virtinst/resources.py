# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much memory, how many CPUs and how large a disk a guest gets."""

from __future__ import annotations

from .._osinfo import Resources
from .configure import vcpus
from .errors import OptionError
from .guest import Guest
from .storage import GIB

#: libvirt wants a number for containers, and does nothing with it.
_CONTAINER_KIB = 1024 * 1024


def configure_memory(guest: Guest) -> None:
    """Fill in the memory.

    :raises OptionError: nothing is known of what the system needs.
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
                "a new domain needs memory, and the osinfo database doesn't tell how much "
                f"{guest.os.short_id} needs; give memory, in MiB{_or_system(guest)}"
            )
        kib = ram // 1024
    guest.set("currentMemory", str(kib))
    guest.set("memory", str(kib))


def configure_vcpus(guest: Guest) -> None:
    """Fill in the number of CPUs that is recommended, if one is."""
    number = None if guest.is_container else recommended(guest, "cpus")
    if number is not None:
        vcpus.configure(guest, number)


def default_disk_size(guest: Guest) -> int | None:
    """The size of a disk that nobody asked for, in GiB.

    :raises OptionError: nothing is known of what the system needs.
    """
    if guest.is_container:
        return None
    storage = recommended(guest, "storage")
    if storage is None:
        raise OptionError(
            "a new domain gets a disk, and the osinfo database doesn't tell how large one "
            f"{guest.os.short_id} needs; give disks, or disks: none{_or_system(guest)}"
        )
    return storage // GIB


def _or_system(guest: Guest) -> str:
    return "" if guest.os.id else "; or tell with osinfo which operating system it runs"


def recommended(guest: Guest, key: str) -> int | None:
    """What is recommended; else twice the minimum, which is never enough to work with."""
    value = known(guest.os.resources("recommended"), guest.arch or "", key)
    if value:
        return value
    minimum = known(guest.os.resources("minimum"), guest.arch or "", key)
    return minimum * 2 if minimum else None


def known(resources: dict[str, Resources], arch: str, key: str) -> int | None:
    """What is said of an architecture, or else of all."""
    for wanted in (arch, "all"):
        value: int | None = getattr(resources.get(wanted, Resources()), key)
        if value is not None:
            return value
    return None


def _has_memory(guest: Guest) -> bool:
    return bool(guest.get("memory") or guest.get("currentMemory") or guest.has("cpu/numa/cell"))


def _agree(guest: Guest) -> None:
    """The memory at the start can't be more than the most."""
    current = guest.get("currentMemory")
    most = guest.get("memory")
    if current is not None and (most is None or int(most) < int(current)):
        guest.set("memory", current)
