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
from ..xmltree.element import Element
from . import disk_source, system, writing
from .configure import configure_devices
from .defaults import Result, nothing, seed_of, write_texts
from .errors import OptionError
from .guest import Guest
from .host import Host
from .options.apply import apply_all
from .options.listed import split
from .options.setters.metadata import os_of
from .options.xpath import apply_xpath_actions
from .order import put_in_order
from .pairing import Paired, is_chosen, paired
from .said import Said
from .storage import DiskSize, NewVolume
from .unwanted import Unwanted

#: What the options are read in the light of, and is never asked for by itself.
_CONTEXT = ("@type", "name", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator")
_DEVICES = "devices"


def domain_options(
    host: Host,
    options: t.Mapping[str, t.Any],
    actual: Element,
    exclusive: t.Collection[str] = (),
) -> Result:
    """What the options say of the domain that is defined as ``actual``.

    ``domain`` of the result is a document of that alone, to be merged with the
    definition. How a domain is installed says nothing about one that exists.
    ``exclusive`` are the names of lists of devices that are the whole truth.

    :raises OptionError: an option can't be honoured.
    """
    options, absent = split(options)
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
    unwanted = Unwanted(guest, options, absent, exclusive, wanted)
    document = said.document()
    document.children = [child for child in document.children if child.tag != _DEVICES]
    pairs = _paired(guest, wanted, actual)
    for device, theirs in pairs.found:
        if unwanted.says(theirs):
            raise OptionError(
                f"a {device.tag} is in a list, and another entry of it says that it is absent; "
                "leave one of them out"
            )
    lacking = pairs.lacking
    added, companions = completed(guest, lacking, actual)
    found = [_as_wanted(guest, device, theirs) for device, theirs in pairs.found]
    all_devices = [*companions, *found, *added]
    if all_devices:
        document.children.append(Element(_DEVICES, children=all_devices))
    put_in_order(document)
    seed = seed_of(guest, options)
    volumes = [guest.storage.get(id(device)) for device in lacking]
    guest.accept_volumes(volumes)
    return Result(
        domain=document,
        first_boot=None,
        volumes=(
            *(one for one in volumes if isinstance(one, NewVolume)),
            # It is kept up to date, but of no use to a domain that was made without it.
            *([seed] if seed is not None and seed.is_there else []),
        ),
        osinfo=guest.os.short_id,
        notes=tuple(guest.notes),
        sizes=(
            *_sizes(guest, pairs.found),
            *_sizes(guest, [(one, one) for one in lacking if _is_there(guest, one)], is_new=True),
        ),
        unwanted=unwanted.of if unwanted else nothing,
    )


def context(host: Host, actual: Element) -> Guest:
    """A guest without devices, in whose light options of a domain that exists are read."""
    guest = Guest(host)
    guest.exists = True
    for path in _CONTEXT:
        guest.set_default(path, actual.value(path))
    _set_os(guest, actual)
    return guest


def _is_there(guest: Guest, disk: Element) -> bool:
    storage = guest.storage.get(id(disk))
    return not isinstance(storage, NewVolume) or storage.is_there


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


def _paired(guest: Guest, wanted: list[Element], actual: Element) -> Paired:
    """The wanted devices with what the domain has of them."""
    found: list[tuple[Element, Element]] = []
    lacking: list[Element] = []
    extra: list[Element] = []
    for tag in dict.fromkeys(device.tag for device in wanted):
        ours = [device for device in wanted if device.tag == tag]
        one = paired(guest, tag, ours, actual.findall(f"{_DEVICES}/{tag}"))
        found += one.found
        lacking += one.lacking
        extra += one.extra
    return Paired(found, lacking, extra)


def _as_wanted(guest: Guest, device: Element, actual: Element) -> Element:
    """What is said of a device that the domain has."""
    copy = writing.copied(device)
    if device.tag == "disk":
        writing.write(copy, "target/@dev", actual.value("target/@dev"))
        if is_chosen(guest, device):
            copy.children = [child for child in copy.children if child.tag != "source"]
    return copy


def _sizes(
    guest: Guest, pairs: t.Iterable[tuple[Element, Element]], is_new: bool = False
) -> t.Iterator[DiskSize]:
    """The sizes that are said of disks, each with the document that says where it is."""
    for disk, where in pairs:
        capacity, storage = guest.sizes.get(id(disk)), guest.storage.get(id(disk))
        if capacity is not None:
            volume = storage if isinstance(storage, NewVolume) else None
            yield DiskSize(writing.copied(where), capacity, volume, is_new)


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
        if device.tag == "disk" and id(device) not in guest.storage:
            disk_source.check_empty(device)
        whole.add_device(device)
    controllers = {id(one) for one in whole.devices("controller")}
    configure_devices(whole)
    for note in whole.notes:
        guest.note(note)
    return lacking, [one for one in whole.devices("controller") if id(one) not in controllers]
