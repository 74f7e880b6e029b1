# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices of a domain are the ones that options ask for."""

from __future__ import annotations

import typing as t

from .._reconcile.match import match
from .._rules.domain import DOMAIN
from .._rules.spelling import integer
from .._xmltree.element import Element
from .guest import Guest
from .storage import NewVolume

_DEVICES = DOMAIN.top.child("devices")
#: The places in ``source`` that say where a disk's data is, as far as they are said.
_SOURCES = (
    *("@file", "@dev", "@dir", "@protocol", "@name", "@pool", "@volume", "@namespace"),
    *(f"host/@{name}" for name in ("name", "port", "socket")),
    *(f"address/@{name}" for name in ("domain", "bus", "slot", "function")),
)


class Paired(t.NamedTuple):
    """``found`` has each wanted device with the one that the domain has.

    ``lacking`` are those that it lacks, and ``extra`` what it has besides.
    """

    found: list[tuple[Element, Element]]
    lacking: list[Element]
    extra: list[Element]


def paired(guest: Guest, tag: str, wanted: list[Element], actual: list[Element]) -> Paired:
    """Pair the wanted devices of one tag with those that the domain has."""
    if tag == "disk":
        return _paired_disks(guest, wanted, actual)
    matched = match(wanted, actual, _DEVICES.child(tag))
    return Paired(matched.pairs, matched.missing, matched.extra)


def paired_devices(guest: Guest, wanted: t.Sequence[Element], actual: Element) -> Paired:
    """The wanted devices of all kinds with what the domain ``actual`` has of them."""
    found: list[tuple[Element, Element]] = []
    lacking: list[Element] = []
    extra: list[Element] = []
    for tag in dict.fromkeys(device.tag for device in wanted):
        ours = [device for device in wanted if device.tag == tag]
        one = paired(guest, tag, ours, actual.findall(f"devices/{tag}"))
        found += one.found
        lacking += one.lacking
        extra += one.extra
    return Paired(found, lacking, extra)


def is_chosen(guest: Guest, disk: Element) -> bool:
    """Whether the volume's name was chosen here."""
    storage = guest.storage.get(id(disk))
    return isinstance(storage, NewVolume) and not storage.is_named


def _paired_disks(guest: Guest, wanted: list[Element], actual: list[Element]) -> Paired:
    """Disks are known by their target, by their source, and then by their order.

    The latter only where the source was chosen here, or can be another one as
    that of a CD-ROM drive.
    """
    partner: dict[int, Element] = {}

    def left() -> list[Element]:
        taken = {id(one) for one in partner.values()}
        return [one for one in actual if id(one) not in taken]

    for same in (_is_same_target, _is_known_by_source):
        for disk in wanted:
            if id(disk) not in partner:
                one = next((one for one in left() if same(disk, one)), None)
                if one is not None:
                    partner[id(disk)] = one
    for disk in wanted:
        if id(disk) in partner or disk.value("target/@dev") or not _can_be_any(guest, disk):
            continue
        one = next((one for one in left() if _device(one) == _device(disk)), None)
        if one is not None:
            partner[id(disk)] = one
    return Paired(
        [(disk, partner[id(disk)]) for disk in wanted if id(disk) in partner],
        [disk for disk in wanted if id(disk) not in partner],
        left(),
    )


def _is_same_target(disk: Element, other: Element) -> bool:
    target = disk.value("target/@dev")
    return target is not None and target == other.value("target/@dev")


def _is_known_by_source(disk: Element, other: Element) -> bool:
    return disk.value("target/@dev") is None and is_same_source(disk, other)


def is_same_source(disk: Element, other: Element) -> bool:
    """Whether what is said of a disk's source is so for another one."""
    ours, theirs = disk.child("source"), other.child("source")
    if ours is None or theirs is None:
        return False
    said = [place for place in _SOURCES if ours.value(place) is not None]
    return bool(said) and all(_at(ours, place) == _at(theirs, place) for place in said)


def _at(source: Element, place: str) -> t.Hashable | None:
    """What stands there; the numbers of a PCI address are written in several ways."""
    value = source.value(place)
    return integer(value) if value is not None and place.startswith("address/") else value


def _can_be_any(guest: Guest, disk: Element) -> bool:
    return is_chosen(guest, disk) or _device(disk) != "disk"


def _device(disk: Element) -> str:
    return disk.get("device") or "disk"
