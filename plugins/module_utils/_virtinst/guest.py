# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain in the making: its document, and what is known beside it."""

from __future__ import annotations

import typing as t

from .._osinfo import OperatingSystem
from .._xmltree.element import Element
from . import writing
from .capabilities import Choice
from .domain_capabilities import DomainCapabilities
from .errors import OptionError
from .host import Host
from .overlays import DomainDisks, kept
from .storage import Existing, NewVolume

if t.TYPE_CHECKING:
    from .options.rows import Group
    from .options.settings import Settings


class Written(t.NamedTuple):
    """A value of a group that was written, as it was given, and the element that it is about."""

    group: Group
    element: Element
    settings: Settings


class Guest:
    """The document that the options and the defaults are written into.

    * ``root``: the element ``domain``, which nothing else shares.
    * ``notes``: what a person should know, as lines.
    * ``wants_uefi``: UEFI was asked for by name, so lacking it is an error; ``False`` where
      there is to be none, ``None`` where nothing was said.
    * ``unwanted``: groups of options that were said to be ``none``, such as
      ``graphics``.
    * ``said_none``: all groups that were said to be ``none``.
    * ``written``: the values of groups that were written, in that order.
    * ``unwanted_features``: features of the machine that were switched off.
    * ``root_ports``: how many PCI Express ports are added; ``None`` for the usual number.
    * ``cpu_is_settled``: a CPU mode was asked for that leaves no trace in the
      document.
    * ``hides_cpu_flaws``: named CPU models get the features against known
      attacks.
    * ``exists``: what is said is about a domain that exists, so that a disk may be
      named by its target alone.
    * ``needs_host_devices``: devices of the host have to be there.
    * ``storage``, ``sizes``, ``bases``: of a disk, by the ``id`` of its element: what it is
      connected with, the size in bytes and the backing file that were said.
    * ``images``: the targets of the disks that the domain has already, by their paths.
    """

    def __init__(self, host: Host, root: Element | None = None) -> None:
        self.host = host
        self.root = Element("domain") if root is None else root
        self.notes: list[str] = []
        self.wants_uefi: bool | None = None
        self.unwanted: set[str] = set()
        self.said_none: set[str] = set()
        self.written: list[Written] = []
        self.unwanted_features: set[str] = set()
        self.root_ports: int | None = None
        self.cpu_is_settled = False
        self.hides_cpu_flaws = True
        self.exists = False
        self.needs_host_devices = True
        self.storage: dict[int, Existing | NewVolume] = {}
        self.sizes: dict[int, int] = {}
        self.bases: dict[int, str] = {}
        self.images: t.Mapping[str, str] = {}
        self._os: OperatingSystem | None = None

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

    def add_device(self, device: Element, before: Element | None = None) -> Element:
        """Put a device at the end, or before another one."""
        devices = self.make("devices").children
        position = next((i for i, one in enumerate(devices) if one is before), len(devices))
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
        """Whether it is paravirtualised by Xen."""
        return self.os_type in ("xen", "linux")

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
    def is_pcie(self) -> bool:
        """Whether its devices are plugged into PCI Express ports."""
        return self.is_q35 or self.is_arm_virt or self.is_riscv_virt

    @property
    def is_uefi(self) -> bool:
        """Whether it boots by UEFI."""
        if self.get("os/loader") is not None and self.get("os/loader/@type") == "pflash":
            return True
        return self.get("os/@firmware") == "efi"

    @property
    def has_spice(self) -> bool:
        return any(one.get("type") == "spice" for one in self.devices("graphics"))

    @property
    def has_gl(self) -> bool:
        return any(one.value("gl/@enable") == "yes" for one in self.devices("graphics"))

    # What it runs.

    @property
    def os(self) -> OperatingSystem:
        """The operating system; it has to be set before."""
        if self._os is None:
            raise RuntimeError("the operating system is not chosen yet")
        return self._os

    @os.setter
    def os(self, system: OperatingSystem) -> None:
        self._os = system

    # What the host offers it.

    def choice(self) -> Choice:
        """How the host runs such a guest.

        :raises OptionError: it can't.
        """
        return self.host.capabilities.choose(self.os_type, self.arch, self.virt_type, self.machine)

    def domain_capabilities(self) -> DomainCapabilities:
        """What the host offers to exactly this machine."""
        return self.host.domain_capabilities(self.emulator, self.arch, self.machine, self.virt_type)

    def has_virtio(self, *devices: str) -> bool:
        """Whether a virtio device can be used, given by its ids in the osinfo database.

        Machines that have nothing else get it, whatever the database knows.
        """
        if not self.host.is_qemu:
            return False
        if self.is_arm_virt or self.is_riscv_virt or self.is_s390x or self.is_pseries:
            return True
        return self.is_x86 and self.links(*devices)

    def links(self, *devices: str) -> bool:
        """Whether the operating system supports one of these devices."""
        return self.os.has_device(*devices)

    def keep_images(self, said: t.Sequence[Element], there: DomainDisks, is_whole: bool) -> None:
        """Where the base of a disk's image is said, write the image that it has instead.

        :raises BaseError: as :func:`.overlays.kept`.
        """
        known = [one for one in said if not self._is_to_come(one)]
        for disk, instead, _theirs, note in kept(known, there, is_whole):
            # It is known by its identity.
            disk.attributes, disk.children = instead.attributes, instead.children
            storage = self.storage.get(id(disk))
            if not isinstance(storage, NewVolume) or storage.is_named:
                # Whoever says a size alone has named no image.
                self.note(note)

    def _is_to_come(self, disk: Element) -> bool:
        storage = self.storage.get(id(disk))
        return isinstance(storage, NewVolume) and not storage.is_there

    def accept_volumes(self, storage: t.Iterable[Existing | NewVolume | None]) -> None:
        """Add the notes of volumes that new disks get.

        :raises OptionError: one can't be.
        """
        for one in storage:
            if isinstance(one, NewVolume):
                if one.refusal is not None:
                    raise OptionError(one.refusal)
                for line in one.notes:
                    self.note(line)

    def note(self, line: str) -> None:
        """Remember what a person should know."""
        if line not in self.notes:
            self.notes.append(line)

    def fail(self, message: str) -> t.NoReturn:
        """:raises OptionError: always."""
        raise OptionError(message)
