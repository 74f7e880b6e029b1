# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which devices of a domain are to go: those said to be absent, and what a list leaves out."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from .._reconcile.reconcile import MERGE, reconcile
from .._rules.domain import DOMAIN
from .._xmltree.element import Element
from . import writing
from .configure import video
from .errors import OptionError
from .guest import Guest
from .options.listed import LISTS, Absent, said_absent
from .overlays import DomainDisks, going, place_of
from .pairing import paired

_DEVICES, _DISK = "devices", "disk"
#: What ``none`` takes nothing away of: a guest needs its controllers, and its disks have to
#: be named.
_KEPT = frozenset(["controller", _DISK])
#: The devices that may be served by SPICE, and the types that are, which QEMU's driver refuses
#: without such graphics.
_SERVED = ("channel", "redirdev", "smartcard", "serial", "parallel", "console")
_SPICE_TYPES = ("spicevmc", "spiceport")


class Unwanted:
    """The devices that are to go, of any document of a domain.

    ``options`` are those of the domain, ``absent`` the entries of its lists that say
    so, and ``exclusive`` the names of lists that are the whole truth.
    ``wanted`` are the devices that the options ask for, and ``disks`` the domain's, where what
    they are based on can be found out.

    :raises OptionError: an entry can't be read, or a list isn't there.
    :raises BaseError: it isn't known whether a disk is meant by the base of its image.
    """

    def __init__(
        self,
        guest: Guest,
        options: t.Mapping[str, t.Any],
        absent: t.Mapping[str, t.Sequence[t.Any]],
        exclusive: t.Collection[str],
        wanted: t.Sequence[Element],
        disks: DomainDisks | None = None,
    ) -> None:
        self._guest = guest
        self._wanted = wanted
        self._absent = [
            said_absent(guest, name, entry) for name, entries in absent.items() for entry in entries
        ]
        if disks is not None:
            # One of which another entry says the image that it has is no other's base.
            places = [place_of(one) for one in wanted if one.tag == _DISK]
            defined = [one for one in disks.defined if place_of(one) not in places]
            disks = dataclasses.replace(disks, defined=defined)
            self._absent = [self._by_image(one, disks) for one in self._absent]
        for name in exclusive:
            if name not in absent and options.get(name) is None:
                raise OptionError(
                    f"exclusive names {name}, which is not given; give the list, or an empty one"
                )
        self._exclusive = {
            LISTS[name].tag: [one for one in wanted if one.tag == LISTS[name].tag]
            for name in exclusive
        }
        for name in guest.said_none - _KEPT:
            if name in LISTS:
                self._exclusive.setdefault(LISTS[name].tag, [])
        self._says_no_console = "console" in guest.said_none
        self._has_serial = any(one.tag == "serial" for one in wanted)
        self._says_no_disk = _DISK in guest.said_none and _DISK not in exclusive
        #: Drives that other options stand for, which are in no list.
        self._has_cdrom = bool(options.get("cdrom") or options.get("location"))
        self._has_seed = options.get("cloud_init") not in (None, "none")

    def __bool__(self) -> bool:
        return bool(self._absent or self._exclusive)

    def of(self, document: Element) -> list[Element]:
        """Those very elements of the document that are to go."""
        gone: dict[int, Element] = {}
        for tag, wanted in self._exclusive.items():
            theirs = document.findall(f"{_DEVICES}/{tag}")
            extra = paired(self._guest, tag, wanted, theirs).extra
            gone.update({id(one): one for one in self._not_spared(extra)})
        if self._says_no_console and not self._has_serial:
            # libvirt would give the guest a console for it.
            gone.update({id(one): one for one in document.findall(f"{_DEVICES}/serial")})
        for absent in self._absent:
            for device in document.findall(f"{_DEVICES}/{absent.tag}"):
                if self._is_meant(absent, device):
                    gone[id(device)] = device
        return list(gone.values())

    def check(self, actual: Element) -> None:
        """See that nothing goes that has to stay.

        That is a disk of which nothing but ``none`` is said, the card of a screen, and SPICE that
        devices need.

        :raises OptionError: one would.
        """
        self._see_that_nothing_needs_spice(actual)
        if "video" in self._guest.said_none and self._shows_something(actual):
            video.refuse_none()
        disks = actual.findall(f"{_DEVICES}/{_DISK}") if self._says_no_disk else []
        targets = [one.value("target/@dev") or "one" for one in self._not_spared(disks)]
        if targets:
            raise OptionError(
                f"disk: none would take away disks that the domain has: {', '.join(targets)}; to do "
                "that, set exclusive: [disk] as well; to leave them, leave disk out"
            )

    def _see_that_nothing_needs_spice(self, actual: Element) -> None:
        graphics = actual.findall(f"{_DEVICES}/graphics")
        spice = [one for one in graphics if one.get("type") == "spice"]
        asked = {one.tag for one in self._wanted}
        if not (self and spice and self._guest.host.is_qemu) or any(
            one.tag == "graphics" and one.get("type") == "spice" for one in self._wanted
        ):
            return
        gone = {id(one) for one in self.of(actual)}
        if any(id(one) not in gone for one in spice):
            return
        need = [
            tag
            # What becomes of those that an entry is about is known later.
            for tag in _SERVED
            if tag not in asked
            and any(
                one.get("type") in _SPICE_TYPES and id(one) not in gone
                for one in actual.findall(f"{_DEVICES}/{tag}")
            )
        ]
        if need:
            raise OptionError(
                f"graphics: SPICE can't go while {' and '.join(need)} of the domain need it; take "
                "those away too, such as with redirdev: none and channels: [{type: spicevmc, "
                "state: absent}]"
            )

    def _shows_something(self, actual: Element) -> bool:
        gone = {id(one) for one in self.of(actual)}
        there = actual.findall(f"{_DEVICES}/graphics")
        return any(id(one) not in gone for one in there) or any(
            one.tag == "graphics" for one in self._wanted
        )

    def says(self, device: Element) -> bool:
        """Whether an entry says that this device is to be absent."""
        return any(
            absent.tag == device.tag and self._is_meant(absent, device) for absent in self._absent
        )

    def _not_spared(self, extra: list[Element]) -> list[Element]:
        drives = [one for one in extra if one.tag == "disk" and one.get("device") == "cdrom"]
        spared = drives[:1] if self._has_cdrom else []
        spared += drives[-1:] if self._has_seed else []
        return [one for one in extra if all(one is not other for other in spared)]

    def _by_image(self, absent: Absent, disks: DomainDisks) -> Absent:
        """What is said of a disk by the base of its image, said by its target."""
        if absent.tag != _DISK or any(self._is_meant(absent, one) for one in disks.defined):
            return absent
        source = _source(absent)
        if source is None:
            return absent
        said = writing.copied(absent.said)
        said.children = [one for one in said.children if one.tag != "source"]
        found = going([said.replaced(children=[*said.children, source])], disks)
        if found is None:
            return absent
        if found.note:
            self._guest.note(found.note)
        writing.write(said, "target/@dev", found.theirs.value("target/@dev"))
        return absent._replace(said=said, path=None, volume=None)

    def _is_meant(self, absent: Absent, device: Element) -> bool:
        if absent.path is not None and not self._is_at(device, absent.path):
            return False
        if absent.volume is not None:
            pool, name = absent.volume
            if (device.value("source/@pool"), device.value("source/@volume")) != (pool, name):
                storage = self._guest.host.storage
                if not self._is_at(device, storage.volume(pool, name).path):
                    return False
        # Read as the engine reads it: the spelling of a MAC address doesn't matter.
        said, one = (
            Element("domain", children=[Element(_DEVICES, children=[part])])
            for part in (absent.said, device)
        )
        return not reconcile(said, one, DOMAIN, MERGE).changes

    def _is_at(self, device: Element, path: str) -> bool:
        source = device.child("source") or Element("source")
        path = os.path.abspath(path)
        if path in (source.get(name) for name in ("file", "dev", "dir")):
            return True
        pool, name = source.get("pool"), source.get("volume")
        if pool is None or name is None:
            return False
        try:
            return self._guest.host.storage.volume(pool, name).path == path
        except OptionError:
            return False


def _source(absent: Absent) -> Element | None:
    """Where the data of a disk is that is said to be absent, if that is said."""
    if absent.path is not None:
        return Element("source", {"file": os.path.abspath(absent.path)})
    if absent.volume is not None:
        return Element("source", {"pool": absent.volume[0], "volume": absent.volume[1]})
    return absent.said.child("source")
