# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of both hosts before a domain is migrated."""

from __future__ import annotations

import contextlib
import os
import posixpath
import typing as t

from .._choices import ABSENT as NO_STATE
from .._rules.domain.disks import disks_by_target
from .._rules.migration.disks import SHARED_FILE_SYSTEMS, Disk, disks_of
from .._rules.migration.findings import Guest, Host, Pool
from .._rules.migration.note import Note
from .._rules.migration.situation import ACTIVE, OFF, Presence, is_half
from .._xmltree.element import Element
from .._xmltree.parse import parse
from .._xmltree.serialise import serialise
from .block_jobs import jobs_of
from .chains import known_chain
from .connection import Connection
from .disk_images import path_of
from .domains import STATES, Domain, Domains
from .errors import is_code, reason
from .file_users import is_absent
from .flags import flag
from .job_words import job_words
from .libvirt_import import libvirt
from .mounts import file_system_of
from .nwfilters import names as names_of_nwfilters
from .power import is_saved
from .refreshing import refresh
from .removal import has_tpm
from .snapshots import names_of_snapshots
from .state_reasons import state_reason

#: What a driver answers that doesn't have the objects of a kind.
_LACKS = ("VIR_ERR_NO_SUPPORT", "VIR_ERR_OPERATION_UNSUPPORTED")
_T = t.TypeVar("_T")


def host_uuid(connection: Connection) -> str:
    """The UUID of a hypervisor's host.

    :raises HypervisorError: it can't be read.
    """

    def read() -> str:
        with connection.explained("read the capabilities of the host"):
            return parse(connection.raw.getCapabilities()).value("host/uuid") or ""

    return connection.cache.get("host uuid", read)


def host_name(connection: Connection) -> str:
    """The name of a hypervisor's host; its URI where the driver doesn't know one."""
    try:
        return str(connection.raw.getHostname())
    except libvirt.libvirtError:
        return connection.uri


def presence(domain: Domain | None) -> Presence:
    """Where a domain is on its host, at this moment.

    :raises HypervisorError: it can't be read.
    """
    if domain is None:
        return Presence()
    with domain.connection.explained("read the domain's state"):
        try:
            number, cause = domain.raw.state()[:2]
            is_active = bool(domain.raw.isActive())
            job = _job(domain) if is_active else None
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return Presence()
            raise
    state = STATES[number] if number < len(STATES) else NO_STATE
    return Presence(ACTIVE if is_active else OFF, state, state_reason(state, cause), job)


def _job(domain: Domain) -> str | None:
    """What libvirt is doing with a guest, in words."""
    try:
        return job_words(domain.raw.jobStats(0))
    except libvirt.libvirtError as error:
        # A guest that is about to end, or that a peer doesn't answer for.
        if is_code(error, *_LACKS, "VIR_ERR_OPERATION_INVALID"):
            return None
        raise


def guest_of(domain: Domain) -> Guest:
    """What matters of a domain at the source.

    :raises HypervisorError: it can't be read.
    """
    connection, facts = domain.connection, domain.facts()
    document = _migratable(domain) if facts.active else domain.document()
    paths = _paths_of_volumes(connection, document)
    disks = disks_of(document, paths)
    files = [disk for disk in disks if disk.path is not None and disk.is_written]
    written = [disk for disk in disks if disk.is_written or disk.is_shared]
    shared = {disk.path: is_shared(connection, disk) for disk in written if disk.path}
    present = presence(domain)
    return Guest(
        name=domain.name,
        uuid=domain.uuid,
        host=host_name(connection),
        host_uuid=host_uuid(connection),
        version=connection.version(),
        document=document,
        is_active=facts.active,
        kept=tuple(names_of_snapshots(domain)),
        is_saved=not facts.active and is_saved(domain),
        job=present.job,
        block_jobs=tuple(job.target for job in jobs_of(domain)),
        unshared=frozenset(path for path, answer in shared.items() if answer is False),
        shared=frozenset(path for path, answer in shared.items() if answer),
        is_remote=not connection.is_local,
        is_half=is_half(present, Presence()),
        chained=frozenset(disk.target for disk in files if _has_base(connection, disk)),
        sizes={disk.target: _capacity(domain, disk, facts.active) for disk in files},
        paths=paths,
        has_tpm=has_tpm(document),
        nvram=_nvram(connection, document),
    )


def _nvram(connection: Connection, document: Element) -> str | None:
    """The file with the variables of the UEFI, unless there is certainly none yet."""
    path = document.value("os/nvram") or document.value("os/nvram/source/@file")
    return None if path is None or is_absent(connection, path) else path


def _migratable(domain: Domain) -> Element:
    """The document that the destination gets."""
    with domain.connection.explained("read the document that is migrated"):
        return parse(domain.raw.XMLDesc(flag("VIR_DOMAIN_XML_MIGRATABLE")))


def _paths_of_volumes(connection: Connection, document: Element) -> dict[str, str]:
    found = {
        target: path_of(connection, disk)
        for target, disk in disks_by_target(document).items()
        if disk.value("source/@volume") is not None
    }
    return {target: path for target, path in found.items() if path is not None}


def is_shared(connection: Connection, disk: Disk) -> bool | None:
    """Whether an image is on a file system that other hosts have; ``None`` where that is unknown.

    libvirt refuses to migrate a guest whose image isn't (qemuMigrationSrcIsSafe). Of another host's
    files that is unknown here.
    """
    if disk.kind not in ("file", "volume") or not connection.is_local or disk.path is None:
        return None
    if os.path.exists(disk.path) and not os.path.isfile(disk.path):
        # A block device.
        return None
    kind = file_system_of(os.path.realpath(disk.path))
    return None if kind is None else kind in SHARED_FILE_SYSTEMS


def kept_of(domain: Domain | None) -> tuple[str, ...]:
    """What belongs to the disks of an inactive domain as they were, in words."""
    if domain is None or domain.facts().active:
        return ()
    return (*(("a saved state",) if is_saved(domain) else ()), *names_of_snapshots(domain))


def own_volumes(connection: Connection, note: Note, copies: t.Iterable[Disk]) -> tuple[str, ...]:
    """The volumes at the destination that an earlier run has left, of the disks that are copied.

    A note may have come from the domain that this one was cloned from, and what it names may have
    become the image of another one.
    """
    mine = {disk.path for disk in copies}
    paths = [path for path in note.volumes if path in mine]
    if not paths:
        return ()
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from .file_users import files_in_use

    use = files_in_use(connection).use
    return tuple(path for path in paths if use.of(path).certain.reason is None)


def _has_base(connection: Connection, disk: Disk) -> bool:
    return disk.has_backing or bool(disk.path and known_chain(connection, disk.path))


def _capacity(domain: Domain, disk: Disk, is_active: bool) -> int:
    """The size of the disk in bytes; 0 where it is unknown."""
    with contextlib.suppress(libvirt.libvirtError):
        if is_active:
            return int(domain.raw.blockInfo(disk.target, 0)[0])
        if disk.path is not None:
            raw = domain.connection.raw.storageVolLookupByPath(disk.path)
            return int(raw.info()[1])
    return 0


def host_for(connection: Connection, guest: Guest) -> Host:
    """What the destination has of what a guest needs.

    :raises HypervisorError: it can't be read.
    """
    raw = connection.raw
    with connection.explained("read what the destination has"):
        networks = _listed(
            lambda: {each.name(): bool(each.isActive()) for each in raw.listAllNetworks(0)}
        )
        secrets = _listed(lambda: _secrets(raw))
        pools = _listed(lambda: tuple(_pools(raw)))
        nwfilters = _listed(lambda: names_of_nwfilters(connection))
    namesake, there = (
        Domains(connection).by_name(guest.name),
        Domains(connection).by_uuid(guest.uuid),
    )
    return Host(
        name=host_name(connection),
        uuid=host_uuid(connection),
        networks=networks,
        nwfilters=nwfilters,
        secrets=secrets,
        pools=pools or (),
        namesake=namesake.uuid if namesake is not None and namesake.uuid != guest.uuid else None,
        emulator=_lacking_machine(connection, guest.document),
        cpu=_lacking_cpu(connection, guest.document) if guest.is_active else None,
        other_name=there.name if there is not None and there.name != guest.name else None,
        stale=kept_of(there),
    )


def _listed(read: t.Callable[[], _T]) -> _T | None:
    try:
        return read()
    except libvirt.libvirtError as error:
        if is_code(error, *_LACKS):
            return None
        raise


def _secrets(raw: t.Any) -> frozenset[str]:
    found = set()
    for secret in raw.listAllSecrets(0):
        document = parse(secret.XMLDesc(0))
        found.add(secret.UUIDString())
        usage = document.child("usage")
        if usage is not None:
            names = [child.text or "" for child in usage.children]
            found |= {f"{usage.get('type')} {name}" for name in names}
    return frozenset(found)


def _pools(raw: t.Any) -> t.Iterator[Pool]:
    for pool in raw.listAllStoragePools(0):
        try:
            is_active = bool(pool.isActive())
            if is_active:
                # libvirt doesn't know what other programs have put there.
                with contextlib.suppress(libvirt.libvirtError):
                    refresh(pool)
            document = parse(pool.XMLDesc(0))
            volumes = frozenset(pool.listVolumes()) if is_active else frozenset()
        except libvirt.libvirtError as error:
            # Another client has removed it.
            if is_code(error, "VIR_ERR_NO_STORAGE_POOL"):
                continue
            raise
        folder, room = document.value("target/path"), document.value("available") or ""
        yield Pool(
            pool.name(),
            is_active,
            None if folder is None else posixpath.normpath(folder),
            volumes,
            int(room) if room.isdigit() and is_active else None,
        )


def _machine(document: Element) -> tuple[str | None, ...]:
    """The emulator, architecture, machine type and kind of virtualisation of a domain."""
    return (
        document.value("devices/emulator"),
        document.value("os/type/@arch"),
        document.value("os/type/@machine"),
        document.get("type"),
    )


def _lacking_machine(connection: Connection, document: Element) -> str | None:
    """Why a host can't run such a machine."""
    try:
        connection.raw.getDomainCapabilities(*_machine(document), 0)
    except libvirt.libvirtError as error:
        return None if is_code(error, *_LACKS) else reason(error)
    return None


def _lacking_cpu(connection: Connection, document: Element) -> str | None:
    """What a host's CPU lacks; ``None`` where it has all, or where that is unknown."""
    cpu = document.child("cpu")
    if cpu is None or cpu.get("mode") in ("host-passthrough", "maximum"):
        return None
    flags = flag("VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE")
    try:
        found = connection.raw.compareHypervisorCPU(*_machine(document), serialise(cpu), flags)
    except libvirt.libvirtError as error:
        return reason(error) if is_code(error, "VIR_ERR_CPU_INCOMPATIBLE") else None
    return "it is incompatible" if found == libvirt.VIR_CPU_COMPARE_INCOMPATIBLE else None
