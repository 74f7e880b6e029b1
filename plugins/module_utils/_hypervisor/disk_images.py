# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backing files of one domain's images, read when they are needed."""

from __future__ import annotations

import functools
import typing as t

from .._rules.domain.disks import disks_by_target
from .._virtinst.overlays import Below
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .chains import UnknownBase, chain_below
from .connection import Connection
from .domains import Domain
from .errors import is_code
from .file_users import HostNames
from .libvirt_import import libvirt

_TARGET = "target/@dev"
#: Formats without a header, as libvirt reads them.
_PLAIN = (None, "raw")


class DomainImages:
    """As :class:`._virtinst.overlays.Images`. ``live`` is the running guest's document."""

    def __init__(self, domain: Domain, live: Element | None) -> None:
        self._domain = domain
        self._connection = domain.connection
        self._names = HostNames(self._connection.is_local)
        self._live = {} if live is None else disks_by_target(live)
        self._chains: dict[str, Below] = {}

    def real(self, disk: Element) -> str | None:
        """As :meth:`._virtinst.overlays.Images.real`."""
        path = path_of(self._connection, disk)
        return None if path is None else self._names.real(path)

    def below(self, disk: Element) -> Below:
        """As :meth:`._virtinst.overlays.Images.below`."""
        path = self.real(disk)
        if path is None:
            return Below((), is_whole=True)
        if path not in self._chains:
            self._chains[path] = self._below(disk, path)
        return self._chains[path]

    def snapshot(self, disk: Element) -> str | None:
        """As :meth:`._virtinst.overlays.Images.snapshot`."""
        made = self._made.get((disk.value(_TARGET) or "", self.real(disk) or ""))
        return None if made is None else made[0]

    def needed_by_others(self, path: str) -> str | None:
        """As :meth:`._virtinst.overlays.Images.needed_by_others`."""
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from .file_users import files_in_use

        use = files_in_use(self._connection).use
        return use.of(path).certain.of_others(self._domain.uuid).reason

    def _below(self, disk: Element, path: str) -> Below:
        chain = Below((), is_whole=True)
        if disk.value("driver/@type") not in _PLAIN:
            try:
                chain = Below(chain_below(self._connection, path), is_whole=True)
            except UnknownBase:
                chain = self._reported(disk, path)
        # Images that the chain has lost since a snapshot count too.
        target, made = disk.value(_TARGET) or "", []
        while (target, path) in self._made and path not in made:
            made.append(path)
            path = self._made[target, path][1]
        return Below((*chain.paths, *made[1:], *([path] if made else [])), chain.is_whole)

    def _reported(self, disk: Element, path: str) -> Below:
        """The chain of a running guest's disk, as libvirt reports it."""
        running = self._live.get(disk.value(_TARGET) or "")
        found: list[str] = []
        link = None if running is None or self.real(running) != path else running
        while link is not None:
            link = link.child("backingStore")
            if link is not None and link.child("source") is None:
                return Below(tuple(found), is_whole=True)
            base = None if link is None else self.real(link)
            found += [] if base is None else [base]
        return Below(tuple(found), is_whole=False)

    @functools.cached_property
    def _made(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The snapshot that made an image, and the image before, by target and image."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        with self._connection.explained(f"read the snapshots of the domain '{self._domain.name}'"):
            for raw in self._snapshots():
                try:
                    document = parse(raw.getXMLDesc(0))
                except libvirt.libvirtError as error:
                    # The snapshot was deleted in between.
                    if is_code(error, "VIR_ERR_NO_DOMAIN_SNAPSHOT"):
                        continue
                    raise
                before = disks_by_target(document.child("domain") or Element("domain"))
                for disk in document.findall("disks/disk"):
                    target, overlay = disk.get("name") or "", self.real(disk)
                    base = self.real(before[target]) if target in before else None
                    if overlay is not None and base is not None and overlay != base:
                        found[target, overlay] = (raw.getName(), base)
        return found

    def _snapshots(self) -> t.Sequence[t.Any]:
        try:
            return t.cast("t.Sequence[t.Any]", self._domain.raw.listAllSnapshots(0))
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_NO_DOMAIN"):
                return []
            raise


def path_of(connection: Connection, disk: Element) -> str | None:
    """The path of a disk's image; ``None`` if it has no path, or if the path is unknown."""
    source = disk.child("source") or Element("source")
    path, pool, volume = (source.get(name) for name in ("file", "pool", "volume"))
    path = path or source.get("dev")
    if path is not None or pool is None or volume is None:
        return path
    try:
        return str(
            connection.raw.storagePoolLookupByName(pool).storageVolLookupByName(volume).path()
        )
    except libvirt.libvirtError:
        # It isn't active, or there is none.
        return None
