# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about storage pools."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .book import RuleBook
from .context import Context
from .kind import Kind
from .permissions import somebody
from .rows import ASSIGNED, Depends, Fill, Identity, Implied, Row, Same, Secret, Stored
from .spelling import caseless, integer, octal, same_by, same_path, uuid
from .stored import container, dropped, unless_nothing

#: By what is in a source, the types of pools that have it (poolTypeInfo).
_IN_SOURCE = {
    "host": ("netfs", "iscsi", "iscsi-direct", "rbd", "sheepdog", "gluster"),
    "device": ("logical", "fs", "iscsi", "iscsi-direct", "disk", "zfs"),
    "dir": ("netfs", "gluster"),
    "adapter": ("scsi",),
    "name": ("logical", "rbd", "sheepdog", "gluster", "zfs", "vstorage"),
    "initiator": ("iscsi", "iscsi-direct"),
}
#: By type, the format of a pool that says none; other types have no format.
_FORMATS = {"logical": "lvm2", "fs": "auto", "netfs": "auto", "disk": "unknown"}
#: What names an adapter of Fibre Channel, and not one of SCSI.
_OF_FIBRE_CHANNEL = (
    *("parent", "parent_wwnn", "parent_wwpn", "parent_fabric_wwn", "managed", "wwnn", "wwpn"),
)
_WITHOUT_TARGET = ("rbd", "sheepdog", "gluster", "iscsi-direct")
#: Types whose target follows from the source's name.
_TARGETS = {"logical": "/dev/", "zfs": "/dev/zvol/"}


def _type(context: Context) -> str:
    # A merge need not say it.
    return context.root.desired.get("type") or context.root.actual.get("type") or ""


def _source_name(pool: Element) -> str | None:
    return pool.value("source/name") or pool.value("name")


def uses(pool_type: str, tag: str) -> bool:
    """Whether a type of pools has this part of a source; libvirt drops it from another."""
    types = _FORMATS if tag == "format" else _IN_SOURCE.get(tag)
    return types is None or pool_type in types


def if_used(tag: str) -> t.Callable[[Context, Element], Element | None]:
    """virStoragePoolSourceFormat: what a type has no use for is dropped."""

    def stored(context: Context, written: Element) -> Element | None:
        return written if uses(_type(context), tag) else None

    return stored


def stored_format(context: Context, written: Element) -> Element | None:
    """virStoragePoolDefParseSource: only some types have formats."""
    return written if _type(context) in _FORMATS else None


def usual_format(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefParseXML: each of these types has a format."""
    usual = _FORMATS.get(_type(context))
    return None if usual is None else Element("format", {"type": usual})


def source_name(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefParseXML: that of the pool."""
    name = context.root.desired.value("name")
    return Element("name", text=name) if _type(context) in _IN_SOURCE["name"] else None


def source_dir(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefParseSource: all of a Gluster volume."""
    return Element("dir", {"path": "/"}) if _type(context) == "gluster" else None


def source(_context: Context, _extra: Element) -> Implied:
    """virStoragePoolSourceFormat: there is one, whether it has something in it or not."""
    return Element("source")


def name(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefParseXML: a pool is called like its source."""
    found = context.desired.value("source/name")
    return None if found is None else Element("name", text=found)


def target(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefFormatBuf: types without a target apart, each has one."""
    return None if _type(context) in _WITHOUT_TARGET else Element("target")


def stored_target(context: Context, written: Element) -> Element | None:
    """virStoragePoolDefFormatBuf: some types have none."""
    return None if _type(context) in _WITHOUT_TARGET else written


def target_path(context: Context, _extra: Element) -> Implied:
    """virStoragePoolDefParseXML: a volume group's and a ZFS pool's devices have their place."""
    return _path_of_type(context)


def stored_path(context: Context, written: Element) -> Element:
    """The same, whatever the document says."""
    return _path_of_type(context) or written


def _path_of_type(context: Context) -> Element | None:
    head, found = _TARGETS.get(_type(context)), _source_name(context.root.desired)
    return None if head is None or found is None else Element("path", text=f"{head}{found}")


def above_zero(_context: Context, number: str) -> str | None:
    """0 is not written."""
    return number if number.strip("0") else None


ROWS: tuple[Row, ...] = (
    Fill("name", name, "virStoragePoolDefParseXML"),
    Fill("uuid", ASSIGNED, "virStoragePoolDefParseXML: one is drawn, and known by the name"),
    Same("uuid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    *(
        row
        for tag in ("capacity", "allocation", "available")
        for row in (
            Fill(tag, ASSIGNED, "what there is in the pool"),
            Stored(tag, dropped, "what there is in the pool, whatever the document says"),
        )
    ),
    Stored("features", container, "virStoragePoolDefFormatFeatures"),
    Stored("refresh", container, "virStoragePoolDefRefreshFormat"),
    Stored("refresh/volume", container, "virStoragePoolDefRefreshParse"),
    # The source
    Fill("source", source, "virStoragePoolSourceFormat"),
    *(Stored(f"source/{tag}", if_used(tag), "virStoragePoolSourceFormat") for tag in _IN_SOURCE),
    Identity(
        "source/host",
        ("@name @port", "@name"),
        "the first host that answers is taken",
        ordered=True,
    ),
    Same("source/host/@port", same_by(integer), "a number"),
    Identity("source/device", ("@path",), "a device is in a pool once"),
    Fill("source/device/freeExtent", ASSIGNED, "what is free of a disk"),
    Stored("source/device/freeExtent", dropped, "what is free of a disk"),
    Fill("source/format", usual_format, "virStoragePoolDefParseXML"),
    Stored("source/format", stored_format, "virStoragePoolDefParseSource"),
    Fill("source/name", source_name, "virStoragePoolDefParseXML"),
    Fill("source/dir", source_dir, "virStoragePoolDefParseSource"),
    Same("source/dir/@path", same_path, "virFileSanitizePath"),
    Fill("source/adapter/@type", "scsi_host", "virStorageAdapterParseXMLLegacy"),
    Same(
        "source/adapter/@{wwnn,wwpn,parent_wwnn,parent_wwpn,parent_fabric_wwn}",
        same_by(caseless),
        "a name of 64 bits in hexadecimal",
    ),
    Fill(
        "source/adapter/parentaddr/address/@{domain,bus,slot,function}",
        "0",
        "virPCIDeviceAddressFormat writes an address in full",
    ),
    Same(
        "source/adapter/parentaddr/address/@{domain,bus,slot,function}",
        same_by(integer),
        "addresses are written in hexadecimal of a fixed width",
    ),
    Same("source/adapter/parentaddr/@unique_id", same_by(integer), "a number"),
    Same("source/auth/secret/@uuid", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Depends("source/auth/secret", "@uuid", ("@usage",), "a secret is known by one of both"),
    Depends("source/auth/secret", "@usage", ("@uuid",), "a secret is known by one of both"),
    Depends(
        "source/adapter",
        "@type",
        ("@name", "parentaddr", *(f"@{name}" for name in _OF_FIBRE_CHANNEL)),
        "virStorageAdapterParseXML: each type names its host in a way of its own",
    ),
    Depends(
        "",
        "@type",
        ("source/format",),
        "virStoragePoolDefParseSource: each type has formats of its own",
    ),
    Stored(
        "source/{vendor,product}", unless_nothing("name"), "virXPathString: an empty text is none"
    ),
    # The target
    Fill("target", target, "virStoragePoolDefFormatBuf"),
    Stored("target", stored_target, "virStoragePoolDefFormatBuf"),
    Fill("target/path", target_path, "virStoragePoolDefParseXML"),
    Stored("target/path", stored_path, "virStoragePoolDefParseXML"),
    Same("target/path/text()", same_path, "virFileSanitizePath"),
    Fill("target/permissions", ASSIGNED, "when a pool is refreshed, those that are found"),
    Fill("target/permissions/*", ASSIGNED, "when a pool is refreshed, those that are found"),
    Stored(
        "source/format/{vendor,product}", dropped, "virStoragePoolDefParseSource: of the source"
    ),
    Stored(
        "source/host/@port", above_zero, "virStoragePoolSourceFormat: 0 is as if none were given"
    ),
    Stored("fs:mount_opts", container, "virStoragePoolDefFSNamespaceFormatXML"),
    Stored(
        "source/adapter/parentaddr/address/@multifunction",
        dropped,
        "virStorageAdapterParseXMLSCSIHost",
    ),
    Stored("target/permissions/label", container, "virStoragePoolDefFormatBuf"),
    Stored("target/permissions", container, "virStoragePoolDefFormatBuf"),
    Stored("target/permissions/{owner,group}", somebody, "virStorageDefParsePerms"),
    Same("target/permissions/mode/text()", same_by(octal), "written with a leading zero"),
    Same("target/permissions/{owner,group}/text()", same_by(integer), "a number"),
    # Options of programs
    Identity("fs:mount_opts/fs:option", ("@name",), "an option of mount is given once"),
    Identity("rbd:config_opts/rbd:option", ("@name",), "an option of Ceph has one value"),
    Secret(
        "rbd:config_opts/rbd:option/@value",
        "the value of an option of Ceph, which may be its key",
    ),
)

KIND = Kind(
    "pool",
    "pool",
    "storagepool",
    RuleBook("pool", ROWS),
    RuleBook("pool", tuple(row for row in ROWS if isinstance(row, (Identity, Secret)))),
    opened=("source", "target"),
)
