# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a volume, which nothing may use."""

from __future__ import annotations

from ..._hypervisor.file_users import files_in_use
from ..._hypervisor.volume_removal import Removable, remove, undeletable
from ..._hypervisor.volumes import StoredVolume
from ..._rules.amounts import readable
from ..absent import Removal
from ..errors import TaskError
from ..outcome import LIVE, Action


class Deleted(Removal[StoredVolume]):
    """Deletes a volume; with ``wipes``, its content is overwritten before."""

    beside = "content"

    def __init__(self, wipes: bool) -> None:
        self._wipes = wipes

    def actions(self, found: StoredVolume) -> tuple[Action, ...]:
        """That its content is overwritten.

        :raises TaskError: something uses it, or libvirt can't delete it.
        """
        _check(found)
        if not self._wipes:
            return ()
        return (Action("content", readable(found.raw.info()[1]), None, LIVE),)

    def remove(self, found: StoredVolume) -> None:
        """Delete it.

        :raises HypervisorError: libvirt refuses.
        """
        if self._wipes:
            with found.connection.explained(f"overwrite {found.path}", "set wipe to false"):
                found.raw.wipe(0)
        remove(found.connection, Removable(found.name, found.path, found.raw, 0))


def _check(found: StoredVolume) -> None:
    files = files_in_use(found.connection)
    volume = files.volumes.at(found.path)
    reason = None if volume is None else undeletable(files, volume)
    reason = reason or files.use.of(found.path).reason
    if reason is not None:
        raise TaskError(
            f"state: {found.path} {reason}, and such a volume is never deleted; end that first"
        )
