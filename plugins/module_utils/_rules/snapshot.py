# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt can do with snapshots, by its version and by what the guest has.

Each row was tried on libvirt 9.0 with QEMU 7.2 and on libvirt 11.3 with QEMU 10.0, except
where it names another version.
"""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .domain.agent import CHANNEL
from .versions import version_words

AUTO, INTERNAL, EXTERNAL, NO = "auto", "internal", "external", "no"
#: The state in the document of a snapshot without memory, of a guest that ran.
DISK_SNAPSHOT = "disk-snapshot"
#: The driver of QEMU, as virConnectGetType names it.
QEMU = "QEMU"
#: The version that can go back to an external snapshot.
REVERTS_EXTERNAL = 9_009_000
#: A version that merges each overlay of a guest that is off; 9.0 only finds the last.
FINDS_CHAIN = 11_003_000

#: The version of QEMU that also refuses to merge an overlay above the images that it doesn't write
#: while a guest is paused (bdrv_attach_child: Inactive … can't be a backing child of active …).
NO_OVERLAY_ON_INACTIVE = 10_000_000


class External(t.NamedTuple):
    """The files of an external snapshot: overlays by target, and that of the memory."""

    overlays: t.Mapping[str, str]
    memory: str | None

    @property
    def is_external(self) -> bool:
        """Whether the snapshot has files of its own."""
        return bool(self.overlays) or self.memory is not None


class Drive(t.NamedTuple):
    """A disk in a snapshot to be taken.

    ``kind`` is what it gets: ``internal``, ``external`` or ``no``. ``form`` is that of its image
    (``qcow2``), ``source`` the type of its source (``file``). ``is_named`` and ``has_path``: the
    task names it, and gives the path of its overlay.
    """

    target: str
    kind: str
    form: str
    source: str
    is_named: bool = False
    has_path: bool = False


class Taking(t.NamedTuple):
    """A snapshot to be taken.

    ``kind`` is ``internal`` or ``external``. ``firmware`` is the format of the firmware's
    variables, ``None`` without UEFI. ``chain`` are the kinds of the snapshots that exist.
    ``is_saved``: the next start restores a saved state. ``driver`` is libvirt's name of its driver.
    ``checkpoints`` are the names of the domain's checkpoints. ``unsaved`` are the parts of the
    guest whose state can't be saved, in words. ``must_revert``: there is to be a way back to it.
    ``is_persistent``: the domain has a definition.
    """

    version: int
    kind: str
    is_active: bool
    has_memory: bool
    is_quiesced: bool
    has_agent: bool
    firmware: str | None
    drives: tuple[Drive, ...]
    chain: frozenset[str] = frozenset()
    is_saved: bool = False
    driver: str = QEMU
    checkpoints: tuple[str, ...] = ()
    unsaved: tuple[str, ...] = ()
    must_revert: bool = False
    is_persistent: bool = True

    def of_kind(self, kind: str) -> list[Drive]:
        """The disks that get a snapshot of this kind."""
        return [drive for drive in self.drives if drive.kind == kind]


#: The beginning of the names of functions of the driver of QEMU.
_OF_QEMU = "qemu"


class Hindrance(t.NamedTuple):
    """A row: a snapshot is refused if ``fits`` returns words, which name what is in the way.

    ``since`` and ``until`` are versions of libvirt; the row holds for since ≤ version < until.
    ``reason`` names libvirt's function, or what would happen. Functions of the driver of QEMU say
    nothing of the other drivers.
    """

    fits: t.Callable[[Taking], str | None]
    reason: str
    since: int = 0
    until: int = 1_000_000_000

    def words(self, taking: Taking) -> str | None:
        """The message; ``None`` if the row doesn't refuse the snapshot."""
        if self.reason.startswith(_OF_QEMU) and taking.driver != QEMU:
            return None
        return self.fits(taking) if self.since <= taking.version < self.until else None


def _nothing_selected(taking: Taking) -> str | None:
    if taking.has_memory or any(drive.kind != NO for drive in taking.drives):
        return None
    return "disks: no disk takes part in the snapshot; name one that can"


def _external_instead(taking: Taking) -> str:
    """The remedy of what only an external snapshot can."""
    update = (
        "update libvirt to 9.9, which can go back to an external snapshot, and "
        if _has_no_way_back(taking)
        else ""
    )
    if INTERNAL in taking.chain:
        return (
            f"{update}remove the internal snapshots that the domain has, and set type to external"
        )
    return f"{update}set type to external"


def _no_overlays(taking: Taking) -> str | None:
    if taking.driver == QEMU or taking.kind != EXTERNAL:
        return None
    return f"type: the driver {taking.driver} of libvirt takes no external snapshots; set type to internal"


def _both_kinds(taking: Taking) -> str | None:
    if not (taking.of_kind(INTERNAL) and taking.of_kind(EXTERNAL)):
        return None
    return "disks: one snapshot can't be internal and external at once; give all of them one type"


def _not_qcow2(taking: Taking) -> str | None:
    for drive in taking.of_kind(INTERNAL):
        if drive.form != "qcow2":
            return (
                f"type: an internal snapshot needs images in qcow2, and {drive.target} is {drive.form}; "
                f"{_external_instead(taking)}"
            )
    return None


def _no_place(taking: Taking) -> str | None:
    for drive in taking.of_kind(EXTERNAL):
        if drive.source != "file" and not drive.has_path:
            return (
                f"disks: {drive.target} is no file ({drive.source}), so that its overlay has no place of its own; give it a "
                "path"
            )
    return None


def _volume_off(taking: Taking) -> str | None:
    for drive in taking.of_kind(EXTERNAL):
        if drive.source == "volume" and not taking.is_active:
            return (
                f"type: {drive.target} names a storage pool and a volume, and what is taken of such a disk while the guest is off "
                "libvirt can't merge again; set type to internal, take it while the guest runs, or give the disk the path of "
                "its image in the definition"
            )
    return None


def _disk_left_out(taking: Taking) -> str | None:
    if taking.kind != INTERNAL:
        return None
    for drive in taking.of_kind(NO):
        if drive.is_named:
            return (
                f"disks: an internal snapshot has all disks that can be written, so that {drive.target} can't be left "
                f"out; {_external_instead(taking)}"
            )
    return None


def _no_memory(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or not taking.is_active or taking.has_memory:
        return None
    return (
        "memory: an internal snapshot of a guest that runs has its memory; leave memory out, or "
        f"{_external_instead(taking)}"
    )


def _memory_of_nothing(taking: Taking) -> str | None:
    if taking.is_active or not taking.has_memory:
        return None
    return (
        "memory: the guest is off, and has no memory to save; leave memory out, or start it first"
    )


def _no_agent(taking: Taking) -> str | None:
    if not (taking.is_quiesced and taking.is_active) or taking.has_agent:
        return None
    return (
        "quiesce: the guest has no channel for an agent, which would have to write out its file systems; add "
        f"channel: {{target: {{type: virtio, name: {CHANNEL}}}}} and run the agent, or leave quiesce out"
    )


def _quiesced_memory(taking: Taking) -> str | None:
    if not (taking.is_quiesced and taking.has_memory):
        return None
    return "quiesce: a snapshot with memory needs none, and libvirt refuses it; leave quiesce out or set memory to false"


def _unsaved(taking: Taking) -> str | None:
    if not (taking.is_active and taking.has_memory and taking.unsaved):
        return None
    fact = f"libvirt can't save the memory of a guest that has {', '.join(taking.unsaved)}"
    if taking.kind == EXTERNAL:
        return f"memory: {fact}; set memory to false, and leave memory_file out"
    return (
        f"type: an internal snapshot of a guest that runs has its memory, and {fact}; stop the guest, or "
        f"{_external_instead(taking)}"
    )


def _has_no_way_back(taking: Taking) -> bool:
    return taking.must_revert and taking.version < REVERTS_EXTERNAL


def _no_way_back(taking: Taking) -> str | None:
    if taking.kind != EXTERNAL or not _has_no_way_back(taking):
        return None
    return (
        f"revertible: the snapshot would be external, and libvirt {version_words(taking.version)} can't go back to such a one; use libvirt 9.9, or make "
        "revertible false"
    )


def _undefined(taking: Taking) -> str | None:
    if taking.is_persistent or not taking.must_revert:
        return None
    return "revertible: the domain is transient, and libvirt reverts only what is defined; define it first, or make revertible false"


def _checkpoints(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or not taking.has_memory or not taking.checkpoints:
        return None
    return (
        f"type: the domain has the checkpoint{'s' if len(taking.checkpoints) > 1 else ''} {', '.join(taking.checkpoints)}, and "
        f"QEMU can't go back to an internal snapshot with memory then, but ends; {_external_instead(taking)}, or delete "
        f"{'them' if len(taking.checkpoints) > 1 else 'it'} with state: absent of domain_checkpoint, after which the next backup is full"
    )


def _uefi_off(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or taking.firmware is None or taking.is_active:
        return None
    return f"type: libvirt 9.2 takes no internal snapshot of a guest with UEFI; {_external_instead(taking)}"


def _uefi_running(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or taking.firmware is None or not taking.is_active:
        return None
    return (
        "type: libvirt before 10.9 takes no internal snapshot of a guest with UEFI while it runs; stop the guest, or "
        f"{_external_instead(taking)}"
    )


def _uefi_raw(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or taking.firmware in (None, "qcow2") or not taking.is_active:
        return None
    return (
        f"type: an internal snapshot of a guest that runs needs its UEFI variables in qcow2, and they are {taking.firmware}; "
        f"stop the guest, or {_external_instead(taking)}"
    )


def _saved(taking: Taking) -> str | None:
    if taking.kind != EXTERNAL or not taking.is_saved:
        return None
    return (
        "type: the state of the guest is saved, and its next start would write to the images below the overlays; let the guest "
        "run and stop it first, or set type to internal"
    )


def _on_internal(taking: Taking) -> str | None:
    if taking.kind != EXTERNAL or INTERNAL not in taking.chain:
        return None
    return (
        "type: the domain has internal snapshots, and an external one on top of them is lost or destroys the image when one "
        "of them is reverted to; set type to internal, or remove them first"
    )


def _on_external(taking: Taking) -> str | None:
    if taking.kind != INTERNAL or EXTERNAL not in taking.chain:
        return None
    return (
        "type: the domain has external snapshots, and an internal one in an overlay is lost when that is merged; set type "
        "to external, or remove them first"
    )


#: The first row that fits holds.
HINDRANCES: tuple[Hindrance, ...] = (
    Hindrance(_no_overlays, "testDomainSnapshotCreateXML: unsupported flags (DISK_ONLY)"),
    Hindrance(_both_kinds, "qemuSnapshotPrepare: mixing internal and external targets"),
    Hindrance(_memory_of_nothing, "virDomainSnapshotDefParse: offline or disk-only, no memory"),
    Hindrance(_quiesced_memory, "virDomainSnapshotCreateXML: QUIESCE requires DISK_ONLY"),
    Hindrance(_no_agent, "qemuDomainAgentAvailable"),
    Hindrance(_no_memory, "qemuSnapshotPrepare: active domains require external disk snapshots"),
    Hindrance(_not_qcow2, "qemuSnapshotPrepare: unsupported for storage type raw"),
    Hindrance(_disk_left_out, "virDomainSnapshotAlignDisks: must use snapshot mode 'internal'"),
    # Tried on 9.0: only the document of a running guest has the place of the volume.
    Hindrance(_volume_off, "qemuSnapshotDeleteExternalPrepareData: virStorageSourceIsSameLocation"),
    Hindrance(_no_place, "virDomainSnapshotDefAssignExternalNames: without source"),
    Hindrance(_nothing_selected, "qemuSnapshotPrepare: nothing selected for snapshot"),
    Hindrance(_unsaved, "qemuMigrationSrcIsAllowed: see migration.devices"),
    Hindrance(_checkpoints, "QEMU ends at loadvm: Device has active dirty bitmaps"),
    # Release notes of 9.2, 9.3 and 10.9; 9.0 takes one of a guest that is off.
    Hindrance(_uefi_off, "qemuSnapshotPrepare", 9_002_000, 9_003_000),
    Hindrance(_uefi_running, "qemuSnapshotPrepare: pflash based firmware", until=10_009_000),
    Hindrance(_uefi_raw, "qemuSnapshotInternalActiveGetSnapshotDevs", since=10_009_000),
    # Tried on 9.0: the guest goes on with the image below, and the snapshot can't be deleted.
    Hindrance(_saved, "qemuDomainObjRestore: the saved state has the disks of that time"),
    # libvirt #734 and virt-manager #811: 10.10 deleted the base image, and 9.0 left what can't be
    # deleted any more (could not find base disk source).
    Hindrance(_on_internal, "qemuSnapshotRevert to the internal one, then its child is deleted"),
    Hindrance(_on_external, "qemuSnapshotDelete of the external one commits without them"),
    Hindrance(_no_way_back, "qemuSnapshotRevertValidate: revert to external snapshot"),
    Hindrance(_undefined, "qemuSnapshotRevertValidate: transient domain needs to request run"),
)


def hindrance(taking: Taking) -> str | None:
    """Why a snapshot can't be taken; ``None`` where nothing is known to be in the way."""
    return next(filter(None, (row.words(taking) for row in HINDRANCES)), None)


def images_of(document: Element) -> External:
    """The files in the document of a snapshot."""
    overlays = {}
    for disk in document.findall("disks/disk"):
        path = disk.value("source/@file") or disk.value("source/@dev")
        if disk.get("snapshot") == EXTERNAL and path is not None:
            overlays[disk.get("name") or ""] = path
    memory = document.child("memory")
    is_file = memory is not None and memory.get("snapshot") == EXTERNAL
    return External(overlays, memory.get("file") if memory is not None and is_file else None)


def definition_then(document: Element) -> Element | None:
    """The definition in the document of a snapshot; a snapshot of old libvirts has none."""
    inactive = document.child("inactiveDomain")
    chosen = inactive or document.child("domain")
    if chosen is None or chosen.child("devices") is None:
        return None
    return Element(
        "domain", dict(chosen.attributes), chosen.text, chosen.children, chosen.namespaces
    )


def kind_of(document: Element) -> str:
    """``internal`` or ``external``, of the document of a snapshot."""
    has_overlay = any(disk.get("snapshot") == EXTERNAL for disk in document.findall("disks/disk"))
    is_external = has_overlay or document.value("memory/@snapshot") == EXTERNAL
    return EXTERNAL if is_external or document.value("state") == DISK_SNAPSHOT else INTERNAL


def on_top(parents: t.Mapping[str, str | None], name: str) -> list[str]:
    """The snapshots that are based on one, the newest first."""
    found: list[str] = []
    for child in [each for each, parent in parents.items() if parent == name]:
        found = [*on_top(parents, child), child, *found]
    return found


def beside(parents: t.Mapping[str, str | None], name: str, current: str) -> list[str]:
    """The snapshots on top of one that are not on the way to the current one, the newest first.

    Going back to an external snapshot makes them: what was taken on top of it stays, and the domain
    goes on beside it. ``parents`` gives the parent of each snapshot. While there are any, libvirt
    refuses to remove the one below (qemuSnapshotDeleteValidate: multiple children; active … not a
    leaf; non-leaf … not in active chain), or libvirtd ends with a segmentation fault, if the
    current one or another one in between is where they part. Tried on 11.3, all 31 ways in a chain
    of four and one more.
    """
    way: set[str] = set()
    step: str | None = current
    while step is not None and step not in way:
        way.add(step)
        step = parents.get(step)
    return [each for each in on_top(parents, name) if each not in way]


def overlay_of(image: str, name: str) -> str:
    """The file that libvirt makes beside an image: virStorageSourceNewFromBacking… of a file.

    virDomainSnapshotDefAssignExternalNames: the suffix of the image is replaced by the name.
    """
    folder, slash, base = image.rpartition("/")
    stem, dot, _suffix = base.rpartition(".")
    return f"{folder}{slash}{stem if dot else base}.{name}"
