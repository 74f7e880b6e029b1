# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The firmware."""

from __future__ import annotations

from ..errors import OptionError
from ..guest import Guest
from ..versions import RISCV_UEFI


def configure(guest: Guest) -> None:
    """Boot by UEFI where it is requested, or where nothing else would work.

    :raises OptionError: it is requested, and the host lacks it.
    """
    if guest.wants_uefi is False:
        return
    if not guest.wants_uefi and not (_needs_uefi(guest) and _is_open(guest)):
        return
    try:
        enable(guest)
    except OptionError as error:
        if guest.wants_uefi:
            raise OptionError(
                f"boot: uefi: {error}; leave it out where the guest can boot by BIOS"
            ) from None
        guest.note(f"{error}; the guest may not boot")


def enable(guest: Guest) -> None:
    """Let libvirt choose the firmware, or name the firmware that fits.

    :raises OptionError: the host lacks it.
    """
    capabilities = guest.domain_capabilities()
    if capabilities.has_firmware_efi:
        guest.set("os/@firmware", "efi")
        return
    arch = guest.arch or ""
    if not capabilities.has_pflash:
        raise OptionError("this version of libvirt does not support UEFI")
    if not capabilities.knows_uefi_of(arch):
        raise OptionError(f"UEFI can't be set up for the architecture {arch}")
    path = capabilities.bhyve_loader if guest.host.is_bhyve else capabilities.uefi_loader(arch)
    if path is None:
        raise OptionError(
            f"the host has no UEFI firmware for {arch}; install it (Debian: ovmf, "
            "qemu-efi-aarch64; Fedora: edk2-ovmf, edk2-aarch64)"
        )
    _use_loader(guest, path)


def _use_loader(guest: Guest, path: str) -> None:
    guest.set("os/loader", path)
    guest.set("os/loader/@readonly", "yes")
    guest.set("os/loader/@type", "pflash")
    # A firmware built for secure boot keeps its keys in system management
    # mode, which only q35 emulates.
    if guest.is_x86 and "secboot" in path:
        guest.set("features/smm/@state", "on")
        guest.set("os/loader/@secure", "yes")
        if not guest.is_q35:
            guest.note(f"the machine type is q35 instead of {guest.machine}, for secure boot")
            guest.set("os/type/@machine", "q35")


def _needs_uefi(guest: Guest) -> bool:
    if guest.is_x86 and guest.host.is_qemu_or_test:
        # BIOS starts faster and lets QEMU take internal snapshots, so UEFI is
        # only for systems that need it.
        return requires_uefi(guest)
    if guest.is_riscv_virt and guest.follows(RISCV_UEFI):
        return True
    return guest.is_arm_virt or guest.is_loongarch or guest.host.is_bhyve


def requires_uefi(guest: Guest) -> bool:
    """Whether the operating system boots by UEFI and not by BIOS."""
    if guest.os.short_id == "win11":
        return True
    known: dict[str, bool] = {}
    for firmware in guest.os.firmwares():
        if firmware.arch == guest.arch:
            known.setdefault(firmware.kind, firmware.supported)
    return known.get("efi", False) and not known.get("bios", True)


def _is_open(guest: Guest) -> bool:
    """Whether the document leaves the firmware open."""
    return all(
        guest.get(path) is None
        for path in ("os/kernel", "os/loader", "os/loader/@readonly", "os/nvram", "os/@firmware")
    )
