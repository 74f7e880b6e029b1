# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the host that a guest needs to start, checked before it does."""

from __future__ import annotations

import os
import typing as t

from ..._hypervisor.connection import Connection
from ..._hypervisor.networks import Networks, lacks_device
from ..._hypervisor.planned_pool import volume_at_as_planned
from ..._hypervisor.pool_state import is_active as is_pool_active
from ..._rules.pool_types import how_to_start
from ..._xmltree.element import Element
from ..errors import TaskError
from ..outcome import LIVE, Action

#: The attribute of an interface's source that names its network, by its type, and words for
#: the network.
_PLUGS = {
    "network": ("network", "network"),
    "bridge": ("bridge", "bridge"),
    "direct": ("dev", "network device"),
}
#: The places of files that a guest needs to start, besides its disks.
_FILES = {
    "os/kernel": "kernel",
    "os/initrd": "initrd",
    "os/dtb": "device tree",
    "os/loader": "firmware",
}
#: The policies with which libvirt starts a guest without the image.
_OPTIONAL = ("requisite", "optional")


class Start:
    """The needs of a guest with this document when it starts.

    ``may_start``: networks that are off may be started; ``None`` where there is no such
    option. ``made`` are the paths of images that are made before.

    :raises TaskError: the guest can't start.
    """

    def __init__(
        self,
        connection: Connection,
        networks: Networks,
        document: Element,
        may_start: bool | None,
        made: t.Container[str] = (),
    ) -> None:
        self._connection = connection
        self._networks = networks
        self._document = document
        self._may_start = may_start
        self._made = made
        self.inactive = list(dict.fromkeys(self._look_at_interfaces()))
        self._look_at_filters()
        self._look_at_pools()
        self._look_at_images()
        self._look_at_files()

    def started(self, owner: str, really: bool) -> t.Iterator[Action]:
        """Start the networks that are off; return the changes, each of them for one domain alone."""
        for name in self.inactive:
            is_ours = self._networks.claim(name, owner)
            if really:
                self._networks.start(name)
            if is_ours:
                yield Action(f"network {name}", "inactive", "active", LIVE)

    def _look_at_interfaces(self) -> t.Iterator[str]:
        for interface in self._document.findall("devices/interface"):
            attribute, what = _PLUGS.get(interface.get("type") or "", ("", ""))
            name = interface.value(f"source/@{attribute}") if attribute else None
            if name is None:
                continue
            if what == "network":
                if not self._is_on(name):
                    yield name
            # Switches of Open vSwitch need be no devices of the kernel.
            elif interface.child("virtualport") is None and lacks_device(self._connection, name):
                raise TaskError(
                    f"it can't start: the host has no {what} '{name}'; make it, or plug the "
                    "interface into another"
                )

    def _is_on(self, name: str) -> bool:
        try:
            is_active = self._networks.is_active(name)
        except LookupError:
            known = ", ".join(self._networks.names())
            raise TaskError(
                f"it can't start: there is no network '{name}'; define it, or take another"
                f"{f' ({known})' if known else ''}"
            ) from None
        if is_active is False and not self._may_start:
            option = "" if self._may_start is None else "set start_networks: true, or "
            raise TaskError(
                f"it can't start: the network '{name}' is off; {option}start the network with "
                f"virsh net-start {name}"
            )
        return is_active is not False

    def _look_at_filters(self) -> None:
        if not self._document.findall("devices/interface/filterref"):
            return
        # Ansible compiles a module's code anew in each task, and few interfaces have a filter.
        from ..._rules.domain.facts import filters_of
        from .filters import missing_filters

        for fault in missing_filters(self._connection, filters_of(self._document)):
            raise TaskError(f"it can't start: {fault}")

    def _look_at_pools(self) -> None:
        """Check the pools of the disks' volumes: libvirt asks them for the paths."""
        disks = self._document.findall("devices/disk")
        names = (
            disk.value("source/@pool")
            for disk in disks
            if disk.get("type") == "volume" and disk.value("source/@startupPolicy") not in _OPTIONAL
        )
        for name in filter(None, dict.fromkeys(names)):
            try:
                is_on = is_pool_active(self._connection, name)
            except LookupError:
                raise TaskError(
                    f"it can't start: there is no storage pool {name}; define it, or take another"
                ) from None
            if is_on is False:
                raise TaskError(
                    f"it can't start: the storage pool {name} is off; {how_to_start(name)}"
                )

    def _look_at_files(self) -> None:
        """Check the files that QEMU loads itself."""
        for place, what in _FILES.items():
            path = self._document.value(place)
            if path and path not in self._made and self._is_missing(path):
                raise TaskError(
                    f"it can't start: there is nothing at {path}, which is its {what}; put it there, "
                    "or give another path"
                )

    def _is_missing(self, path: str) -> bool:
        if not self._connection.is_local or not path.startswith("/"):
            return False
        try:
            os.stat(path)
        except FileNotFoundError:
            return volume_at_as_planned(self._connection, path) is None
        except (OSError, ValueError):
            # A file that can't be looked at may exist.
            return False
        return False

    def _look_at_images(self) -> None:
        for disk in self._document.findall("devices/disk"):
            path = disk.value("source/@file") or ""
            if disk.get("type") != "file" or not path or path in self._made:
                continue
            if disk.value("source/@startupPolicy") not in _OPTIONAL and self._is_missing(path):
                target = disk.value("target/@dev") or "a disk"
                raise TaskError(
                    f"it can't start: there is no image {path}, which is its disk {target}; mount "
                    "the storage that it is on, put it back, or give another path"
                )
