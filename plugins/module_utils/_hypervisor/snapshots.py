# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The snapshots of a domain."""

from __future__ import annotations

import typing as t

from .._rules.snapshot import External, images_of
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .domains import Domain
from .errors import HypervisorError, is_code
from .events import idle
from .flags import flag
from .libvirt_import import libvirt

#: How often going back is tried, and the time between, in seconds.
_TRIES = 3
_SECOND = 1.0


class Snapshot(t.NamedTuple):
    """A snapshot; ``creation_time`` is in seconds since 1970.

    ``state`` is the domain's at that time, or ``disk-snapshot``.
    """

    name: str
    parent: str | None
    current: bool
    state: str | None
    creation_time: int | None
    description: str | None


class Kept(t.NamedTuple):
    """A snapshot with its document, which has the domain's definition of that time."""

    snapshot: Snapshot
    document: Element

    @property
    def external(self) -> External:
        """Its files."""
        return images_of(self.document)


def snapshots(domain: Domain) -> list[Snapshot]:
    """The snapshots, the oldest first; empty for a domain that doesn't exist any more.

    :raises HypervisorError: they can't be read.
    """
    return [kept.snapshot for kept in kept_snapshots(domain)]


def kept_snapshots(domain: Domain) -> list[Kept]:
    """As :func:`snapshots`, with their documents.

    :raises HypervisorError: they can't be read.
    """
    found = []
    try:
        with domain.connection.explained(f"read the snapshots of the domain '{domain.name}'"):
            for raw in domain.raw.listAllSnapshots(0):
                try:
                    document = parse(raw.getXMLDesc(0))
                    current = bool(raw.isCurrent(0))
                except libvirt.libvirtError as error:
                    # The snapshot was deleted in between.
                    if is_code(error, "VIR_ERR_NO_DOMAIN_SNAPSHOT"):
                        continue
                    raise
                created = document.value("creationTime") or ""
                found.append(
                    Kept(
                        Snapshot(
                            name=raw.getName(),
                            parent=document.value("parent/name"),
                            current=current,
                            state=document.value("state"),
                            creation_time=int(created) if created.isdigit() else None,
                            description=document.value("description"),
                        ),
                        document,
                    )
                )
    except HypervisorError as error:
        if is_code(error.__cause__, "VIR_ERR_NO_DOMAIN"):
            return []
        raise
    return in_order(found)


def in_order(found: t.Sequence[Kept]) -> list[Kept]:
    """Snapshots, the oldest first.

    libvirt has the time of their creation in whole seconds; of those of the same second, what is
    based on another one is newer.
    """
    parents = {kept.snapshot.name: kept.snapshot.parent for kept in found}

    def depth(name: str) -> int:
        below: set[str] = set()
        parent = parents.get(name)
        while parent is not None and parent not in below:
            below.add(parent)
            parent = parents.get(parent)
        return len(below)

    def age(kept: Kept) -> tuple[int, int, str]:
        name = kept.snapshot.name
        return kept.snapshot.creation_time or 0, depth(name), name

    return sorted(found, key=age)


def names_of_snapshots(domain: Domain) -> list[str]:
    """The snapshots and checkpoints that libvirt knows: "snapshot s1", "checkpoint c1".

    :raises HypervisorError: they can't be read.
    """
    found = []
    with domain.connection.explained(f"list the snapshots of the domain '{domain.name}'"):
        for kind, query in (
            ("snapshot", domain.raw.listAllSnapshots),
            ("checkpoint", domain.raw.listAllCheckpoints),
        ):
            try:
                found += [f"{kind} {entry.getName()}" for entry in query(0)]
            except libvirt.libvirtError as error:
                # Not every driver has them.
                if not is_code(error, "VIR_ERR_NO_SUPPORT", "VIR_ERR_NO_DOMAIN"):
                    raise
    return found


def take(domain: Domain, document: str, disk_only: bool, quiesce: bool, live: bool) -> None:
    """Take a snapshot of all its disks, or of none.

    :raises HypervisorError: libvirt refuses; the domain is as it was.
    """
    flags = flag("VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC")
    flags |= flag("VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY") if disk_only else 0
    flags |= flag("VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE") if quiesce else 0
    flags |= flag("VIR_DOMAIN_SNAPSHOT_CREATE_LIVE") if live else 0
    with domain.connection.explained("take the snapshot"):
        domain.raw.snapshotCreateXML(document, flags)


def redefine(domain: Domain, document: str, is_current: bool) -> None:
    """Replace what libvirt keeps of a snapshot; its data stay.

    :raises HypervisorError: libvirt refuses; it is as it was.
    """
    flags = flag("VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE")
    flags |= flag("VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT") if is_current else 0
    with domain.connection.explained("change the snapshot"):
        domain.raw.snapshotCreateXML(document, flags)


def revert(domain: Domain, name: str, power: str) -> None:
    """Go back to a snapshot. ``power`` is ``as_then``, ``running`` or ``paused``.

    For an external one, libvirt names the new overlay by the second
    (qemuSnapshotRevertExternalPrepare), and refuses where that file exists, after it has stopped the
    guest. So it is tried again in the next second. Tried on 11.3.

    :raises HypervisorError: libvirt refuses.
    """
    flags = {"running": "RUNNING", "paused": "PAUSED"}.get(power)
    number = 0 if flags is None else flag(f"VIR_DOMAIN_SNAPSHOT_REVERT_{flags}")
    # What FORCE is for is what a task has to confirm; see virDomainRevertToSnapshot.
    number |= flag("VIR_DOMAIN_SNAPSHOT_REVERT_FORCE")
    with domain.connection.explained("revert to the snapshot"):
        for left in reversed(range(_TRIES)):
            try:
                domain.raw.revertToSnapshot(_found(domain, name), number)
                return
            except libvirt.libvirtError as error:
                if not left or not is_code(error, "VIR_ERR_CONFIG_UNSUPPORTED"):
                    raise
            idle(_SECOND)


def forget_saved(domain: Domain) -> None:
    """Remove the saved state of a domain, if it is still there.

    :raises HypervisorError: libvirt refuses.
    """
    with domain.connection.explained("remove the saved state"):
        if domain.raw.hasManagedSaveImage(0):
            domain.raw.managedSaveRemove(0)


def _found(domain: Domain, name: str) -> t.Any:
    return domain.raw.snapshotLookupByName(name, 0)


def document_of(domain: Domain, name: str) -> str:
    """The document of a snapshot, with its secrets, so that it can be defined again.

    :raises HypervisorError: it can't be read.
    """
    with domain.connection.explained("read the snapshot"):
        return str(_found(domain, name).getXMLDesc(flag("VIR_DOMAIN_SNAPSHOT_XML_SECURE")))
