# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the guest boots."""

from __future__ import annotations

from ..rows import Group, Lists, Nothing, commas, host_path, integer, text, yes_no
from ..setters import boot
from .common import element

BOOT = Group(
    "boot",
    "os",
    "boot devices, firmware, kernel, and what kind of machine boots",
    element(
        yes_no(
            "hd",
            "boot/@dev",
            "boot from the first disk; the order of these words counts",
            is_flag=True,
        ),
        yes_no("cdrom", "boot/@dev", "boot from the first CD-ROM", is_flag=True),
        yes_no("fd", "boot/@dev", "boot from the first floppy", is_flag=True),
        yes_no("network", "boot/@dev", "boot from the first network interface", is_flag=True),
        yes_no(
            "refresh-machine-type",
            None,
            "replace a versioned machine type by the newest of its kind",
            set=boot.refresh_machine,
        ),
        text("os_type", "type", "hvm for a whole machine, xen, or exe for a container"),
        text("arch", "type/@arch", "architecture of the guest, such as x86_64"),
        text("machine", "type/@machine", "machine type, such as q35"),
        text("bootloader", "/bootloader", "boot loader of the host, for Xen"),
        text("bootloader_args", "/bootloader_args", "arguments of the host's boot loader"),
        text("domain_type", "/@type", "kind of virtualisation: kvm, qemu, xen, lxc…"),
        text("emulator", "/devices/emulator", "path of the emulator"),
        yes_no(
            "uefi",
            None,
            "boot by UEFI, with the host's firmware for it",
            is_flag=True,
            set=boot.set_uefi,
        ),
        text("loader", "loader", "path of a firmware"),
        yes_no(
            "loader.readonly",
            "loader/@readonly",
            "whether the guest can't write to the firmware",
            "loader_ro",
        ),
        text("loader.type", "loader/@type", "rom or pflash", "loader_type"),
        yes_no(
            "loader.secure",
            "loader/@secure",
            "whether the firmware enforces secure boot",
            "loader_secure",
        ),
        yes_no(
            "loader.stateless",
            "loader/@stateless",
            "whether the firmware keeps no variables, and so needs no nvram",
        ),
        text("firmware", "@firmware", "bios or efi: libvirt chooses the files"),
        yes_no(
            "firmware.feature[].enabled",
            "firmware/feature[{}]/@enabled",
            "whether the firmware has to have the feature, or not to",
        ),
        text(
            "firmware.feature[].name", "firmware/feature[{}]/@name", "secure-boot or enrolled-keys"
        ),
        host_path("nvram", "nvram", "where the guest's UEFI variables are kept"),
        text(
            "nvram.template",
            "nvram/@template",
            "what the UEFI variables are copied from",
            "nvram_template",
        ),
        text("boot[].dev", "boot[{}]/@dev", "boot device at this place: hd, cdrom, fd or network"),
        yes_no("bootmenu.enable", "bootmenu/@enable", "whether the firmware offers a menu", "menu"),
        integer(
            "bootmenu.timeout", "bootmenu/@timeout", "how long the menu waits, in milliseconds"
        ),
        yes_no(
            "bios.useserial",
            "bios/@useserial",
            "whether the BIOS also writes to the serial port",
            "useserial",
        ),
        integer(
            "bios.rebootTimeout",
            "bios/@rebootTimeout",
            "milliseconds until another try to boot, -1 for never",
            "rebootTimeout",
        ),
        text(
            "smbios.mode",
            "smbios/@mode",
            "origin of the guest's SMBIOS data: emulate, host or sysinfo",
            "smbios_mode",
        ),
        text(
            "nvram.templateFormat",
            "nvram/@templateFormat",
            "format of the template, raw or qcow2",
        ),
        host_path("kernel", "kernel", "kernel of the host to boot"),
        host_path("initrd", "initrd", "initial RAM disk for the kernel"),
        commas(
            "cmdline",
            "cmdline",
            "command line of the kernel",
            "extra_args",
            "kernel_args",
            lists=Lists.NONE,
        ),
        host_path("dtb", "dtb", "device tree for the kernel"),
        host_path("acpi.table", "acpi/table", "ACPI table to hand to the guest"),
        text("acpi.table.type", "acpi/table/@type", "what the ACPI table is, such as slic"),
        text("init", "init", "first program of a container"),
        text(
            "initargs",
            "initarg",
            "arguments of the first program, split as a shell does",
            set=boot.set_init_arguments,
            lists=Lists.WORDS,
        ),
        text("initarg[]", "initarg[{}]", "argument of the first program"),
        text("initenv[]", "initenv[{}]", "value of an environment variable of the first program"),
        text("initenv[].name", "initenv[{}]/@name", "name of an environment variable"),
        text("initdir", "initdir", "working directory of the first program"),
        text("inituser", "inituser", "user that the first program runs as"),
        text("initgroup", "initgroup", "group that the first program runs as"),
    ),
    none=Nothing.REFUSED,
    flags=("--boot",),
    prepare=boot.prepare,
)
