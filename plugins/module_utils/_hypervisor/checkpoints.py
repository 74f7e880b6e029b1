# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checkpoints of a domain: from each on, QEMU notes in the images what is written."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .._xmltree.parse import parse
from .domains import Domain
from .errors import HypervisorError, is_code, reason
from .flags import flag
from .libvirt_import import libvirt


class Checkpoint(t.NamedTuple):
    """A checkpoint; ``creation_time`` is in seconds since 1970."""

    name: str
    parent: str | None
    creation_time: int | None
    document: Element

    @property
    def description(self) -> str | None:
        """Its description; ``None`` where it has none."""
        return self.document.value("description")

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets of the disks that it is of, such as ``vda``."""
        return tuple(
            disk.get("name") or ""
            for disk in self.document.findall("disks/disk")
            if disk.get("checkpoint") == "bitmap"
        )


def checkpoints(domain: Domain) -> list[Checkpoint]:
    """The checkpoints, the oldest first; empty where the driver has none.

    :raises HypervisorError: they can't be read.
    """
    found = []
    with domain.connection.explained(f"read the checkpoints of the domain '{domain.name}'"):
        try:
            listed = domain.raw.listAllCheckpoints(0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_NO_DOMAIN"):
                return []
            raise
        for raw in listed:
            try:
                document = parse(raw.getXMLDesc(flag("VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN")))
            except libvirt.libvirtError as error:
                if is_code(error, "VIR_ERR_NO_DOMAIN_CHECKPOINT"):
                    continue
                raise
            created = document.value("creationTime") or ""
            found.append(
                Checkpoint(
                    raw.getName(),
                    document.value("parent/name"),
                    int(created) if created.isdigit() else None,
                    document,
                )
            )
    return sorted(found, key=lambda each: (each.creation_time or 0, each.name))


def creation_time_of(domain: Domain, name: str) -> int | None:
    """When a checkpoint was made, in seconds since 1970; ``None`` where there is none of that name.

    :raises HypervisorError: they can't be read.
    """
    return next((each.creation_time for each in checkpoints(domain) if each.name == name), None)


def changed_bytes(domain: Domain, name: str) -> dict[str, int] | None:
    """How much was written to each disk since a checkpoint, by target.

    A disk whose image has lost its notes is left out: QEMU writes them when it ends, and they are
    lost when it is killed. ``None`` where there is no such checkpoint, or where no guest runs.
    """
    try:
        raw = domain.raw.checkpointLookupByName(name, 0)
        flags = flag("VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN") | flag("VIR_DOMAIN_CHECKPOINT_XML_SIZE")
        document = parse(raw.getXMLDesc(flags))
    except libvirt.libvirtError:
        return None
    found = {}
    for disk in document.findall("disks/disk"):
        size = disk.get("size")
        if size is not None and size.isdigit():
            found[disk.get("name") or ""] = int(size)
    return found


def create(domain: Domain, document: str) -> None:
    """Make a checkpoint.

    :raises HypervisorError: libvirt refuses; there is none then.
    """
    with domain.connection.explained("make the checkpoint"):
        try:
            domain.raw.checkpointCreateXML(document, 0)
        except libvirt.libvirtError as error:
            # qmp_block_dirty_bitmap_add. A checkpoint that was forgotten stays in the image, and
            # libvirt has no call that lists or removes what is there.
            if is_code(error, "VIR_ERR_INTERNAL_ERROR") and "already exists" in reason(error):
                raise HypervisorError(
                    "name: an image has the notes of a checkpoint of this name that libvirt has forgotten; give another name, or "
                    "remove them with qemu-img bitmap --remove while the guest is off"
                ) from error
            raise


def document_of(domain: Domain, name: str) -> str:
    """The document of a checkpoint, with its secrets, so that it can be defined again.

    :raises HypervisorError: it can't be read.
    """
    with domain.connection.explained("read the checkpoint"):
        raw = domain.raw.checkpointLookupByName(name, 0)
        return str(raw.getXMLDesc(flag("VIR_DOMAIN_CHECKPOINT_XML_SECURE")))


def redefine(domain: Domain, document: str) -> None:
    """Replace what libvirt keeps of a checkpoint; the images stay as they are.

    :raises HypervisorError: libvirt refuses; it is as it was.
    """
    with domain.connection.explained("change the checkpoint"):
        domain.raw.checkpointCreateXML(document, flag("VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE"))


def forget(domain: Domain, name: str) -> None:
    """Let libvirt forget a checkpoint; the images keep it.

    :raises HypervisorError: libvirt refuses.
    """
    with domain.connection.explained(f"forget the checkpoint {name}"):
        domain.raw.checkpointLookupByName(name, 0).delete(
            flag("VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY")
        )


def delete(domain: Domain, name: str) -> None:
    """Delete a checkpoint, if it is still there, from the images too where they have it.

    What an image noted since goes to the checkpoint before it.

    :raises HypervisorError: libvirt refuses, such as while the guest is off.
    """
    with domain.connection.explained(f"delete the checkpoint {name}"):
        try:
            raw = domain.raw.checkpointLookupByName(name, 0)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN_CHECKPOINT", "VIR_ERR_NO_DOMAIN"):
                return
            raise
        try:
            raw.delete(0)
        except libvirt.libvirtError as error:
            # qemuBlockBitmapsHandle…: "bitmap not found in backing chain".
            is_lost = is_code(error, "VIR_ERR_INTERNAL_ERROR", "VIR_ERR_CHECKPOINT_INCONSISTENT")
            if not is_lost:
                raise
            raw.delete(flag("VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY"))
