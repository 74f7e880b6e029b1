# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices of a domain that are to go: the absent ones, and those that a list leaves out."""

from __future__ import annotations

import os
import typing as t

from .._choices import MERGE
from .._reconcile.reconcile import reconcile
from .._rules.domain import spice
from .._rules.domain.book import DOMAIN
from .._xmltree.element import Element
from . import writing
from .configure import video
from .errors import OptionError
from .guest import Guest
from .options.listed import LISTS, Absent, read_absent
from .overlays import DomainDisks, going, place_of
from .pairing import paired

_DEVICES, _DISK = "devices", "disk"
#: The lists whose ``none`` takes nothing away: a guest needs its controllers, and disks have to
#: be named one by one.
_KEPT = frozenset(["controller", _DISK])


class Unwanted:
    """The devices that are to go, of any document of a domain.

    * ``options``: the options of the domain.
    * ``absent``: the entries of its lists with ``state: absent``.
    * ``exclusive``: the names of the lists that are the whole truth.
    * ``requested``: the devices that the options ask for.
    * ``disks``: the domain's disks, where their backing files can be found out.

    :raises OptionError: an entry can't be read, or an exclusive list is missing.
    :raises BaseError: an entry may name the base of a disk's image, and that is unknown.
    """

    def __init__(
        self,
        guest: Guest,
        options: t.Mapping[str, t.Any],
        absent: t.Mapping[str, t.Sequence[t.Any]],
        exclusive: t.Collection[str],
        requested: t.Sequence[Element],
        disks: DomainDisks | None = None,
    ) -> None:
        self._guest = guest
        self._requested = requested
        self._absent = [
            read_absent(guest, name, entry) for name, entries in absent.items() for entry in entries
        ]
        if disks is not None:
            # A disk whose own image another entry names isn't meant by a base.
            places = [place_of(device) for device in requested if device.tag == _DISK]
            defined = [device for device in disks.defined if place_of(device) not in places]
            disks = disks._replace(defined=defined)
            self._absent = [self._by_image(device, disks) for device in self._absent]
        for name in exclusive:
            if name not in absent and options.get(name) is None:
                raise OptionError(
                    f"exclusive names {name}, which is not given; give the list, or an empty one"
                )
        self._exclusive = {
            LISTS[name].tag: [device for device in requested if device.tag == LISTS[name].tag]
            for name in exclusive
        }
        for name in guest.set_to_none - _KEPT:
            if name in LISTS:
                self._exclusive.setdefault(LISTS[name].tag, [])
        self._has_no_console = "console" in guest.set_to_none
        self._has_serial = any(device.tag == "serial" for device in requested)
        self._has_no_disk = _DISK in guest.set_to_none and _DISK not in exclusive
        #: Whether drives of other options exist, which are in no list.
        self._has_cdrom = bool(options.get("cdrom") or options.get("location"))
        self._has_seed = options.get("cloud_init") not in (None, "none")

    def __bool__(self) -> bool:
        return bool(self._absent or self._exclusive)

    def of(self, document: Element) -> list[Element]:
        """The elements of the document that are to go, themselves and no copies.

        What works with SPICE alone goes with the last of it.
        """
        gone = self._named(document)
        return [*gone, *self._served(document, gone)]

    def _served(self, document: Element, gone: t.Sequence[Element]) -> list[Element]:
        if any(device.get("type") == spice.SPICE for device in self._requested_graphics()):
            return []
        return spice.left_over(document, {id(device) for device in gone})

    def _requested_graphics(self) -> list[Element]:
        return [device for device in self._requested if device.tag == "graphics"]

    def _named(self, document: Element) -> list[Element]:
        gone: dict[int, Element] = {}
        for tag, requested in self._exclusive.items():
            actual = document.findall(f"{_DEVICES}/{tag}")
            extra = paired(self._guest, tag, requested, actual).extra
            gone.update({id(device): device for device in self._not_spared(extra)})
        if self._has_no_console and not self._has_serial:
            # libvirt would give the guest a console for it.
            gone.update({id(device): device for device in document.findall(f"{_DEVICES}/serial")})
        for absent in self._absent:
            for device in document.findall(f"{_DEVICES}/{absent.tag}"):
                if self._matches(absent, device):
                    gone[id(device)] = device
        return list(gone.values())

    def check(self, actual: Element) -> None:
        """Check that nothing goes that has to stay.

        Disks don't go by ``none`` alone. The card of a screen stays, and so does SPICE that
        requested devices need.

        :raises OptionError: such a device would go.
        """
        self._check_spice_unneeded(actual)
        if "video" in self._guest.set_to_none and self._shows_something(actual):
            video.refuse_none()
        disks = actual.findall(f"{_DEVICES}/{_DISK}") if self._has_no_disk else []
        targets = [disk.value("target/@dev") or "one" for disk in self._not_spared(disks)]
        if targets:
            raise OptionError(
                f"disk: none would take away disks that the domain has: {', '.join(targets)}; to do "
                "that, set exclusive: [disk] as well; to leave them, leave disk out"
            )

    def _check_spice_unneeded(self, actual: Element) -> None:
        served = self._served(actual, self._named(actual)) if self else []
        if not served or not self._guest.host.is_qemu:
            return
        need = [device.tag for device in self._requested if spice.needs_spice(device)]
        if need:
            raise OptionError(
                f"graphics: SPICE can't go while the task wants {' and '.join(need)} that need it; "
                "leave them out, or give them another type"
            )
        self._guest.note(spice.note_of(served))

    def _shows_something(self, actual: Element) -> bool:
        gone = {id(device) for device in self.of(actual)}
        graphics = actual.findall(f"{_DEVICES}/graphics")
        return any(id(device) not in gone for device in graphics) or any(
            device.tag == "graphics" for device in self._requested
        )

    def is_absent(self, device: Element) -> bool:
        """Whether an entry makes this device absent."""
        return any(
            absent.tag == device.tag and self._matches(absent, device) for absent in self._absent
        )

    def _not_spared(self, extra: list[Element]) -> list[Element]:
        drives = [
            device for device in extra if device.tag == "disk" and device.get("device") == "cdrom"
        ]
        spared = drives[:1] if self._has_cdrom else []
        spared += drives[-1:] if self._has_seed else []
        return [device for device in extra if all(device is not drive for drive in spared)]

    def _by_image(self, absent: Absent, disks: DomainDisks) -> Absent:
        """The entry with the disk's target, where it names the base of the disk's image."""
        if absent.tag != _DISK or any(self._matches(absent, disk) for disk in disks.defined):
            return absent
        source = _source(absent)
        if source is None:
            return absent
        properties = writing.copied(absent.properties)
        properties.children = [disk for disk in properties.children if disk.tag != "source"]
        found = going([properties.replaced(children=[*properties.children, source])], disks)
        if found is None:
            return absent
        if found.note:
            self._guest.note(found.note)
        writing.write(properties, "target/@dev", found.current.value("target/@dev"))
        return absent._replace(properties=properties, path=None, volume=None)

    def _matches(self, absent: Absent, device: Element) -> bool:
        if absent.path is not None and not self._is_at(device, absent.path):
            return False
        if absent.volume is not None:
            pool, name = absent.volume
            if (device.value("source/@pool"), device.value("source/@volume")) != (pool, name):
                storage = self._guest.host.storage
                if not self._is_at(device, storage.volume(pool, name).path):
                    return False
        # The engine compares them, so that the spelling of a MAC address doesn't matter.
        expected, found = (
            Element("domain", children=[Element(_DEVICES, children=[part])])
            for part in (absent.properties, device)
        )
        return not reconcile(expected, found, DOMAIN, MERGE).changes

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
    """The source of an absent disk, if the entry has one."""
    if absent.path is not None:
        return Element("source", {"file": os.path.abspath(absent.path)})
    if absent.volume is not None:
        return Element("source", {"pool": absent.volume[0], "volume": absent.volume[1]})
    return absent.properties.child("source")
