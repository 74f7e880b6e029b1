# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Migrating a domain: libvirt's call, its progress and its end."""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .._rules.migration.disks import FULL, INCREMENTAL
from .._rules.migration.note import PREFIX, URI, Note
from .._xmltree.serialise import serialise
from .connection import Connection
from .domains import Domain
from .errors import HypervisorError, explained, is_code
from .events import KeepAlive
from .flags import flag
from .libvirt_import import libvirt
from .removal import has_nvram, has_tpm

#: The time between two looks at the progress, in seconds, and that before the first one.
_POLL, _FIRST_POLL = 0.5, 0.05
#: How long a cancelled migration may take to end, in seconds.
_END = 60.0
#: The libvirt that keeps the state of a TPM where that is asked for.
_KEEPS_TPM = 8_009_000
#: The flags by what is asked for.
_FLAGS = {
    "is_live": "LIVE",
    "is_peer_to_peer": "PEER2PEER",
    "is_tunnelled": "TUNNELLED",
    "is_persistent": "PERSIST_DEST",
    "is_source_undefined": "UNDEFINE_SOURCE",
    "is_offline": "OFFLINE",
    "is_unsafe": "UNSAFE",
    "is_postcopy": "POSTCOPY",
    "is_resumed": "POSTCOPY_RESUME",
    "is_auto_converging": "AUTO_CONVERGE",
    "is_encrypted": "TLS",
}


class Journey(t.NamedTuple):
    """How a domain is migrated.

    ``bandwidth`` is in MiB/s, ``timeout`` in seconds; ``copied`` are the targets of the disks that
    libvirt copies, and ``copy_storage`` says how. ``is_resumed``: a post-copy migration that was
    interrupted goes on.
    """

    is_live: bool = False
    is_offline: bool = False
    is_peer_to_peer: bool = True
    is_tunnelled: bool = False
    is_persistent: bool = True
    is_source_undefined: bool = True
    is_unsafe: bool = False
    is_postcopy: bool = False
    is_resumed: bool = False
    is_auto_converging: bool = False
    is_encrypted: bool = False
    copy_storage: str | None = None
    copied: tuple[str, ...] = ()
    migrate_uri: str | None = None
    parallel: int | None = None
    bandwidth: int | None = None
    timeout: float | None = None

    def flags(self) -> int:
        """libvirt's flags.

        :raises HypervisorError: this libvirt-python lacks one of them.
        """
        words = [word for field, word in _FLAGS.items() if getattr(self, field)]
        words += {FULL: ["NON_SHARED_DISK"], INCREMENTAL: ["NON_SHARED_INC"]}.get(
            self.copy_storage or "", []
        )
        words += ["PARALLEL"] if self.parallel else []
        total = 0
        for word in words:
            number = flag(f"VIR_MIGRATE_{word}")
            if not number:
                raise HypervisorError(
                    f"this libvirt-python doesn't know the flag {word} of migrations; update it, or leave that option out"
                )
            total |= number
        return total

    def parameters(self) -> dict[str, t.Any]:
        """libvirt's typed parameters."""
        found: dict[str, t.Any] = {}
        if self.migrate_uri is not None:
            found[libvirt.VIR_MIGRATE_PARAM_URI] = self.migrate_uri
            if self.copied and self.migrate_uri.startswith("unix:"):
                found[libvirt.VIR_MIGRATE_PARAM_DISKS_URI] = f"{self.migrate_uri}-disks"
        if self.bandwidth is not None:
            found[libvirt.VIR_MIGRATE_PARAM_BANDWIDTH] = self.bandwidth
            if self.is_postcopy:
                # What the guest asks for there is sent at once all the same.
                found[libvirt.VIR_MIGRATE_PARAM_BANDWIDTH_POSTCOPY] = self.bandwidth
        if self.parallel:
            found[libvirt.VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS] = self.parallel
        if self.copied:
            found[libvirt.VIR_MIGRATE_PARAM_MIGRATE_DISKS] = list(self.copied)
        return found


class Cancelled(HypervisorError):
    """The migration took too long, and was cancelled."""


def migrate(
    domain: Domain, destination: Connection, uri: str, journey: Journey
) -> dict[str, t.Any]:
    """Migrate a domain, and wait for the end. ``uri`` is that of the destination.

    The result has the last numbers that the source gave, as :func:`statistics`.

    :raises Cancelled: it took longer than ``journey.timeout``.
    :raises HypervisorError: libvirt refuses, or it failed on the way.
    """
    errors: list[t.Any] = []
    is_over = threading.Event()
    flags, parameters = journey.flags(), journey.parameters()

    def work() -> None:
        try:
            if journey.is_peer_to_peer:
                domain.raw.migrateToURI3(uri, parameters, flags)
            else:
                domain.raw.migrate3(destination.raw, parameters, flags)
        except Exception as error:
            errors.append(error)
        finally:
            is_over.set()

    started = time.monotonic()
    threading.Thread(target=work, daemon=True).start()
    was_cancelled, last = _watch(domain, is_over, journey)
    if not is_over.is_set():
        raise Cancelled(
            f"the migration was cancelled after {time.monotonic() - started:.0f} s, and hasn't ended; see virsh domjobinfo, "
            "and run the task again when it has"
        )
    if not errors:
        return last
    if not isinstance(errors[0], libvirt.libvirtError):
        raise errors[0]
    progress = _progress(last)
    if was_cancelled and is_code(errors[0], "VIR_ERR_OPERATION_ABORTED"):
        raise Cancelled(
            f"migrate_timeout: the migration was cancelled after {journey.timeout:g} s{progress}; give it more time or "
            "bandwidth, let the guest rest, or set postcopy or auto_converge"
        )
    with explained(
        f"migrate the domain{progress}", domain.connection.raw, _advice(errors[0], journey)
    ):
        raise errors[0]


def _advice(error: t.Any, journey: Journey) -> str:
    """A remedy for errors of migrations, where the table of all errors has none."""
    if is_code(error, "VIR_ERR_MIGRATE_UNSAFE"):
        return "set copy_storage, put the images on shared storage, or set unsafe: true if both hosts do share them"
    if is_code(error, "VIR_ERR_OPERATION_ABORTED"):
        return "somebody has cancelled it; run the task again"
    if journey.is_encrypted:
        return (
            "see that both hosts have certificates of QEMU for tls, that of the destination for the host in migrate_uri (the "
            "guide about moving guests says where), and see the logs of libvirt and QEMU on both, then run the task again"
        )
    return "see the logs of libvirt and QEMU on both hosts, then run the task again"


def _watch(
    domain: Domain, is_over: threading.Event, journey: Journey
) -> tuple[bool, dict[str, t.Any]]:
    """Wait for the end; return whether it was cancelled, and the last numbers."""
    end = None if journey.timeout is None else time.monotonic() + journey.timeout
    was_cancelled, was_switched = False, False
    last: dict[str, t.Any] = {}
    keep_alive, pause = KeepAlive(), _FIRST_POLL
    while not is_over.wait(pause):
        keep_alive.answer()
        pause = min(_POLL, pause * 1.3)
        stats = statistics(domain)
        if stats.get("data_total"):
            last = stats
        if journey.is_postcopy and not was_switched and stats.get("memory_iteration", 0) > 1:
            with contextlib.suppress(libvirt.libvirtError):
                domain.raw.migrateStartPostCopy(0)
                was_switched = True
        if end is not None and time.monotonic() >= end:
            if was_cancelled:
                break
            # Post-copy can't be cancelled without losing the guest.
            if not was_switched:
                with contextlib.suppress(libvirt.libvirtError):
                    domain.raw.abortJob()
            was_cancelled, end = True, time.monotonic() + _END
    return was_cancelled, last


def _progress(stats: t.Mapping[str, t.Any]) -> str:
    if not stats:
        return ""
    mib = 1024 * 1024
    done, total = stats.get("data_processed", 0) // mib, stats["data_total"] // mib
    return f" ({done} of {total} MiB were sent)"


def statistics(domain: Domain, is_completed: bool = False) -> dict[str, t.Any]:
    """libvirt's numbers of the job; empty where it has none. Times are in ms, sizes in bytes."""
    number = flag("VIR_DOMAIN_JOB_STATS_COMPLETED") if is_completed else 0
    try:
        found = dict(domain.raw.jobStats(number))
    except libvirt.libvirtError:
        return {}
    return found if found.get("type") else {}


def write_note(domain: Domain, note: Note | None, is_active: bool) -> None:
    """Write a note about its migration into a domain's metadata, or remove it.

    :raises HypervisorError: libvirt refuses.
    """
    flags = libvirt.VIR_DOMAIN_AFFECT_LIVE if is_active else 0
    with domain.connection.explained("note the migration in the domain's metadata"):
        if domain.raw.isPersistent():
            flags |= libvirt.VIR_DOMAIN_AFFECT_CONFIG
        text = None if note is None else serialise(note.element())
        try:
            domain.raw.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, text, PREFIX, URI, flags)
        except libvirt.libvirtError as error:
            # There is nothing to remove.
            if note is not None or not is_code(error, "VIR_ERR_NO_DOMAIN_METADATA"):
                raise


def make_persistent(domain: Domain) -> None:
    """Define a guest that has no definition.

    :raises HypervisorError: libvirt refuses.
    """
    dump = flag("VIR_DOMAIN_XML_INACTIVE") | flag("VIR_DOMAIN_XML_SECURE")
    with domain.connection.explained("keep the domain's definition"):
        domain.connection.raw.defineXML(domain.raw.XMLDesc(dump))


def undefine_stale(domain: Domain) -> None:
    """Remove the definition that a domain has left behind; its files stay, as libvirt leaves them.

    The hosts may share the folder with the state of its TPM, which the guest goes on with.

    :raises HypervisorError: libvirt refuses.
    """
    document = domain.document()
    flags = flag("VIR_DOMAIN_UNDEFINE_KEEP_NVRAM") if has_nvram(document) else 0
    if has_tpm(document) and domain.connection.version() >= _KEEPS_TPM:
        flags |= flag("VIR_DOMAIN_UNDEFINE_KEEP_TPM")
    with domain.connection.explained("undefine the domain at the source"):
        try:
            domain.raw.undefineFlags(flags)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise
