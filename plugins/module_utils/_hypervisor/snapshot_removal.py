# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a snapshot, which merges the overlays of an external one."""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .domains import Domain
from .errors import HypervisorError, reason
from .events import idle
from .flags import flag
from .libvirt_import import libvirt

#: The time between two looks at the progress, in seconds.
_POLL = 0.5
#: The time that libvirt may take to end its call after the jobs were cancelled, in seconds.
_END = 60.0


def delete(
    domain: Domain, name: str, targets: t.Sequence[str], timeout: float, is_started: bool
) -> None:
    """Delete one snapshot, and none of those that are based on it.

    ``targets`` are the disks whose overlays are merged; the merging is cancelled if there is no
    progress for ``timeout`` seconds. With ``is_started``, a domain that is off is started for it
    without letting the guest run, as newer versions of libvirt do.

    :raises HypervisorError: libvirt refuses or was cancelled.
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
        is_late = _watch(domain, thread, targets, timeout)
        if thread.is_alive():
            raise HypervisorError(
                f"libvirt is still merging the overlays of the snapshot, without progress for {timeout:g} s; wait until it "
                "has ended, then run the task again"
            )
    if errors and is_late:
        raise HypervisorError(
            f"merging the overlays had no progress for {timeout:g} s, and was cancelled: {reason(errors[0])}; see why "
            "the storage is slow, or raise merge_timeout, then run the task again"
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
) -> bool:
    """Wait for the end of the call; return whether its jobs had to be cancelled."""
    seen: object = None
    end = time.monotonic() + timeout
    is_late = False
    while thread.is_alive():
        thread.join(_POLL / 10 if seen is None else _POLL)
        if not thread.is_alive():
            break
        now = _progress(domain, targets)
        if now != seen:
            seen, end = now, time.monotonic() + timeout
        elif time.monotonic() >= end:
            if is_late:
                break
            is_late = True
            for target in targets:
                with contextlib.suppress(libvirt.libvirtError):
                    domain.raw.blockJobAbort(target, flag("VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC"))
            end = time.monotonic() + _END
        idle(0.01)
    return is_late


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
