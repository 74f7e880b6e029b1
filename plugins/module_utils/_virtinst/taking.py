# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options take away from a domain that exists.

They are written once more, into a copy of its document: what the copy has lost then is what
the domain is to lose.
"""

from __future__ import annotations

import typing as t

from .._reconcile.taken import Draft, Taken
from .._xmltree.element import Element
from . import writing
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
#: What a domain can't be without: an empty text leaves it as it is.
_NEEDED = (
    *("@type", "os/type", "os/type/@arch", "os/type/@machine", "devices/emulator"),
    *("name", "uuid", "memory", "currentMemory", "vcpu"),
)
#: The same of a device: what a new one gets by default, and what it is known by.
_KIND = (
    *("@type", "@model", "@mode", "@bus", "@managed", "@accessmode", "mac/@address"),
    *("model/@type", "target/@bus", "target/@type", "target/@name", "target/@dir"),
    *("backend/@type", "backend/@model"),
)
#: The same of some devices. An interface has its name on the host at ``target/@dev``, which
#: libvirt chooses otherwise.
_KIND_OF = {
    "disk": ("target/@dev",),
    **dict.fromkeys(
        ("serial", "parallel", "console", "channel", "redirdev", "smartcard"), ("source/@mode",)
    ),
}
#: Devices that are whole without a model.
_NO_MODEL = frozenset(["filesystem", "input"])
#: Elements that are nothing without one of these attributes, or without children: libvirt
#: fills in others by itself.
_WHOLE = {
    "cpu/topology": ("sockets", "cores", "threads"),
    "features/hyperv": (),
}
#: What options of a group write elsewhere, and is nothing without it.
_BESIDE = {"sysinfo": ("os/smbios/@mode",)}
#: The place of the operating system's name.
OS = "metadata/os"


class Taking:
    """The same for any document of the domain.

    ``guest`` has what the options have written, ``wanted`` are the devices of it, ``emptied``
    the places at which there is to be nothing.
    """

    def __init__(
        self,
        guest: Guest,
        wanted: t.Sequence[Element],
        unwanted: Unwanted,
        emptied: t.Collection[str],
    ) -> None:
        self._guest = guest
        self._wanted = wanted
        self._unwanted = unwanted
        self._emptied = emptied

    def __bool__(self) -> bool:
        guest = self._guest
        return bool(
            guest.written
            or guest.said_none
            or self._unwanted
            or self._emptied
            or guest.wants_uefi is not None
            or guest.root_ports is not None
        )

    def of(self, document: Element) -> Taken:
        """What is left of a document of the domain.

        :raises OptionError: something can't be used there.
        """
        if not self:
            return Taken(document)
        draft = Draft(document)
        whole = _whole(self._guest, draft.copy)
        for device in (*self._unwanted.of(document), *pcie.unneeded(self._guest, document)):
            writing.discard(whole.make(_DEVICES), draft.of(device))
        pairs = paired_devices(self._guest, self._wanted, document)
        partners = {id(device): draft.of(theirs) for device, theirs in pairs.found}
        parts = {id(one): list(one.children) for one in draft.copy.walk()}
        for device in pairs.lacking:
            # The order that it boots in counts.
            partners[id(device)] = whole.add_device(writing.copied(device))
        for written in self._guest.written:
            element = partners.get(id(written.element), written.element)
            rewrite(whole, written, element)
            for port in _port_of(whole, element):
                rewrite(whole, written, port)
            if _is_without_image(written):
                _eject(element)
        for _ours, theirs in pairs.found:
            _keep_kind(theirs, draft.of(theirs))
        self._settle(whole, document)
        if any("clearxml" in one.settings for one in self._guest.written):
            _adopt(whole.root, parts)
        taken = draft.left(_has_order)
        if not remembered(self._guest):
            return taken
        return self._moved(draft, taken, [*pairs.found, *self._listed(document)])

    def _listed(self, document: Element) -> t.Iterator[tuple[Element, Element]]:
        """The elements of lists that are no devices, each with the one that the document has."""
        there = _whole(self._guest, document)
        for group, element, settings in self._guest.written:
            if group.is_list and not group.is_device and group.find is not None:
                theirs = group.find(there, settings)
                if theirs is not None:
                    yield element, theirs

    def _moved(
        self, draft: Draft, taken: Taken, found: t.Sequence[tuple[Element, Element]]
    ) -> Taken:
        """The same with what is changed by XPath."""
        again = Draft(taken.document)
        partners = {id(ours): again.of(draft.rest_of(theirs)) for ours, theirs in found}
        apply_to(self._guest, again.copy, partners)
        return again.whole(taken.places, draft)

    def _settle(self, whole: Guest, document: Element) -> None:
        """What options don't write, but only note, and what can't be without a value."""
        for place in _NEEDED:
            whole.set_default(place, writing.value_at(document, place))
        if document.value("features/apic/@eoi") and "apic" not in whole.unwanted_features:
            # It is something without its attribute.
            whole.make("features/apic")
        for place, parts in _WHOLE.items():
            before, now = (writing.element_at(one, place) for one in (document, whole.root))
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
                    element.children = [one for one in element.children if one.tag != place]
        for place in self._emptied:
            if place == OS:
                write_os(whole.root, None)
            else:
                whole.set(place, None)
        for name in self._guest.said_none:
            _remove(whole.root, GROUPS[name])


def taken_by_device(
    guest: Guest, written: Written, document: Element, there: Element | None
) -> tuple[Taken, Element | None]:
    """What is left of a document by what is said of one device of it, and of that device.

    ``there`` is the device, ``None`` for one that the domain is to get. ``guest`` has what
    is said.

    :raises OptionError: something can't be used there.
    """
    draft = Draft(document)
    whole = _whole(guest, draft.copy)
    new = writing.copied(written.element)
    parts = {id(one): list(one.children) for one in draft.copy.walk()}
    rewrite(whole, written, whole.add_device(new) if there is None else draft.of(there))
    for port in () if there is None else _port_of(whole, draft.of(there)):
        rewrite(whole, written, port)
    if "clearxml" in written.settings:
        _adopt(whole.root, parts)
    if there is not None:
        _keep_kind(there, draft.of(there))
    taken = draft.left(_has_order)
    if there is None:
        return taken, None
    device = draft.rest_of(there)
    if not remembered(guest):
        return taken, device
    again = Draft(taken.document)
    apply_to(guest, again.copy, {id(written.element): again.of(device)})
    return again.whole(taken.places, draft), again.of(device)


def _remove(root: Element, group: Group) -> None:
    """Everything of a group that is said to be none, but for devices."""
    if group.is_device:
        return
    tags = {group.tag}
    if group.path == ".":
        # Elements of the domain itself.
        paths = (option.path or "." for option in group.options)
        tags = {path.lstrip("/").partition("/")[0].partition("[")[0] for path in paths}
    if OS.partition("/")[0] in tags:
        # Applications have their own beside it.
        write_os(root, None)
    for place in _BESIDE.get(group.name, ()):
        writing.write(root, place, None)
    gone = tags - {*_NEEDED, OS.partition("/")[0]}
    root.children = [one for one in root.children if _plain(one.tag) not in gone]


def _plain(tag: str) -> str:
    """A tag as options' paths spell it."""
    namespace, _brace, name = tag.rpartition("}")
    return f"qemu:{name}" if namespace[1:] == qemu.URI else tag


def _adopt(element: Element, parts: t.Mapping[int, list[Element]]) -> None:
    """Let what was written anew after ``clearxml`` be the part that stood there before.

    ``parts`` are the children that elements had, by their ``id``.
    """
    left, children = list(parts[id(element)]), []
    for child in element.children:
        is_new = id(child) not in parts
        # A device that is added is another one than what has gone.
        old = None
        if is_new and element.tag != _DEVICES:
            old = next((one for one in left if one.tag == child.tag), None)
        if old is not None:
            old.attributes, old.text, old.children = child.attributes, child.text, child.children
            child, is_new = old, False
        if not is_new:
            left = [one for one in left if one is not child]
            _adopt(child, parts)
        children.append(child)
    element.children = children


def _is_without_image(written: Written) -> bool:
    """Whether the path of a disk's image is said to be nothing."""
    settings = written.settings
    return written.group.name == "disk" and "path" in settings and not settings.get("path")


def _eject(disk: Element) -> None:
    """:raises OptionError: it is no drive, which has no medium then."""
    if disk.get("device") not in ("cdrom", "floppy"):
        raise OptionError(
            f"disk: path: {disk.value('target/@dev') or 'a disk'} can't be without an image, only "
            "the drive of a CD-ROM or floppy disk; to take the disk away, give its entry state: absent"
        )
    disk.children = [child for child in disk.children if child.tag != "source"]


def _port_of(whole: Guest, console: Element) -> list[Element]:
    """The serial port that a console is, which has all of it too."""
    if console.tag != "console" or console.value("target/@type") not in (None, "serial"):
        return []
    number = console.value("target/@port") or "0"
    ports = whole.devices("serial")
    return [one for one in ports if (one.value("target/@port") or "0") == number][:1]


def _keep_kind(device: Element, copy: Element) -> None:
    """Restore what a device can't be without: an empty text leaves it as it is."""
    for place in (*_KIND, *_KIND_OF.get(device.tag, ())):
        if place == "@model" and device.tag in _NO_MODEL:
            continue
        value = writing.value_at(device, place)
        if value is not None and writing.value_at(copy, place) is None:
            writing.write(copy, place, value)
    first = copy.child("listen")
    if first is not None and first.get("type") == "address" and first.get("address") is None:
        # It is the address of the first one.
        copy.attributes.pop("listen", None)


def loses(guest: Guest, written: Written, device: Element) -> bool:
    """Whether a device has something that is said to be nothing."""
    whole = _whole(guest, writing.copied(guest.root))
    copy = whole.add_device(writing.copied(device))
    rewrite(whole, written, copy)
    return bool(_places(device) - _places(copy))


def _places(element: Element, above: str = "") -> set[str]:
    """Everything that is somewhere in an element."""
    place = f"{above}/{element.tag}"
    found = {place, *(f"{place}/@{name}" for name in element.attributes)}
    if element.text:
        found.add(f"{place}/text()")
    return found.union(*(_places(child, place) for child in element.children))


def _whole(guest: Guest, document: Element) -> Guest:
    """A guest with the whole document of the domain that ``guest`` says something of."""
    whole = Guest(guest.host, document)
    whole.exists = True
    whole.os = guest.os
    whole.needs_host_devices = False
    return whole


def _has_order(element: Element) -> bool:
    """Whether it is a device's place in the boot order, which others may have moved."""
    return element.tag == "boot" and "order" in element.attributes
