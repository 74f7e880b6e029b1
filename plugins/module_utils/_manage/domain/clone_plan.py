# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What making a clone comes to, found out before anything is done."""

from __future__ import annotations

import collections
import os
import posixpath
import re
import typing as t

from ..._file_use.users import Going
from ..._hypervisor.cloned_volumes import LONGEST_VOLUME, Copy, allocated, own_volume, room
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.file_users import files_in_use
from ..._hypervisor.files import allocated_bytes
from ..._hypervisor.host_storage import HostStorage
from ..._hypervisor.image_format import is_encrypted
from ..._hypervisor.macs import macs_of_domains
from ..._hypervisor.nvram import path_of_nvram
from ..._hypervisor.objects import as_uuid
from ..._hypervisor.removal import has_nvram, has_tpm
from ..._hypervisor.tpm_state import has_state
from ..._rules.amounts import readable
from ..._rules.name_lengths import bytes_of
from ..._rules.pool_types import how_to_start
from ..._virtinst.clone.disks import LINKED, DiskPlanner, Disks, Own, with_source
from ..._virtinst.clone.document import Cloned, Identity, cloned
from ..._virtinst.clone.names import Chosen, macs_of, numbered, renamed
from ..._virtinst.clone.origin import Origin, with_origin
from ..._virtinst.clone.request import COPIED, RANDOM, CloneRequest
from ..._virtinst.storage import NewVolume
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import CONFIG, Action
from .clone_moment import Moment, check_images, check_unshared

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
#: qemuDomainNVRAMPathFormat: where libvirt keeps the variables of firmware that it has chosen.
_NVRAM = "/var/lib/libvirt/qemu/nvram"
_FIRMWARE = "nvram"


class ClonePlan(t.NamedTuple):
    """``document`` is what the clone is at the end. ``words`` are of the copies, for a person.

    ``moment`` is the snapshot that it is made of; ``None`` for what is there now. ``disks`` are the
    volumes of its disks.
    """

    source: Domain
    identity: Identity
    document: Element
    copies: tuple[Copy, ...]
    words: tuple[str, ...]
    copies_tpm: bool
    is_local: bool
    notes: tuple[str, ...]
    moment: Moment | None
    disks: tuple[Own, ...]

    def origin(self) -> Origin:
        """What the metadata of the complete clone says."""
        return Origin(self.source.name, self.source.uuid)

    def incomplete(self) -> Origin:
        """What the metadata says while it is made."""
        connection, uuid = self.source.connection, self.identity.uuid
        volumes = tuple(own_volume(connection, copy.volume, uuid) for copy in self.copies)
        return Origin(self.source.name, self.source.uuid, False, volumes)

    def bases(self) -> dict[str, str]:
        """The backing files of volumes to come, by the volumes' paths."""
        return {
            copy.volume.path: copy.volume.backing for copy in self.copies if copy.volume.backing
        }

    def as_files(self) -> Element:
        """The document with the paths of volumes to come, which libvirt doesn't find by their names yet."""
        made = {(copy.volume.pool, copy.volume.name): copy.volume for copy in self.copies}
        devices = self.document.child("devices")
        if devices is None:
            return self.document

        def as_file(device: Element) -> Element:
            names = (device.value("source/@pool"), device.value("source/@volume"))
            volume = made.get((names[0], names[1] or "")) if device.tag == "disk" else None
            if volume is None:
                return device
            form = device.value("driver/@type") or volume.format or "raw"
            return with_source(device, volume.kind, volume.path, form, None)

        changed = devices.replaced(children=[as_file(device) for device in devices.children])
        children = [changed if child is devices else child for child in self.document.children]
        return self.document.replaced(children=children)

    def actions(self) -> t.Iterator[Action]:
        """The changes beside the definition."""
        for copy, words in zip(self.copies, self.words):
            kind = _FIRMWARE if words.startswith(_FIRMWARE) else "volume"
            what = words.partition(": ")[2]
            yield Action(f"{kind} {copy.volume.path}", None, what, CONFIG)
        if self.copies_tpm:
            yield Action("tpm state", None, f"copy of that of {self.source.name}", CONFIG)


def planned(
    domains: Domains,
    source: Domain,
    request: CloneRequest,
    left: Domain | None,
    own: t.Collection[str],
    moment: Moment | None = None,
) -> ClonePlan:
    """The plan for a clone of what is there now, or of the snapshot ``moment``.

    ``left`` is an incomplete clone that will be gone, and ``own`` the paths of its volumes.

    :raises TaskError, OptionError, HypervisorError: the clone can't be made.
    """
    return _Planning(domains, source, request, left, own, moment).done()


class _Planning:
    def __init__(
        self,
        domains: Domains,
        source: Domain,
        request: CloneRequest,
        left: Domain | None,
        own: t.Collection[str],
        moment: Moment | None,
    ) -> None:
        self._domains = domains
        self._connection = domains.connection
        self._source = source
        self._moment = moment
        self._definition = source.document() if moment is None else moment.definition
        self._request = request
        self._left = left
        self._own = own
        self._storage = HostStorage(domains)
        self._notes: list[str] = []
        self._copies: list[Copy] = []
        self._words: list[str] = []

    def done(self) -> ClonePlan:
        request = self._request
        disks = self._disks()
        chosen = self._chosen()
        uuid = self._uuid(chosen)
        copies_tpm = self._copies_tpm()
        identity = Identity(
            request.clone,
            uuid,
            tuple(self._macs(chosen)),
            request.title,
            request.description,
            self._nvram(),
            request.has_hostdevs,
        )
        made: Cloned = cloned(self._definition, identity, disks.disks, self._new_file)
        self._notes += made.notes
        self._check_room()
        self._note_state()
        document = with_origin(made.document, Origin(self._source.name, self._source.uuid))
        return ClonePlan(
            source=self._source,
            identity=identity,
            document=document,
            copies=tuple(self._copies),
            words=tuple(self._words),
            copies_tpm=copies_tpm,
            is_local=self._connection.is_local,
            notes=tuple(self._notes),
            moment=self._moment,
            disks=disks.volumes,
        )

    def _disks(self) -> Disks:
        """The disks of the clone; the copies that they need are planned.

        :raises TaskError, OptionError, HypervisorError: one can't be had as it is wanted.
        """
        request, moment = self._request, self._moment
        merge = None if moment is None else f"libvirt when it merges the snapshot {moment.name}"
        planner = DiskPlanner(
            self._storage, self._source.name, request.clone, request.defaults, self._own, merge
        )
        disks = planner.planned(self._definition, request.disks)
        if moment is not None:
            check_unshared(moment, disks.disks)
            check_images(self._source, moment, disks.volumes)
        self._notes += disks.notes
        for own in disks.volumes:
            self._check_new_file(f"disks: {own.target}", own.volume, "volume")
            self._check_copied(own)
            self._check_readable(own.target, own.source.path, own.mode)
            self._copies.append(Copy(own.source, own.volume, request.is_reflink))
            what = "based on" if own.mode == LINKED else "copy of"
            size = readable(own.volume.capacity)
            self._words.append(f"{own.target}: {size}, {what} {own.source.path}")
        return disks

    # What identifies it.

    def _chosen(self) -> Chosen:
        with self._connection.explained("read the name of the host"):
            host = str(self._connection.raw.getHostname())
        return Chosen(host, self._source.uuid, self._request.clone)

    def _uuid(self, chosen: Chosen) -> str:
        left = None if self._left is None else self._left.uuid
        asked = self._request.uuid
        if asked is None:
            return chosen.uuid(lambda uuid: uuid != left and self._is_used(uuid))
        uuid = as_uuid(asked)
        if uuid is None:
            raise TaskError(f"uuid: {asked} is no UUID; correct it, or leave it out")
        found = self._domains.by_uuid(uuid)
        if found is not None and uuid != left:
            raise TaskError(
                f"uuid: the domain {found.name} has the UUID {uuid} already; give another one, or leave it out"
            )
        return uuid

    def _is_used(self, uuid: str) -> bool:
        # The state of a TPM may have been kept of a domain that is gone.
        return self._domains.by_uuid(uuid) is not None or bool(has_state(self._connection, uuid))

    def _macs(self, chosen: Chosen) -> t.Iterator[str | None]:
        old = macs_of(self._definition)
        asked = self._request.macs
        if len(asked) > len(old):
            raise TaskError(
                f"macs: there are {len(asked)}, and the domain has {len(old)} interfaces; leave some out"
            )
        left = "" if self._left is None else self._left.uuid
        used = {
            mac
            for found in macs_of_domains(self._connection)
            for mac in found.macs
            if found.uuid != left
        }
        for number, mac in enumerate(old):
            wish = asked[number] if number < len(asked) else RANDOM
            if wish.upper() == RANDOM:
                new = None if mac is None else chosen.mac(mac, used.__contains__)
            else:
                new = wish.lower().replace("-", ":")
                if not _MAC.fullmatch(new) or int(new[1], 16) % 2:
                    raise TaskError(
                        f"macs: {wish} is no MAC address of an interface, such as 52:54:00:1b:2c:3d; correct it"
                    )
                if new in used:
                    raise TaskError(
                        f"macs: {new} is the MAC address of another interface already; give another one, or RANDOM"
                    )
            if new is not None:
                used.add(new)
            yield new

    # Its files.

    def _new_file(self, path: str) -> str:
        """The path of a file that the clone gets of its own, of which nothing is there yet."""
        first = found = renamed(path, self._source.name, self._request.clone)
        number = 0
        while self._connection.is_local and os.path.lexists(found):
            number += 1
            found = numbered(first, number)
        return found

    def _nvram(self) -> str | None:
        """The path of the clone's NVRAM; ``None`` where libvirt chooses it."""
        request, definition = self._request, self._definition
        if not has_nvram(definition):
            if request.nvram_path is not None:
                raise TaskError("nvram_path: the domain has no NVRAM; leave it out")
            return None
        path = path_of_nvram(definition)
        old = path or posixpath.join(_NVRAM, f"{self._source.name}_VARS.fd")
        kind = definition.value("os/nvram/@type")
        if kind not in (None, "file"):
            return None
        if request.nvram_path is not None:
            self._check_folder(request.nvram_path)
        new = request.nvram_path or posixpath.join(
            posixpath.dirname(old), f"{request.clone}_VARS{posixpath.splitext(old)[1]}"
        )
        if new not in self._own and not self._storage.lacks(new) and self._connection.is_local:
            raise TaskError(
                f"nvram: {new} is there already, and may be of another domain; nothing was written to it; give "
                "nvram_path, or remove it"
            )
        if request.nvram == COPIED:
            self._check_off("nvram", "the variables of its UEFI")
            self._copy_nvram(old, new)
        is_chosen_by_libvirt = path is None and request.nvram_path is None
        return None if is_chosen_by_libvirt else new

    def _copy_nvram(self, old: str, new: str) -> None:
        if not self._connection.is_local and self._storage.at(old) is None:
            raise TaskError(
                f"nvram: {old} can't be seen on another host, because it is in no storage pool; define one for its "
                "folder, or set nvram to fresh"
            )
        found = self._storage.at(old)
        if found is None or self._storage.lacks(old):
            # libvirt makes it when the domain starts for the first time.
            return
        if found.kind != "file" or found.capacity is None:
            raise TaskError(f"nvram: {old} is no file that can be copied; set nvram to fresh")
        pool = self._storage.pool_at(posixpath.dirname(new))
        if pool is not None and not pool.is_active:
            raise TaskError(
                f"nvram: the storage pool {pool.name} is off; {how_to_start(pool.name)}"
            )
        volume = NewVolume(
            None if pool is None else pool.name,
            posixpath.basename(new),
            new,
            found.capacity,
            found.capacity,
            found.format or "raw",
        )
        self._check_new_file("nvram", volume, "nvram_path")
        self._copies.append(Copy(found, volume))
        self._words.append(f"{_FIRMWARE}: copy of {old}")

    def _check_folder(self, path: str) -> None:
        """:raises TaskError: there can be no file at the path ``nvram_path``."""
        if not path.startswith("/"):
            raise TaskError(f"nvram_path: {path} is no path from the root; correct it")
        folder = posixpath.dirname(posixpath.normpath(path))
        if self._storage.pool_at(folder) is None and self._storage.lacks(folder):
            raise TaskError(
                f"nvram_path: there is no folder {folder}; make it, or correct the path"
            )

    def _copies_tpm(self) -> bool:
        request, uuid = self._request, self._source.uuid
        if not has_tpm(self._definition):
            return False
        has_own = any(
            source.get("path") for source in self._definition.findall("devices/tpm/backend/source")
        )
        state = None if has_own else has_state(self._connection, uuid)
        if request.tpm == COPIED:
            if state is None:
                raise TaskError(
                    "tpm: the state of the TPM can't be seen, because it is on another host, or in a place of its "
                    "own, and libvirt doesn't copy it; set tpm to fresh"
                )
            if state:
                self._check_off("tpm", "the state of its TPM")
            return state
        if request.tpm is None and state is not False:
            self._notes.append(
                "tpm: the clone gets a new TPM without a state, so that what is sealed with that of the source, such as "
                "the key of a disk, stays closed to it; set tpm to copied for the same state, or to fresh if that is "
                "intended"
            )
        return False

    def _check_off(self, option: str, what: str) -> None:
        """Check that what no snapshot has can be copied, and say that it is of now.

        :raises TaskError: the source runs, and writes it.
        """
        if self._moment is None:
            return
        if self._source.facts().active:
            raise TaskError(
                f"{option}: '{self._source.name}' runs, and a snapshot has nothing of {what}, so that a copy would be damaged; "
                f"set {option} to fresh, or stop it with domain_state"
            )
        self._notes.append(
            f"{option}: a snapshot has nothing of {what}; the clone gets what is there now"
        )

    # Whether it can be.

    def _check_new_file(self, what: str, volume: NewVolume, option: str) -> None:
        """:raises TaskError: a volume can't have its name. ``option`` gives it another one."""
        path = volume.path
        is_link = self._connection.is_local and os.path.islink(path)
        if is_link and path not in self._own:
            # Of one that leads nowhere nothing is found by its path.
            raise TaskError(
                f"{what}: {path} is a link already; nothing was written to where it leads; give another {option}, or remove it"
            )
        length = bytes_of(volume.name)
        if length > LONGEST_VOLUME:
            raise TaskError(
                f"{what}: the name of {path} has {length} bytes, of which it can have {LONGEST_VOLUME}; give {option}"
            )

    def _check_copied(self, own: Own) -> None:
        """:raises TaskError: the image is encrypted, of which the document says nothing."""
        if own.mode == LINKED or not self._connection.is_local:
            return
        try:
            is_closed = is_encrypted(own.source.path)
        except OSError:
            # Only libvirt can read it.
            return
        if is_closed:
            raise TaskError(
                f"disks: {own.target}: its image is encrypted, and libvirt can't copy such a one; copy it with qemu-img, and "
                "set mode to preserve"
            )

    def _check_readable(self, target: str, path: str, mode: str) -> None:
        """:raises TaskError: another guest writes to the image."""
        for use in files_in_use(self._connection).use.of(path).writers:
            raise TaskError(
                f"disks: {target}: {path} is used by {use.words} now, so that a copy would be damaged; end that first"
            )
        if mode != LINKED:
            return
        going = Going(self._source.uuid, (target,))
        for use in files_in_use(self._connection).use.of(path, going).uses:
            if use.domain and not use.is_shared and use.uuid != self._source.uuid:
                self._notes.append(
                    f"disks: {target}: {path} is used by {use.words} too, which must not run any more either"
                )

    def _check_room(self) -> None:
        """:raises TaskError: there is less room than the copies take."""
        needed: collections.Counter[str] = collections.Counter()
        for copy in self._copies:
            volume = copy.volume
            if volume.backing is None and volume.pool is not None and not copy.is_reflink:
                size = volume.allocation or allocated(self._connection, copy.source)
                if volume.kind == "block":
                    size = volume.capacity
                needed[volume.pool] += size
        for name, size in needed.items():
            pool = self._storage.pool(name)
            freed = self._freed(name)
            free = room(self._connection, pool.path or "", pool)
            if size > free + freed:
                raise TaskError(
                    f"disks: the copies take {readable(size)}, and the storage pool {name} has room for "
                    f"{readable(free)}; make room in it, or give another pool"
                )

    def _freed(self, pool: str) -> int:
        """The bytes that what an interrupted task has left takes."""
        folder = self._storage.pool(pool).path
        total = 0
        for path in self._own:
            if self._connection.is_local and posixpath.dirname(path) == folder:
                total += allocated_bytes(path) or 0
        return total

    def _note_state(self) -> None:
        if self._moment is not None:
            if self._moment.has_memory:
                self._notes.append(
                    f"the memory of the snapshot {self._moment.name} is not cloned: the clone finds its disks as if it had "
                    "been switched off at that moment"
                )
            return
        if self._has_saved_state():
            self._notes.append(
                f"the state of {self._source.name} is saved, and is not cloned: the clone finds its disks as if it had been "
                "switched off"
            )

    def _has_saved_state(self) -> bool:
        with self._connection.explained("look for a saved state"):
            return bool(self._source.raw.hasManagedSaveImage(0))
