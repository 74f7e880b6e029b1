# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document of a volume, made from options.

https://libvirt.org/formatstorage.html#storage-volume-xml
"""

from __future__ import annotations

import re
import typing as t

from ..._rules.amounts import in_units, scale, split
from ..._rules.name_lengths import LONGEST_FILE, too_long
from ..._rules.pool_types import has_files
from ..._xmltree.element import Element, with_child
from ..errors import TaskError
from ..permissions import permissions
from ..pool.document import secret_reference

Options = t.Mapping[str, t.Any]

METADATA, FULL = "metadata", "full"
PREALLOCATIONS = (METADATA, FULL)
_QCOW2, _RAW = "qcow2", "raw"
#: The options that describe a volume, instead of a document.
DESCRIBING = (
    *("capacity", "allocation", "preallocation", "format", "cluster_size", "backing"),
    *("encryption", "permissions", "nocow"),
)
#: What libvirt has a name for, and qemu-img can't create.
_READ_ONLY = ("bochs", "cloop", "cow", "dmg", "fat", "vhd")
#: virStorageSize and a file's offset are signed numbers of 64 bits.
_LARGEST = 2**63 - 1
_UNITS = "bytes, KiB, MiB, GiB, TiB, or KB, MB, GB, TB"
#: Bytes. The smallest block of a disk.
_SECTOR = 512


def size_of(value: str | None, where: str) -> int | None:
    """A number of bytes, as ``20 GiB``, ``20G`` or ``21474836480``; ``where`` is the option.

    :raises TaskError: it is none.
    """
    if value is None:
        return None
    text = value.strip()
    number, unit = (text, "bytes") if text.isdigit() else split(text) or ("", "")
    if not number or number.startswith("-") or scale(unit) is None:
        raise TaskError(f"{where}: '{value}' is no size; write a number and a unit ({_UNITS})")
    size = in_units(number, unit, "bytes")
    if size is None:
        raise TaskError(f"{where}: '{value}' is no whole number of bytes; round it")
    if size > _LARGEST:
        raise TaskError(
            f"{where}: '{value}' is more than libvirt can count; choose less than 8 EiB"
        )
    return size


def check_unit(capacity: str | None) -> None:
    """Check that a new volume without content isn't one of a few bytes by mistake.

    A disk of a domain counts GiB where no unit is given, as virt-install does, and a volume
    counts bytes, as libvirt does.

    :raises TaskError: ``capacity`` is a number alone, and less than any disk has.
    """
    number = (capacity or "").strip()
    if number.isdigit() and 0 < int(number) < _SECTOR:
        raise TaskError(
            f"capacity: {number} alone is a number of bytes, and no disk is so small; write the unit, as "
            f"in {number} GiB, or {number} bytes if that is meant"
        )


def volume_document(options: Options) -> Element:
    """The part of a volume's document that the options describe, but for what it is based on.

    :raises TaskError: an option has an impossible value.
    """
    capacity = size_of(options["capacity"], "capacity")
    allocation = size_of(options["allocation"], "allocation")
    if options["preallocation"] == FULL:
        allocation = capacity
    children = [
        Element(tag, {"unit": "bytes"}, str(size))
        for tag, size in (("capacity", capacity), ("allocation", allocation))
        if size is not None
    ]
    target = _target(options)
    if target:
        children.append(Element("target", children=target))
    return Element("volume", children=children)


def _target(options: Options) -> list[Element]:
    children = []
    if options["format"] is not None:
        children.append(Element("format", {"type": options["format"]}))
    if options["permissions"] is not None:
        children.append(permissions(options["permissions"], "permissions"))
    if options["encryption"] is not None:
        encryption = options["encryption"]
        secret = secret_reference(encryption["secret"], "encryption.secret")
        secret = secret.replaced({"type": "passphrase", **secret.attributes})
        children.append(Element("encryption", {"format": encryption["format"]}, children=[secret]))
    if options["nocow"]:
        children.append(Element("nocow"))
    cluster = size_of(options["cluster_size"], "cluster_size")
    if cluster is not None:
        if not 512 <= cluster <= 2 * 1024**2 or cluster & (cluster - 1):
            raise TaskError(
                f"cluster_size: '{options['cluster_size']}' is none that qemu-img has; choose a power of two "
                "from 512 bytes to 2 MiB"
            )
        children.append(Element("clusterSize", {"unit": "bytes"}, str(cluster)))
    return children


def with_format(document: Element, form: str) -> Element:
    """The document with a format."""
    target = document.child("target") or Element("target")
    children = [Element("format", {"type": form}), *target.children]
    return _with_target(document, target.replaced(children=children))


def _with_target(document: Element, target: Element) -> Element:
    if document.child("target") is not None:
        return with_child(document, target)
    place = next(
        (n for n, each in enumerate(document.children) if each.tag == "backingStore"), None
    )
    children = list(document.children)
    children.insert(len(children) if place is None else place, target)
    return document.replaced(children=children)


def with_backing(document: Element, path: str, form: str | None) -> Element:
    """The document of an image that is based on another one."""
    backing = Element("backingStore", children=[Element("path", text=path)])
    if form is not None:
        backing.children.append(Element("format", {"type": form}))
    return document.replaced(children=[*document.children, backing])


def completed(document: Element, pool_type: str | None, form: str | None) -> Element:
    """The document of a new volume with what libvirt, or virt-manager, would choose.

    ``form`` is the format of the content. Otherwise files are qcow2 images. Nothing is allocated
    before it is written to, where the volumes are files: without an allocation, libvirt
    allocates all of a raw volume.
    """
    if document.child("target") is None:
        # libvirt's schema asks for one, also where nothing is in it.
        document = _with_target(document, Element("target"))
    if not has_files(pool_type):
        return document
    if document.value("target/format/@type") is None:
        document = with_format(document, form or _QCOW2)
    if document.child("allocation") is None:
        allocation = Element("allocation", {"unit": "bytes"}, "0")
        place = next((n + 1 for n, e in enumerate(document.children) if e.tag == "capacity"), None)
        if place is None:
            place = next((n + 1 for n, e in enumerate(document.children) if e.tag == "name"), 0)
        children = list(document.children)
        children.insert(place, allocation)
        document = document.replaced(children=children)
    return document


def of_image(document: Element, pool_type: str | None) -> Element:
    """The document of a new volume that is made of an image.

    :raises TaskError: it needs a capacity.
    """
    is_file = has_files(pool_type)
    if not is_file and document.child("capacity") is None:
        raise TaskError(
            "capacity: the size of an image is known only when it is there, and the volumes of this pool "
            "are no files that grow; set it"
        )
    if document.child("target") is None:
        # libvirt's schema asks for one, also where nothing is in it.
        document = _with_target(document, Element("target"))
    # libvirt takes 0 for a size that is still unknown.
    return with_capacity(document, 0)


def with_capacity(document: Element, capacity: int) -> Element:
    """The document with this capacity, in bytes, if it has none."""
    if document.child("capacity") is not None:
        return document
    place = next((n + 1 for n, e in enumerate(document.children) if e.tag == "name"), 0)
    children = list(document.children)
    children.insert(place, Element("capacity", {"unit": "bytes"}, str(capacity)))
    return document.replaced(children=children)


def check_new(document: Element, pool: Element, names: t.Collection[str], has_source: bool) -> None:
    """Check what libvirt finds wrong only when a part of the volume is made, or not at all.

    :raises TaskError: it is wrong.
    """
    if (
        document.child("capacity") is None
        and document.child("backingStore") is None
        and not has_source
    ):
        raise TaskError(
            "capacity: a new volume needs one; set capacity, or what it is made of: backing, clone_from, "
            "image or content"
        )
    form = document.value("target/format/@type")
    if form in _READ_ONLY and not has_source and has_files(pool.get("type")):
        raise TaskError(
            f"format: QEMU can't make images of the format {form}; take another one, such as qcow2"
        )
    backing = document.child("backingStore")
    if backing is not None and backing.value("path") and not backing.value("format/@type"):
        raise TaskError(
            "backing.format: without the format of the image that it is based on, libvirt takes that for "
            "raw; set it"
        )
    if backing is not None and form == _RAW:
        raise TaskError(
            "backing: a raw volume can't be based on another image; set format to qcow2"
        )
    words = too_long(document.value("name") or "", LONGEST_FILE)
    if words is not None and has_files(pool.get("type")):
        raise TaskError(words)
    if pool.get("type") == "disk":
        _check_partition(document.value("name") or "", pool, names)


def _check_partition(name: str, pool: Element, names: t.Collection[str]) -> None:
    """Partitions have names of their own, and libvirt finds another one wrong when it is made."""
    device = (pool.value("source/device/@path") or "").rpartition("/")[2]
    between = "p" if device[-1:].isdigit() else ""
    pattern = re.compile(rf"{re.escape(device)}p?([0-9]+)")
    found = pattern.fullmatch(name)
    taken = {int(match[1]) for match in map(pattern.fullmatch, names) if match is not None}
    # parted takes the first free number. Logical partitions have numbers of their own.
    free = next(number for number in range(1, len(taken) + 2) if number not in taken)
    is_free = found is not None and int(found[1]) == free
    has_logical = pool.value("source/format/@type") == "dos" and bool(taken)
    if found is None or not (is_free or has_logical):
        raise TaskError(
            f"name: the next partition of {device} is called {device}{between}{free}; correct the name"
        )
