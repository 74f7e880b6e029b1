# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who uses a storage pool: running guests with disks in it, and all that uses its volumes."""

from __future__ import annotations

import os
import posixpath
import typing as t

from .active_object import Pool
from .file_users import FilesInUse, files_in_use
from .pool_volumes import DIRECTORIES, Volume


class PoolContent(t.NamedTuple):
    """What is in an active pool: its volumes, and its folder where all below that is in it."""

    files: FilesInUse
    volumes: tuple[Volume, ...]
    folder: str | None
    is_local: bool = False

    def has(self, path: str) -> bool:
        """Whether a file, by any of its names, is in the pool."""
        names = self.files.use.names
        keys = names.keys(path)
        if any(not keys.isdisjoint(names.keys(volume.path)) for volume in self.volumes):
            return True
        return self.folder is not None and names.is_below(path, self.folder)

    def others(self) -> list[str]:
        """What is in its folder and no volume to libvirt, such as a broken link, if that is known."""
        known = {posixpath.basename(volume.path) for volume in self.volumes}
        try:
            found = os.listdir(self.folder) if self.folder is not None and self.is_local else ()
        except OSError:
            return []
        return sorted(name for name in found if name not in known)


def content_of(found: Pool) -> PoolContent:
    """What is in a pool; an inactive one has no known volumes.

    :raises HypervisorError: it can't be read.
    """
    files, document = files_in_use(found.connection), found.document()
    is_folder = document.get("type") in DIRECTORIES
    return PoolContent(
        files,
        tuple(files.volumes.of_pool(found.name)),
        document.value("target/path") if is_folder else None,
        found.connection.is_local,
    )


def running_guests(found: Pool) -> list[str]:
    """The names of the running domains that have files of a pool open, sorted.

    :raises HypervisorError: the domains or volumes can't be read.
    """
    content = content_of(found)
    return sorted(
        {
            use.domain
            for use in content.files.use.uses
            if use.is_running and use.domain and content.has(use.path)
        }
    )
