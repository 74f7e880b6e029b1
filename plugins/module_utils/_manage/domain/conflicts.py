# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conflicts of a domain's new disks and MAC addresses with other domains and devices."""

from __future__ import annotations

import collections
import typing as t

from ..._file_use.users import DEFINITION, LIVE, SAVED, FileUse, Use
from ..._hypervisor.connection import Connection
from ..._hypervisor.errors import HypervisorError
from ..._rules.domain.addresses import twice
from ..._virtinst.overlays import is_image, place_of
from ..._xmltree.element import Element
from ..errors import TaskError

_DISKS, _TARGET, _MAC = "devices/disk", "target/@dev", "mac/@address"
#: The documents of a domain that show its present disks.
_NOW = (DEFINITION, LIVE, SAVED)


class _Image(t.NamedTuple):
    """A disk with the path of its image; ``is_known``: the domain has it already."""

    disk: Element
    path: str
    is_known: bool

    @property
    def target(self) -> str:
        return self.disk.value(_TARGET) or "another disk"


class Conflicts:
    """The new parts of ``after``, the document that a domain is about to get.

    * ``before``: its present documents.
    * ``like_virt_install``: conflicts that ``virt-install`` refuses, and libvirt accepts, are
      refused.
    * ``bases``: the backing files of future volumes, by the volumes' paths.
    * ``notes``: gets lines for a person.
    """

    def __init__(
        self,
        connection: Connection,
        uuid: str,
        before: t.Sequence[Element],
        after: Element,
        like_virt_install: bool,
        bases: t.Mapping[str, str],
    ) -> None:
        self._connection = connection
        self._uuid = uuid
        self._like_virt_install = like_virt_install
        self._bases = bases
        is_more = _count(after) > max(map(_count, before), default=0)
        self._refuses_macs = like_virt_install and is_more
        self._before = before
        self._after = after
        self.notes: list[str] = []

    def check(self) -> None:
        """Look for other users of the new parts, if there are any new parts.

        :raises TaskError: a part can't be shared.
        """
        self._check_own_macs()
        self._check_own_disks()
        macs = self._new_macs()
        if macs:
            self._check_macs(macs)
        disks = self._new_disks()
        if disks:
            self._check_disks(disks)

    def _check_own_macs(self) -> None:
        """Two interfaces with one MAC address, which virt-install and libvirt accept."""
        for mac, count in _own_macs(self._after).items():
            if count > max([1, *(_own_macs(document)[mac] for document in self._before)]):
                self.notes.append(
                    f"network: {mac} is the MAC address of {count} interfaces of the domain; on one "
                    "network only one of them can be reached; give each its own, or none"
                )

    def _check_own_disks(self) -> None:
        """Refuse an image at two places: QEMU opens no image twice.

        :raises TaskError: there is such an image.
        """
        known = self._known_places()
        disks = [disk for disk in self._after.findall(_DISKS) if is_image(disk)]
        is_known = [_number(place_of(disk), disks) <= known(place_of(disk)) for disk in disks]
        if len(disks) < 2 or all(is_known):
            return
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from ..._hypervisor.disk_images import path_of
        from ..._hypervisor.file_users import HostNames

        keys = HostNames(self._connection.is_local).keys
        paths = [path_of(self._connection, disk) for disk in disks]
        images = [
            _Image(disk, path, is_old)
            for disk, path, is_old in zip(disks, paths, is_known)
            if path is not None
        ]
        for number, first in enumerate(images):
            for second in images if not _is_shared(first.disk) else ():
                if first is second or (first.is_known and second.is_known):
                    continue
                if keys(first.path).isdisjoint(keys(second.path)):
                    bases = self._chain(second.path)
                    if any(not keys(first.path).isdisjoint(keys(base)) for base in bases):
                        self._refuse(
                            f"disk: {second.path}, which is {second.target} of the domain, is based on "
                            f"{first.path}, and would be spoilt if the guest wrote to that as "
                            f"{first.target}",
                            "give another image, or make it readonly",
                        )
                elif not _is_shared(second.disk) and all(
                    second is not past for past in images[:number]
                ):
                    targets = " and ".join(sorted([first.target, second.target]))
                    self._refuse(
                        f"disk: {first.path} would be {targets} of the domain, which can't start then",
                        "give each its own image, or make it shareable or readonly",
                    )

    def _chain(self, path: str) -> tuple[str, ...]:
        """The known backing files of an image, present or future."""
        from ..._hypervisor.chains import known_chain

        base = self._bases.get(path)
        if base is None:
            return known_chain(self._connection, path) or ()
        return (base, *(known_chain(self._connection, base) or ()))

    def _known_places(self) -> t.Callable[[dict[str, str]], int]:
        """The number of disks with an image in the domain's present documents, by its place."""
        before = [document.findall(_DISKS) for document in self._before]
        return lambda place: max((_number(place, disks) for disks in before), default=0)

    def _refuse(self, fault: str, remedy: str) -> None:
        """Refuse what virt-install refuses or can't start; libvirt defines it."""
        if self._like_virt_install:
            raise TaskError(f"{fault}; nothing was done; {remedy}")
        self.notes.append(f"{fault}; {remedy}")

    def _new_macs(self) -> list[str]:
        known = {mac for document in self._before for mac in macs_in(document)}
        return [mac for mac in macs_in(self._after) if mac not in known]

    def _check_macs(self, macs: t.Sequence[str]) -> None:
        # Ansible compiles a module's code anew in each task, and this is seldom needed.
        from ..._hypervisor.macs import macs_of_domains

        for name, uuid, used in macs_of_domains(self._connection):
            for mac in macs if uuid != self._uuid else ():
                if mac not in used:
                    continue
                if self._refuses_macs:
                    raise TaskError(
                        f"network: {mac} is the MAC address of an interface of the domain {name} "
                        "already; nothing was done; give another one, or none"
                    )
                self.notes.append(
                    f"{mac} is the MAC address of an interface of the domain {name} too; on one "
                    "network only one of them can be reached; give another one, or none"
                )

    def _new_disks(self) -> list[Element]:
        known = [place_of(disk) for document in self._before for disk in document.findall(_DISKS)]
        return [
            disk
            for disk in self._after.findall(_DISKS)
            if is_image(disk) and not _is_shared(disk) and place_of(disk) not in known
        ]

    def _check_disks(self, disks: t.Sequence[Element]) -> None:
        from ..._hypervisor.file_users import files_in_use, is_absent

        files = None
        for disk in disks:
            source = disk.child("source") or Element("source")
            path = source.get("file") or source.get("dev")
            if path is not None and is_absent(self._connection, path):
                # The volume is created for this domain.
                continue
            files = files_in_use(self._connection) if files is None else files
            pool, volume = source.get("pool"), source.get("volume")
            if path is None and pool is not None and volume is not None:
                path = files.volumes.path_of(pool, volume)
            if path is not None:
                self._check_disk(path, files.use)

    def _check_disk(self, path: str, use: FileUse) -> None:
        answer = use.of(path)
        for link, uses in answer.images:
            users = [user for user in uses if user.target is not None]
            if users:
                raise TaskError(
                    f"disk: {link.overlay}, which is {users[0].words}, is based on {path}, and "
                    "would be spoilt if a guest wrote to that; nothing was done; give another image, "
                    "or make it readonly"
                )
        foreign = [user for user in answer.uses if self._is_of_another(user)]
        running = next((user for user in foreign if user.is_running), None)
        if running is not None:
            raise TaskError(
                f"disk: {path} is {running.words} already, which runs, and both would write to it; "
                "nothing was done; give another image, or make it shareable or readonly"
            )
        if foreign:
            self.notes.append(
                f"disk: {path} is {foreign[0].words} too; only one of them can run at a time, unless "
                "it is shareable or readonly"
            )

    def _is_of_another(self, use: Use) -> bool:
        is_disk = use.target is not None and use.document in _NOW and not use.is_folder
        return is_disk and use.uuid not in ("", self._uuid) and not use.is_shared


def check_addresses_differ(document: Element) -> None:
    """Check that no two devices have the same address, which libvirt refuses.

    :raises HypervisorError: two devices have.
    """
    found = twice(document)
    if found is None:
        return
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from ..._reconcile.domain.device import Devices

    first, second = (Devices(document).name_of(device) for device in (found.one, found.other))
    raise HypervisorError(
        f"libvirt would fail to define the domain: {found.reason}; give {first} or {second} another "
        "address, or none"
    )


def _count(document: Element) -> int:
    return len(document.findall("devices/interface"))


def _own_macs(document: Element) -> collections.Counter[str]:
    """The number of interfaces with each MAC address; teams, which share one, don't count."""
    interfaces = [
        interface
        for interface in document.findall("devices/interface")
        if interface.child("teaming") is None
    ]
    found = (interface.value(_MAC) for interface in interfaces)
    return collections.Counter(mac.lower() for mac in found if mac is not None)


def _number(place: dict[str, str], disks: t.Iterable[Element]) -> int:
    """The number of disks with their image at this place."""
    return sum(place_of(disk) == place for disk in disks)


def macs_in(document: Element) -> list[str]:
    """The MAC addresses of a domain's interfaces, in small letters."""
    found = (interface.value(_MAC) for interface in document.findall("devices/interface"))
    return [mac.lower() for mac in found if mac is not None]


def _is_shared(disk: Element) -> bool:
    return disk.child("readonly") is not None or disk.child("shareable") is not None
