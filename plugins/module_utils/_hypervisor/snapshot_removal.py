# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a snapshot, which merges the overlays of an external one."""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .domains import Domain
from .errors import HypervisorError
from .flags import flag
from .libvirt_import import libvirt

#: The time between two looks at the progress, in seconds.
_POLL = 0.5


def delete(
    domain: Domain, name: str, targets: t.Sequence[str], timeout: float, is_started: bool
) -> None:
    """Delete one snapshot, and none of those that are based on it.

    ``targets`` are the disks whose overlays are merged; it is given up if there is no progress for
    ``timeout`` seconds. libvirt's call goes on then, because it can't be cancelled: the block job
    is libvirt's own (virDomainBlockJobAbort: does not have an active block job, tried on 9.0).
    With ``is_started``, a domain that is off is started for it without letting the guest run, as
    newer versions of libvirt do.

    :raises HypervisorError: libvirt refuses, or makes no progress.
    """
    with _ready(domain, is_started):
        errors: list[t.Any] = []

        def work() -> None:
            try:
                domain.raw.snapshotLookupByName(name, 0).delete(0)
            except libvirt.libvirtError as error:
                errors.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        _watch(domain, thread, targets, timeout)
        if thread.is_alive():
            raise HypervisorError(
                f"merge_timeout: merging the overlays of the snapshot '{name}' has had no progress for {timeout:g} s, and "
                "libvirt goes on with it; see why the storage is slow, then run the task again when it has ended"
            )
    if errors:
        with domain.connection.explained(f"delete the snapshot {name}"):
            raise errors[0]


@contextlib.contextmanager
def _ready(domain: Domain, is_started: bool) -> t.Iterator[None]:
    if not is_started:
        yield
        return
    with domain.connection.explained("start QEMU, so that the overlays can be merged"):
        # AUTODESTROY: it ends with the connection at the latest.
        domain.raw.createWithFlags(
            flag("VIR_DOMAIN_START_PAUSED") | flag("VIR_DOMAIN_START_AUTODESTROY")
        )
    try:
        yield
    finally:
        with contextlib.suppress(libvirt.libvirtError):
            domain.raw.destroy()


def _watch(
    domain: Domain, thread: threading.Thread, targets: t.Sequence[str], timeout: float
) -> None:
    """Wait for the end of the call, as long as it makes progress."""
    seen: object = None
    end = time.monotonic() + timeout
    pause = _POLL / 10
    while thread.is_alive():
        thread.join(pause)
        pause = min(_POLL, pause * 2)
        now = _progress(domain, targets)
        if now != seen:
            seen, end = now, time.monotonic() + timeout
        elif time.monotonic() >= end:
            return


def _progress(domain: Domain, targets: t.Sequence[str]) -> object:
    found = []
    for target in targets:
        with contextlib.suppress(libvirt.libvirtError):
            info = domain.raw.blockJobInfo(target, 0)
            found.append((target, info.get("cur"), info.get("end")))
    return found or ()


def forget(domain: Domain, name: str) -> None:
    """Delete what libvirt keeps of a snapshot; its data stay.

    :raises HypervisorError: libvirt refuses.
    """
    with domain.connection.explained(f"forget the snapshot {name}"):
        domain.raw.snapshotLookupByName(name, 0).delete(
            flag("VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY")
        )
