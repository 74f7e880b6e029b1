# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a clone of a snapshot is made of: the definition and the images of that moment.

An external snapshot has the images that were written until then; since then an overlay gets what
is written. So they can be copied while the guest runs, as long as the overlay is above them.
libvirt writes to them when the overlay is merged, which QEMU's locks refuse while they are read.
"""

from __future__ import annotations

import typing as t

from ..._hypervisor.chains import UnknownBase, chain_below
from ..._hypervisor.connection import Connection
from ..._hypervisor.disk_images import path_of
from ..._hypervisor.domains import Domain
from ..._hypervisor.file_users import HostNames
from ..._hypervisor.snapshots import Kept, document_of, kept_snapshots
from ..._rules.domain.disks import disks_by_target
from ..._rules.snapshot import EXTERNAL, INTERNAL, NO, definition_then
from ..._virtinst.clone.disks import Own
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError
from .current import current_of


class Moment(t.NamedTuple):
    """A snapshot of the source.

    * ``definition``: that of then, with its secrets.
    * ``kinds``: ``internal``, ``external`` or ``no`` by the disks' targets.
    """

    kept: Kept
    definition: Element
    kinds: t.Mapping[str, str]

    @property
    def name(self) -> str:
        """Its name."""
        return self.kept.snapshot.name

    @property
    def has_memory(self) -> bool:
        """Whether it has the memory of a guest that ran."""
        return (self.kept.document.value("memory/@snapshot") or NO) != NO


def moment_of(source: Domain, name: str) -> Moment:
    """The snapshot of this name.

    :raises TaskError: there is none, or it has no definition.
    """
    kept = _found(source, name)
    if kept is None:
        known = ", ".join(each.snapshot.name for each in kept_snapshots(source)) or "none"
        raise TaskError(
            f"snapshot: the domain has no snapshot '{name}'; it has {known}; correct the name"
        )
    definition = definition_then(parse(document_of(source, name)))
    if definition is None:
        raise TaskError(
            f"snapshot: '{name}' was taken by an old libvirt, and has no definition; go back to it with domain_snapshot, and "
            "clone the domain"
        )
    kinds = {
        disk.get("name") or "": disk.get("snapshot") or NO
        for disk in kept.document.findall("disks/disk")
    }
    return Moment(kept, definition, kinds)


def check_unshared(moment: Moment, disks: t.Mapping[str, Element | None]) -> None:
    """Check that the clone doesn't write to images of the snapshot.

    ``disks`` are those of the clone by their targets.

    :raises TaskError: it would.
    """
    for target, disk in disks_by_target(moment.definition).items():
        kind = moment.kinds.get(target, NO)
        if disks.get(target) is disk and kind != NO and disk.child("readonly") is None:
            raise TaskError(
                f"disks: {target}: the clone would write to the image that the snapshot '{moment.name}' has; set mode to copy "
                "or linked, or to skip"
            )


def check_images(source: Domain, moment: Moment, volumes: t.Iterable[Own]) -> None:
    """Check that the images of a snapshot are as they were then.

    :raises TaskError: one isn't, or that is unknown.
    """
    disks = disks_by_target(current_of(source))
    for own in volumes:
        kind = moment.kinds.get(own.target, NO)
        if kind == INTERNAL:
            raise TaskError(
                f"snapshot: '{moment.name}' is within {own.source.path}, the image of {own.target}, of which libvirt copies only what "
                "is there now; take an external snapshot (type: external), or go back to this one with domain_snapshot and "
                "clone the domain while it is off"
            )
        if kind != EXTERNAL:
            raise TaskError(
                f"disks: {own.target}: the snapshot '{moment.name}' has nothing of it; set mode to skip, or to preserve with a "
                "volume of the clone's own"
            )
        _check_image(source.connection, moment, own, disks.get(own.target))


def check_still_there(source: Domain, moment: Moment, volumes: t.Iterable[Own]) -> None:
    """Check, after its images were copied, that a snapshot is what it was.

    :raises TaskError: it is gone, or was taken anew, or its images have changed.
    """
    now = _found(source, moment.name)
    if now is None or now.snapshot.creation_time != moment.kept.snapshot.creation_time:
        raise TaskError(
            f"snapshot: '{moment.name}' was removed while its images were copied, so that the copies may be damaged; take it "
            "again, then run the task again"
        )
    check_images(source, moment._replace(kept=now), volumes)


def _found(source: Domain, name: str) -> Kept | None:
    kept = (each for each in kept_snapshots(source) if each.snapshot.name == name)
    return next(kept, None)


def _check_image(connection: Connection, moment: Moment, own: Own, disk: Element | None) -> None:
    """``disk`` is the one that the domain has now at the target.

    :raises TaskError: the overlay of the snapshot isn't right above the image any more.
    """
    target, image, names = own.target, own.source.path, HostNames(connection.is_local)
    overlay = moment.kept.external.overlays.get(target)
    path = None if disk is None else path_of(connection, disk)
    if path is None or overlay is None:
        raise TaskError(
            f"snapshot: the domain has no image at {target} any more, so that it is unknown whether {image} is as it was when "
            f"'{moment.name}' was taken; set mode of the disk to skip, or go back to the snapshot first"
        )
    try:
        chain = (names.real(path), *chain_below(connection, path))
    except UnknownBase as error:
        raise TaskError(
            f"snapshot: the images below {path} can't be read ({error}), so that it is unknown whether {image} is as it was; "
            "run the task as root, or define a storage pool of their folder"
        ) from None
    pairs = zip(chain, chain[1:])
    if (names.real(overlay), names.real(image)) not in pairs:
        raise TaskError(
            f"snapshot: {overlay} isn't on top of {image} any more, so that {target} may have changed since '{moment.name}' was "
            "taken; take a new snapshot, or go back to this one with domain_snapshot first"
        )
