# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about volumes.

The document is an order, and the dump a report: much of the order isn't in it.
"""

from __future__ import annotations

from .._xmltree.element import Element
from .amounts import scale
from .book import RuleBook
from .context import Context
from .kind import Kind
from .permissions import somebody
from .rows import ASSIGNED, Fill, Implied, Quantity, Row, Same, Stored
from .spelling import integer, octal, same_by, same_path
from .stored import dropped


def reported_type(context: Context, _written: str) -> str | None:
    """virStorageVolDefFormat: what it turns out to be."""
    return context.actual.get("type")


def capacity(context: Context, _extra: Element) -> Implied:
    """storageVolCreateXML: of an image with another one behind it that is known; 0 is unknown."""
    written = context.desired.child("capacity")
    is_unknown = written is None or not (written.text or "0").strip("0")
    has_backing = context.desired.child("backingStore") is not None
    is_folder = context.desired.value("target/format/@type") == _FOLDER
    is_free = has_backing or is_folder or (written is not None and is_unknown)
    return ASSIGNED if is_free else None


def stored_capacity(context: Context, written: Element) -> Element | None:
    """virStorageVolDefParseXML: it grows to what is allocated; 0 is what the image has.

    QEMU's block/vpc.c makes an image as large as a whole number of cylinders.
    """
    form = context.desired.value("target/format/@type")
    if not (written.text or "0").strip("0") or form == _FOLDER:
        return None
    found = capacity_in(context.actual) if form == _VPC else None
    if found is not None and 0 <= found - (_size(written) or 0) < _CYLINDER:
        return context.actual.child("capacity")
    allocated = context.desired.child("allocation")
    sizes = [_size(one) for one in (written, allocated)]
    if None in sizes or allocated is None or max(filter(None, sizes)) == sizes[0]:
        return written
    return Element("capacity", dict(allocated.attributes), allocated.text)


def capacity_in(document: Element) -> int | None:
    """The capacity that a document has, in bytes; ``None`` where it has none."""
    return _size(document.child("capacity"))


def _size(element: Element | None) -> int | None:
    if element is None or not (element.text or "").strip().isdigit():
        return None
    factor = scale(element.get("unit") or "bytes")
    return None if factor is None else int(element.text or "") * factor


_FOLDER, _VPC = "dir", "vpc"
#: The largest that block/vpc.c takes: 16 heads of 255 sectors, in bytes.
_CYLINDER = 16 * 255 * 512
_REPORTED = "reported of what is there, whatever the document says"

ROWS: tuple[Row, ...] = (
    *(
        row
        for path in ("key", "allocation", "physical", "source", "target/path")
        for row in (Fill(path, ASSIGNED, _REPORTED), Stored(path, dropped, _REPORTED))
    ),
    Fill("@type", ASSIGNED, _REPORTED),
    Stored("@type", reported_type, _REPORTED),
    *(
        row
        for path in ("target/{timestamps,clusterSize}", "backingStore/{permissions,timestamps}")
        for row in (Fill(path, ASSIGNED, _REPORTED), Stored(path, dropped, _REPORTED))
    ),
    Fill("capacity", capacity, "storageVolCreateXML: that of the image behind it"),
    Stored(
        "capacity",
        stored_capacity,
        "virStorageVolDefParseXML: no smaller than what is allocated; a folder has none",
    ),
    Quantity(
        "capacity",
        "bytes",
        "virStorageBackendCreateQemuImgCmdFromVol: qemu-img is given whole KiB",
        granule=1024,
    ),
    Fill("target", ASSIGNED, "virStorageVolDefFormat"),
    Fill("target/format", ASSIGNED, "virStorageVolDefParseXML: the pool's usual one"),
    Fill("target/permissions", ASSIGNED, "those that are found"),
    Fill("target/permissions/*", ASSIGNED, "those that are found"),
    Stored("target/permissions/label", dropped, "virStorageVolTargetDefFormat: of this boot"),
    Same("target/permissions/mode/text()", same_by(octal), "written with a leading zero"),
    Stored("target/permissions/{owner,group}", somebody, "virStorageDefParsePerms"),
    Same("target/permissions/{owner,group}/text()", same_by(integer), "a number"),
    Fill("target/compat", ASSIGNED, "the version of the image"),
    Stored("target/nocow", dropped, "an order to create it so"),
    Fill("target/features", ASSIGNED, "the features of the image"),
    Stored(
        "target/encryption/{secret,cipher,ivgen}",
        dropped,
        "virStorageBackendRefreshVolTargetUpdate: that it is encrypted is all that is found",
    ),
    Fill("target/encryption/*", ASSIGNED, "known until the pool is refreshed"),
    Same("backingStore/path/text()", same_path, "virFileSanitizePath"),
    Fill("backingStore/format", ASSIGNED, "the format of the image behind it"),
)

KIND = Kind(
    "volume",
    "volume",
    "storagevol",
    RuleBook("volume", ROWS),
    RuleBook("volume", ()),
    opened=("target", "backingStore"),
)
