# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a domain that exists, described by the sub-options of the option table."""

from __future__ import annotations

import dataclasses
import typing as t

from .._reconcile.taken import Taken
from .._xmltree.element import Element
from . import disk_source, writing
from .configure.disks import free_target
from .errors import OptionError
from .existing import check_not_exchanged, completed, context, of_another_kind
from .guest import Written
from .host import Host
from .options.apply import apply, describe
from .options.setters import disk
from .options.settings import Settings
from .options.table import GROUPS
from .options.values import truth
from .options.xpath import apply_to_device, apply_xpath_actions
from .overlays import Kept, on_top
from .storage import DiskSize, Existing, NewVolume, images_of_disk, missing_image
from .taking import loses, taken_by_device

_DISK, _TARGET = "disk", "target/@dev"


@dataclasses.dataclass(frozen=True)
class NewDevice:
    """A device that a domain is to get.

    ``companions`` are the controllers that it needs, ``volume`` is what has to be
    created for it, ``size`` is how large storage is to be that is there, ``notes`` what a
    person should know.
    """

    element: Element
    companions: tuple[Element, ...] = ()
    volume: NewVolume | None = None
    size: DiskSize | None = None
    notes: tuple[str, ...] = ()


class Description(t.Protocol):
    """How a device is described."""

    @property
    def is_emptied(self) -> bool:
        """Whether a drive is to have no medium: its path is said to be nothing."""

    def said(self) -> list[Element]:
        """What is said of the device, and nothing else; several where each may be meant."""

    def left(self, document: Element, there: Element | None) -> tuple[Taken, Element | None]:
        """The document and a device of it without what is said to be nothing.

        ``there`` is ``None`` for a new device, which may move others in the boot order.

        :raises OptionError: something can't be used there.
        """

    def of_existing(self, there: Element) -> Element:
        """What is said, for a device that is there: storage is named as libvirt does.

        :raises OptionError: the storage isn't there.
        """

    def size_of(self, there: Element) -> DiskSize | None:
        """How large the storage of a disk that is there is to be, if that is said.

        :raises OptionError: it can't be so large.
        """

    def added(self, whole: Element) -> NewDevice:
        """The device with its defaults, for a domain that lacks it.

        ``whole`` has all devices whose places are taken.

        :raises OptionError: it can't be completed.
        """


class OnOverlay:
    """A disk that is described by the base of its image, which it keeps."""

    def __init__(self, description: Description, kept: Kept) -> None:
        self._description = description
        self._kept = kept

    @property
    def is_emptied(self) -> bool:
        """As :attr:`Description.is_emptied`."""
        return self._description.is_emptied

    def said(self) -> list[Element]:
        """As :meth:`Description.said`."""
        return [self._kept.instead]

    def left(self, document: Element, there: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return self._description.left(document, there)

    def of_existing(self, there: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        return on_top(self._description.of_existing(there), self._kept.theirs)

    def size_of(self, there: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        return self._description.size_of(there)

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        return self._description.added(whole)


class DeviceXml:
    """A device that is described by its XML, which has all but a free target of a disk."""

    is_emptied = False

    def __init__(self, element: Element) -> None:
        self._element = element

    def said(self) -> list[Element]:
        """As :meth:`Description.said`."""
        return [self._element]

    def left(self, document: Element, there: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return Taken(document), there

    def of_existing(self, _there: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        return self._element

    def size_of(self, _there: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        return None

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        element = writing.copied(self._element)
        if element.tag == _DISK and element.value("target/@bus") and not element.value(_TARGET):
            disks = whole.findall("devices/disk")
            taken = [target for target in (one.value(_TARGET) for one in disks) if target]
            writing.write(element, _TARGET, free_target(element, taken))
        return NewDevice(element)


class DeviceOption:
    """One value of a group of options, read in the light of the domain ``actual``.

    :raises OptionError: it can't be read.
    """

    def __init__(self, host: Host, actual: Element, name: str, value: object) -> None:
        self._host = host
        self._actual = actual
        self._name = name
        self._value = value
        guest = context(host, actual)
        # The domain may have one that the host has lost.
        guest.needs_host_devices = False
        self._guest = guest
        self._element, self._settings = describe(guest, name, value)
        apply_to_device(guest, self._element, is_new=False)
        self._sources = self._known_by(self._settings)

    def left(self, document: Element, there: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return taken_by_device(self._guest, self._written, document, there)

    def says_nothing_of(self, there: Element) -> bool:
        """Whether a device has nothing that is said to be nothing."""
        return not loses(self._guest, self._written, there)

    @property
    def takes_away(self) -> bool:
        """Whether something is said to be nothing."""
        texts = [text for _option, _numbers, text in self._settings.in_order()]
        return any(not text or truth(text) is False for text in texts)

    @property
    def _written(self) -> Written:
        return Written(GROUPS[self._name], self._element, self._settings)

    def said(self) -> list[Element]:
        """As :meth:`Description.said`."""
        if not self._sources or self._element.child("source") is not None:
            return [self._element]
        return [
            self._element.replaced(children=[*self._element.children, source])
            for source in self._sources
        ]

    def of_existing(self, there: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        if self._name != _DISK:
            guest = context(self._host, self._actual)
            return of_another_kind(guest, self._element, there, self._actual)
        if not self._sources:
            return self._element
        source = there.child("source")
        if source is not None and self._is_at(source):
            return self._with_storage_of(there, source)
        guest = context(self._host, self._actual)
        element = apply(guest, self._name, self._value)[0]
        check_not_exchanged(guest, element, there)
        disk_source.set_kind(guest, element)
        return element

    def size_of(self, there: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        size = disk.request(self._settings).size if self._name == _DISK else None
        if size is None:
            return None
        return DiskSize(writing.copied(there), disk_source.in_bytes(size), None, is_new=False)

    @property
    def is_emptied(self) -> bool:
        """As :attr:`Description.is_emptied`."""
        return self._name == _DISK and "path" in self._settings and not self._settings.get("path")

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        guest = context(self._host, self._actual)
        for one in whole.findall("devices/disk"):
            # Or their volumes would be taken for the new disk's own.
            path = one.value("source/@file") or one.value("source/@dev")
            if path is not None:
                guest.storage[id(one)] = Existing(path, "file")
        element = apply(guest, self._name, self._value)[0]
        apply_xpath_actions(guest)
        devices, companions = completed(guest, [element], whole)
        volume = guest.storage.get(id(element))
        new = volume if isinstance(volume, NewVolume) and not volume.is_there else None
        device = writing.copied(devices[0])
        guest.accept_volumes([volume])
        size = None if new is not None else self.size_of(device)
        return NewDevice(
            device,
            tuple(companions),
            new,
            None if size is None else dataclasses.replace(size, is_new=True),
            tuple(guest.notes),
        )

    def _known_by(self, settings: Settings) -> list[Element]:
        if self._name != _DISK:
            return []
        request = disk.request(settings)
        return disk_source.known_by(context(self._host, self._actual), request)

    def _is_at(self, source: Element) -> bool:
        return any(
            all(source.get(name) == value for name, value in one.attributes.items())
            for one in self._sources
        )

    def _with_storage_of(self, there: Element, source: Element) -> Element:
        """What is said, and the storage as libvirt names it: the guest that runs may lack it."""
        for image in images_of_disk(there):
            if self._host.storage.lacks(image):
                raise OptionError(missing_image(image, there.value(_TARGET) or ""))
        element = writing.copied(self._element)
        for path in ("@type", "driver/@type"):
            value = there.value(path)
            if value is not None and element.value(path) is None:
                writing.write(element, path, value)
        for name, value in source.attributes.items():
            is_open = self._settings.get(f"source.{name}") != ""
            if is_open and element.value(f"source/@{name}") is None:
                writing.write(element, f"source/@{name}", value)
        return element
