# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain in the making: its document, and the facts beside it."""

from __future__ import annotations

import typing as t

from .._osinfo import OperatingSystem
from .._xmltree.element import Element
from . import writing
from .capabilities import Choice
from .disk import needs_volume, storage_of
from .domain_capabilities import DomainCapabilities
from .errors import OptionError
from .host import Host
from .overlays import DomainDisks, kept
from .storage import Existing, NewVolume
from .versions import NEWEST, VIRTIO, Decision

if t.TYPE_CHECKING:
    from .options.rows import Group
    from .options.settings import Settings

_Device = t.TypeVar("_Device", bound=Element)


class Written(t.NamedTuple):
    """A value of a group as it was given, and the element that it was written into."""

    group: Group
    element: Element
    settings: Settings


class Guest:
    """The document that the options and the defaults are written into.

    * ``root``: the element ``domain``, which nothing else shares.
    * ``notes``: lines for a person.
    * ``wants_uefi``: whether UEFI is requested, so that lacking it is an error; ``None`` where
      the options leave it open.
    * ``unwanted``: the groups of options that are ``none`` and have devices by default, such
      as ``graphics``.
    * ``set_to_none``: all groups that are ``none``.
    * ``written``: the values of groups, in the order in which they were written.
    * ``unwanted_features``: features of the machine that are switched off.
    * ``root_ports``: the number of PCI Express ports; ``None`` for the usual number.
    * ``cpu_is_settled``: a CPU mode is requested that leaves no trace in the document.
    * ``hides_cpu_flaws``: named CPU models get the features against known attacks.
    * ``becomes_q35``: the domain had an i440FX chipset so far.
    * ``exists``: the options are about an existing domain, so that a disk may be named by its
      target alone.
    * ``needs_host_devices``: a device of the host that is missing is an error.
    * ``images``: the targets of the disks that the domain has already, by the images' paths.
    * ``disks``: the disks that the domain has already, where the document is to be its whole truth.
    * ``taken_paths``: the paths of further images, which new volumes can't have.
    * ``version``: the version of virt-install whose answers it gets, one of
      :data:`.versions.VERSIONS`.
    * ``has_default_tpm``: its TPM is one that nothing requested.
    """

    def __init__(self, host: Host, root: Element | None = None, version: str | None = None) -> None:
        self.host = host
        self.version = version or NEWEST
        self.has_default_tpm = False
        self.root = Element("domain") if root is None else root
        self.notes: list[str] = []
        self.wants_uefi: bool | None = None
        self.unwanted: set[str] = set()
        self.set_to_none: set[str] = set()
        self.written: list[Written] = []
        self.unwanted_features: set[str] = set()
        self.root_ports: int | None = None
        self.cpu_is_settled = False
        self.hides_cpu_flaws = True
        self.becomes_q35 = False
        self.exists = False
        self.needs_host_devices = True
        self.images: t.Mapping[str, str] = {}
        self.disks: t.Sequence[Element] = ()
        self.taken_paths: t.Collection[str] = ()
        self._os: OperatingSystem | None = None

    def with_document(self, root: Element) -> Guest:
        """Another document for a guest of the same host, system and version."""
        guest = Guest(self.host, root, self.version)
        guest._os = self._os
        return guest

    def follows(self, decision: Decision) -> bool:
        """Whether the guest gets the answer of this decision, and not the older one."""
        return decision.holds(self.version)

    # The document.

    def get(self, path: str) -> str | None:
        """The value at a path below ``domain``."""
        return writing.value_at(self.root, path)

    def set(self, path: str, value: str | None) -> None:
        """Set or remove the value at a path below ``domain``."""
        writing.write(self.root, path, value)

    def set_default(self, path: str, value: str | None) -> None:
        """Set the value at a path, unless there is one."""
        if value is not None and self.get(path) is None:
            self.set(path, value)

    def has(self, path: str) -> bool:
        """Whether there is an element at a path."""
        return writing.element_at(self.root, path) is not None

    def make(self, path: str) -> Element:
        """The element at a path, which is added when it is missing."""
        return writing.element_made(self.root, path)

    def devices(self, tag: str) -> list[Element]:
        """The devices of a kind, such as ``disk``."""
        return self.root.findall(f"devices/{tag}")

    def add_device(self, device: _Device, before: Element | None = None) -> _Device:
        """Add a device at the end, or before another device."""
        devices = self.make("devices").children
        position = next((i for i, present in enumerate(devices) if present is before), len(devices))
        devices.insert(position, device)
        return device

    # What kind of guest it is.

    @property
    def name(self) -> str | None:
        return self.get("name")

    @property
    def virt_type(self) -> str | None:
        return self.get("@type")

    @property
    def os_type(self) -> str | None:
        return self.get("os/type")

    @property
    def arch(self) -> str | None:
        return self.get("os/type/@arch")

    @property
    def machine(self) -> str | None:
        return self.get("os/type/@machine")

    @property
    def emulator(self) -> str | None:
        return self.get("devices/emulator")

    @property
    def is_hvm(self) -> bool:
        """Whether a whole machine is emulated."""
        return self.os_type == "hvm"

    @property
    def is_xen_pv(self) -> bool:
        """Whether it is paravirtualised by Xen, with or without the processor's help (PVH)."""
        return self.os_type in ("xen", "linux", "xenpvh")

    @property
    def is_container(self) -> bool:
        return self.os_type == "exe"

    @property
    def is_x86(self) -> bool:
        return self.arch in ("x86_64", "i686")

    @property
    def is_q35(self) -> bool:
        return self.is_x86 and "q35" in (self.machine or "")

    @property
    def is_arm(self) -> bool:
        return self.arch in ("armv7l", "aarch64")

    @property
    def is_arm_virt(self) -> bool:
        return self.is_arm and (self.machine or "").startswith("virt")

    @property
    def is_riscv_virt(self) -> bool:
        return self.arch in ("riscv64", "riscv32") and (self.machine or "").startswith("virt")

    @property
    def is_pseries(self) -> bool:
        return self.arch in ("ppc64", "ppc64le") and (self.machine or "").startswith("pseries")

    @property
    def is_s390x(self) -> bool:
        return self.arch == "s390x"

    @property
    def is_loongarch(self) -> bool:
        return self.arch == "loongarch64"

    @property
    def is_pcie(self) -> bool:
        """Whether its devices are plugged into PCI Express ports."""
        return self.is_q35 or self.is_arm_virt or self.is_riscv_virt or self.is_loongarch

    @property
    def is_uefi(self) -> bool:
        """Whether it boots by UEFI."""
        if self.get("os/loader") is not None and self.get("os/loader/@type") == "pflash":
            return True
        return self.get("os/@firmware") == "efi"

    @property
    def has_spice(self) -> bool:
        return any(graphics.get("type") == "spice" for graphics in self.devices("graphics"))

    @property
    def has_gl(self) -> bool:
        return any(graphics.value("gl/@enable") == "yes" for graphics in self.devices("graphics"))

    # What it runs.

    @property
    def os(self) -> OperatingSystem:
        """The operating system.

        :raises RuntimeError: it is not chosen yet.
        """
        if self._os is None:
            raise RuntimeError("the operating system is not chosen yet")
        return self._os

    @os.setter
    def os(self, system: OperatingSystem) -> None:
        self._os = system

    # What the host offers it.

    def choice(self) -> Choice:
        """The host's way to run such a guest.

        :raises OptionError: the host can't run it.
        """
        return self.host.capabilities.choose(self.os_type, self.arch, self.virt_type, self.machine)

    def domain_capabilities(self) -> DomainCapabilities:
        """The host's capabilities for exactly this machine."""
        return self.host.domain_capabilities(self.emulator, self.arch, self.machine, self.virt_type)

    def has_virtio(self, *devices: str) -> bool:
        """Whether the guest can use a virtio device, given by its ids in the osinfo database.

        Machines that have no other devices get it, whatever the database knows.
        """
        if not self.host.is_qemu:
            return False
        if self.is_riscv_virt or self.is_s390x or self.is_pseries or self.is_loongarch:
            return True
        if self.follows(VIRTIO):
            return self.links(*devices)
        return self.is_arm_virt or (self.is_x86 and self.links(*devices))

    def links(self, *devices: str) -> bool:
        """Whether the operating system supports one of these devices."""
        return self.os.has_device(*devices)

    def keep_images(
        self, requested: t.Sequence[Element], disks: DomainDisks, is_whole: bool
    ) -> None:
        """Where a request names the backing file of a disk's image, write that image instead.

        :raises BaseError: as :func:`.overlays.kept`.
        """
        known = [disk for disk in requested if not needs_volume(disk)]
        for disk, replacement, _current, note in kept(known, disks, is_whole):
            # The element stays: it remembers its storage, and others know it by identity.
            disk.attributes, disk.children = replacement.attributes, replacement.children
            storage = storage_of(disk)
            if not isinstance(storage, NewVolume) or storage.is_named:
                # A request with a size alone names no image.
                self.note(note)

    def accept_volumes(self, storage: t.Iterable[Existing | NewVolume | None]) -> None:
        """Add the notes of the volumes for new disks.

        :raises OptionError: a volume can't be created.
        """
        for volume in storage:
            if isinstance(volume, NewVolume):
                if volume.refusal is not None:
                    raise OptionError(volume.refusal)
                for line in volume.notes:
                    self.note(line)

    def note(self, line: str) -> None:
        """Add a line for a person, once."""
        if line not in self.notes:
            self.notes.append(line)

    def fail(self, message: str) -> t.NoReturn:
        """:raises OptionError: always."""
        raise OptionError(message)
