# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database: finding operating systems in it."""

from __future__ import annotations

import fnmatch
import functools
import os
import typing as t

from .._xmltree.lxml_import import etree
from .errors import DatabaseMissing, UnknownOperatingSystem
from .files import Files, default_directories
from .operating_system import OperatingSystem

if t.TYPE_CHECKING:
    from .install_script import InstallScript


class Database:
    """The database in some directories, by default those of libosinfo.

    A search for an operating system reads only the files that it needs.
    """

    def __init__(self, directories: t.Sequence[str] | None = None) -> None:
        self._directories = tuple(directories) if directories is not None else default_directories()
        self._systems: dict[str, OperatingSystem | None] = {}
        self._found: dict[str, OperatingSystem] = {}
        self._devices: dict[str, tuple[str | None, str | None]] = {}

    @functools.cached_property
    def _files(self) -> Files:
        return Files(self._directories, "os")

    @functools.cached_property
    def _device_files(self) -> Files:
        return Files(self._directories, "device")

    def find(self, identifier: str) -> OperatingSystem:
        """The operating system with this short id or URL.

        :raises DatabaseMissing: there is no database.
        :raises UnknownOperatingSystem: the database doesn't have it.
        """
        if identifier not in self._found:
            self._found[identifier] = self._looked_up(identifier)
        return self._found[identifier]

    def _looked_up(self, identifier: str) -> OperatingSystem:
        if not self._files.keys:
            raise DatabaseMissing(self._directories)
        if "://" in identifier:
            found = self.related(identifier)
            if found is not None:
                return found
        else:
            for key in self._files.keys_by_short_id(identifier):
                for system in self._read(key):
                    if identifier in system.short_ids:
                        return system
        # An extension can add a short id, and a file may be laid out in another way.
        known: dict[str, OperatingSystem] = {}
        for system in self.all():
            for name in system.short_ids:
                known.setdefault(name, system)
        if identifier not in known:
            raise UnknownOperatingSystem(identifier, known, self._year())
        return known[identifier]

    def _year(self) -> str | None:
        """The year of the newest part of the database that has a date in ``VERSION``."""
        years = []
        for directory in self._directories:
            try:
                with open(os.path.join(directory, "VERSION"), encoding="ascii") as file:
                    date = file.read(32).strip()
            except (OSError, ValueError):
                continue
            if date[:4].isdigit():
                years.append(date[:4])
        return max(years, default=None)

    def all(self) -> list[OperatingSystem]:
        """Every operating system, in the order of its files' names."""
        return [system for key in self._files.keys for system in self._read(key)]

    def match(self, pattern: str) -> list[OperatingSystem]:
        """Those with a short id that fits a pattern, such as ``fedora3*``."""
        return [
            system
            for system in self.all()
            if any(fnmatch.fnmatchcase(name, pattern) for name in system.short_ids)
        ]

    def related(self, identifier: str) -> OperatingSystem | None:
        """The operating system with this URL; ``None`` if there is none."""
        if identifier not in self._systems:
            key = self._files.key_of(identifier)
            if key is not None:
                self._read(key)
            if identifier not in self._systems:
                # The name of a file is only a convention.
                self.all()
            self._systems.setdefault(identifier, None)
        return self._systems[identifier]

    def device(self, identifier: str) -> tuple[str | None, str | None]:
        """Name and class of a device, by its URL."""
        if identifier not in self._devices:
            name = kind = None
            key = self._device_files.key_of(identifier)
            for root in self._device_files.read(key) if key is not None else ():
                for element in root.iterfind("device"):
                    if element.get("id") == identifier:
                        name = name or element.findtext("name")
                        kind = kind or element.findtext("class")
            self._devices[identifier] = (name, kind)
        return self._devices[identifier]

    def install_script(self, identifier: str) -> InstallScript | None:
        """The installation script with this URL; ``None`` if there is none."""
        # Ansible compiles a module's code anew in each task, and few tasks install anything.
        from .install_script import InstallScript

        files = Files(self._directories, "install-script")
        key = files.key_of(identifier)
        for root in files.read(key, with_comments=True) if key is not None else ():
            for element in root.iterfind("install-script"):
                if element.get("id") == identifier:
                    return InstallScript(element, self.value_map)
        return None

    def value_map(self, identifier: str) -> dict[str, str]:
        """What the values of an installer are called elsewhere; empty if there is no such map."""
        files = Files(self._directories, "datamap")
        key = files.key_of(identifier)
        return {
            entry.get("inval") or "": entry.get("outval") or ""
            for root in (files.read(key) if key is not None else ())
            for entry in root.iterfind("datamap/entry")
        }

    def _read(self, key: str) -> list[OperatingSystem]:
        elements: dict[str, list[etree._Element]] = {}
        for root in self._files.read(key):
            for element in root.iterfind("os"):
                elements.setdefault(element.get("id") or "", []).append(element)
        systems = []
        for identifier, own in elements.items():
            system = self._systems.get(identifier)
            if system is None and own[0].find("short-id") is not None:
                system = self._systems[identifier] = OperatingSystem(own, self)
            if system is not None:
                systems.append(system)
        return systems
