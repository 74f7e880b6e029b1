# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the way of a migration: each finding is a fact and its remedy.

Everything here is known before anything is done, so that check mode fails as the run would.
"""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element
from ..kept import removal_of
from .devices import staying
from .disks import FULL, INCREMENTAL, NONE, Disk, copied, disks_of, folder_of
from .situation import words_of_half


class Wish(t.NamedTuple):
    """What the task asks of the migration; the fields are the options of the module."""

    is_live: bool
    copy_storage: str = NONE
    is_unsafe: bool = False


class Guest(t.NamedTuple):
    """A domain at the source.

    * ``document`` is that of the running guest, or else the definition.
    * ``kept`` are its snapshots and checkpoints, in words.
    * ``job`` names what libvirt is doing with it, ``block_jobs`` the targets with a job.
    * ``unshared`` are the paths of its images that are certainly on a file system of the source
      alone.
    * ``sizes`` are the capacities of its images, and ``paths`` those of its volumes, by target, as
      far as they are known.
    * ``chained`` are the targets with backing files.
    * ``nvram`` is the file with the variables of its UEFI.
    * ``shared`` are the paths of its images that are certainly on a file system of several hosts.
    * ``is_half``: it is what a post-copy migration has left that failed.
    * ``is_remote``: the source is another host than that of the task, so that both are unknown.
    """

    name: str
    uuid: str
    host: str
    host_uuid: str
    version: int
    document: Element
    is_active: bool
    kept: tuple[str, ...] = ()
    is_saved: bool = False
    job: str | None = None
    block_jobs: tuple[str, ...] = ()
    unshared: frozenset[str] = frozenset()
    chained: frozenset[str] = frozenset()
    sizes: t.Mapping[str, int] = {}
    paths: t.Mapping[str, str] = {}
    has_tpm: bool = False
    nvram: str | None = None
    shared: frozenset[str] = frozenset()
    is_remote: bool = False
    is_half: bool = False


class Pool(t.NamedTuple):
    """A storage pool: the names of its volumes, and how many bytes are free in it."""

    name: str
    is_active: bool
    folder: str | None
    volumes: frozenset[str]
    available: int | None


class Host(t.NamedTuple):
    """The destination, as far as the guest needs it.

    * ``networks`` are on or not, by name; ``None`` where the driver has none.
    * ``secrets`` are their UUIDs, and their uses as "TYPE NAME".
    * ``namesake`` is the UUID of another domain with the guest's name.
    * ``emulator`` is why it can't run such a machine, ``cpu`` why its CPU isn't enough.
    * ``other_name`` is the name that the guest's UUID has there, if that is another one.
    * ``stale`` is what an inactive definition of the guest keeps there, in words: a saved state, snapshots.
    """

    name: str
    uuid: str
    networks: t.Mapping[str, bool] | None
    nwfilters: frozenset[str] | None
    secrets: frozenset[str] | None
    pools: tuple[Pool, ...] = ()
    namesake: str | None = None
    emulator: str | None = None
    cpu: str | None = None
    other_name: str | None = None
    stale: tuple[str, ...] = ()

    def pool(self, name: str | None) -> Pool | None:
        """The pool with this name."""
        return next((pool for pool in self.pools if pool.name == name), None)

    def pool_over(self, folder: str) -> Pool | None:
        """The active pool over a folder."""
        return next((pool for pool in self.pools if pool.is_active and pool.folder == folder), None)


def findings(guest: Guest, host: Host, wish: Wish, own: t.Collection[str] = ()) -> t.Iterator[str]:
    """All that is in the way. ``own`` are volumes of the guest that an earlier run has left.

    The first finding alone counts where both hosts are one, or where only a part of the guest is left.
    """
    if guest.host_uuid == host.uuid:
        yield (
            f"destination: it is the host of the guest ({guest.host}, by its UUID {host.uuid}); give another one, or set "
            "host_uuid in libvirtd.conf if the machines were cloned"
        )
        return
    if guest.is_half:
        yield f"domain: {words_of_half(guest.name, guest.host, host.name)}"
        return
    yield from _of_guest(guest, wish)
    yield from _of_host(guest, host)
    yield from _of_references(guest, host)
    yield from _of_disks(guest, host, wish, own)


def _of_guest(guest: Guest, wish: Wish) -> t.Iterator[str]:
    if guest.job is not None:
        yield f"domain: {guest.job} is in progress; wait until that has ended, or cancel it with virsh domjobabort"
    for target in guest.block_jobs:
        yield f"domain: the disk {target} has a block job; wait until that has ended"
    if guest.kept:
        yield f"domain: it has {', '.join(guest.kept)}, with which libvirt moves no domain; {removal_of(guest.kept)}"
    if guest.is_saved:
        yield (
            "domain: its state is saved, and would stay behind; start it, so that it is moved with its memory, or remove "
            "that state with virsh managedsave-remove"
        )
    if wish.is_live:
        for words, remedy in staying(guest.document, guest.version):
            yield f"domain: it has {words}, which can't be moved; {remedy}"
    # A guest that runs takes both along: QEMU sends the flash and what swtpm keeps.
    if not guest.is_active and not wish.is_unsafe:
        moves = "start it and move it while it runs, or set unsafe: true if both hosts share that, or it may be lost"
        if guest.has_tpm:
            yield f"domain: it has a TPM, whose state stays behind while the guest is off; {moves}"
        if guest.nvram is not None:
            yield f"domain: the variables of its UEFI ({guest.nvram}) stay behind while the guest is off; {moves}"


def _of_host(guest: Guest, host: Host) -> t.Iterator[str]:
    if host.namesake is not None:
        yield (
            f"destination: {host.name} has another domain '{guest.name}' (UUID {host.namesake}); rename or remove one of "
            "both"
        )
    if host.other_name is not None:
        yield (
            f"destination: {host.name} has the domain under another name, '{host.other_name}'; remove that definition there, "
            f"or give it the name '{guest.name}'"
        )
    if host.stale:
        yield (
            f"destination: {host.name} has {' and '.join(host.stale)} of the domain from an earlier time, which would damage "
            "its disks if it went on from there; remove that there"
        )
    if host.emulator is not None:
        yield (
            f"destination: {host.name} can't run this machine: {host.emulator}; install that emulator, or give the guest a "
            "machine type that both hosts have"
        )
    if host.cpu is not None:
        yield (
            f"destination: the CPU of {host.name} lacks what the guest has: {host.cpu}; give the guest a CPU model that both "
            "hosts have (virsh hypervisor-cpu-baseline), and restart it"
        )


def _of_references(guest: Guest, host: Host) -> t.Iterator[str]:
    document = guest.document
    for name in _values(document, "devices/interface/source/@network"):
        is_on = True if host.networks is None else host.networks.get(name)
        if is_on is None:
            yield f"destination: {host.name} has no network '{name}'; define it there, as the module network does"
        elif not is_on:
            yield f"destination: the network '{name}' of {host.name} is off; start it, as the module network does"
    for element in document.findall("devices/interface"):
        name = element.value("filterref/@filter") or ""
        if name and host.nwfilters is not None and name not in host.nwfilters:
            yield f"destination: {host.name} has no nwfilter '{name}'; define it there, as the module nwfilter does"
    missing = set()
    for element in document.walk():
        if element.tag != "secret" or host.secrets is None:
            continue
        key = element.get("uuid") or f"{element.get('type') or ''} {element.get('usage') or ''}"
        if key.strip() and key not in host.secrets and key not in missing:
            missing.add(key)
            yield f"destination: {host.name} has no secret '{key}'; define it there with its value, as the module secret does"


def _of_disks(guest: Guest, host: Host, wish: Wish, own: t.Collection[str]) -> t.Iterator[str]:
    disks = disks_of(guest.document, guest.paths)
    copies = copied(disks, wish.copy_storage, guest.shared)
    needs: dict[str, int] = {}
    for disk in disks:
        if disk.pool is not None:
            yield from _of_pool(host, disk, disk in copies)
        if disk in copies:
            yield from _of_copy(guest, host, wish, disk, own)
            pool = host.pool_over(folder_of(disk))
            if pool is not None and disk.path not in own:
                needs[pool.name] = needs.get(pool.name, 0) + guest.sizes.get(disk.target, 0)
        elif disk.path in guest.unshared and not wish.is_unsafe:
            # Guests on two hosts would have two copies of what they share.
            copy = "" if disk.is_shared else "set copy_storage: full, "
            yield (
                f"copy_storage: {disk.target} is {disk.path}, which {host.name} doesn't share; {copy}put the image on shared "
                "storage, or set unsafe: true if both hosts do share it"
            )
        elif _is_unchecked(guest, disk) and not wish.is_unsafe:
            yield (
                f"copy_storage: whether {host.name} shares {disk.path}, which {disk.target} is, is seen only by a task on the "
                "host of the guest, or by libvirt while the guest runs; set copy_storage: full, or unsafe: true if both hosts "
                "do share it"
            )
        elif disk.kind == "file" and not disk.is_optional:
            pool = host.pool_over(folder_of(disk))
            if pool is not None and (disk.path or "").rpartition("/")[2] not in pool.volumes:
                remedy = "set copy_storage: full" if disk.is_written else "eject it"
                yield f"destination: {host.name} has no {disk.path}, which {disk.target} is; copy it there, or {remedy}"
    for name, need in needs.items():
        pool = host.pool(name)
        room = None if pool is None else pool.available
        if room is not None and need > room:
            yield (
                f"copy_storage: the disks need up to {need} bytes, and the pool '{name}' of {host.name} has {room} free; make "
                "room there"
            )


def _is_unchecked(guest: Guest, disk: Disk) -> bool:
    """Whether nobody sees if both hosts have an image: libvirt doesn't look at those of guests that are off."""
    if guest.is_active or not guest.is_remote or not (disk.is_written or disk.is_shared):
        return False
    return disk.kind in ("file", "volume") and not (disk.path or "").startswith("/dev/")


def _of_pool(host: Host, disk: Disk, is_copied: bool) -> t.Iterator[str]:
    pool = host.pool(disk.pool)
    if pool is None:
        yield f"destination: {host.name} has no storage pool '{disk.pool}', which {disk.target} is in; define it there, as the module pool does"
    elif not pool.is_active:
        yield f"destination: the storage pool '{disk.pool}' of {host.name} is off; start it, as the module pool does"
    elif not is_copied and disk.volume not in pool.volumes:
        yield f"destination: the storage pool '{disk.pool}' of {host.name} has no volume '{disk.volume}'; set copy_storage, or refresh the pool"


def _of_copy(
    guest: Guest, host: Host, wish: Wish, disk: Disk, own: t.Collection[str]
) -> t.Iterator[str]:
    if wish.copy_storage == INCREMENTAL and not guest.is_active:
        yield (
            f"copy_storage: it is incremental, and the guest is off, so that {disk.target} would not be copied; set it to full, "
            "or start the guest"
        )
        return
    if disk.path is None:
        # A volume whose path is unknown; its pool was looked at.
        return
    if disk.kind == "block":
        # libvirt would write over what is there, also if that is the same device.
        if wish.copy_storage == FULL:
            yield (
                f"copy_storage: {disk.target} is the block device {disk.path}, for which no volume is made; set copy_storage to "
                f"none if both hosts share it, or to incremental to write over that of {host.name}"
            )
        return
    if disk.form not in ("raw", "qcow2"):
        yield f"copy_storage: {disk.target} is in {disk.form}, of which no volume can be made; convert it to qcow2 or raw"
        return
    pool = host.pool_over(folder_of(disk))
    if pool is None:
        yield (
            f"copy_storage: {host.name} has no active storage pool over {folder_of(disk)}, where {disk.target} goes; define "
            "one there, as the module pool does, and start it"
        )
        return
    is_there = disk.path.rpartition("/")[2] in pool.volumes and disk.path not in own
    if wish.copy_storage == FULL and is_there:
        yield (
            f"copy_storage: {host.name} has {disk.path} already, where {disk.target} goes; remove it there, or set "
            "copy_storage: incremental to write over it"
        )
    if wish.copy_storage == INCREMENTAL and not is_there:
        yield (
            f"copy_storage: {host.name} has no {disk.path}, and incremental needs the image with its backing files there; "
            "create it, or set copy_storage: full"
        )
    if disk.target in guest.chained and wish.copy_storage == FULL and not guest.is_active:
        yield (
            f"copy_storage: {disk.target} has a backing file, which is not copied while the guest is off; move it while it "
            "runs, or make the image one file"
        )


def _values(document: Element, path: str) -> list[str]:
    """The different values of an attribute, in document order."""
    place, _at, attribute = path.rpartition("/@")
    found = [element.get(attribute) for element in document.findall(place)]
    return list(dict.fromkeys(value for value in found if value))
