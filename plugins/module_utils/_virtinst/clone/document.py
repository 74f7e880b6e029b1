# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document of a clone, made from that of its source by the table in :mod:`.places`."""

from __future__ import annotations

import typing as t
import uuid

from ..._reconcile.domain.ansible_host import URI as HOST_URI
from ..._reconcile.domain.device import Devices
from ..._xmltree.element import Element
from .origin import CLONE
from .places import DROPPED, ONCE, OWN, RENAMED, row_of

_VARIABLE = f"{{{HOST_URI}}}var"
#: The variable by which Ansible reaches a host.
_ADDRESS = "ansible_host"
#: The entries of SMBIOS that are of one machine, by their blocks.
_OF_ONE = {
    "system": ("serial",),
    "baseBoard": ("serial", "asset"),
    "chassis": ("serial", "asset"),
}
_PORTS = ("port", "tlsPort", "websocket")
_AUTOMATIC = "-1"
_CONSOLES = ("vnc", "spice", "rdp")


class Identity(t.NamedTuple):
    """What tells a clone from its source.

    * ``macs``: one for each interface, ``None`` for one that has no MAC address.
    * ``title``, ``description``: ``None`` for that of the source; the title isn't copied.
    * ``nvram``: the path of the clone's own NVRAM; ``None`` leaves the choice to libvirt.
    * ``has_hostdevs``: whether devices of the host are copied.
    """

    name: str
    uuid: str
    macs: tuple[str | None, ...] = ()
    title: str | None = None
    description: str | None = None
    nvram: str | None = None
    has_hostdevs: bool = True


class Cloned(t.NamedTuple):
    """``files`` are the new paths of files, by those of the source. ``notes`` are for a person."""

    document: Element
    files: dict[str, str]
    notes: tuple[str, ...]


def cloned(
    source: Element,
    identity: Identity,
    disks: t.Mapping[str, Element | None],
    rename: t.Callable[[str], str],
) -> Cloned:
    """The document of a clone.

    ``disks`` are the clone's disks by their targets, ``None`` for one that is left out. ``rename`` gives
    the new path for that of a file which the clone gets of its own.
    """
    return _Cloning(source, identity, disks, rename).done()


class _Cloning:
    def __init__(
        self,
        source: Element,
        identity: Identity,
        disks: t.Mapping[str, Element | None],
        rename: t.Callable[[str], str],
    ) -> None:
        self._source = source
        self._identity = identity
        self._disks = disks
        self._rename = rename
        self._files: dict[str, str] = {}
        self._notes: list[str] = []
        self._old_macs: dict[str, str] = {}

    def done(self) -> Cloned:
        children: list[Element] = []
        for child in self._source.children:
            if child.tag in ("title", "description"):
                continue
            if child.tag == "devices":
                child = child.replaced(children=list(self._devices(child)))
                children.append(child)
                continue
            children += self._kept(child, (child.tag,), child)
        root = self._source.replaced(
            {key: value for key, value in self._source.attributes.items() if key != "id"},
            self._named(children),
        )
        return Cloned(root, self._files, tuple(dict.fromkeys(self._notes)))

    def _named(self, children: list[Element]) -> list[Element]:
        identity = self._identity
        first = [Element("name", text=identity.name), Element("uuid", text=identity.uuid)]
        genid = [child for child in children if child.tag == "genid"]
        texts = [("title", identity.title)]
        texts.append(
            (
                "description",
                self._source.value("description")
                if identity.description is None
                else identity.description,
            )
        )
        first += [*genid, *(Element(tag, text=text) for tag, text in texts if text)]
        rest = [child for child in children if child.tag not in ("name", "uuid", "genid")]
        return [*first, *rest]

    # The parts, one by one.

    def _devices(self, devices: Element) -> t.Iterator[Element]:
        number = 0
        for device in devices.children:
            path = ("devices", device.tag)
            if device.tag == "disk":
                disk = self._disks.get(device.value("target/@dev") or "", device)
                if disk is not None:
                    yield disk
                continue
            if device.tag == "interface":
                yield from self._kept(self._with_mac(device, number), path, device)
                number += 1
                continue
            if device.tag == "hostdev" and not self._identity.has_hostdevs:
                continue
            yield from self._kept(device, path, device)

    def _with_mac(self, interface: Element, number: int) -> Element:
        """The interface with its new MAC address."""
        macs = self._identity.macs
        new = macs[number] if number < len(macs) else None
        mac, old = interface.child("mac"), interface.value("mac/@address")
        if new is None or mac is None or old is None:
            return interface
        self._old_macs[old.lower()] = new
        changed = mac.replaced({**mac.attributes, "address": new})
        return interface.replaced(
            children=[changed if child is mac else child for child in interface.children]
        )

    def _kept(
        self, element: Element, path: tuple[str, ...], device: Element
    ) -> t.Iterator[Element]:
        """The element as the clone has it; nothing if it has none."""
        row = row_of(path, device, element)
        becomes = None if row is None else row.becomes
        if becomes == DROPPED:
            return
        if becomes == ONCE and row is not None:
            self._note(row.what, element.text, row.reason, device)
        own = _OWN.get(path) if becomes == OWN else None
        if own is not None:
            yield from own(self, element)
            return
        text = element.text
        if becomes == RENAMED and text:
            text = self._renamed(text)
        attributes = dict(self._attributes(element, path, device))
        children = [
            kept
            for child in element.children
            for kept in self._kept(child, (*path, child.tag), device)
        ]
        is_empty = not (text or attributes or children)
        if is_empty and (element.text or element.attributes or element.children):
            return
        changed = element.replaced(attributes, children)
        changed.text = text
        yield changed

    def _attributes(
        self, element: Element, path: tuple[str, ...], device: Element
    ) -> t.Iterator[tuple[str, str]]:
        is_console = path == ("devices", "graphics") and element.get("type") in _CONSOLES
        for name, value in element.attributes.items():
            row = row_of((*path, f"@{name}"), device, element)
            becomes = None if row is None else row.becomes
            if becomes == DROPPED:
                continue
            if becomes == RENAMED and value.startswith("/"):
                yield name, self._renamed(value)
                continue
            if becomes == ONCE and row is not None:
                self._note(row.what, value, row.reason, device)
            if is_console and name in _PORTS:
                if name != "tlsPort":
                    yield name, _AUTOMATIC
                continue
            if is_console and name == "autoport" and element.get("port") is not None:
                value = "yes"
            if path[1:] == ("interface", "filterref", "parameter") and name == "value":
                value = self._parameter(element, value)
            yield name, value
        if is_console and element.get("port") is not None and element.get("autoport") is None:
            yield "autoport", "yes"

    def _parameter(self, parameter: Element, value: str) -> str:
        if parameter.get("name") == "IP":
            self._notes.append(
                f"network: a filter lets the address {value} through, and the clone has that filter too; "
                "give the clone its own with domain_device"
            )
        return self._old_macs.get(value.lower(), value)

    def _renamed(self, path: str) -> str:
        if path not in self._files:
            self._files[path] = self._rename(path)
        return self._files[path]

    def _note(self, what: str, value: str | None, reason: str, device: Element) -> None:
        devices = self._source.child("devices")
        is_device = devices is not None and any(device is child for child in devices.children)
        name = Devices(self._source).name_of(device) if is_device else device.tag
        shown = f" {value}" if value and what else ""
        self._notes.append(
            f"{name}: {what}{shown} is the clone's too, and only one of both guests can have it at a time: "
            f"{reason}; change it with domain_device, if both are to run"
        )

    # What the table leaves to code.

    def _uuid_of(self, old: str) -> str:
        return str(uuid.uuid5(uuid.UUID(self._identity.uuid), old))

    def _genid(self, _element: Element) -> t.Iterator[Element]:
        # virDomainDefParseBootXML: without a text libvirt chooses one.
        yield Element("genid")

    def _smbios(self, entry: Element, block: str) -> t.Iterator[Element]:
        name = entry.get("name") or ""
        if block == "system" and name == "uuid":
            changed = entry.replaced()
            changed.text = self._identity.uuid
            yield changed
        elif name not in _OF_ONE[block]:
            yield entry
        else:
            self._notes.append(
                f"sysinfo: the {name} of {block} is not copied, because it is of one machine; give the clone "
                "its own with domain"
            )

    def _system(self, entry: Element) -> t.Iterator[Element]:
        return self._smbios(entry, "system")

    def _board(self, entry: Element) -> t.Iterator[Element]:
        return self._smbios(entry, "baseBoard")

    def _chassis(self, entry: Element) -> t.Iterator[Element]:
        return self._smbios(entry, "chassis")

    def _metadata(self, metadata: Element) -> t.Iterator[Element]:
        kept = []
        for child in metadata.children:
            if child.tag == CLONE:
                continue
            left = [one for one in child.children if not _is_address(one)]
            if len(left) < len(child.children):
                self._notes.append(
                    f"metadata: the variable {_ADDRESS} is not copied, because it is the address of the "
                    "source; set ansible_vars of the clone with domain"
                )
                child = child.replaced(children=left)
            kept.append(child)
        if kept:
            yield metadata.replaced(children=kept)

    def _nvram(self, nvram: Element) -> t.Iterator[Element]:
        if nvram.get("type") not in (None, "file"):
            self._notes.append(
                "nvram: the clone has the same NVRAM, and only one of both guests can have it at a time; "
                "give the clone its own with domain_xml, if both are to run"
            )
            yield nvram
            return
        path = self._identity.nvram
        source = nvram.child("source")
        if source is not None and path is not None:
            changed = source.replaced({**source.attributes, "file": path})
            yield nvram.replaced(
                children=[changed if child is source else child for child in nvram.children]
            )
            return
        kept = {key: value for key, value in nvram.attributes.items() if key != "type"}
        if path is not None or kept:
            changed = nvram.replaced(kept, [])
            changed.text = path
            yield changed

    def _memory_uuid(self, element: Element) -> t.Iterator[Element]:
        changed = element.replaced()
        changed.text = self._uuid_of(element.text or "")
        yield changed

    def _cid(self, _element: Element) -> t.Iterator[Element]:
        yield Element("cid", {"auto": "yes"})


def _is_address(element: Element) -> bool:
    return element.tag == _VARIABLE and element.get("name") == _ADDRESS


_OWN: dict[tuple[str, ...], t.Callable[[_Cloning, Element], t.Iterator[Element]]] = {
    ("genid",): _Cloning._genid,
    ("sysinfo", "system", "entry"): _Cloning._system,
    ("sysinfo", "baseBoard", "entry"): _Cloning._board,
    ("sysinfo", "chassis", "entry"): _Cloning._chassis,
    ("metadata",): _Cloning._metadata,
    ("os", "nvram"): _Cloning._nvram,
    ("devices", "memory", "uuid"): _Cloning._memory_uuid,
    ("devices", "vsock", "cid"): _Cloning._cid,
}
