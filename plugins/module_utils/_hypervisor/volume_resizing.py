# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a volume larger or smaller, whether a guest runs on it or not."""

from __future__ import annotations

import contextlib
import typing as t

from .._file_use.users import CHECKPOINT, DEFINITION, LIVE, SNAPSHOT, Answer, Use
from .._rules.amounts import readable
from .._rules.domain.disks import disks_by_target
from .._rules.pool_types import type_of
from .._xmltree.dump import parse_dump
from .block_jobs import check_no_job
from .connection import Connection
from .domains import Domains
from .errors import HypervisorError
from .file_users import FilesInUse, files_in_use
from .libvirt_import import libvirt
from .qcow2 import fixing_snapshots
from .resizing import grow_disk
from .volume_removal import image_of

if t.TYPE_CHECKING:
    from .volumes import StoredVolume


#: Formats of images that qemu-img can't give another size (BlockDriver.bdrv_co_truncate), and those
#: that it makes larger, but not smaller.
_FIXED = ("vmdk", "vdi", "vpc", "vhdx", "parallels", "bochs", "cloop", "dmg", "iso", "dir")
_ONLY_LARGER = ("qed",)


def check_resize(found: StoredVolume, capacity: int, may_shrink: bool) -> Use | None:
    """Check that a volume may have another capacity, in bytes; the guest that runs on it.

    A volume becomes smaller only if nothing uses it. Disks of domains that are off, and of one
    guest that runs, may become larger.

    :raises HypervisorError: it may not.
    """
    kind = type_of(found.pool.document().get("type"))
    if not kind.resizes:
        raise HypervisorError(
            f"capacity: it has {readable(found.raw.info()[1])}, and libvirt can't change that of a volume in "
            f"a pool of the type {kind.name}; use the host's own tools, and refresh the pool, or leave "
            "capacity as it is"
        )
    form = found.document().value("target/format/@type") or ""
    known = found.raw.info()[1]
    if form in _FIXED or (form in _ONLY_LARGER and capacity < known):
        raise HypervisorError(
            f"capacity: QEMU can't make an image of the format {form} "
            f"{'smaller' if capacity < known else 'larger'} than {readable(known)}; leave it as it is, or "
            "clone it into one of the format qcow2"
        )
    files = files_in_use(found.connection)
    answer = files.use.of(found.path)
    if capacity < known:
        if not may_shrink:
            raise HypervisorError(
                f"capacity: it has {readable(known)}, and {readable(capacity)} is asked for; what is "
                "beyond that would be lost; correct capacity, or set shrink to lose it"
            )
        if not answer.is_free:
            raise HypervisorError(
                f"capacity: {found.path} {answer.reason}, and a volume in use is never made smaller; "
                "end that first"
            )
        return None
    guest = _guest(found, files, answer)
    check_no_old_snapshots(found.connection, found.path, "capacity")
    if guest is not None:
        domain = Domains(found.connection).by_uuid(guest.uuid)
        if domain is not None and guest.target is not None:
            check_no_job(domain, guest.target, "capacity")
    if guest is None and found.document().find("target/encryption") is not None:
        # The driver keeps the reference to the secret until the pool is refreshed.
        raise HypervisorError(
            f"capacity: it has {readable(known)}, and is encrypted; libvirt doesn't know its secret any "
            "more, and can change that only while a guest runs with it; start the guest first"
        )
    return guest


def check_no_old_snapshots(connection: Connection, path: str, option: str) -> None:
    """Check that no snapshots within an image keep it from becoming larger, where it can be read.

    :raises HypervisorError: they do.
    """
    names: list[str] = []
    with contextlib.suppress(OSError):
        names = fixing_snapshots(path) if connection.is_local else []
    if names:
        raise HypervisorError(
            f"{option}: {path} is a qcow2 image of version 2 with the snapshots {', '.join(names)}, and such an image "
            "can't become larger; remove the snapshots, or give it the newer version while nothing uses it: qemu-img amend "
            f"-o compat=1.1 {path}"
        )


def resize(found: StoredVolume, capacity: int, may_shrink: bool) -> None:
    """Give a volume another capacity, in bytes.

    :raises HypervisorError: it may not have it, or libvirt can't; it stays as it is.
    """
    guest = check_resize(found, capacity, may_shrink)
    known = found.raw.info()[1]
    is_smaller = capacity < known
    flags = libvirt.VIR_STORAGE_VOL_RESIZE_SHRINK if is_smaller else 0
    is_block = found.document().get("type") == "block"
    if guest is None or is_block:
        advice = "make room in its pool, or leave its capacity as it is"
        with found.connection.explained(f"give {found.path} another capacity", advice):
            found.raw.resize(capacity, flags)
    if guest is not None:
        domain = Domains(found.connection).by_uuid(guest.uuid)
        if domain is not None:
            grow_disk(domain, guest.target or "", capacity)


def _guest(found: StoredVolume, files: FilesInUse, answer: Answer) -> Use | None:
    """The disk of the one guest that runs with a volume.

    :raises HypervisorError: something else uses it.
    """
    if answer.images:
        why = Answer((), answer.images, ()).reason
        raise HypervisorError(f"capacity: {found.path} {why}, and such a volume stays as it is")
    images = {
        (use.uuid, use.target)
        for use in answer.uses
        if use.target is not None and _is_image(found, files, use)
    }
    for use in answer.uses:
        if use.document in (SNAPSHOT, CHECKPOINT) and (use.uuid, use.target) in images:
            # What it has stays: the snapshot is within the image, or begins at its front.
            continue
        if not _is_image(found, files, use):
            raise HypervisorError(
                f"capacity: {found.path} is used by {use.words}, which would not know of its new "
                "capacity; end that first"
            )
    running = {use.uuid: use for use in answer.uses if use.is_running}
    if len(running) > 1:
        names = " and ".join(sorted(use.domain for use in running.values()))
        raise HypervisorError(
            f"capacity: {found.path} is a disk of {names}, which run, and only one of them can be told "
            "its new capacity; stop all but one"
        )
    return next(iter(running.values()), None)


def _is_image(found: StoredVolume, files: FilesInUse, use: Use) -> bool:
    """Whether a volume is the image of a disk, and not what the image is based on."""
    if use.target is None or use.document not in (DEFINITION, LIVE):
        return False
    domain = Domains(found.connection).by_uuid(use.uuid)
    if domain is None:
        return False
    text = domain.live() if use.document == LIVE else domain.definition()
    disk = None if text is None else disks_by_target(parse_dump(text)).get(use.target)
    path = None if disk is None else image_of(disk, files)
    names = files.use.names
    return path is not None and not names.keys(path).isdisjoint(names.keys(found.path))
