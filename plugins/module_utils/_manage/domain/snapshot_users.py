# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of others, such as linked clones, that are based on the images of a domain's snapshots.

Merging an overlay writes the image below it and deletes the overlay (qemuSnapshotDelete: a
block commit). Reverting writes the images of an internal snapshot, and from libvirt 9.9 deletes
the overlays above an external one.
"""

from __future__ import annotations

import typing as t

from ..._file_use.users import DEFINITION, LIVE
from ..._hypervisor.domains import Domain
from ..._hypervisor.file_users import files_in_use
from ..._hypervisor.snapshots import Kept
from ..._hypervisor.volume_removal import image_of
from ..._rules.domain.disks import disks_by_target
from ..._rules.snapshot import EXTERNAL, INTERNAL, kind_of
from ..._xmltree.element import Element
from ..errors import TaskError


def check_take(domain: Domain, current: Element, targets: t.Collection[str]) -> None:
    """Check that no other domain writes the images that get overlays.

    Nothing may write below an overlay. An image that is based on such an image goes on as it was.
    ``current`` is the document with the images, ``targets`` are the disks that get overlays.

    :raises TaskError: another domain has such an image.
    :raises HypervisorError: the uses of files can't be read.
    """
    files = files_in_use(domain.connection)
    for target, disk in disks_by_target(current).items():
        path = image_of(disk, files) if target in targets else None
        if path is None:
            continue
        answer = files.use.of(path).certain
        readers = {use.uuid for _link, uses in answer.images for use in uses}
        for use in answer.uses:
            is_of_now = use.document in (DEFINITION, LIVE)
            if is_of_now and use.uuid not in ("", domain.uuid, *readers):
                raise TaskError(
                    f"type: {path}, the image of {target}, is {use.words} too, which would write below the overlay and spoil "
                    "it; give one of both an image of its own, or leave the disk out"
                )


def check_merge(domain: Domain, kept: Kept) -> None:
    """Check that nobody else needs the overlays of a snapshot, or the images below them.

    :raises TaskError: somebody does.
    :raises HypervisorError: the uses of files can't be read.
    """
    use = files_in_use(domain.connection).use
    for overlay in kept.external.overlays.values():
        words = f"merging the overlay of '{kept.snapshot.name}'"
        _check(domain, overlay, f"{words} deletes {overlay}")
        for base in use.bases(overlay)[:1]:
            _check(domain, base, f"{words} writes {base}")


def check_revert(domain: Domain, kept: Kept, then: Element | None, now: Element) -> None:
    """Check that nobody else needs the images that reverting to a snapshot changes.

    ``then`` is the definition that the snapshot has, and ``now`` the domain's.

    :raises TaskError: somebody does.
    :raises HypervisorError: the uses of files can't be read.
    """
    is_external = kind_of(kept.document) == EXTERNAL
    own = EXTERNAL if is_external else INTERNAL
    targets = {
        disk.get("name")
        for disk in kept.document.findall("disks/disk")
        if disk.get("snapshot") == own
    }
    files = files_in_use(domain.connection)
    disks = disks_by_target(now if is_external or then is None else then)
    for target, disk in disks.items():
        path = image_of(disk, files) if target in targets else None
        if path is not None:
            verb = "deletes" if is_external else "writes"
            _check(domain, path, f"reverting to '{kept.snapshot.name}' {verb} {path}")


def _check(domain: Domain, path: str, words: str) -> None:
    foreign = files_in_use(domain.connection).use.of(path).certain.of_others(domain.uuid)
    if foreign.reason is not None:
        raise TaskError(
            f"name: {words}, which {foreign.reason} and would be spoilt by that; remove that user first, or give "
            "it an image of its own"
        )
