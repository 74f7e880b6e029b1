# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task gives to a domain anew, and another domain has already."""

from __future__ import annotations

import typing as t

from ..file_use.users import DEFINITION, LIVE, SAVED, FileUse, Use
from ..hypervisor.connection import Connection
from ..virtinst.overlays import is_image, place_of
from ..xmltree.element import Element
from .failures import TaskError

_DISKS, _MAC = "devices/disk", "mac/@address"
#: The documents of a domain by which it has a disk now.
_NOW = (DEFINITION, LIVE, SAVED)


class Conflicts:
    """What is new in ``after``, the document that a domain is about to get.

    ``before`` are its documents as it is; ``refuses_macs`` says that a new interface can't have
    the MAC address of another domain, as with ``virt-install``. ``notes`` gets what a person
    should know.
    """

    def __init__(
        self,
        connection: Connection,
        uuid: str,
        before: t.Sequence[Element],
        after: Element,
        refuses_macs: bool,
    ) -> None:
        self._connection = connection
        self._uuid = uuid
        self._refuses_macs = refuses_macs and _count(after) > max(map(_count, before), default=0)
        self._before = before
        self._after = after
        self.notes: list[str] = []

    def check(self) -> None:
        """Look who has what is new; nothing is asked where nothing is.

        :raises TaskError: it can't be shared.
        """
        macs = self._new_macs()
        if macs:
            self._check_macs(macs)
        disks = self._new_disks()
        if disks:
            self._check_disks(disks)

    def _new_macs(self) -> list[str]:
        known = {mac for document in self._before for mac in _macs(document)}
        return [mac for mac in _macs(self._after) if mac not in known]

    def _check_macs(self, macs: t.Sequence[str]) -> None:
        # A module's code is compiled each time that it runs, and this is seldom needed.
        from ..hypervisor.macs import macs_of_domains

        for name, uuid, theirs in macs_of_domains(self._connection):
            for mac in macs if uuid != self._uuid else ():
                if mac not in theirs:
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
        from ..hypervisor.file_users import files_in_use, is_absent

        files = None
        for disk in disks:
            source = disk.child("source") or Element("source")
            path = source.get("file") or source.get("dev")
            if path is not None and is_absent(self._connection, path):
                # It is created for this domain.
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
            users = [one for one in uses if one.target is not None]
            if users:
                raise TaskError(
                    f"disk: {link.overlay}, which is {users[0].words}, is based on {path}, and "
                    "would be spoilt if a guest wrote to that; nothing was done; give another image, "
                    "or make it readonly"
                )
        others = [one for one in answer.uses if self._is_of_another(one)]
        running = next((one for one in others if one.is_running), None)
        if running is not None:
            raise TaskError(
                f"disk: {path} is {running.words} already, which runs, and both would write to it; "
                "nothing was done; give another image, or make it shareable or readonly"
            )
        if others:
            self.notes.append(
                f"disk: {path} is {others[0].words} too; only one of them can run at a time, unless "
                "it is shareable or readonly"
            )

    def _is_of_another(self, use: Use) -> bool:
        is_disk = use.target is not None and use.document in _NOW and not use.is_folder
        return is_disk and use.uuid not in ("", self._uuid) and not use.is_shared


def _count(document: Element) -> int:
    return len(document.findall("devices/interface"))


def _macs(document: Element) -> list[str]:
    found = (one.value(_MAC) for one in document.findall("devices/interface"))
    return [mac.lower() for mac in found if mac is not None]


def _is_shared(disk: Element) -> bool:
    return disk.child("readonly") is not None or disk.child("shareable") is not None
