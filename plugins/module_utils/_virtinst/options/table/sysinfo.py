# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guest's SMBIOS data, and additional arguments of QEMU."""

from __future__ import annotations

from ..rows import Group, Lists, Option, Setter, commas, text, yes_no
from ..setters import qemu, sysinfo
from .common import element


def _entry(
    block: str, name: str, about: str, setter: Setter | None = None, old: bool = True
) -> Option:
    aliases = (f"{block}_{name}",) if old else ()
    return text(f"{block}.{name}", f"{block}/entry[@name='{name}']", about, *aliases, set=setter)


SYSINFO = Group(
    "sysinfo",
    "sysinfo",
    "SMBIOS tables and the like; host and emulate alone take them from there",
    element(
        commas(
            "type",
            "@type",
            "smbios, fwcfg, host or emulate",
            set=sysinfo.set_kind,
            lists=Lists.NONE,
        ),
        _entry("bios", "vendor", "vendor of the BIOS"),
        _entry("bios", "version", "version of the BIOS"),
        _entry("bios", "date", "date of the BIOS, as month/day/year"),
        _entry("bios", "release", "release of the BIOS, as two numbers with a dot"),
        _entry("system", "manufacturer", "manufacturer of the machine"),
        _entry("system", "product", "name of the machine"),
        _entry("system", "version", "version of the machine"),
        _entry("system", "serial", "serial number of the machine"),
        _entry(
            "system", "uuid", "UUID of the machine, which becomes the domain's", sysinfo.set_uuid
        ),
        _entry("system", "sku", "number to order the machine by"),
        _entry("system", "family", "family of the machine"),
        _entry("baseBoard", "manufacturer", "manufacturer of the board"),
        _entry("baseBoard", "product", "name of the board"),
        _entry("baseBoard", "version", "version of the board"),
        _entry("baseBoard", "serial", "serial number of the board"),
        _entry("baseBoard", "asset", "asset tag of the board"),
        _entry("baseBoard", "location", "where in the machine the board is"),
        _entry("chassis", "manufacturer", "manufacturer of the case", old=False),
        _entry("chassis", "version", "version of the case", old=False),
        _entry("chassis", "serial", "serial number of the case", old=False),
        _entry("chassis", "asset", "asset tag of the case", old=False),
        _entry("chassis", "sku", "number to order the case by", old=False),
        commas(
            "oemStrings.entry[]",
            "oemStrings/entry[{}]",
            "text for whatever purpose",
            lists=Lists.NONE,
        ),
        commas("entry[]", "entry[{}]", "value of an entry of fwcfg", lists=Lists.NONE),
        commas(
            "entry[].name",
            "entry[{}]/@name",
            "name of the entry, such as opt/com.example/name",
            lists=Lists.NONE,
        ),
        commas(
            "entry[].file", "entry[{}]/@file", "file of the host with the value", lists=Lists.NONE
        ),
    ),
    flags=("--sysinfo",),
    is_list=True,
    first=("type",),
    prepare=sysinfo.prepare,
    find=sysinfo.find,
)

QEMU_COMMANDLINE = Group(
    "qemu_commandline",
    ".",
    "arguments and environment variables for QEMU, which libvirt doesn't support",
    (
        yes_no("clearxml", None, "forget the earlier values of the same option", set=qemu.clear),
        commas(
            "args",
            "/qemu:commandline/qemu:arg/@value",
            "arguments, split as a shell does",
            set=qemu.add_arguments,
            lists=Lists.WORDS,
        ),
        commas(
            "env",
            "/qemu:commandline/qemu:env/@value",
            "environment variable, as NAME=VALUE",
            set=qemu.add_variable,
            lists=Lists.EACH,
        ),
    ),
    flags=("--qemu-commandline",),
    text=qemu.split,
)
