# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts that a guest has in its first boot only, found by its documents alone.

:func:`.install.first_boot` gives them to it. They aren't waiting for a restart: the next
start uses the definition, whenever that is.
"""

from __future__ import annotations

import posixpath
import re

from .._xmltree.element import Element

#: The action at a guest's reboot while it is installed.
ENDS = "destroy"
#: The serial number in SMBIOS that announces a seed to cloud-init.
SERIAL = "ds=nocloud"
_SEED = re.compile(r"(?P<domain>.+)-cloudinit(-[0-9a-f]{12})?\.iso$")
#: The elements of ``os`` that boot an installer.
_INSTALLER = ("kernel", "initrd", "cmdline", "boot")


def domain_of_seed(path: str) -> str | None:
    """The name of the domain whose seed is at a path, by the seed's name."""
    found = _SEED.match(posixpath.basename(path))
    return None if found is None else found["domain"]


def is_installation(definition: Element, live: Element) -> bool:
    """Whether the guest runs an installer.

    Its reboot ends such a guest, unlike its definition. The definition may just have been
    changed while the guest runs, so the guest must also have been booted in another way.
    """
    if live.value("on_reboot") != ENDS or definition.value("on_reboot") == ENDS:
        return False
    kernel, order = live.value("os/kernel"), _order(live)
    return bool(
        (kernel is not None and kernel != definition.value("os/kernel"))
        or (order and order != _order(definition))
        # Devices may have a boot order of their own. An installer of Windows keeps its medium.
        or (not order and any(drive.child("source") is not None for drive in _drives(live)))
    )


def is_unfinished(name: str, live: Element) -> bool:
    """Whether a guest without a definition is in its first boot, so that it is to get one."""
    paths = (drive.value("source/@file") or "" for drive in _drives(live))
    return live.value("on_reboot") == ENDS or any(domain_of_seed(path) == name for path in paths)


def without_seeds(document: Element) -> Element:
    """The document without cloud-init's data in its drives."""
    seeds = [element for element in _drives(document) if _has_seed(element)]
    devices = _without_media(document.child("devices"), seeds)
    children = [devices if element.tag == "devices" else element for element in document.children]
    return document.replaced(children=[element for element in children if element is not None])


def without_first_boot(definition: Element, live: Element) -> Element:
    """The running guest's document without the parts of its first boot."""
    installs = is_installation(definition, live)
    media = _media(definition, live)
    seeds = [drive for drive in media if _has_seed(drive)]
    # The serial number stays when the drive gets other data.
    has_serial = _serial(live) == SERIAL and _serial(definition) is None
    if not (installs or seeds or has_serial):
        return live
    gone = media if installs else seeds
    tags = _INSTALLER * installs + ("smbios",) * has_serial
    later = {
        "os": _with_those_of(live.child("os"), definition.child("os"), tags),
        "devices": _without_media(live.child("devices"), gone),
    }
    if seeds or has_serial:
        later["devices"] = _with_tpm(later["devices"], definition)
    if installs:
        later["on_reboot"] = definition.child("on_reboot")
        if live.value("os/kernel") is not None:
            later.update(_memory(definition, live))
    if has_serial:
        later["sysinfo"] = definition.child("sysinfo")
    children = [later.get(child.tag, child) for child in live.children]
    return live.replaced(children=[child for child in children if child is not None])


def with_seed(definition: Element, live: Element) -> Element | None:
    """The definition with the data of cloud-init that the guest has in its first boot.

    ``None`` where it has none. Whether cloud-init has finished reading them is unknown.
    """
    if is_installation(definition, live):
        return None
    seeds = {
        drive.value("target/@dev"): drive for drive in _media(definition, live) if _has_seed(drive)
    }
    has_serial = _serial(live) == SERIAL and _serial(definition) is None
    if not (seeds or has_serial):
        return None

    def filled(device: Element) -> Element:
        seed = seeds.get(device.value("target/@dev")) if device.tag == "disk" else None
        if seed is None:
            return device
        source = seed.child("source") or Element("source")
        # The index numbers the images of the running guest.
        place = {name: value for name, value in source.attributes.items() if name != "index"}
        rest = [child for child in device.children if child.tag != "source"]
        kind = {**device.attributes, "type": seed.get("type") or "file"}
        return device.replaced(kind, [source.replaced(place), *rest])

    children = []
    for child in definition.children:
        if child.tag == "devices":
            child = child.replaced(children=[filled(drive) for drive in child.children])
        if has_serial and child.tag == "os":
            child = _with_those_of(child, live.child("os"), ("smbios",)) or child
        if not (has_serial and child.tag == "sysinfo"):
            children.append(child)
    return definition.replaced(children=[*children, *(live.all("sysinfo") if has_serial else [])])


def _has_seed(drive: Element) -> bool:
    return domain_of_seed(drive.value("source/@file") or "") is not None


def _order(document: Element) -> list[str | None]:
    return [boot.get("dev") for boot in document.findall("os/boot")]


def _drives(document: Element) -> list[Element]:
    return [disk for disk in document.findall("devices/disk") if disk.get("device") == "cdrom"]


def _media(definition: Element, live: Element) -> list[Element]:
    """The live drives that have a medium, and are empty in the definition."""
    empty = {
        drive.value("target/@dev") for drive in _drives(definition) if drive.child("source") is None
    }
    return [
        drive
        for drive in _drives(live)
        if drive.child("source") is not None and drive.value("target/@dev") in empty
    ]


def _without_media(devices: Element | None, drives: list[Element]) -> Element | None:
    if devices is None:
        return None
    ids = {id(device) for device in drives}
    return devices.replaced(
        children=[_emptied(device) if id(device) in ids else device for device in devices.children]
    )


def _with_tpm(devices: Element | None, definition: Element) -> Element | None:
    """The devices with the definition's TPM, where the first boot of cloud-init has none."""
    tpms = definition.findall("devices/tpm")
    if devices is None or not tpms or devices.child("tpm") is not None:
        return devices
    return devices.replaced(children=[*devices.children, *tpms])


def _emptied(drive: Element) -> Element:
    children = [child for child in drive.children if child.tag not in ("source", "backingStore")]
    return drive.replaced(children=children)


def _with_those_of(
    live: Element | None, definition: Element | None, tags: tuple[str, ...]
) -> Element | None:
    """The live element with the definition's children of these tags."""
    if live is None or definition is None:
        return live
    kept = [child for child in live.children if child.tag not in tags]
    return live.replaced(
        children=kept + [child for child in definition.children if child.tag in tags]
    )


def _memory(definition: Element, live: Element) -> dict[str, Element | None]:
    """The definition's memory, where the installer has more."""
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
    return next((entry.text for entry in entries if entry.get("name") == "serial"), None)
