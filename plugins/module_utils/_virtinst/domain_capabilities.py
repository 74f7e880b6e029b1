# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices and features of one emulator and machine type, by libvirt's domain capabilities.

The format: https://libvirt.org/formatdomaincaps.html
"""

from __future__ import annotations

import re

from .._xmltree.element import Element

#: Patterns of the firmware files' names in distributions, by architecture. The order
#: of the patterns decides, not the order of the files.
_UEFI_LOADERS: dict[str, tuple[str, ...]] = {
    "i686": (r"edk2-i386-.*\.fd", r"ovmf-ia32"),
    "x86_64": (
        r"edk2-x86_64-.*\.fd",
        r"OVMF_CODE\.fd",
        r"ovmf-x64/OVMF.*\.fd",
        r"ovmf-x86_64-",
        r"ovmf",
        r"OVMF",
    ),
    "aarch64": (r"AAVMF_CODE\.fd", r"aarch64/QEMU_EFI", r"aarch64", r"edk2-aarch64-code\.fd"),
    "armv7l": (r"AAVMF32_CODE\.fd", r"arm/QEMU_EFI", r"edk2-arm-code\.fd"),
    "riscv64": (r"RISCV_VIRT_CODE\.", r"riscv64"),
    "loongarch64": (r"loongarch64/QEMU_CODE\.", r"loongarch64"),
}
#: That of FreeBSD's package uefi-edk2-bhyve.
_BHYVE_LOADER = "BHYVE_UEFI.fd"


class DomainCapabilities:
    """The capabilities for one emulator, machine type and virtualisation.

    ``root`` is an empty element where the hypervisor has no domain capabilities.
    """

    def __init__(self, root: Element) -> None:
        self.root = root

    def values(self, path: str, enum: str) -> list[str]:
        """The values of an enumeration; empty where it is missing."""
        for found in (self.root.find(path) or Element("none")).all("enum"):
            if found.get("name") == enum:
                return [value.text or "" for value in found.all("value")]
        return []

    def has_enum(self, path: str, enum: str) -> bool:
        """Whether this version of libvirt lists these values at all."""
        block = self.root.find(path)
        return block is not None and any(values.get("name") == enum for values in block.all("enum"))

    @property
    def has_firmware_efi(self) -> bool:
        """Whether libvirt finds a UEFI firmware by itself."""
        return "efi" in self.values("os", "firmware")

    @property
    def has_pflash(self) -> bool:
        """Whether the document can name a firmware by its path."""
        return "yes" in self.values("os/loader", "readonly")

    def uefi_loader(self, arch: str) -> str | None:
        """The path of the UEFI firmware that fits the architecture."""
        paths = [value.text or "" for value in self.root.findall("os/loader/value")]
        for pattern in _UEFI_LOADERS.get(arch, ()):
            for path in paths:
                if re.search(pattern, path):
                    return path
        return None

    @property
    def bhyve_loader(self) -> str | None:
        """The path of bhyve's UEFI firmware; else of the first that the host lists."""
        paths = [value.text or "" for value in self.root.findall("os/loader/value")]
        return next((path for path in paths if _BHYVE_LOADER in path), next(iter(paths), None))

    def knows_uefi_of(self, arch: str) -> bool:
        """Whether names of UEFI files are known for the architecture."""
        return arch in _UEFI_LOADERS

    def cpu_mode(self, name: str) -> Element | None:
        """The element of a CPU mode, such as host-model, where it is supported."""
        for mode in self.root.findall("cpu/mode"):
            if mode.get("name") == name:
                return mode if mode.get("supported") == "yes" else None
        return None

    @property
    def has_migratable_passthrough(self) -> bool:
        """Whether host-passthrough can leave out features that can't be migrated."""
        mode = self.cpu_mode("host-passthrough")
        if mode is None:
            return False
        return any(
            value.text == "on"
            for enum in mode.all("enum")
            if enum.get("name") == "hostPassthroughMigratable"
            for value in enum.all("value")
        )

    @property
    def has_exact_host_model(self) -> bool:
        """Whether host-model is described in full, and never falls back to a lesser model."""
        mode = self.cpu_mode("host-model")
        return mode is not None and mode.value("model/@fallback") == "forbid"

    def is_cpu_model_usable(self, name: str) -> bool | None:
        """Whether a named model can be used; ``None`` where libvirt doesn't list models."""
        mode = next((m for m in self.root.findall("cpu/mode") if m.get("name") == "custom"), None)
        if mode is None:
            return None
        for model in mode.all("model"):
            if model.text == name:
                return model.get("usable") != "no"
        return False

    def has_video(self, model: str) -> bool:
        """Whether there is such a graphics card."""
        return model in self.values("devices/video", "modelType")

    @property
    def lists_video(self) -> bool:
        """Whether this version of libvirt lists its graphics cards."""
        return self.has_enum("devices/video", "modelType")

    @property
    def lists_graphics(self) -> bool:
        """Whether this version of libvirt lists its graphics servers."""
        return self.root.value("devices/graphics/@supported") == "yes"

    def has_graphics(self, kind: str) -> bool:
        """Whether there is such a graphics server."""
        return kind in self.values("devices/graphics", "type")

    @property
    def hyperv_features(self) -> list[str]:
        """The features of Hyper-V that the emulator has."""
        return self.values("features/hyperv", "features")

    def has_device(self, tag: str, enum: str, kind: str) -> bool:
        """Whether there is such a device, or this version of libvirt doesn't list them."""
        block = self.root.find(f"devices/{tag}")
        if block is None or block.get("supported") is None:
            return True
        return kind in self.values(f"devices/{tag}", enum)

    @property
    def lists_tpm(self) -> bool:
        """Whether this version of libvirt lists its TPMs."""
        return self.root.value("devices/tpm/@supported") is not None

    @property
    def tpm_models(self) -> list[str]:
        """The models of TPM."""
        return self.values("devices/tpm", "model")

    def has_tpm_emulator(self, arch: str) -> bool:
        """Whether a TPM can be emulated."""
        models = self.tpm_models
        # libvirt 8.4 lists this model, and refuses it:
        # https://gitlab.com/libvirt/libvirt/-/issues/329
        if arch == "armv7l" and models == ["tpm-tis"]:
            return False
        return bool(models) and "emulator" in self.values("devices/tpm", "backendModel")

    @property
    def has_sev(self) -> bool:
        """Whether the host can encrypt guests' memory (AMD SEV)."""
        return self.root.value("features/sev/@supported") == "yes"

    @property
    def has_sev_es(self) -> bool:
        """Whether it can encrypt their registers as well (AMD SEV-ES)."""
        return self.has_sev and self.root.value("features/sev/maxESGuests") is not None
