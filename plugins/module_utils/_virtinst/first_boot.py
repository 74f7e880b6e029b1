# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest has in its first boot only, seen from the documents alone.

It is what :func:`.install.first_boot` gives it. None of it waits for a restart:
the next start has the definition, whenever that is.
"""

from __future__ import annotations

import posixpath
import re

from .._xmltree.element import Element

#: What a guest does at its first reboot while it is installed.
ENDS = "destroy"
#: How cloud-init is told by SMBIOS that there is a seed.
SERIAL = "ds=nocloud"
_SEED = re.compile(r"(?P<domain>.+)-cloudinit(-[0-9a-f]{12})?\.iso$")
#: How an installer is booted, and what it is told.
_INSTALLER = ("kernel", "initrd", "cmdline", "boot")


def domain_of_seed(path: str) -> str | None:
    """The name of the domain whose seed is at a path, by the name that a seed gets."""
    found = _SEED.match(posixpath.basename(path))
    return None if found is None else found["domain"]


def is_installation(definition: Element, live: Element) -> bool:
    """Whether the guest runs an installer, and ends where its definition starts it anew.

    That alone would be a definition that was changed while the guest runs. An installer
    is booted in another way, too.
    """
    if live.value("on_reboot") != ENDS or definition.value("on_reboot") == ENDS:
        return False
    kernel, order = live.value("os/kernel"), _order(live)
    return bool(
        (kernel is not None and kernel != definition.value("os/kernel"))
        or (order and order != _order(definition))
        # Where devices have an order of their own. An installer of Windows keeps its medium.
        or (not order and any(drive.child("source") is not None for drive in _drives(live)))
    )


def is_unfinished(name: str, live: Element) -> bool:
    """Whether a guest without a definition is in its first boot, and is to get one."""
    paths = (drive.value("source/@file") or "" for drive in _drives(live))
    return live.value("on_reboot") == ENDS or any(domain_of_seed(path) == name for path in paths)


def without_seeds(document: Element) -> Element:
    """A document whose drives have no data of cloud-init."""
    seeds = [one for one in _drives(document) if _has_seed(one)]
    devices = _without_media(document.child("devices"), seeds)
    children = [devices if one.tag == "devices" else one for one in document.children]
    return document.replaced(children=[one for one in children if one is not None])


def without_first_boot(definition: Element, live: Element) -> Element:
    """The running guest's document without what only its first boot has."""
    installs = is_installation(definition, live)
    media = _media(definition, live)
    seeds = [one for one in media if _has_seed(one)]
    # It stays when the drive gets other data.
    is_told = _serial(live) == SERIAL and _serial(definition) is None
    if not (installs or seeds or is_told):
        return live
    gone = media if installs else seeds
    tags = _INSTALLER * installs + ("smbios",) * is_told
    later = {
        "os": _with_those_of(live.child("os"), definition.child("os"), tags),
        "devices": _without_media(live.child("devices"), gone),
    }
    if installs:
        later["on_reboot"] = definition.child("on_reboot")
        if live.value("os/kernel") is not None:
            later.update(_memory(definition, live))
    if is_told:
        later["sysinfo"] = definition.child("sysinfo")
    children = [later.get(child.tag, child) for child in live.children]
    return live.replaced(children=[child for child in children if child is not None])


def with_its_data(definition: Element, live: Element) -> Element | None:
    """The definition with the data of cloud-init that the guest has in its first boot.

    ``None`` where it has none. Whether cloud-init has read them to the end can't be seen.
    """
    if is_installation(definition, live):
        return None
    seeds = {one.value("target/@dev"): one for one in _media(definition, live) if _has_seed(one)}
    is_told = _serial(live) == SERIAL and _serial(definition) is None
    if not (seeds or is_told):
        return None

    def filled(device: Element) -> Element:
        seed = seeds.get(device.value("target/@dev")) if device.tag == "disk" else None
        if seed is None:
            return device
        source = seed.child("source") or Element("source")
        # The number is of that guest's images.
        place = {name: value for name, value in source.attributes.items() if name != "index"}
        rest = [one for one in device.children if one.tag != "source"]
        kind = {**device.attributes, "type": seed.get("type") or "file"}
        return device.replaced(kind, [source.replaced(place), *rest])

    children = []
    for child in definition.children:
        if child.tag == "devices":
            child = child.replaced(children=[filled(one) for one in child.children])
        if is_told and child.tag == "os":
            child = _with_those_of(child, live.child("os"), ("smbios",)) or child
        if not (is_told and child.tag == "sysinfo"):
            children.append(child)
    return definition.replaced(children=[*children, *(live.all("sysinfo") if is_told else [])])


def _has_seed(drive: Element) -> bool:
    return domain_of_seed(drive.value("source/@file") or "") is not None


def _order(document: Element) -> list[str | None]:
    return [one.get("dev") for one in document.findall("os/boot")]


def _drives(document: Element) -> list[Element]:
    return [one for one in document.findall("devices/disk") if one.get("device") == "cdrom"]


def _media(definition: Element, live: Element) -> list[Element]:
    """The drives that have a medium which those of the definition lack."""
    empty = {one.value("target/@dev") for one in _drives(definition) if one.child("source") is None}
    return [
        one
        for one in _drives(live)
        if one.child("source") is not None and one.value("target/@dev") in empty
    ]


def _without_media(devices: Element | None, drives: list[Element]) -> Element | None:
    if devices is None:
        return None
    ids = {id(one) for one in drives}
    return devices.replaced(
        children=[_emptied(one) if id(one) in ids else one for one in devices.children]
    )


def _emptied(drive: Element) -> Element:
    children = [one for one in drive.children if one.tag not in ("source", "backingStore")]
    return drive.replaced(children=children)


def _with_those_of(
    live: Element | None, definition: Element | None, tags: tuple[str, ...]
) -> Element | None:
    """An element with the children of another where they have one of these tags."""
    if live is None or definition is None:
        return live
    kept = [child for child in live.children if child.tag not in tags]
    return live.replaced(children=kept + [one for one in definition.children if one.tag in tags])


def _memory(definition: Element, live: Element) -> dict[str, Element | None]:
    """The memory that the guest will have, where its installer was given more."""
    return {
        tag: definition.child(tag)
        for tag in ("memory", "currentMemory")
        if _amount(live, tag) > _amount(definition, tag)
    }


def _amount(document: Element, tag: str) -> int:
    # libvirt writes both in KiB.
    text = document.value(tag) or "0"
    return int(text) if text.isdigit() else 0


def _serial(document: Element) -> str | None:
    entries = document.findall("sysinfo/system/entry")
    return next((one.text for one in entries if one.get("name") == "serial"), None)
