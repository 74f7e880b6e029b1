# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operating system, with all that it inherits."""

from __future__ import annotations

import functools
import typing as t

from .._xmltree.lxml_import import etree

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: The properties of an operating system that libosinfo gives to a script's template.
_FACTS = (
    "short-id",
    "name",
    "version",
    "vendor",
    "family",
    "distro",
    "codename",
    "release-date",
    "eol-date",
    "release-status",
    "cloud-image-username",
)


class Device(t.NamedTuple):
    """A device, as the database knows it.

    ``kind`` is its class, such as ``net``; ``supported`` is false where the
    operating system is known not to work with it.
    """

    id: str
    name: str | None
    kind: str | None
    supported: bool


class Firmware(t.NamedTuple):
    """A firmware: ``kind`` is ``bios`` or ``efi``."""

    arch: str
    kind: str
    supported: bool


class Resources(t.NamedTuple):
    """The resources of a guest: ``ram`` and ``storage`` in bytes, and the number of CPUs."""

    ram: int | None = None
    cpus: int | None = None
    storage: int | None = None


class Driver(t.NamedTuple):
    """A driver that an installer can load: the URL of a folder, the files in it, and the ids of
    the devices that it is for.
    """

    location: str
    files: tuple[str, ...]
    devices: tuple[str, ...]


class Lookup(t.Protocol):
    """The part of the database that an operating system uses."""

    def related(self, identifier: str) -> OperatingSystem | None:
        """Another operating system, by its URL."""

    def device(self, identifier: str) -> tuple[str | None, str | None]:
        """Name and class of a device, by its URL."""


class OperatingSystem:
    """One entry of the database. ``elements`` are its own and its extensions'."""

    def __init__(self, elements: t.Sequence[etree._Element], lookup: Lookup) -> None:
        self._elements = elements
        self._lookup = lookup
        # Many guests may run the same system, and need the same answers.
        self._resources: dict[str, dict[str, Resources]] = {}
        self._related: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"<OperatingSystem {self.id}>"

    @property
    def id(self) -> str:
        """Its URL."""
        return self._elements[0].get("id") or ""

    @functools.cached_property
    def short_ids(self) -> list[str]:
        """The names that people use, first the preferred one."""
        return [element.text or "" for element in self._all("short-id")]

    @property
    def short_id(self) -> str:
        """The preferred name."""
        return self.short_ids[0]

    @property
    def name(self) -> str | None:
        return self._text("name")

    @property
    def version(self) -> str | None:
        return self._text("version")

    @property
    def vendor(self) -> str | None:
        return self._text("vendor")

    @property
    def family(self) -> str | None:
        """The family that it belongs to: ``linux``, ``winnt``…"""
        return self._text("family")

    @property
    def distro(self) -> str | None:
        return self._text("distro")

    @property
    def codename(self) -> str | None:
        return self._text("codename")

    @property
    def release_date(self) -> str | None:
        """As YYYY-MM-DD."""
        return self._text("release-date")

    @property
    def eol_date(self) -> str | None:
        """When its support ended or ends, as YYYY-MM-DD."""
        return self._text("eol-date")

    @property
    def release_status(self) -> str | None:
        """``released``, ``rolling``, ``prerelease``…"""
        return self._text("release-status")

    @property
    def kernel_url_argument(self) -> str | None:
        """The kernel's argument that gives the installer the URL of its files.

        The nearest mention counts, as with devices.
        """
        own = self._text("kernel-url-argument")
        inherited = (parent.kernel_url_argument for parent in self._parents)
        return own or next(filter(None, inherited), None)

    @property
    def derives_from(self) -> list[str]:
        return self._ids("derives-from")

    @property
    def clones(self) -> list[str]:
        return self._ids("clones")

    @property
    def upgrades(self) -> list[str]:
        return self._ids("upgrades")

    @functools.cached_property
    def _devices(self) -> dict[str, bool]:
        """Whether each known device is supported; the nearest mention counts."""
        devices: dict[str, bool] = {}
        for link in self._all("devices/device"):
            devices.setdefault(link.get("id") or "", link.get("supported") != "false")
        for parent in self._parents:
            for identifier, supported in parent._devices.items():
                devices.setdefault(identifier, supported)
        return devices

    def devices(self) -> list[Device]:
        """The devices that it supports, itself or by inheritance."""
        return [
            Device(identifier, *self._lookup.device(identifier), supported)
            for identifier, supported in self._devices.items()
            if supported
        ]

    def has_device(self, *identifiers: str) -> bool:
        """Whether it supports one of these devices."""
        return any(self._devices.get(identifier, False) for identifier in identifiers)

    def firmwares(self) -> list[Firmware]:
        """The firmwares that the database mentions; the nearest mention counts."""
        return list(self._firmwares)

    @functools.cached_property
    def _firmwares(self) -> tuple[Firmware, ...]:
        found: dict[tuple[str, str], Firmware] = {}
        for element in self._all("firmware"):
            key = (element.get("arch") or "", element.get("type") or "")
            found.setdefault(key, Firmware(*key, element.get("supported") != "false"))
        for parent in self._parents:
            for firmware in parent.firmwares():
                found.setdefault((firmware.arch, firmware.kind), firmware)
        return tuple(found.values())

    def resources(self, level: str) -> dict[str, Resources]:
        """The resources by architecture, one of which is ``all``.

        ``level`` is ``minimum``, ``recommended``, ``network-install`` or ``maximum``.
        """
        if level not in self._resources:
            self._resources[level] = self._resources_of(level)
        return dict(self._resources[level])

    def _resources_of(self, level: str) -> dict[str, Resources]:
        found: dict[str, Resources] = {}
        for element in self._all("resources"):
            arch = element.get("arch") or "all"
            needed = element.find(level)
            if needed is not None:
                found.setdefault(arch, _resources(needed))
            if element.get("inherit") == "true":
                for parent in self._parents:
                    inherited = parent.resources(level).get(arch)
                    if inherited is not None:
                        found.setdefault(arch, inherited)
                        break
        return found

    def facts(self) -> list[tuple[str, str]]:
        """Names and texts of what it is described by, as templates of scripts see it."""
        return [("id", self.id), *((name, text) for name in _FACTS for text in self._texts(name))]

    def script_ids(self) -> list[str]:
        """The URLs of the scripts that install it, which aren't inherited."""
        return self._ids("installer/script")

    def drivers(self, arch: str) -> list[Driver]:
        """The drivers that its installer can load, for an architecture."""
        return [
            Driver(
                location=element.get("location") or "",
                files=tuple(file.text or "" for file in element.iterfind("file")),
                devices=tuple(device.get("id") or "" for device in element.iterfind("device")),
            )
            for element in self._all("driver")
            if element.get("arch") == arch and element.get("pre-installable") == "true"
        ]

    def with_devices(self, identifiers: t.Iterable[str]) -> OperatingSystem:
        """The same system with drivers for further devices."""
        system = OperatingSystem(self._elements, self._lookup)
        system._devices = {**self._devices, **dict.fromkeys(identifiers, True)}
        return system

    def media(self) -> list[etree._Element]:
        """The elements ``media``: patterns of the images that install it."""
        return list(self._all("media"))

    def trees(self) -> list[etree._Element]:
        """The elements ``tree``: patterns of the trees that install it."""
        return list(self._all("tree"))

    def variant_name(self, identifier: str) -> str | None:
        """The name of a variant of it, such as that for servers."""
        for variant in self._all("variant"):
            if variant.get("id") == identifier:
                names = [one.text for one in variant.iterfind("name") if not one.get(_LANGUAGE)]
                return names[0] if names else None
        return None

    def is_related_to(self, short_id: str) -> bool:
        """Whether it is, comes from, copies or follows a system, however remotely."""
        if short_id not in self._related:
            self._related[short_id] = self._is_related_to(short_id)
        return self._related[short_id]

    def _is_related_to(self, short_id: str) -> bool:
        seen: set[str] = set()
        pending: list[OperatingSystem] = [self]
        while pending:
            system = pending.pop()
            if system.id in seen:
                continue
            seen.add(system.id)
            if system.short_id == short_id:
                return True
            for identifier in (*system.derives_from, *system.clones, *system.upgrades):
                related = self._lookup.related(identifier)
                if related is not None:
                    pending.append(related)
        return False

    @functools.cached_property
    def _parents(self) -> tuple[OperatingSystem, ...]:
        related = map(self._lookup.related, (*self.derives_from, *self.clones))
        return tuple(parent for parent in related if parent is not None)

    def _all(self, path: str) -> t.Iterator[etree._Element]:
        for element in self._elements:
            yield from element.iterfind(path)

    def _text(self, path: str) -> str | None:
        """The text without a language."""
        for element in self._all(path):
            if element.get(_LANGUAGE) is None:
                return element.text
        return None

    def _texts(self, path: str) -> list[str]:
        """All texts without a language."""
        return [element.text or "" for element in self._all(path) if element.get(_LANGUAGE) is None]

    def _ids(self, path: str) -> list[str]:
        return [element.get("id") or "" for element in self._all(path)]


def _resources(element: etree._Element) -> Resources:
    return Resources(
        ram=_number(element, "ram"),
        cpus=_number(element, "n-cpus"),
        storage=_number(element, "storage"),
    )


def _number(element: etree._Element, tag: str) -> int | None:
    text = element.findtext(tag)
    try:
        return int(text) if text else None
    except ValueError:
        return None
