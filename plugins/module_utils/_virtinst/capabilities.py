# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guests that a host can run, by libvirt's capabilities.

The format: https://libvirt.org/formatcaps.html
"""

from __future__ import annotations

import difflib
import functools
import typing as t

from .._xmltree.element import Element
from .errors import OptionError

#: The kinds of virtualisation in the order of preference, the fastest first. A host
#: without any of these gives a domain the last kind that it lists.
_PREFERRED_TYPES = ("kvm", "xen", "hvf", "qemu")


class Choice(t.NamedTuple):
    """One way to run a guest, with the values for ``domain/@type`` and ``os/type``.

    ``machines`` are the machine types and their aliases, in the order of the
    capabilities. ``aliases`` maps an alias to its machine type.
    """

    virt_type: str
    os_type: str
    arch: str
    emulator: str | None
    loader: str | None
    machines: tuple[str, ...]
    aliases: dict[str, str]
    has_acpi: bool
    has_apic: bool
    has_pae: bool


class Capabilities:
    """The capabilities of a host; ``root`` may be a function, which is called when needed."""

    def __init__(self, root: Element | t.Callable[[], Element]) -> None:
        self._given = root
        #: Many guests are alike.
        self._chosen: dict[tuple[str | None, ...], Choice] = {}

    @functools.cached_property
    def _root(self) -> Element:
        return self._given if isinstance(self._given, Element) else self._given()

    @property
    def root(self) -> Element:
        """The document; an element without children where the driver has none."""
        return self._root

    @property
    def host_arch(self) -> str | None:
        """The architecture of the host's CPU."""
        return self._root.value("host/cpu/arch")

    @property
    def host_cpu_model(self) -> str | None:
        """The model of the host's CPU, in libvirt's names."""
        return self._root.value("host/cpu/model")

    @property
    def host_cpu_vendor(self) -> str | None:
        """The vendor of the host's CPU, such as ``Intel``."""
        return self._root.value("host/cpu/vendor")

    @property
    def security_models(self) -> list[str]:
        """The security drivers, first the one that is preferred."""
        return [
            model.text or ""
            for driver in self._root.findall("host/secmodel")
            for model in driver.all("model")
        ]

    def choices(self) -> list[Choice]:
        """All ways to run guests, in the order of the document."""
        return [
            _choice(guest, domain)
            for guest in self._root.all("guest")
            for domain in guest.findall("arch/domain")
        ]

    def choose(
        self,
        os_type: str | None = None,
        arch: str | None = None,
        virt_type: str | None = None,
        machine: str | None = None,
    ) -> Choice:
        """The best way to run a guest with these properties; ``None`` leaves one open.

        :raises OptionError: the host can't run such a guest.
        """
        key = (os_type, arch, virt_type, machine)
        if key not in self._chosen:
            self._chosen[key] = self._choose(*key)
        return self._chosen[key]

    def _choose(
        self, os_type: str | None, arch: str | None, virt_type: str | None, machine: str | None
    ) -> Choice:
        # The type linux of Xen's domains is the type xen of its capabilities.
        os_type = "xen" if os_type == "linux" else os_type
        guest = self._guest(os_type, arch)
        if guest is None:
            raise OptionError(_no_guest(os_type, arch, self._arches()))
        candidates = [
            domain
            for domain in guest.findall("arch/domain")
            if virt_type is None or domain.get("type") == virt_type.lower()
        ]
        if machine is not None:
            candidates = [domain for domain in candidates if machine in _machines(guest, domain)[0]]
        if not candidates:
            raise OptionError(_no_domain(guest, virt_type, machine))
        return _choice(guest, _best(candidates))

    def _arches(self) -> list[str]:
        return sorted({guest.value("arch/@name") or "" for guest in self._root.all("guest")})

    def _guest(self, os_type: str | None, arch: str | None) -> Element | None:
        for candidate in (self.host_arch, None) if arch is None else (arch,):
            for guest in self._root.all("guest"):
                if os_type is not None and guest.value("os_type") != os_type:
                    continue
                if candidate is None or guest.value("arch/@name") == candidate:
                    return guest
        return None


def _best(domains: list[Element]) -> Element:
    for preferred in _PREFERRED_TYPES:
        for domain in domains:
            if domain.get("type") == preferred:
                return domain
    return domains[-1]


def _machines(guest: Element, domain: Element) -> tuple[tuple[str, ...], dict[str, str]]:
    listed = domain.all("machine") or guest.findall("arch/machine")
    names: list[str] = []
    aliases: dict[str, str] = {}
    for machine in listed:
        name, canonical = machine.text or "", machine.get("canonical")
        names.append(name)
        if canonical is not None:
            aliases[name] = canonical
            if canonical not in names:
                names.append(canonical)
    return tuple(names), aliases


def _choice(guest: Element, domain: Element) -> Choice:
    machines, aliases = _machines(guest, domain)
    features = guest.child("features") or Element("features")
    return Choice(
        virt_type=domain.get("type") or "",
        os_type=guest.value("os_type") or "",
        arch=guest.value("arch/@name") or "",
        emulator=domain.value("emulator") or guest.value("arch/emulator"),
        loader=guest.value("arch/loader"),
        machines=machines,
        aliases=aliases,
        has_acpi=features.value("acpi/@default") == "on",
        has_apic=features.value("apic/@default") == "on",
        has_pae=features.child("pae") is not None,
    )


def _no_guest(os_type: str | None, arch: str | None, arches: list[str]) -> str:
    what = f"guests of the type {os_type}" if os_type else "guests"
    where = f" for the architecture {arch}" if arch else ""
    have = f"; it can run {', '.join(arches)}" if arch and any(arches) else ""
    return f"the host can't run {what}{where}{have}"


def _no_domain(guest: Element, virt_type: str | None, machine: str | None) -> str:
    arch = guest.value("arch/@name")
    domains = guest.findall("arch/domain")
    if machine is not None and (
        virt_type is None or any(domain.get("type") == virt_type.lower() for domain in domains)
    ):
        known = [machine_type.text or "" for machine_type in guest.findall("arch/machine")]
        near = difflib.get_close_matches(machine, known, n=3) or known[:3]
        return (
            f"machine: the host has no machine type {machine} for {arch}; give one that it has, such "
            f"as {', '.join(near)}"
        )
    types = ", ".join(domain.get("type") or "" for domain in domains)
    return f"the host can't run {arch} guests with virt_type {virt_type}; it has {types}"
