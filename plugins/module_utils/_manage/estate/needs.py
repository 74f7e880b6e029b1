# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the document of an object needs of other objects, and what an object is to those."""

from __future__ import annotations

import posixpath
import typing as t

from ..._hypervisor.objects import as_uuid
from ..._hypervisor.secrets import usage_name
from ..._xmltree.element import Element
from ..secret import usage_of


class Need(t.NamedTuple):
    """An object that is needed, by the noun of its kind and its name; ``path`` is that of a file."""

    noun: str
    name: str


class _Row(t.NamedTuple):
    """Where documents of one kind name an object of another."""

    noun: str
    place: str
    needed: str
    reason: str


_ROWS = (
    _Row("domain", "devices/interface/source/@network", "network", "its port is made there"),
    _Row("domain", "devices/interface/filterref/@filter", "nwfilter", "its rules are made from it"),
    _Row("nwfilter", "filterref/@filter", "nwfilter", "its rules contain those of the other"),
    _Row("domain", "devices/disk/source/@pool", "pool", "the disk is looked up there"),
    _Row("domain", "devices/disk/source/@file", "path", "the image of the disk"),
    _Row("domain", "devices/disk/source/@dev", "path", "the image of the disk"),
    _Row("domain", "os/kernel", "path", "QEMU loads it"),
    _Row("domain", "os/initrd", "path", "QEMU loads it"),
    _Row("domain", "backingStore/path", "path", "a new image is based on it"),
    _Row("volume", "backingStore/path", "path", "the image is based on it"),
)


def needs_of(noun: str, document: Element) -> frozenset[Need]:
    """What an object with this document needs."""
    found = {
        Need(row.needed, value)
        for row in _ROWS
        if row.noun == noun
        for value in _values(document, row.place)
    }
    for source in document.findall("devices/disk/source"):
        pool, volume = source.get("pool"), source.get("volume")
        if pool is not None and volume is not None:
            found.add(Need("volume", f"{pool}/{volume}"))
    for need in list(found):
        if need.noun == "path":
            found.add(Need("folder", posixpath.dirname(posixpath.normpath(need.name))))
    return frozenset(found | _secrets_of(document))


def _values(document: Element, place: str) -> t.Iterator[str]:
    path, _at, attribute = place.partition("/@")
    for element in document.findall(path):
        value = element.get(attribute) if attribute else element.text
        if value:
            yield value


def _secrets_of(document: Element) -> set[Need]:
    found = set()
    for element in document.walk():
        for value in (
            element.get("secret"),
            element.get("uuid") if element.tag == "secret" else None,
        ):
            identifier = as_uuid(value or "")
            if identifier is not None:
                found.add(Need("secret", identifier))
        usage, kind = element.get("usage"), element.get("type")
        if element.tag == "secret" and usage is not None:
            # The usage of a passphrase is a volume.
            name = usage_name("volume" if kind == "passphrase" else kind or "", usage)
            found.add(Need("secret", name))
    return found


def names_of(noun: str, name: str, document: Element | None) -> frozenset[Need]:
    """By what an object is needed; ``document`` is ``None`` where that isn't known."""
    found = {Need(noun, name)}
    if document is None:
        return frozenset(found)
    if noun == "secret":
        usage, uuid = usage_of(document), document.value("uuid")
        if usage is not None:
            found.add(Need(noun, usage_name(*usage)))
        if uuid is not None:
            found.add(Need(noun, uuid))
    path = document.value("target/path")
    if path is not None and noun in ("pool", "volume"):
        found.add(Need("folder" if noun == "pool" else "path", posixpath.normpath(path)))
    return frozenset(found)
