# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing the volumes that a task names, and no others.

Before anything is destroyed the volume is checked. It may go if it is an image that only this
disk uses, for reading and writing, that no other image is based on, and that nothing else on
the host names.
"""

from __future__ import annotations

import contextlib
import posixpath
import typing as t

from .._file_use.users import Answer, Going
from .._rules.domain.disks import disks_by_target
from .._virtinst import install_files
from .._virtinst.first_boot import domain_of_seed
from .._virtinst.seed_image import BEGINNING, SEED
from .._xmltree.element import Element
from .connection import Connection
from .domains import Domain
from .errors import HypervisorError, is_code
from .file_users import FilesInUse, files_in_use, host_names
from .libvirt_import import libvirt
from .pool_volumes import Volume
from .volume_content import read

#: The option for the volumes that go with a domain.
WITH_DOMAIN = "remove_volumes"
#: The word for the targets of all disks.
ALL = "all"
#: Pools whose volumes libvirt can delete; those of other pools (iscsi, scsi, mpath…)
#: belong to foreign storage.
_DELETABLE = frozenset(
    {"dir", "fs", "netfs", "logical", "disk", "rbd", "gluster", "sheepdog", "vstorage", "zfs"}
)


class Removable(t.NamedTuple):
    """A volume that may be removed: its disk's target, its path, and libvirt's object.

    ``capacity`` is in bytes.
    """

    target: str
    path: str
    raw: t.Any
    capacity: int


class Kept(t.NamedTuple):
    """A file that stays: its disk's target, its path and the reason.

    The reason is empty where the task doesn't name the file.
    """

    target: str
    path: str
    why: str

    @property
    def words(self) -> str:
        """A line for a person."""
        why = f", because it {self.why}" if self.why else ""
        return f"disk {self.target}: {self.path or 'no file'}{why}"


class Removal(t.NamedTuple):
    """The storage of a domain that goes, and that stays; ``notes`` are lines for a person."""

    volumes: tuple[Removable, ...] = ()
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


class _Candidate(t.NamedTuple):
    """A disk's image: its path, or the reason why it is no volume that may go."""

    target: str
    path: str | None
    why: str | None


def removable(
    domain: Domain, definition: Element, targets: t.Sequence[str], is_whole: bool, option: str
) -> Removal:
    """The volumes of the disks with these targets, without those that are gone already.

    ``is_whole``: the domain goes too, with its snapshots. ``option`` is the task's that names them.

    :raises HypervisorError: a named volume may not, or can't, be removed, or there is no such disk.
    """
    disks = disks_by_target(definition)
    _check_targets(disks, targets, option)
    if not targets:
        return Removal(kept=tuple(_untouched(disks, ())))
    connection = domain.connection
    files = files_in_use(connection)
    named = [target for target in dict.fromkeys(targets) if target != ALL]
    is_all = ALL in targets
    # Nothing is kept of an empty drive.
    full = [target for target, disk in disks.items() if disk.child("source") is not None]
    going = full if is_all else [target for target in named if target in disks]
    candidates = [_candidate(files, connection, target, disks[target]) for target in going]
    kept: dict[str, Kept] = {}
    while True:
        left = [candidate.target for candidate in candidates if candidate.target not in kept]
        whole = Going(domain.uuid, frozenset(left), is_whole)
        found = [
            _refused(candidate, files, whole)
            for candidate in candidates
            if candidate.target in left
        ]
        refused = [refusal for refusal in found if refusal is not None]
        for refusal in refused:
            if refusal.target in named:
                raise HypervisorError(_never_deleted(refusal, option))
            kept[refusal.target] = refusal
        if not refused:
            break
    volumes = [
        volume
        for candidate in candidates
        if candidate.target in left
        for volume in _volumes(candidate, files, named, kept, option)
    ]
    paths = {volume.path for volume in volumes}
    volumes += [
        made
        for made in (_made_for(domain, definition, files) if is_all else ())
        if made.path not in paths
    ]
    return Removal(
        # Two disks may have the same image.
        tuple({candidate.path: candidate for candidate in volumes}.values()),
        (*kept.values(), *_untouched(disks, going), *_bases(volumes, files)),
        tuple(_notes(domain, volumes, files)),
    )


def _check_targets(disks: t.Mapping[str, Element], targets: t.Iterable[str], option: str) -> None:
    """:raises HypervisorError: no disk has the target; a misspelt one would leave its volume behind."""
    for target in targets:
        if target not in disks and target != ALL:
            known = f"its disks are {', '.join(disks)}" if disks else "it has no disks"
            raise HypervisorError(
                f"{option}: there is no disk {target or repr(target)}; {known}; correct the target, or "
                f"write {ALL} for the volumes of all disks"
            )


def remove(connection: Connection, volume: Removable) -> None:
    """Delete the volume, unless it is gone already.

    :raises HypervisorError: libvirt can't delete it, or something has opened it meanwhile.
    """
    by = host_names(connection).holder(volume.path)
    if by is not None:
        raise HypervisorError(
            f"{volume.path}, the volume of {volume.target}, is used by {by} now; end that, then "
            "delete it yourself, for example with virsh vol-delete"
        )
    advice = "delete it yourself, for example with virsh vol-delete"
    with connection.explained(f"delete {volume.path}, the volume of {volume.target}", advice):
        try:
            volume.raw.delete(0)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_STORAGE_VOL"):
                raise


def _candidate(files: FilesInUse, connection: Connection, target: str, disk: Element) -> _Candidate:
    path = image_of(disk, files)
    device = disk.get("device") or "disk"
    if device != "disk" and not (path and _is_seed(connection, files, path)):
        return _Candidate(target, path, f"is of a {device}")
    for tag, what in (("readonly", "is read-only"), ("shareable", "is shareable")):
        # libvirt adds readonly to each CD-ROM.
        if disk.child(tag) is not None and device != "cdrom":
            return _Candidate(target, path, what)
    if path is None:
        return _Candidate(target, path, "is not a volume that libvirt knows")
    return _Candidate(target, path, None)


def image_of(disk: Element, files: FilesInUse) -> str | None:
    source = disk.child("source")
    if source is None:
        return None
    path = source.get("file") or source.get("dev")
    if path is None and source.get("pool") and source.get("volume"):
        path = files.volumes.path_of(source.get("pool") or "", source.get("volume") or "")
    return path


def _refused(candidate: _Candidate, files: FilesInUse, going: Going) -> Kept | None:
    """The reason why a volume may not go; ``None`` where it may, or where it doesn't exist."""
    path = candidate.path or ""
    if candidate.why is not None:
        return Kept(candidate.target, path, candidate.why)
    volume = files.volumes.at(path)
    if volume is None:
        return None
    reason = undeletable(files, volume) or files.use.of(volume.path, going).reason
    return None if reason is None else Kept(candidate.target, path, reason)


def undeletable(files: FilesInUse, volume: Volume) -> str | None:
    """Why libvirt can't delete a volume, whoever uses it; ``None`` where it can."""
    if volume.pool_type not in _DELETABLE:
        return f"belongs to a pool of the type {volume.pool_type}"
    real = files.use.names.real(volume.path)
    if volume.kind == "file" and posixpath.basename(real) != posixpath.basename(volume.path):
        return f"is a link to {real}, and libvirt would delete the link alone"
    return None


def without_images(answer: Answer, files: FilesInUse, going: t.Collection[str]) -> Answer:
    """The answer without the images that go too, as those of an overlay."""
    keys = {key for path in going for key in files.use.names.keys(path)}
    images = [
        (link, uses)
        for link, uses in answer.images
        if keys.isdisjoint(files.use.names.keys(link.overlay))
    ]
    return answer._replace(images=tuple(images))


def _volumes(
    candidate: _Candidate,
    files: FilesInUse,
    named: t.Collection[str],
    kept: dict[str, Kept],
    option: str,
) -> t.Iterator[Removable]:
    """The volume of a disk, if it has one.

    :raises HypervisorError: the task names it, and libvirt can't delete it.
    """
    path = candidate.path or ""
    volume = files.volumes.at(path)
    if volume is not None:
        yield as_removable(candidate.target, volume)
    elif not files.volumes.lack(path):
        if candidate.target in named:
            image = f"{path}, the image of {candidate.target},"
            raise HypervisorError(f"{option}: {in_no_pool(image)}")
        kept[candidate.target] = Kept(candidate.target, path, "is in no active storage pool")


def _never_deleted(refusal: Kept, option: str) -> str:
    """The message about an image that a task names, and that stays."""
    path = f", {refusal.path}," if refusal.path else ""
    remedy = f"leave {option} out"
    if option == WITH_DOMAIN:
        remedy = f"take {refusal.target} out of {option}"
    return (
        f"{option}: the image of {refusal.target}{path} {refusal.why}, so it is never deleted; {remedy}, "
        "and delete the image yourself once nothing needs it"
    )


def in_no_pool(subject: str) -> str:
    """The message that libvirt can't delete a file."""
    return (
        f"{subject} is in no active storage pool, so libvirt can't delete it; start or define the pool "
        "of its directory, or delete it yourself instead of having it removed"
    )


def as_removable(target: str, volume: Volume) -> Removable:
    return Removable(target, volume.path, volume.raw, volume.capacity)


def _made_for(domain: Domain, definition: Element, files: FilesInUse) -> t.Iterator[Removable]:
    """The volumes that were made for a domain beside its disks."""
    yield from seeds(domain.connection, files, domain.name, domain.uuid)
    for volume in files.volumes.all:
        kind = install_files.kind_of(volume.path, domain.name)
        if kind is None or volume.kind != "file" or not volume.capacity:
            continue
        # What the domain boots at each start isn't of its installation.
        if any(volume.path == definition.value(f"os/{name}") for name in ("kernel", "initrd")):
            continue
        going = Going(domain.uuid, (None,), True)
        is_free = undeletable(files, volume) is None and files.use.of(volume.path, going).is_free
        if is_free and _begins_as(domain.connection, volume, kind):
            yield as_removable(kind, volume)


def _begins_as(connection: Connection, volume: Volume, kind: str) -> bool:
    """Whether a volume is a kernel or an initrd."""
    with contextlib.suppress(libvirt.libvirtError):
        length = min(install_files.BEGINNING, volume.capacity)
        return install_files.is_of_kind(read(connection, volume.raw, 0, length), kind)
    return False


def seeds(connection: Connection, files: FilesInUse, name: str, uuid: str) -> t.Iterator[Removable]:
    """The images with cloud-init's data of a domain, whether a drive has them or not.

    ``uuid`` is empty where there is no such domain any more.
    """
    for volume in files.volumes.all:
        if domain_of_seed(volume.path) != name:
            continue
        of_seed = Going(uuid, frozenset(_targets_of(uuid, files, volume)), True)
        if _is_seed(connection, files, volume.path) and (
            files.use.of(volume.path, of_seed).is_free
        ):
            yield as_removable("cloud_init", volume)


def _targets_of(uuid: str, files: FilesInUse, volume: Volume) -> t.Iterator[str]:
    """The drives of the domain, and of its snapshots, that have a volume."""
    for use in files.use.of(volume.path).uses:
        if use.uuid == uuid and use.target is not None:
            yield use.target


def _is_seed(connection: Connection, files: FilesInUse, path: str) -> bool:
    """Whether a volume was made by this collection for cloud-init."""
    volume = files.volumes.at(path)
    if volume is None or volume.kind != "file" or not volume.capacity:
        return False
    with contextlib.suppress(libvirt.libvirtError):
        return SEED in read(connection, volume.raw, 0, min(BEGINNING, volume.capacity))
    return False


def _untouched(disks: t.Mapping[str, Element], going: t.Collection[str]) -> t.Iterator[Kept]:
    """The disks that the task doesn't name."""
    for target, disk in disks.items():
        source = disk.child("source")
        if source is None or target in going:
            continue
        path = source.get("file") or source.get("dev") or source.get("name")
        if path is None and source.get("volume"):
            path = f"{source.get('pool')}/{source.get('volume')}"
        if path:
            yield Kept(target, path, "")


def _bases(volumes: t.Iterable[Removable], files: FilesInUse) -> t.Iterator[Kept]:
    for volume in volumes:
        for base in files.use.bases(volume.path):
            yield Kept(volume.target, base, f"is what {volume.path} is based on")


def _notes(domain: Domain, volumes: t.Iterable[Removable], files: FilesInUse) -> t.Iterator[str]:
    for volume in volumes:
        for base in files.use.bases(volume.path):
            own = [use for use in files.use.of(base).uses if use.uuid == domain.uuid and use.which]
            if own:
                yield (
                    f"remove_volumes: {volume.path}, which goes, has what {volume.target} wrote "
                    f"since {own[0].words.partition(' of the domain')[0]}; {base} stays, and has "
                    "what was written before"
                )
                break
