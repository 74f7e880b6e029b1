# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of a migration, and what follows from it and from both hosts."""

from __future__ import annotations

import typing as t

from ..._hypervisor.migration import Journey
from ..._rules.migration.disks import FULL, NONE, Disk, copied, disks_of, folder_of
from ..._rules.migration.findings import Guest, Host, Wish, findings
from ..._rules.migration.note import Note
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action

#: Live where the guest runs, and offline where it is off; live; paused meanwhile; offline.
AUTO, ONLINE, PAUSED, OFFLINE = "auto", "live", "paused", "offline"
NONE_KEEPS_IT = (
    "persistent: with persistent and keep_source both false no host would keep the definition of the domain; set one of "
    "them to true"
)
_FILES = ("file", "volume")


class MigrationRequest(t.NamedTuple):
    """The request of a task; the fields are the options of the module."""

    domain: str
    destination: str
    mode: str = AUTO
    copy_storage: str = NONE
    migrate_uri: str | None = None
    is_peer_to_peer: bool = True
    is_tunnelled: bool = False
    is_encrypted: bool = False
    parallel: int | None = None
    bandwidth: int | None = None
    timeout: float | None = None
    is_postcopy: bool = False
    is_auto_converging: bool = False
    is_persistent: bool = True
    keep_source: bool = False
    autostart: bool | None = None
    is_unsafe: bool = False


class NewCopy(t.NamedTuple):
    """A volume that is made at the destination: its disk, its size in bytes, and its pool."""

    disk: Disk
    capacity: int
    pool: str

    @property
    def path(self) -> str:
        """Its path, which is the same on both hosts."""
        return self.disk.path or ""


class MigrationPlan(t.NamedTuple):
    """A migration: the way, the volumes that are made for it, and what is noted of it."""

    guest: Guest
    host: Host
    journey: Journey
    copies: tuple[NewCopy, ...]
    note: Note
    is_noted: bool

    def actions(self) -> t.Iterator[Action]:
        """The changes, as the module returns them."""
        when = LIVE if self.guest.is_active else CONFIG
        for copy in self.copies:
            yield Action(f"volume {copy.path}", None, f"copy of that of {self.guest.host}", when)
        yield Action("host", self.guest.host, self.host.name, when)


def planned(
    request: MigrationRequest,
    guest: Guest,
    host: Host,
    own: t.Collection[str],
    autostart: bool,
    is_persistent: bool,
) -> MigrationPlan:
    """The migration of a task.

    ``own`` are volumes at the destination that an earlier run has left. ``autostart`` is what
    the domain has at the destination, ``is_persistent`` whether the source has its definition.

    :raises TaskError: something is in the way; the message has all of it.
    """
    is_live = guest.is_active and request.mode in (AUTO, ONLINE)
    wish = Wish(guest.is_active, request.copy_storage, request.is_unsafe)
    found = [*_of_options(request, guest, is_persistent), *findings(guest, host, wish, own)]
    if found:
        raise TaskError(joined(found))
    disks = copied_of(request, guest)
    copies = []
    for disk in disks:
        pool = host.pool_over(folder_of(disk))
        if disk.kind in _FILES and pool is not None and request.copy_storage == FULL:
            copies.append(NewCopy(disk, guest.sizes.get(disk.target, 0), pool.name))
    journey = Journey(
        is_live=is_live,
        is_offline=not guest.is_active,
        is_peer_to_peer=request.is_peer_to_peer,
        is_tunnelled=request.is_tunnelled and guest.is_active,
        is_persistent=request.is_persistent,
        is_source_undefined=not request.keep_source and is_persistent,
        is_unsafe=request.is_unsafe,
        is_postcopy=request.is_postcopy and guest.is_active,
        is_auto_converging=request.is_auto_converging and guest.is_active,
        is_encrypted=request.is_encrypted and guest.is_active,
        copy_storage=request.copy_storage if guest.is_active and disks else None,
        copied=tuple(disk.target for disk in disks) if guest.is_active else (),
        migrate_uri=request.migrate_uri if guest.is_active else None,
        parallel=request.parallel if guest.is_active else None,
        bandwidth=request.bandwidth if guest.is_active else None,
        timeout=request.timeout,
    )
    # The guest may have written to the volumes when post-copy fails, so that no later run may take
    # them for its own.
    own_later = () if journey.is_postcopy else tuple(copy.path for copy in copies)
    note = Note(host.uuid, autostart, own_later)
    return MigrationPlan(guest, host, journey, tuple(copies), note, bool(own_later) or autostart)


def copied_of(request: MigrationRequest, guest: Guest) -> list[Disk]:
    """The disks that are copied."""
    return copied(disks_of(guest.document, guest.paths), request.copy_storage, guest.shared)


def _of_options(request: MigrationRequest, guest: Guest, is_persistent: bool) -> t.Iterator[str]:
    if request.mode in (ONLINE, PAUSED) and not guest.is_active:
        yield f"mode: it is {request.mode}, and the guest is off; start it, or set mode to auto or offline"
    if request.mode == OFFLINE and guest.is_active:
        yield "mode: it is offline, and the guest runs; stop it, or set mode to auto or live"
    if not guest.is_active and not request.is_persistent:
        yield "persistent: it is false, and a guest that is off is nothing but its definition; set it to true"
    if is_persistent and not request.is_persistent and not request.keep_source:
        yield NONE_KEEPS_IT


def joined(found: t.Sequence[str]) -> str:
    """All that is in the way, on one line."""
    if len(found) == 1:
        return found[0]
    numbered = (f"({number}) {text}" for number, text in enumerate(found, 1))
    return f"{len(found)} things are in the way of the migration: {' '.join(numbered)}"
