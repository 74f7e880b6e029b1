# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of snapshots, and the snapshot that follows from it and from the domain."""

from __future__ import annotations

import typing as t

from ..._rules.domain.agent import has_agent
from ..._rules.migration.devices import unsaved
from ..._rules.snapshot import (
    AUTO,
    EXTERNAL,
    INTERNAL,
    NO,
    QEMU,
    REVERTS_EXTERNAL,
    Drive,
    Taking,
    hindrance,
    images_of,
    kind_of,
    overlay_of,
)
from ..._xmltree.element import Element
from ..errors import TaskError

AS_THEN = "as_then"
_FILE = "file"


class DiskWish(t.NamedTuple):
    """What becomes of a disk. ``path`` is that of its overlay."""

    target: str
    type: str | None = None
    path: str | None = None


class SnapshotRequest(t.NamedTuple):
    """The request of a task; the fields are the options of the module."""

    domain: str
    name: str
    type: str = AUTO
    memory: bool | None = None
    memory_file: str | None = None
    disks: tuple[DiskWish, ...] = ()
    quiesce: bool = False
    is_revertible: bool = False
    description: str | None = None
    keep: int | None = None
    pattern: str | None = None
    children: bool = False
    is_metadata_only: bool = False
    merge_timeout: float = 300
    is_confirmed: bool = False
    only_if_not_current: bool = False
    power: str = AS_THEN


class SnapshotPlan(t.NamedTuple):
    """A snapshot to be taken: what it is, libvirt's document, and the files that it makes."""

    taking: Taking
    document: Element
    files: tuple[str, ...]
    memory_file: str | None

    @property
    def words(self) -> str:
        """The snapshot in words, as a change has it."""
        kind = self.taking.kind
        memory = ", with memory" if self.taking.has_memory else ""
        targets = [drive.target for drive in self.taking.drives if drive.kind != NO]
        return f"{kind} snapshot of {', '.join(targets) or 'the memory'}{memory}"


def planned(
    request: SnapshotRequest,
    current: Element,
    is_active: bool,
    version: int,
    chain: frozenset[str],
    is_saved: bool = False,
    driver: str = QEMU,
    checkpoints: tuple[str, ...] = (),
    is_persistent: bool = True,
) -> SnapshotPlan:
    """The snapshot that a task takes.

    ``current`` is the document of the running guest, or else the definition. ``chain`` are the
    kinds of the snapshots that exist. ``is_saved``: the next start restores a saved state. ``driver``
    is libvirt's. ``checkpoints`` are the names of those that the domain has.

    :raises TaskError: nothing that the task allows is possible.
    """
    _check_targets(request, current)
    reasons: dict[str, str] = {}
    parts = unsaved(current, version)
    for kind in _kinds(request, chain, is_active and bool(parts.asked)):
        taking = _taking(request, current, kind, is_active, version, chain)
        taking = taking._replace(
            is_saved=is_saved,
            driver=driver,
            checkpoints=checkpoints,
            unsaved=parts.certain,
            must_revert=request.is_revertible,
            is_persistent=is_persistent,
        )
        why = hindrance(taking)
        if why is None:
            return _written(request, current, taking)
        reasons[kind] = why
    # Where both are impossible, what is in the way of the kind that is easier to have, unless that is
    # the external one, to which there would be no way back.
    if request.is_revertible and version < REVERTS_EXTERNAL and INTERNAL in reasons:
        raise TaskError(reasons[INTERNAL])
    raise TaskError(list(reasons.values())[-1])


def _check_targets(request: SnapshotRequest, current: Element) -> None:
    """:raises TaskError: the task names a disk that the domain doesn't have."""
    targets = [disk.value("target/@dev") for disk in current.findall("devices/disk")]
    for wish in request.disks:
        if wish.target not in targets:
            raise TaskError(
                f"disks: the domain has no disk {wish.target}; it has {', '.join(filter(None, targets)) or 'none'}"
            )


def _kinds(
    request: SnapshotRequest, chain: frozenset[str], may_be_unsaved: bool
) -> t.Sequence[str]:
    """The kinds that the task allows, the first choice first.

    ``may_be_unsaved``: QEMU may refuse to save the guest's memory.
    """
    wished = {wish.type for wish in request.disks} & {INTERNAL, EXTERNAL}
    if any(wish.path for wish in request.disks) or request.memory_file is not None:
        wished.add(EXTERNAL)
    if request.type != AUTO:
        return (request.type,)
    if wished:
        return (EXTERNAL,) if EXTERNAL in wished else (INTERNAL,)
    if len(chain) == 1:
        return tuple(chain)
    if may_be_unsaved and not request.memory:
        # QEMU never refuses an overlay.
        return (EXTERNAL, INTERNAL)
    return (INTERNAL, EXTERNAL)


def _taking(
    request: SnapshotRequest,
    current: Element,
    kind: str,
    is_active: bool,
    version: int,
    chain: frozenset[str],
) -> Taking:
    memory = request.memory
    if memory is None:
        memory = is_active and (kind == INTERNAL or request.memory_file is not None)
    wishes = {wish.target: wish for wish in request.disks}
    return Taking(
        version=version,
        kind=kind,
        is_active=is_active,
        has_memory=memory,
        is_quiesced=request.quiesce,
        has_agent=has_agent(current),
        firmware=firmware_of(current),
        drives=tuple(_drives(current, kind, wishes)),
        chain=chain,
    )


def _drives(current: Element, kind: str, wishes: t.Mapping[str, DiskWish]) -> t.Iterator[Drive]:
    for disk in current.findall("devices/disk"):
        target = disk.value("target/@dev") or ""
        wish = wishes.get(target)
        is_left_out = (
            disk.child("source") is None
            or disk.child("readonly") is not None
            or disk.get("device") in ("cdrom", "floppy")
            # virDomainSnapshotAlignDisks: what the definition says of the disk.
            or disk.get("snapshot") in (NO, "manual")
        )
        own = NO if is_left_out else kind
        yield Drive(
            target,
            (wish.type if wish is not None and wish.type is not None else own),
            disk.value("driver/@type") or "raw",
            disk.get("type") or _FILE,
            wish is not None,
            (wish.path if wish is not None else None) is not None,
        )


def firmware_of(current: Element) -> str | None:
    """The format of the UEFI's variables; ``None`` without UEFI."""
    system = current.child("os")
    if system is None:
        return None
    if system.get("firmware") == "efi" or system.value("loader/@type") == "pflash":
        return system.value("nvram/@format") or "raw"
    return None


def _written(request: SnapshotRequest, current: Element, taking: Taking) -> SnapshotPlan:
    wishes = {wish.target: wish for wish in request.disks}
    images = {
        disk.value("target/@dev") or "": disk.value("source/@file") or ""
        for disk in current.findall("devices/disk")
    }
    files, disks = [], []
    for drive in taking.drives:
        children = []
        if drive.kind == EXTERNAL:
            wish = wishes.get(drive.target)
            path = wish.path if wish is not None and wish.path is not None else None
            path = path or overlay_of(images[drive.target], request.name)
            files.append(path)
            children = [
                Element("driver", {"type": "qcow2"}),
                Element("source", {"file": path}),
            ]
        attributes = {"name": drive.target, "snapshot": drive.kind}
        if drive.kind == EXTERNAL:
            attributes["type"] = _FILE
        disks.append(Element("disk", attributes, None, children))
    content = [Element("name", {}, request.name)]
    if request.description:
        content.append(Element("description", {}, request.description))
    memory_file = None
    if taking.has_memory and taking.kind == EXTERNAL:
        memory_file = request.memory_file or _beside(files, request.name)
        content.append(Element("memory", {"snapshot": EXTERNAL, "file": memory_file}))
    elif taking.has_memory:
        content.append(Element("memory", {"snapshot": INTERNAL}))
    content.append(Element("disks", {}, None, disks))
    document = Element("domainsnapshot", {}, None, content)
    return SnapshotPlan(taking, document, tuple(files), memory_file)


def _beside(files: t.Sequence[str], name: str) -> str:
    """:raises TaskError: there is no file beside which the memory could be."""
    if not files:
        raise TaskError(
            "memory_file: no disk has an overlay beside which the memory could be; set it"
        )
    return (
        f"{files[0].rpartition('/')[0]}/{name}.memory"
        if not files[0].endswith(f".{name}")
        else f"{files[0]}.memory"
    )


def check_same(request: SnapshotRequest, document: Element) -> None:
    """Check that a snapshot that exists is the one that the task describes.

    :raises TaskError: it is another one; a snapshot is never replaced.
    """
    remedy = "remove it first, or give another name"
    kind, external = kind_of(document), images_of(document)
    if request.type not in (AUTO, kind):
        raise TaskError(f"type: the snapshot '{request.name}' exists and is {kind}; {remedy}")
    has_memory = (document.value("memory/@snapshot") or NO) != NO
    if request.memory is not None and request.memory != has_memory:
        raise TaskError(
            f"memory: the snapshot '{request.name}' exists {'with' if has_memory else 'without'} memory; {remedy}"
        )
    if request.memory_file not in (None, external.memory):
        raise TaskError(
            f"memory_file: the snapshot '{request.name}' exists and has its memory in {external.memory or 'no file'}; "
            f"{remedy}"
        )
    kinds = {
        disk.get("name"): disk.get("snapshot") or NO for disk in document.findall("disks/disk")
    }
    targets = [
        *kinds,
        *(disk.value("target/@dev") for disk in document.findall("domain/devices/disk")),
    ]
    for wish in request.disks:
        if wish.target not in targets:
            raise TaskError(
                f"disks: the snapshot '{request.name}' exists, and has no disk {wish.target}; it has "
                f"{', '.join(filter(None, dict.fromkeys(targets))) or 'none'}; correct the target"
            )
        found = kinds.get(wish.target, NO)
        if wish.type not in (None, found):
            raise TaskError(
                f"disks: the snapshot '{request.name}' exists, and {wish.target} is {found} in it; {remedy}"
            )
        if wish.path is not None and wish.path != external.overlays.get(wish.target):
            raise TaskError(
                f"disks: the snapshot '{request.name}' exists, and the overlay of {wish.target} is "
                f"{external.overlays.get(wish.target) or 'none'}; {remedy}"
            )
