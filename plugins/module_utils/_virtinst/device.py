# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of an existing domain, described by sub-options or by XML."""

from __future__ import annotations

import typing as t

from .._reconcile.taken import Taken
from .._xmltree.element import Element
from . import disk_source, system, writing
from .configure.disks import free_target
from .disk import storage_of
from .errors import OptionError
from .existing import completed, context, of_another_kind
from .guest import Guest, Written
from .host import Host
from .options.apply import apply, describe
from .options.setters import disk
from .options.settings import Settings
from .options.table import GROUPS
from .options.values import truth
from .options.xpath import apply_to_device, apply_xpath_actions
from .overlays import Kept, on_top
from .storage import DiskSize, NewVolume, images_of, images_of_disk, missing_image
from .taking import loses, taken_by_device

if t.TYPE_CHECKING:
    from .moving import DiskMove

_DISK, _TARGET = "disk", "target/@dev"


class NewDevice(t.NamedTuple):
    """A device that a domain is to get.

    ``companions`` are the controllers that it needs. ``volume`` has to be created for it;
    ``size`` is the requested size of storage that exists. ``notes`` are lines for a person.
    """

    element: Element
    companions: tuple[Element, ...] = ()
    volume: NewVolume | None = None
    size: DiskSize | None = None
    notes: tuple[str, ...] = ()


class Description(t.Protocol):
    """The description of a device."""

    @property
    def is_emptied(self) -> bool:
        """Whether a drive is to have no medium: its path is empty."""

    def elements(self) -> list[Element]:
        """The device as it is described, without defaults.

        Several elements where the description fits several names of the same storage.
        """

    def left(self, document: Element, current: Element | None) -> tuple[Taken, Element | None]:
        """The document and its device without the parts that the description empties.

        ``current`` is the device; ``None`` for a new device, which may move others in the boot
        order.

        :raises OptionError: a sub-option can't be used for this device.
        """

    def of_existing(self, current: Element) -> Element:
        """The requested form of an existing device, whose storage is named as libvirt names it.

        :raises OptionError: the storage doesn't exist.
        """

    def size_of(self, current: Element) -> DiskSize | None:
        """The requested size of an existing disk, if the description has one.

        :raises OptionError: the size is impossible.
        """

    def move_of(self, current: Element) -> DiskMove | None:
        """Where an existing disk is to be, if it is to be moved there.

        :raises OptionError: it can't be moved.
        """

    def added(self, whole: Element) -> NewDevice:
        """The device with its defaults, for a domain that lacks it.

        ``whole`` is the domain with all devices whose addresses and targets are taken.

        :raises OptionError: the device can't be completed.
        """


class OnOverlay:
    """A disk that is described by the backing file of its image, and that keeps the image."""

    def __init__(self, description: Description, kept: Kept) -> None:
        self._description = description
        self._kept = kept

    @property
    def is_emptied(self) -> bool:
        """As :attr:`Description.is_emptied`."""
        return self._description.is_emptied

    def elements(self) -> list[Element]:
        """As :meth:`Description.elements`."""
        return [self._kept.replacement]

    def left(self, document: Element, current: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return self._description.left(document, current)

    def of_existing(self, current: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        return on_top(self._description.of_existing(current), self._kept.current)

    def size_of(self, current: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        return self._description.size_of(current)

    def move_of(self, current: Element) -> DiskMove | None:
        """As :meth:`Description.move_of`; it was where it is wanted before its overlay was made."""
        return None

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        return self._description.added(whole)


class DeviceXml:
    """A device that is described by its XML; only a disk's free target is filled in."""

    is_emptied = False

    def __init__(self, element: Element) -> None:
        self._element = element

    def elements(self) -> list[Element]:
        """As :meth:`Description.elements`."""
        return [self._element]

    def left(self, document: Element, current: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return Taken(document), current

    def of_existing(self, _current: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        return self._element

    def size_of(self, _current: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        return None

    def move_of(self, _current: Element) -> DiskMove | None:
        """As :meth:`Description.move_of`."""
        return None

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        element = writing.copied(self._element)
        if element.tag == _DISK and element.value("target/@bus") and not element.value(_TARGET):
            disks = whole.findall("devices/disk")
            taken = [target for target in (disk.value(_TARGET) for disk in disks) if target]
            writing.write(element, _TARGET, free_target(element, taken))
        return NewDevice(element)


class DeviceOption:
    """A device that is described by one value of a group of options, for the domain ``actual``.

    ``osinfo`` names the operating system that runs there; without it, the definition does.

    :raises OptionError: the value can't be read.
    """

    def __init__(
        self, host: Host, actual: Element, name: str, value: object, osinfo: str | None = None
    ) -> None:
        self._host = host
        self._actual = actual
        self._name = name
        self._value = value
        self._osinfo = system.asked(osinfo).name
        guest = self._context()
        # The domain may have a device that the host has lost.
        guest.needs_host_devices = False
        self._guest = guest
        self._element, self._settings = describe(guest, name, value)
        apply_to_device(guest, self._element, is_new=False)
        self._sources = self._known_by(self._settings)

    def left(self, document: Element, current: Element | None) -> tuple[Taken, Element | None]:
        """As :meth:`Description.left`."""
        return taken_by_device(self._guest, self._written, document, current)

    def loses_nothing(self, current: Element) -> bool:
        """Whether a device has none of the parts that the description empties."""
        return not loses(self._guest, self._written, current)

    @property
    def takes_away(self) -> bool:
        """Whether the description empties something."""
        texts = [text for _option, _numbers, text in self._settings.in_order()]
        return any(not text or truth(text) is False for text in texts)

    @property
    def _written(self) -> Written:
        return Written(GROUPS[self._name], self._element, self._settings)

    def elements(self) -> list[Element]:
        """As :meth:`Description.elements`."""
        if not self._sources or self._element.child("source") is not None:
            return [self._element]
        return [
            self._element.replaced(children=[*self._element.children, source])
            for source in self._sources
        ]

    def of_existing(self, current: Element) -> Element:
        """As :meth:`Description.of_existing`."""
        if self._name != _DISK:
            guest = self._context()
            return of_another_kind(guest, self._element, current, self._actual)
        if not self._sources and not self._moves:
            return self._element
        source = current.child("source")
        if source is not None and (self._moves or self._is_at(source)):
            return self._with_storage_of(current, source)
        guest = self._context()
        element = apply(guest, self._name, self._value)[0]
        disk_source.check_not_exchanged(element, current)
        disk_source.set_kind(guest, element)
        return element

    def size_of(self, current: Element) -> DiskSize | None:
        """As :meth:`Description.size_of`."""
        size = disk.request(self._settings).size if self._name == _DISK else None
        if size is None:
            return None
        return DiskSize(writing.copied(current), disk_source.in_bytes(size), None, is_new=False)

    @property
    def _moves(self) -> bool:
        """Whether a disk that the domain has is to be moved."""
        return self._name == _DISK and disk.request(self._settings).moves

    def move_of(self, current: Element) -> DiskMove | None:
        """As :meth:`Description.move_of`."""
        if not self._moves:
            return None
        # Ansible compiles a module's code anew in each task, and few disks move.
        from .moving import planned

        return planned(self._host.storage, disk.request(self._settings), current)

    @property
    def is_emptied(self) -> bool:
        """As :attr:`Description.is_emptied`."""
        return self._name == _DISK and "path" in self._settings and not self._settings.get("path")

    def added(self, whole: Element) -> NewDevice:
        """As :meth:`Description.added`."""
        guest = self._context()
        guest.taken_paths = images_of(whole.findall("devices/disk"))
        element = apply(guest, self._name, self._value)[0]
        disk_source.connect_new(guest, element)
        apply_xpath_actions(guest)
        devices, companions = completed(guest, [element], whole)
        volume = storage_of(element)
        new = volume if isinstance(volume, NewVolume) and not volume.exists else None
        device = writing.copied(devices[0])
        guest.accept_volumes([volume])
        size = None if new is not None else self.size_of(device)
        return NewDevice(
            device,
            tuple(companions),
            new,
            None if size is None else size._replace(is_new=True),
            tuple(guest.notes),
        )

    def _known_by(self, settings: Settings) -> list[Element]:
        if self._name != _DISK:
            return []
        request = disk.request(settings)
        if request.moves and self._element.value(_TARGET) is not None:
            # Where it is to be says nothing of where it is.
            return []
        return disk_source.known_by(self._context(), request)

    def _context(self) -> Guest:
        """A guest without devices, with the facts that the description is read with."""
        guest = context(self._host, self._actual)
        if self._osinfo is not None:
            system.choose(guest, self._osinfo)
        return guest

    def _is_at(self, source: Element) -> bool:
        return any(
            all(source.get(name) == value for name, value in known.attributes.items())
            for known in self._sources
        )

    def _with_storage_of(self, current: Element, source: Element) -> Element:
        """The requested form with the storage as libvirt names it.

        The running guest may lack the storage, and gets it by that.
        """
        for image in images_of_disk(current):
            if self._host.storage.lacks(image):
                raise OptionError(missing_image(image, current.value(_TARGET) or ""))
        element = writing.copied(self._element)
        for path in ("@type", "driver/@type"):
            value = current.value(path)
            if value is not None and element.value(path) is None:
                writing.write(element, path, value)
        for name, value in source.attributes.items():
            is_open = self._settings.get(f"source.{name}") != ""
            if is_open and element.value(f"source/@{name}") is None:
                writing.write(element, f"source/@{name}", value)
        return element
