# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing an existing domain once more: another first boot, with the disks that it has."""

from __future__ import annotations

import typing as t

from .._images.request import shown_url
from .._reconcile.domain.installation import label_of, put_label
from .._xmltree.element import Element
from . import disk_source, writing
from .disk import Disk
from .errors import OptionError
from .guest import Guest
from .install import (
    CDROM,
    NETWORK,
    Install,
    chosen,
    connect,
    detected_medium,
    first_boot,
    is_url,
)
from .order import put_in_order
from .storage import NewVolume, images_of_disk

OPTION = "reinstall"
_LONGEST = 1000
_KERNEL = ("kernel", "initrd", "cmdline")


class Reinstallation(t.NamedTuple):
    """An installation that is to be done.

    ``source`` is what it installs from, for a person. ``first_boot`` makes the document of the
    first boot from the domain's definition, and ``volumes`` are what that needs.
    """

    label: str
    source: str
    first_boot: t.Callable[[Element], Element]
    volumes: tuple[NewVolume, ...]


def label(options: t.Mapping[str, t.Any]) -> str | None:
    """The label of the installation that the options ask for; ``None`` if they ask for none.

    :raises OptionError: it can't be one, or there is nothing to install from.
    """
    value = options.get(OPTION)
    if value in (None, False, "") or str(value).lower() in ("false", "no"):
        return None
    install = chosen(options)
    if not install.has_phase:
        raise OptionError(
            "reinstall: there is nothing to install from; give location, cdrom, pxe or install"
        )
    if isinstance(value, (list, dict)):
        raise OptionError("reinstall takes true, or a text that is new for each installation")
    text = _source(install) if str(value).lower() in ("true", "yes") else str(value).strip()
    if not text or not text.isprintable() or len(text) > _LONGEST:
        raise OptionError("reinstall: the text is empty, too long, or can't be printed; correct it")
    return text


def note(options: t.Mapping[str, t.Any], *documents: Element | None) -> None:
    """Write the note of a new domain's installation, so that it isn't done once more."""
    asked = label(options)
    for document in documents:
        if document is not None and asked is not None:
            put_label(document, asked)


def reinstallation(
    guest: Guest, options: t.Mapping[str, t.Any], actual: Element
) -> Reinstallation | None:
    """The installation that the options ask for and that the domain hasn't had.

    ``actual`` is its definition. The note of it is written into the guest's document.

    :raises OptionError: it can't be done.
    """
    asked = label(options)
    if asked is None:
        return None
    put_label(guest.root, asked)
    if label_of(actual) == asked:
        return None
    install = chosen(options)
    volumes: tuple[NewVolume, ...] = ()
    source = _source(install)
    from .defaults import named_distro, profile, unattended_install

    if install.os is not None:
        from .location import at_known_tree

        install = at_known_tree(guest, install, profile(options))

    install, answers, _scripts = unattended_install(guest, install, options, None)
    if answers:
        raise OptionError(
            "unattended: a domain that exists gets no drive for the answers; give location, whose "
            "installer gets them in its initrd, or leave reinstall out"
        )
    if not install.has_medium and install.boot is None:
        from .location import prepared

        install, volumes = prepared(guest, install)
    elif install.medium is not None:
        detected_medium(guest, install)
        drive = Disk("disk", {"device": "cdrom"})
        connect(guest, drive, install)
        if isinstance(drive.storage, NewVolume):
            volumes = (drive.storage,)

    def made(definition: Element) -> Element:
        first = _first_boot(guest, install, definition, asked)
        if install.location is not None:
            from .location import raise_memory

            raise_memory(guest, Guest(guest.host, first), install, named_distro(guest, options))
        return first

    return Reinstallation(asked, source, made, volumes)


def overwritten(document: Element) -> list[str]:
    """The disks that an installer can write to, for a person."""
    found = []
    for disk in document.findall("devices/disk"):
        if (disk.get("device") or "disk") in ("disk", "lun") and disk.child("readonly") is None:
            paths = images_of_disk(disk) or [disk.value("source/@volume") or "its storage"]
            found.append(f"{disk.value('target/@dev')} ({paths[0]})")
    return found


def _first_boot(guest: Guest, install: Install, definition: Element, label: str) -> Element:
    whole = Guest(guest.host, writing.copied(definition))
    whole.os = guest.os
    if install.kernel is None:
        # The medium or the network is booted, and nothing else.
        os = whole.make("os")
        os.children = [child for child in os.children if child.tag not in _KERNEL]
    drive = None
    if install.has_medium:
        drive = _with_medium(whole, install, definition)
    _put_first(whole, install, drive)
    root = first_boot(whole, install)
    put_label(root, label)
    put_in_order(root)
    return root


def _with_medium(whole: Guest, install: Install, definition: Element) -> Element:
    """Put the medium into the first drive, or into a new one."""
    from .existing import completed

    medium = Disk("disk", {"device": "cdrom"})
    connect(whole, medium, install)
    disk_source.set_kind(whole, medium)
    drives = [disk for disk in whole.devices("disk") if disk.get("device") == "cdrom"]
    if not drives:
        added, controllers = completed(whole, [medium], definition)
        for device in (*controllers, *added):
            whole.add_device(device)
        return medium
    drive = drives[0]
    drive.attributes["type"] = medium.get("type") or "file"
    kept = [child for child in drive.children if child.tag not in ("driver", "source")]
    taken = [child for child in medium.children if child.tag in ("driver", "source")]
    drive.children = [*taken, *kept]
    return drive


def _put_first(whole: Guest, install: Install, drive: Element | None) -> None:
    """Where the devices have an order of their own, let the installer come first in it."""
    if install.kernel is not None or install.boot not in (CDROM, NETWORK):
        return
    devices = (whole.root.child("devices") or Element("devices")).children
    ordered = [device for device in devices if device.value("boot/@order") is not None]
    if not ordered:
        return
    first = drive
    if install.boot == NETWORK:
        first = next(iter(whole.devices("interface")), None)
    if first is None:
        raise OptionError("pxe: the domain has no interface to be installed by")
    for device in ordered:
        order = int(device.value("boot/@order") or 0)
        writing.write(device, "boot/@order", str(order + 1))
    writing.write(first, "boot/@order", "1")


def _source(install: Install) -> str:
    if install.medium is not None:
        return install.medium.title
    place = install.os or install.location or install.kernel or install.cdrom
    if place is None:
        return "the network" if install.boot == NETWORK else f"the device {install.boot}"
    return shown_url(place) if is_url(place) else place
