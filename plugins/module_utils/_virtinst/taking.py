# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts that options take away from an existing domain.

The options are written into a copy of its document. What the copy loses by that is what the
domain is to lose.
"""

from __future__ import annotations

import typing as t

from .._file_use.media import MEDIA
from .._reconcile.domain.ansible_host import put_host
from .._reconcile.taken import Draft, Taken
from .._xmltree.element import Element
from . import machine_option, writing
from .ansible_host import OPTION as ANSIBLE
from .configure import pcie
from .errors import OptionError
from .guest import Guest, Written
from .options.apply import rewrite
from .options.rows import Group
from .options.setters import qemu
from .options.setters.metadata import write_os
from .options.table import GROUPS
from .options.xpath import apply_to, remembered
from .pairing import paired_devices
from .unwanted import Unwanted

_DEVICES = "devices"
#: Parts that a domain can't be without: an empty text leaves them as they are.
_NEEDED = (
    *("@type", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator"),
    *("name", "uuid", "memory", "currentMemory", "vcpu"),
)
#: The same for a device: its defaults, and the parts that identify it.
_KIND = (
    *("@type", "@model", "@mode", "@bus", "@managed", "@accessmode", "mac/@address"),
    *("model/@type", "target/@bus", "target/@type", "target/@name", "target/@dir"),
    *("backend/@type", "backend/@model"),
)
#: The same for some devices. The ``target/@dev`` of an interface is not needed: it is its name
#: on the host, and libvirt chooses a missing one.
_KIND_OF = {
    "disk": ("target/@dev",),
    **dict.fromkeys(
        ("serial", "parallel", "console", "channel", "redirdev", "smartcard"), ("source/@mode",)
    ),
}
#: Devices that don't need a model.
_NO_MODEL = frozenset(["filesystem", "input"])
#: Elements that mean nothing without one of these attributes, or without children: libvirt
#: fills in the other parts by itself.
_WHOLE = {
    "cpu/topology": ("sockets", "cores", "threads"),
    "features/hyperv": (),
}
#: The places outside of a group's element that depend on it.
_BESIDE = {"sysinfo": ("os/smbios/@mode",)}
#: The place of the operating system's name.
OS = "metadata/os"


class Taking:
    """Takes the same parts away from any document of the domain.

    ``guest`` has what the options have written, ``requested`` are its devices, ``emptied`` the
    places whose options are empty.
    """

    def __init__(
        self,
        guest: Guest,
        requested: t.Sequence[Element],
        unwanted: Unwanted,
        emptied: t.Collection[str],
    ) -> None:
        self._guest = guest
        self._requested = requested
        self._unwanted = unwanted
        self._emptied = emptied

    def __bool__(self) -> bool:
        guest = self._guest
        return bool(
            guest.written
            or guest.set_to_none
            or self._unwanted
            or self._emptied
            or guest.wants_uefi is not None
            or guest.root_ports is not None
            or guest.becomes_q35
        )

    def of(self, document: Element) -> Taken:
        """What is left of a document of the domain.

        :raises OptionError: an option can't be used for this document.
        """
        if not self:
            return Taken(document)
        draft = Draft(document)
        whole = _whole(self._guest, draft.copy)
        for device in (*self._unwanted.of(document), *pcie.unneeded(self._guest, document)):
            writing.discard(whole.make(_DEVICES), draft.of(device))
        pairs = paired_devices(self._guest, self._requested, document)
        partners = {id(device): draft.of(current) for device, current in pairs.found}
        parts = {id(element): list(element.children) for element in draft.copy.walk()}
        for device in pairs.lacking:
            # A new device may move others in the boot order.
            partners[id(device)] = whole.add_device(writing.copied(device))
        for written in self._guest.written:
            element = partners.get(id(written.element), written.element)
            rewrite(whole, written, element)
            for port in _port_of(whole, element):
                rewrite(whole, written, port)
            if _is_without_image(written):
                _eject(element)
        for _requested, current in pairs.found:
            _keep_kind(current, draft.of(current))
        self._settle(whole, document)
        if any("clearxml" in written.settings for written in self._guest.written):
            _adopt(whole.root, parts)
        taken = draft.left(_has_order)
        becomes_q35 = machine_option.becomes_q35(self._guest.machine, document)
        if not (remembered(self._guest) or (self._guest.becomes_q35 and becomes_q35)):
            return taken
        return self._moved(draft, taken, [*pairs.found, *self._listed(document)])

    def _listed(self, document: Element) -> t.Iterator[tuple[Element, Element]]:
        """The entries of lists that are no devices, each with the document's element."""
        whole = _whole(self._guest, document)
        for group, element, settings in self._guest.written:
            if group.is_list and not group.is_device and group.find is not None:
                current = group.find(whole, settings)
                if current is not None:
                    yield element, current

    def _moved(
        self, draft: Draft, taken: Taken, found: t.Sequence[tuple[Element, Element]]
    ) -> Taken:
        """The same with the changes by XPath."""
        again = Draft(taken.document)
        if self._guest.becomes_q35:
            machine_option.convert(_whole(self._guest, again.copy))
        partners = {id(requested): again.of(draft.rest_of(current)) for requested, current in found}
        apply_to(self._guest, again.copy, partners)
        return again.whole(taken.places, draft)

    def _settle(self, whole: Guest, document: Element) -> None:
        """Apply what options only note, and restore parts that can't be without a value."""
        for place in _NEEDED:
            whole.set_default(place, writing.value_at(document, place))
        if document.value("features/apic/@eoi") and "apic" not in whole.unwanted_features:
            # The element has a meaning without its attribute.
            whole.make("features/apic")
        for place, parts in _WHOLE.items():
            before, now = (writing.element_at(child, place) for child in (document, whole.root))
            if before is None or now is None:
                continue
            lost = [part for part in parts if part in before.attributes]
            if any(part not in now.attributes for part in lost) or (
                before.children and not now.children
            ):
                writing.discard(whole.make(place.rpartition("/")[0]), now)
        wants_uefi = self._guest.wants_uefi
        if wants_uefi is not None and wants_uefi != whole.is_uefi:
            for place in ("@firmware", "loader", "nvram", "firmware"):
                element = whole.make("os")
                if place.startswith("@"):
                    element.attributes.pop(place[1:], None)
                else:
                    element.children = [child for child in element.children if child.tag != place]
        for place in self._emptied:
            if place == OS:
                write_os(whole.root, None)
            elif place == ANSIBLE:
                put_host(whole.root, None)
            else:
                whole.set(place, None)
        for name in self._guest.set_to_none:
            _remove(whole.root, GROUPS[name])


def taken_by_device(
    guest: Guest, written: Written, document: Element, current: Element | None
) -> tuple[Taken, Element | None]:
    """What one device's options leave of a document, and of the device itself.

    ``current`` is the device, ``None`` for one that the domain is to get. ``guest`` has what
    the options have written.

    :raises OptionError: an option can't be used for this device.
    """
    draft = Draft(document)
    whole = _whole(guest, draft.copy)
    new = writing.copied(written.element)
    parts = {id(element): list(element.children) for element in draft.copy.walk()}
    rewrite(whole, written, whole.add_device(new) if current is None else draft.of(current))
    for port in () if current is None else _port_of(whole, draft.of(current)):
        rewrite(whole, written, port)
    if "clearxml" in written.settings:
        _adopt(whole.root, parts)
    if current is not None:
        _keep_kind(current, draft.of(current))
    taken = draft.left(_has_order)
    if current is None:
        return taken, None
    device = draft.rest_of(current)
    if not remembered(guest):
        return taken, device
    again = Draft(taken.document)
    apply_to(guest, again.copy, {id(written.element): again.of(device)})
    return again.whole(taken.places, draft), again.of(device)


def _remove(root: Element, group: Group) -> None:
    """Remove everything of a group that is ``none``, unless it is a group of devices."""
    if group.is_device:
        return
    tags = {group.tag}
    if group.path == ".":
        # Elements of the domain itself.
        paths = (option.path or "." for option in group.options)
        tags = {path.lstrip("/").partition("/")[0].partition("[")[0] for path in paths}
    if OS.partition("/")[0] in tags:
        # Applications have their own metadata beside it.
        write_os(root, None)
    for place in _BESIDE.get(group.name, ()):
        writing.write(root, place, None)
    gone = tags - {*_NEEDED, OS.partition("/")[0]}
    root.children = [child for child in root.children if _plain(child.tag) not in gone]


def _plain(tag: str) -> str:
    """A tag as the options' paths spell it."""
    namespace, _brace, name = tag.rpartition("}")
    return f"qemu:{name}" if namespace[1:] == qemu.URI else tag


def _adopt(element: Element, parts: t.Mapping[int, list[Element]]) -> None:
    """Move what was written anew after ``clearxml`` into the former elements.

    ``parts`` are the children that elements had, by the elements' ``id``.
    """
    left, children = list(parts[id(element)]), []
    for child in element.children:
        is_new = id(child) not in parts
        # An added device is not a removed device.
        old = None
        if is_new and element.tag != _DEVICES:
            old = next((candidate for candidate in left if candidate.tag == child.tag), None)
        if old is not None:
            old.attributes, old.text, old.children = child.attributes, child.text, child.children
            child, is_new = old, False
        if not is_new:
            left = [candidate for candidate in left if candidate is not child]
            _adopt(child, parts)
        children.append(child)
    element.children = children


def _is_without_image(written: Written) -> bool:
    """Whether the path of a disk's image is empty."""
    settings = written.settings
    return written.group.name == "disk" and "path" in settings and not settings.get("path")


def _eject(disk: Element) -> None:
    """Take the medium out of a drive.

    :raises OptionError: the disk is no drive.
    """
    if disk.get("device") not in MEDIA:
        raise OptionError(
            f"disk: path: {disk.value('target/@dev') or 'a disk'} can't be without an image, only "
            "the drive of a CD-ROM or floppy disk; to take the disk away, give its entry state: absent"
        )
    disk.children = [child for child in disk.children if child.tag != "source"]


def _port_of(whole: Guest, console: Element) -> list[Element]:
    """The serial port of a console, which has the same parts."""
    if console.tag != "console" or console.value("target/@type") not in (None, "serial"):
        return []
    number = console.value("target/@port") or "0"
    ports = whole.devices("serial")
    return [port for port in ports if (port.value("target/@port") or "0") == number][:1]


def _keep_kind(device: Element, copy: Element) -> None:
    """Restore the parts that a device can't be without."""
    for place in (*_KIND, *_KIND_OF.get(device.tag, ())):
        if place == "@model" and device.tag in _NO_MODEL:
            continue
        value = writing.value_at(device, place)
        if value is not None and writing.value_at(copy, place) is None:
            writing.write(copy, place, value)
    first = copy.child("listen")
    if first is not None and first.get("type") == "address" and first.get("address") is None:
        # The attribute repeats the address of the first element.
        copy.attributes.pop("listen", None)


def loses(guest: Guest, written: Written, device: Element) -> bool:
    """Whether a device has a part that the options empty."""
    whole = _whole(guest, writing.copied(guest.root))
    copy = whole.add_device(writing.copied(device))
    rewrite(whole, written, copy)
    return bool(_places(device) - _places(copy))


def _places(element: Element, above: str = "") -> set[str]:
    """The paths of all that an element contains."""
    place = f"{above}/{element.tag}"
    found = {place, *(f"{place}/@{name}" for name in element.attributes)}
    if element.text:
        found.add(f"{place}/text()")
    return found.union(*(_places(child, place) for child in element.children))


def _whole(guest: Guest, document: Element) -> Guest:
    """A guest with a whole document of the domain that ``guest`` is about."""
    whole = guest.with_document(document)
    whole.exists = True
    whole.needs_host_devices = False
    return whole


def _has_order(element: Element) -> bool:
    """Whether it is a device's place in the boot order, which another device may have moved."""
    return element.tag == "boot" and "order" in element.attributes
