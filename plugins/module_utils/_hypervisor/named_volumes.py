# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that a task names by where they are, whether the domain has them or not.

An interrupted task may have left them: made, but not yet a disk of a domain, or no longer one.
"""

from __future__ import annotations

import posixpath
import typing as t

from .._file_use.users import Going
from .._rules.domain.disks import disks_by_target
from .._rules.pool_types import how_to_start
from .._virtinst.storage import pool_and_volume
from .._xmltree.element import Element
from .domains import Domain, Domains
from .errors import HypervisorError
from .file_users import FilesInUse, files_in_use
from .host_storage import HostStorage
from .volume_removal import (
    ALL,
    WITH_DOMAIN,
    Removable,
    Removal,
    as_removable,
    image_of,
    in_no_pool,
    removable,
    seeds,
    undeletable,
    without_images,
)

#: The word for the images with cloud-init's data that were made for the domain.
SEEDS = "cloud_init"
_DEFAULT = "default"


class Owner(t.NamedTuple):
    """The domain that goes, as far as there is one."""

    name: str
    domain: Domain | None = None
    definition: Element | None = None

    @property
    def uuid(self) -> str:
        """Its UUID; empty where there is no such domain any more."""
        return "" if self.domain is None else self.domain.uuid


class _Named(t.NamedTuple):
    """What a task names: disks by their targets, and the paths of volumes."""

    targets: list[str]
    paths: list[str]
    notes: list[str]


def volumes_that_go(domains: Domains, owner: Owner, words: t.Sequence[str]) -> Removal:
    """The volumes that these words name: targets of disks, ``POOL/VOLUME``, paths, ``cloud_init``.

    Those that are gone already are left out.

    :raises HypervisorError: a named volume may not, or can't, be removed.
    """
    if not any(word == SEEDS or "/" in word for word in words):
        return _of_disks(owner, words)
    connection = domains.connection
    files = files_in_use(connection)
    named = _named(domains, files, owner, words)
    storage = _of_disks(owner, named.targets)
    volumes = {volume.path: volume for volume in storage.volumes}
    for path in named.paths:
        beside = _beside(files, owner, path, volumes)
        if beside is not None:
            volumes.setdefault(beside.path, beside)
    if SEEDS in words:
        for seed in seeds(connection, files, owner.name, owner.uuid):
            volumes.setdefault(seed.path, seed)
    return storage._replace(volumes=tuple(volumes.values()), notes=(*named.notes, *storage.notes))


def _of_disks(owner: Owner, targets: t.Sequence[str]) -> Removal:
    if owner.domain is None:
        # Without a domain nobody knows its disks.
        return Removal()
    definition = owner.definition or Element("domain")
    return removable(owner.domain, definition, targets, True, WITH_DOMAIN)


def _beside(
    files: FilesInUse, owner: Owner, path: str, going: t.Collection[str]
) -> Removable | None:
    """The volume at a path, which is of no disk of the domain; ``None`` where there is none.

    ``going`` are the paths of the volumes that go before it.
    """
    volume = files.volumes.at(path)
    if volume is None:
        if files.volumes.lack(path):
            return None
        raise HypervisorError(f"remove_volumes: {in_no_pool(path)}")
    answer = files.use.of(volume.path, Going(owner.uuid, (), True))
    reason = undeletable(files, volume) or without_images(answer, files, going).reason
    if reason is not None:
        raise HypervisorError(
            f"remove_volumes: {path} {reason}, so it is never deleted; take it out of "
            "remove_volumes, and delete it yourself once nothing needs it"
        )
    return as_removable("volume", volume)


def _named(domains: Domains, files: FilesInUse, owner: Owner, words: t.Iterable[str]) -> _Named:
    """What the words name. Only a path and ``POOL/VOLUME`` have a slash.

    :raises HypervisorError: a word can't be understood, or its pool is off.
    """
    found = _Named([], [], [])
    targets = dict(_targets(files, owner))
    for word in dict.fromkeys(words):
        if "/" not in word:
            found.targets.extend([word] if word != SEEDS else [])
            continue
        path: str | None = posixpath.normpath(word)
        if not word.startswith("/"):
            place = pool_and_volume(word)
            if place is None:
                raise HypervisorError(
                    f"remove_volumes: {word} is no volume; give POOL/VOLUME, or a path from the root"
                )
            path = _path_of(domains, files, *place)
            if path is None:
                found.notes.append(f"remove_volumes: there is no storage pool {place[0]}")
        if path is None:
            continue
        of_disk = [targets[key] for key in files.use.names.keys(path) if key in targets]
        if of_disk and not (ALL in words or of_disk[0] in found.targets):
            found.targets.append(of_disk[0])
        elif not of_disk:
            found.paths.append(path)
    return found


def _targets(files: FilesInUse, owner: Owner) -> t.Iterator[tuple[tuple[object, ...], str]]:
    """The targets of the domain's disks, by what identifies their images."""
    if owner.definition is None:
        return
    for target, disk in disks_by_target(owner.definition).items():
        for key in files.use.names.keys(image_of(disk, files) or ""):
            yield key, target


def _path_of(domains: Domains, files: FilesInUse, pool: str, volume: str) -> str | None:
    """The path that a volume has, or would have; ``None`` where there is no such pool."""
    state = files.volumes.is_active(pool)
    if state is None and pool == _DEFAULT:
        # The pool for images may have another name.
        folder = HostStorage(domains).default_pool().path
        return None if folder is None else posixpath.join(folder, volume)
    if state is False:
        raise HypervisorError(
            f"remove_volumes: the storage pool {pool} is off, so nobody knows whether {volume} is "
            f"there; {how_to_start(pool)}"
        )
    return None if state is None else files.volumes.path_of(pool, volume) or "/"
