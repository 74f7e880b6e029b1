# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a domain's document: finding and replacing it."""

from __future__ import annotations

import typing as t

from ..._rules.amounts import kib
from ..._rules.book import PathRules
from ..._rules.context import Context
from ..._rules.domain.book import DOMAIN
from ..._rules.domain.device_keys import host_device
from ..._rules.domain.devices import UNIQUE_ANYWHERE, Key
from ..._rules.domain.devices import device as row_of
from ..._rules.domain.mirrors import as_port
from ..._rules.domain.placement import without_sound_of
from ..._xmltree.element import Element
from ..compare import Comparison
from ..errors import AmbiguousDevice
from ..match import key_function, named_apart
from ..paths import child_step

_DEVICES = "devices"


class Devices:
    """The devices in one document of a domain: its definition, or the running guest's."""

    def __init__(self, document: Element) -> None:
        self.document = document
        self._devices = document.child(_DEVICES) or Element(_DEVICES)
        top = Context(document, document, DOMAIN.top)
        self._site = Context(self._devices, self._devices, DOMAIN.top.child(_DEVICES), top)

    def all(self) -> list[Element]:
        """All devices."""
        return self._devices.children

    def of_kind(self, tag: str) -> list[Element]:
        """All devices with this tag."""
        return self._devices.all(tag)

    def is_known_by_something_unique(self, description: Element) -> bool:
        """Whether the description has a unique property."""
        keys = (*_functions(row_of(description).unique), *_functions(UNIQUE_ANYWHERE))
        return any(key(description) is not None for key in keys)

    def fitting(self, description: Element) -> list[Element]:
        """The devices that have all parts of ``description`` already."""
        return [
            device for device in self.of_kind(description.tag) if self._fits(description, device)
        ]

    def same(self, description: Element) -> Element | None:
        """The device that the description ``description`` is about; ``None`` for a new device.

        :raises AmbiguousDevice: the description fits several devices.
        """
        row, devices = row_of(description), self.of_kind(description.tag)
        unique = [key for key in _functions(row.unique) if key(description) is not None]
        unique += [key for key in _functions(UNIQUE_ANYWHERE) if key(description) is not None]
        if unique:
            for key in unique:
                found = [device for device in devices if key(device) == key(description)]
                found = [device for device in found if not self._are_two(description, device)]
                if found:
                    return found[0]
            return None
        if row.is_single:
            return devices[0] if devices else None
        fitting = self.fitting(description)
        if fitting:
            return fitting[0]
        for key in _functions(row.like):
            value = key(description)
            found = [device for device in devices if value is not None and key(device) == value]
            if found:
                return self.only(found, "give what it is known by, or match")
        return None

    def going(self, description: Element) -> Element | None:
        """The device that is to go by ``description``: the one that has what is unique, or that fits.

        :raises AmbiguousDevice: there are several.
        """
        keys = (*_functions(row_of(description).unique), *_functions(UNIQUE_ANYWHERE))
        for key in keys:
            value = key(description)
            found = [device for device in self.of_kind(description.tag) if key(device) == value]
            found = [device for device in found if not self._are_two(description, device)]
            if value is not None and found:
                return found[0]
        if any(key(description) is not None for key in keys):
            return None
        found = self.fitting(description)
        return self.only(found, "say more of it, or set match") if found else None

    def twin(self, counterpart: Element) -> Element | None:
        """The device that is the same as one in another document of the domain."""
        devices = self.of_kind(counterpart.tag)
        for device in sorted(devices, key=lambda device: not _is_like(device, counterpart)):
            if self.is_twin(device, counterpart):
                return device
        return None

    def is_twin(self, first: Element, second: Element) -> bool:
        """Whether devices of two documents are the same, by the keys that both have."""
        if first.tag != second.tag:
            return False
        row = row_of(first)
        if row.is_single:
            return True
        for key in _functions((*row.unique, *UNIQUE_ANYWHERE[1:])):
            first_value, second_value = key(first), key(second)
            if first_value is not None and second_value is not None:
                return first_value == second_value
        return _is_like(first, second) or self._fits(second, first)

    def only(self, found: list[Element], advice: str) -> Element:
        """The only one of them.

        :raises AmbiguousDevice: there are several.
        """
        if len(found) > 1:
            listed = ", ".join(self.name_of(device) for device in found)
            raise AmbiguousDevice(f"{len(found)} devices may be meant: {listed}; {advice}")
        return found[0]

    def name_of(self, device: Element) -> str:
        """The last step of the device's XPath."""
        place: PathRules = self._site.place.child(device.tag)
        return child_step(device, place, self.of_kind(device.tag))

    def path_of(self, device: Element) -> str:
        """The XPath of the device."""
        return f"/{self.document.tag}/{_DEVICES}/{self.name_of(device)}"

    def changed(self, device: Element, description: Element, exact: bool) -> Element:
        """The device as ``description``; with ``exact``, with nothing else but libvirt's fills.

        The device itself where it is like that already.
        """
        return Comparison(exact).merged(self._beside(description, device))

    def replaced(self, old: Element | None, new: Element | None) -> Element:
        """The document with ``new`` in the place of ``old``; ``None`` stands for no device."""
        children = list(self._devices.children)
        if old is not None:
            position = next(n for n, child in enumerate(children) if child is old)
            children[position : position + 1] = [] if new is None else [new]
            port = self._port_of(old)
            if port is not None and new is not None:
                children = [as_port(new, port) if child is port else child for child in children]
        elif new is not None:
            like = [n for n, child in enumerate(children) if child.tag == new.tag]
            children.insert(like[-1] + 1 if like else len(children), new)
        devices = self._devices.replaced(children=children)
        document = _with_memory(self.document, _size(new) - _size(old))
        if document.child(_DEVICES) is None:
            return document.replaced(children=[*document.children, devices])
        document = document.replaced(
            children=[devices if child is self._devices else child for child in document.children]
        )
        if old is not None and old.tag == "graphics" and old.get("type") == "spice":
            return without_sound_of("spice", document)
        return document

    def together_with(self, live: Devices | None) -> Element:
        """The document with the devices that only the running guest has."""
        document = self.document
        for device in [] if live is None else live.all():
            if self.twin(device) is None:
                document = Devices(document).replaced(None, device)
        return document

    def with_free_address(self, device: Element) -> Element:
        """The device of another document, without its address where one of these has that."""
        address = device.child("address")
        if address is None:
            return device
        taken = [child for used in self.all() for child in used.all("address")]
        if all(used.attributes != address.attributes for used in taken):
            return device
        return device.replaced(children=[used for used in device.children if used is not address])

    def console_of(self, device: Element) -> Element | None:
        """virDomainDefAddConsoleCompat: the console that a first serial port is as well.

        Without it, libvirt would make a serial port of the console.
        """
        ports, consoles = self.of_kind("serial"), self.of_kind("console")
        if not ports or ports[0] is not device or not consoles:
            return None
        return consoles[0] if consoles[0].value("target/@type") in (None, "serial") else None

    def _port_of(self, console: Element) -> Element | None:
        """The serial port that a first console is, and that decides about it."""
        ports, consoles = self.of_kind("serial"), self.of_kind("console")
        if not ports or not consoles or consoles[0] is not console:
            return None
        return ports[0] if console.value("target/@type") in (None, "serial") else None

    def grown_by(self, before: Element, requested: Element) -> Element:
        """The device in the document, after it was added or changed."""
        old = Devices(before)
        new = [device for device in self.of_kind(requested.tag) if old.twin(device) is None]
        return new[0] if len(new) == 1 else self.twin(requested) or requested

    @staticmethod
    def _are_two(description: Element, device: Element) -> bool:
        """Whether both say who they are; a place says that of none that has a name."""
        return named_apart(description, device, _functions(row_of(description).unique))

    def _fits(self, description: Element, device: Element) -> bool:
        overlay = Comparison(exact=False)
        completed = overlay.merged(self._beside(description, device))
        if not overlay.changes:
            return True
        # What libvirt doesn't keep of the description is known once the device completes it.
        whole = Comparison(exact=True)
        whole.merged(self._beside(completed, device))
        return not whole.changes

    def _beside(self, description: Element, device: Element) -> Context:
        return Context(description, device, self._site.place.child(device.tag), self._site)


def _size(device: Element | None) -> int:
    """The memory that a device has, in KiB."""
    is_module = device is not None and device.tag == "memory"
    return (kib(device.find("target/size")) or 0) if device is not None and is_module else 0


def _with_memory(document: Element, growth: int) -> Element:
    """virDomainMemoryInsert and virDomainMemoryRemove: a module counts as the guest's memory."""
    children = [
        child.replaced()
        if growth and child.tag in ("memory", "currentMemory") and kib(child) is not None
        else child
        for child in document.children
    ]
    for child, old in zip(children, document.children):
        if child is not old:
            child.attributes["unit"] = "KiB"
            child.text = str((kib(old) or 0) + growth)
    return document.replaced(children=children)


def pinned(description: Element, device: Element) -> Element:
    """The description of a device, completed by all parts that identify it."""
    row, children, attributes = (
        row_of(device),
        list(description.children),
        dict(description.attributes),
    )
    result = description.replaced(attributes, children)
    paths = [path for key in row.unique if isinstance(key, str) for path in key.split()]
    for path in paths:
        value = device.value(path)
        if value is None or description.value(path) is not None:
            continue
        tag, _slash, attribute = path.rpartition("/")
        if not tag:
            tag, attribute = ("", path) if path.startswith("@") else (path, "")
        _write(result, tag, attribute, value)
    for tag in ("address", *(["source"] if host_device in row.unique else [])):
        child = device.child(tag)
        if child is not None and description.child(tag) is None:
            result.children.append(child)
    return result


def _write(element: Element, tag: str, attribute: str, value: str) -> None:
    """Set an attribute or the text of a child, or an attribute of the element itself."""
    target = element
    if tag:
        old = element.child(tag)
        target = Element(tag) if old is None else old.replaced()
        element.children = [child for child in element.children if child is not old] + [target]
    if attribute:
        target.attributes[attribute[1:]] = value
    else:
        target.text = value


def document_of(device: Element) -> Element:
    """A document that contains nothing but this device."""
    return Element("domain", children=[Element(_DEVICES, children=[device])])


def _functions(keys: t.Iterable[Key]) -> list[t.Callable[[Element], t.Hashable | None]]:
    return [key_function(key) for key in keys]


def _is_like(first: Element, second: Element) -> bool:
    keys = [(key(first), key(second)) for key in _functions(row_of(first).like)]
    return any(
        first_value is not None and first_value == second_value
        for first_value, second_value in keys
    )
