# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pairing the requested devices with those of the domain."""

from __future__ import annotations

import typing as t

from .._reconcile.match import match
from .._rules.domain.book import DOMAIN
from .._rules.spelling import integer
from .._xmltree.element import Element
from .disk import move_of, storage_of
from .guest import Guest
from .storage import NewVolume

_DEVICES = DOMAIN.top.child("devices")
#: The places in ``source`` that locate a disk's data.
_SOURCES = (
    *("@file", "@dev", "@dir", "@protocol", "@name", "@pool", "@volume", "@namespace"),
    *(f"host/@{name}" for name in ("name", "port", "socket")),
    *(f"address/@{name}" for name in ("domain", "bus", "slot", "function")),
)


class Paired(t.NamedTuple):
    """``found`` pairs each requested device with the domain's.

    ``lacking`` are the requested devices that the domain lacks, ``extra`` its other devices.
    """

    found: list[tuple[Element, Element]]
    lacking: list[Element]
    extra: list[Element]


def paired(guest: Guest, tag: str, requested: list[Element], actual: list[Element]) -> Paired:
    """Pair the requested devices of one tag with the domain's."""
    if tag == "disk":
        return _paired_disks(guest, requested, actual)
    matched = match(requested, actual, _DEVICES.child(tag))
    return Paired(matched.pairs, matched.missing, matched.extra)


def paired_devices(guest: Guest, requested: t.Sequence[Element], actual: Element) -> Paired:
    """Pair the requested devices of all tags with those of the domain ``actual``."""
    found: list[tuple[Element, Element]] = []
    lacking: list[Element] = []
    extra: list[Element] = []
    for tag in dict.fromkeys(device.tag for device in requested):
        of_tag = [device for device in requested if device.tag == tag]
        pairs = paired(guest, tag, of_tag, actual.findall(f"devices/{tag}"))
        found += pairs.found
        lacking += pairs.lacking
        extra += pairs.extra
    return Paired(found, lacking, extra)


def is_chosen(disk: Element) -> bool:
    """Whether the volume's name was chosen here."""
    storage, move = storage_of(disk), move_of(disk)
    if move is not None:
        return move.path is None and move.volume is None
    return isinstance(storage, NewVolume) and not storage.is_named


def _paired_disks(guest: Guest, requested: list[Element], actual: list[Element]) -> Paired:
    """Pair disks by their target, then by their source, then by their order.

    The order counts only where the volume's name was chosen here, or where the source may
    change, as that of a CD-ROM drive.
    """
    partner: dict[int, Element] = {}

    def left() -> list[Element]:
        taken = {id(candidate) for candidate in partner.values()}
        return [candidate for candidate in actual if id(candidate) not in taken]

    for same in (_is_same_target, _is_known_by_source):
        for disk in requested:
            if id(disk) not in partner:
                candidate = next((candidate for candidate in left() if same(disk, candidate)), None)
                if candidate is not None:
                    partner[id(disk)] = candidate
    for disk in requested:
        if id(disk) in partner or disk.value("target/@dev") or not _can_be_any(disk):
            continue
        candidate = next(
            (candidate for candidate in left() if _device(candidate) == _device(disk)), None
        )
        if candidate is not None:
            partner[id(disk)] = candidate
    return Paired(
        [(disk, partner[id(disk)]) for disk in requested if id(disk) in partner],
        [disk for disk in requested if id(disk) not in partner],
        left(),
    )


def _is_same_target(disk: Element, current: Element) -> bool:
    target = disk.value("target/@dev")
    return target is not None and target == current.value("target/@dev")


def _is_known_by_source(disk: Element, current: Element) -> bool:
    return disk.value("target/@dev") is None and is_same_source(disk, current)


def is_same_source(disk: Element, current: Element) -> bool:
    """Whether a disk has all that the request says about the source."""
    requested_source, current_source = disk.child("source"), current.child("source")
    if requested_source is None or current_source is None:
        return False
    given = [place for place in _SOURCES if requested_source.value(place) is not None]
    return bool(given) and all(
        _at(requested_source, place) == _at(current_source, place) for place in given
    )


def _at(source: Element, place: str) -> t.Hashable | None:
    """The value at a place; the numbers of a PCI address have several spellings."""
    value = source.value(place)
    return integer(value) if value is not None and place.startswith("address/") else value


def _can_be_any(disk: Element) -> bool:
    return is_chosen(disk) or _device(disk) != "disk"


def _device(disk: Element) -> str:
    return disk.get("device") or "disk"
