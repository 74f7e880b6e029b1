# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options ask of a domain that exists.

Only what they say, and no default: a newer osinfo database, hypervisor or
version of the collection changes no domain by itself. A device that the domain
lacks gets what a new device would get.
"""

from __future__ import annotations

import typing as t

from ..osinfo import UnknownOperatingSystem
from ..reconcile.match import match
from ..rules.domain import DOMAIN
from ..xmltree.element import Element
from . import system, writing
from .configure import configure_devices
from .defaults import Result, seed_of, write_texts
from .guest import Guest
from .host import Host
from .options.apply import apply_all
from .options.setters.metadata import os_of
from .options.xpath import apply_xpath_actions
from .order import put_in_order
from .said import Said
from .storage import NewVolume

#: What the options are read in the light of, and is never asked for by itself.
_CONTEXT = ("@type", "name", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator")
_DEVICES = "devices"
#: The attributes that say where a disk's data is.
_SOURCES = ("file", "dev", "dir", "name", "volume")


def domain_options(host: Host, options: t.Mapping[str, t.Any], actual: Element) -> Result:
    """What the options say of the domain that is defined as ``actual``.

    ``domain`` of the result is a document of that alone, to be merged with the
    definition. How a domain is installed says nothing about one that exists.

    :raises OptionError: an option can't be honoured.
    """
    guest = context(host, actual)
    devices = guest.make(_DEVICES)
    said = Said(guest.root)
    write_texts(guest, options)
    name = system.asked(options.get("osinfo")).name
    if name is not None:
        system.choose(guest, name)
    apply_all(guest, options)
    apply_xpath_actions(guest)
    _raise_memory(guest, actual)
    wanted = [device for device in devices.children if said.is_new(device)]
    document = said.document()
    document.children = [child for child in document.children if child.tag != _DEVICES]
    found, lacking = _paired(guest, wanted, actual)
    added, companions = completed(guest, lacking, actual)
    all_devices = [*companions, *found, *added]
    if all_devices:
        document.children.append(Element(_DEVICES, children=all_devices))
    put_in_order(document)
    seed = seed_of(guest, options)
    volumes = [guest.storage.get(id(device)) for device in lacking]
    return Result(
        domain=writing.copied(document),
        first_boot=None,
        volumes=(
            *(volume for volume in volumes if isinstance(volume, NewVolume)),
            # It is kept up to date, but of no use to a domain that was made without it.
            *([seed] if seed is not None and seed.is_there else []),
        ),
        osinfo=guest.os.short_id,
        notes=tuple(guest.notes),
    )


def context(host: Host, actual: Element) -> Guest:
    """A guest without devices, in whose light options of a domain that exists are read."""
    guest = Guest(host)
    for path in _CONTEXT:
        guest.set_default(path, actual.value(path))
    _set_os(guest, actual)
    return guest


def _set_os(guest: Guest, actual: Element) -> None:
    """The operating system that the definition names, for what depends on it."""
    identifier = os_of(actual)
    try:
        guest.os = (
            guest.host.osinfo.find(identifier) if identifier else system.generic(guest.host.osinfo)
        )
    except UnknownOperatingSystem:
        guest.os = system.generic(guest.host.osinfo)


def _raise_memory(guest: Guest, actual: Element) -> None:
    """Memory at the start that is more than the most raises that too."""
    current, most = guest.get("currentMemory"), actual.value("memory")
    if current is not None and guest.get("memory") is None and int(current) > int(most or 0):
        guest.set("memory", current)


def _paired(
    guest: Guest, wanted: list[Element], actual: Element
) -> tuple[list[Element], list[Element]]:
    """What the domain has of the wanted devices, as it is wanted; and what it lacks."""
    place = DOMAIN.top.child(_DEVICES)
    found, lacking = [], []
    for tag in dict.fromkeys(device.tag for device in wanted):
        ours = [device for device in wanted if device.tag == tag]
        theirs = actual.findall(f"{_DEVICES}/{tag}")
        if tag == "disk":
            some, rest = _paired_disks(guest, ours, theirs)
        else:
            matched = match(ours, theirs, place.child(tag))
            some, rest = [writing.copied(one) for one, _other in matched.pairs], matched.missing
        found += some
        lacking += rest
    return found, lacking


def _paired_disks(
    guest: Guest, wanted: list[Element], actual: list[Element]
) -> tuple[list[Element], list[Element]]:
    """Disks are known by their target, by their source, and then by their order.

    The latter only where the source was chosen here, or can be another one as
    that of a CD-ROM drive.
    """
    partner: dict[int, Element] = {}

    def left() -> list[Element]:
        taken = {id(one) for one in partner.values()}
        return [one for one in actual if id(one) not in taken]

    for same in (_is_same_target, _is_same_source):
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
    found = []
    for disk in wanted:
        if id(disk) in partner:
            copy = writing.copied(disk)
            writing.write(copy, "target/@dev", partner[id(disk)].value("target/@dev"))
            if _is_chosen(guest, disk):
                copy.children = [child for child in copy.children if child.tag != "source"]
            found.append(copy)
    return found, [disk for disk in wanted if id(disk) not in partner]


def _is_same_target(disk: Element, other: Element) -> bool:
    target = disk.value("target/@dev")
    return target is not None and target == other.value("target/@dev")


def _is_same_source(disk: Element, other: Element) -> bool:
    ours, theirs = disk.child("source"), other.child("source")
    if ours is None or theirs is None or disk.value("target/@dev") is not None:
        return False
    names = [name for name in _SOURCES if ours.get(name) is not None]
    return bool(names) and all(ours.get(name) == theirs.get(name) for name in names)


def _can_be_any(guest: Guest, disk: Element) -> bool:
    return _is_chosen(guest, disk) or _device(disk) != "disk"


def _is_chosen(guest: Guest, disk: Element) -> bool:
    """Whether the volume's name was chosen here."""
    storage = guest.storage.get(id(disk))
    return isinstance(storage, NewVolume) and not storage.is_named


def _device(disk: Element) -> str:
    return disk.get("device") or "disk"


def completed(
    guest: Guest, lacking: list[Element], actual: Element
) -> tuple[list[Element], list[Element]]:
    """The devices with their defaults, and the controllers that they need.

    :raises OptionError: what was said can't be completed.
    """
    if not lacking:
        return [], []
    whole = Guest(guest.host, writing.copied(actual))
    whole.os = guest.os
    whole.storage = guest.storage
    for device in lacking:
        whole.add_device(device)
    controllers = {id(one) for one in whole.devices("controller")}
    configure_devices(whole)
    for note in whole.notes:
        guest.note(note)
    return lacking, [one for one in whole.devices("controller") if id(one) not in controllers]
