# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pools and volumes that a task has yet to make or to switch on, as libvirt will show them.

They have those functions of libvirt's virStoragePool and virStorageVol that a plan calls.
"""

from __future__ import annotations

import os
import posixpath
import typing as t

from .._rules.pool_types import type_of
from .._rules.volume import capacity_in
from .._xmltree.element import Element, with_child
from .._xmltree.parse import parse
from .._xmltree.serialise import serialise
from .api import POOLS, VOLUMES
from .connection import Connection
from .image_format import image_at
from .libvirt_import import libvirt


class PlannedVolume:
    """A volume with this document in a pool, at ``place`` on the hypervisor's host."""

    def __init__(self, pool: PlannedPool, name: str, document: Element, place: str) -> None:
        self._pool = pool
        self._name = name
        self._place = place
        self._document = placed(document, name, place)

    def name(self) -> str:
        """As virStorageVolGetName."""
        return self._name

    def path(self) -> str:
        """As virStorageVolGetPath."""
        return self._place

    def XMLDesc(self, _flags: int) -> str:  # noqa: N802
        """As virStorageVolGetXMLDesc."""
        return serialise(self._document)

    def info(self) -> list[int]:
        """As virStorageVolGetInfo."""
        return [0, capacity_in(self._document) or 0, 0]

    def storagePoolLookupByVolume(self) -> PlannedPool:  # noqa: N802
        """As virStoragePoolLookupByVolume."""
        return self._pool


class PlannedPool:
    """A pool as it will be; ``raw`` is libvirt's, or ``None`` where there is none yet."""

    def __init__(
        self, connection: Connection, name: str, raw: t.Any, document: Element | None
    ) -> None:
        self._connection = connection
        self._name = name
        self._raw = raw
        #: That of libvirt, where the pool stays as it is.
        self._document = document
        planned = connection.coming.find(POOLS.noun, name)
        self._will_be_on = None if planned is None else planned.is_active
        self._is_on_now = raw is not None and bool(raw.isActive())

    def name(self) -> str:
        """As virStoragePoolGetName."""
        return self._name

    def UUIDString(self) -> str:  # noqa: N802
        """As virStoragePoolGetUUIDString; "" where libvirt is yet to draw it."""
        if self._raw is not None:
            return str(self._raw.UUIDString())
        return (None if self._document is None else self._document.value("uuid")) or ""

    def isActive(self) -> int:  # noqa: N802
        """As virStoragePoolIsActive."""
        return int(self._is_on_now if self._will_be_on is None else self._will_be_on)

    def isPersistent(self) -> int:  # noqa: N802
        """As virStoragePoolIsPersistent."""
        return 1 if self._raw is None else int(self._raw.isPersistent())

    def autostart(self) -> int:
        """As virStoragePoolGetAutostart."""
        return 0 if self._raw is None else int(self._raw.autostart())

    def XMLDesc(self, flags: int) -> str:  # noqa: N802
        """As virStoragePoolGetXMLDesc."""
        return (
            str(self._raw.XMLDesc(flags)) if self._document is None else serialise(self._document)
        )

    def refresh(self, flags: int) -> None:
        """As virStoragePoolRefresh."""
        if self._is_on_now:
            self._raw.refresh(flags)

    def listVolumes(self) -> list[str]:  # noqa: N802
        """As virStoragePoolListVolumes."""
        names = self._raw.listVolumes() if self._is_on_now else self._files()
        known = [f"{self._name}/{name}" for name in names]
        return [
            each.partition("/")[2]
            for each in self._connection.coming.names(VOLUMES.noun, known)
            if each.partition("/")[0] == self._name
        ]

    def listAllVolumes(self, _flags: int = 0) -> list[t.Any]:  # noqa: N802
        """As virStoragePoolListAllVolumes."""
        return [self.storageVolLookupByName(name) for name in self.listVolumes()]

    def storageVolLookupByName(self, name: str) -> t.Any:  # noqa: N802
        """As virStorageVolLookupByName."""
        coming, key = self._connection.coming, f"{self._name}/{name}"
        place = posixpath.join(self._folder() or "", name)
        planned = coming.find(VOLUMES.noun, key)
        if planned is not None and planned.document is not None:
            return PlannedVolume(self, name, planned.document, place)
        if coming.is_gone(VOLUMES.noun, key):
            raise _missing(name)
        if self._is_on_now:
            return self._raw.storageVolLookupByName(name)
        document = self._document_of_file(name)
        if document is None:
            raise _missing(name)
        return PlannedVolume(self, name, document, place)

    def _folder(self) -> str | None:
        if self._document is not None:
            return self._document.value("target/path")
        return parse(self._raw.XMLDesc(0)).value("target/path")

    def _files(self) -> list[str]:
        """What is in its folder already, where that is on this host."""
        folder = self._folder()
        kind = type_of(self._document.get("type") if self._document is not None else None)
        if folder is None or not kind.makes_folder or not self._connection.is_local:
            return []
        try:
            return [each.name for each in os.scandir(folder) if each.is_file()]
        except OSError:
            return []

    def _document_of_file(self, name: str) -> Element | None:
        if name not in self._files():
            return None
        path = posixpath.join(self._folder() or "", name)
        try:
            image, length = image_at(path), os.path.getsize(path)
        except OSError:
            return None
        size = length if image.size is None else image.size
        target = Element("target", children=[Element("format", {"type": image.form})])
        capacity = Element("capacity", {"unit": "bytes"}, str(size))
        return Element("volume", {"type": "file"}, children=[capacity, target])


def pool_as_planned(connection: Connection, name: str, raw: t.Any) -> t.Any:
    """A pool as it will be: libvirt's own, where nothing of it or in it is planned.

    ``raw`` is ``None`` where there is none. The result is too, where there will be none.
    """
    coming = connection.coming
    if coming.is_gone(POOLS.noun, name):
        return None
    planned = coming.find(POOLS.noun, name)
    if planned is not None and planned.document is not None:
        return PlannedPool(connection, name, raw, planned.document)
    has_planned = any(key.partition("/")[0] == name for key in coming.noted(VOLUMES.noun))
    return PlannedPool(connection, name, raw, None) if raw is not None and has_planned else raw


def volume_at_as_planned(connection: Connection, path: str) -> PlannedVolume | None:
    """The volume that the task will have made at a path; ``None`` where that is none."""
    for key, planned in connection.coming.all(VOLUMES.noun).items():
        name = key.partition("/")[2]
        if planned.document is None or posixpath.basename(path) != name:
            continue
        found = planned.document.value("target/path")
        if found == path:
            pool = PlannedPool(connection, key.partition("/")[0], None, None)
            return PlannedVolume(pool, name, planned.document, path)
    return None


def placed(document: Element, name: str, place: str) -> Element:
    """A volume's document with its name and its path, as libvirt writes it."""
    target = document.child("target") or Element("target")
    if target.value("path") is None:
        target = target.replaced(children=[Element("path", text=place), *target.children])
    document = (
        with_child(document, target)
        if document.child("target") is not None
        else document.replaced(children=[*document.children, target])
    )
    if document.child("name") is None:
        document = document.replaced(children=[Element("name", text=name), *document.children])
    return document


def _missing(name: str) -> t.Any:
    """libvirt's error of a volume that isn't there."""
    error = libvirt.libvirtError(
        f"Storage volume not found: no storage vol with matching name '{name}'"
    )
    code, domain = libvirt.VIR_ERR_NO_STORAGE_VOL, libvirt.VIR_FROM_STORAGE
    error.err = (code, domain, str(error), libvirt.VIR_ERR_ERROR, None, None, None, -1, -1)
    return error
