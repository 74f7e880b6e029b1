# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that a task creates, and takes back when it fails."""

from __future__ import annotations

import contextlib
import typing as t

from ..hypervisor.connection import Connection
from ..hypervisor.volumes import Storage
from ..virtinst.storage import NewVolume
from .failures import TaskError
from .outcome import CONFIG, Action

_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"), (1, "bytes"))


class NewVolumes:
    """``volumes`` are those to be created."""

    def __init__(self, connection: Connection) -> None:
        self._storage = Storage(connection)
        self.volumes: t.Sequence[NewVolume] = ()

    def create(self) -> None:
        """Create those that were not created here yet.

        :raises HypervisorError: one can't be created.
        """
        self._storage.create_all(self.volumes)

    def actions(self) -> tuple[Action, ...]:
        """What is created."""
        return tuple(
            Action(f"volume {one.path}", None, described(one), CONFIG) for one in self.volumes
        )

    @contextlib.contextmanager
    def taken_back(self) -> t.Iterator[None]:
        """Delete what was created within the block, if it fails before anything uses it.

        :raises TaskError: it could not be deleted.
        """
        try:
            yield
        except Exception as error:
            # The definition has it by then.
            if getattr(error, "changed", False):
                raise
            left = self._storage.remove_created()
            if left:
                raise TaskError(
                    f"{error}; the volumes {', '.join(left)} were created for it and could not be "
                    "deleted again; delete them yourself",
                    changed=True,
                ) from error
            raise


def described(volume: NewVolume) -> str:
    """Format, size and backing file of a volume, for a person."""
    base = f", based on {volume.backing}" if volume.backing else ""
    return f"{volume.format}, {readable(volume.capacity)}{base}"


def readable(capacity: int) -> str:
    """A number of bytes, for a person."""
    unit, name = next(one for one in _UNITS if capacity >= one[0] or one[0] == 1)
    return f"{capacity / unit:.4g} {name}"
