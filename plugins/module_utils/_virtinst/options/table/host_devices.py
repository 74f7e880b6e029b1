# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of the host that the guest gets: devices, directories, redirected devices."""

from __future__ import annotations

from ..rows import Group, Nothing, commas, on_off, presence, text
from ..setters import char, filesystem, hostdev
from .char_source import char_source
from .common import device

HOSTDEV = Group(
    "hostdev",
    "devices/hostdev",
    "devices of the host that are handed on",
    device(
        text("type", "@type", "usb, pci, scsi, mdev; storage, misc or net for containers"),
        text(
            "name",
            None,
            "libvirt's name, a PCI address, a USB id VENDOR:PRODUCT or a USB place BUS.DEVICE",
            set=hostdev.set_name,
        ),
        text("driver.name", "driver/@name", "vfio or kvm", "driver_name"),
        on_off("rom.bar", "rom/@bar", "whether the guest sees the device's ROM", "rom_bar"),
        text(
            "source.startupPolicy",
            "source/@startupPolicy",
            "mandatory, requisite or optional: a USB device that is missing",
        ),
        boot_order=True,
    ),
    flags=("--hostdev", "--host-device"),
    is_list=True,
    aliases=("hostdevs", "host_device"),
    first=("name",),
)

FILESYSTEM = Group(
    "filesystem",
    "devices/filesystem",
    "directories and the like of the host, shared with the guest",
    device(
        text("type", "@type", "mount, template, file, block, ram or bind"),
        text("accessmode", "@accessmode", "passthrough, mapped or squash", "mode"),
        text("model", "@model", "model of a virtio device"),
        text("multidevs", "@multidevs", "remap, forbid or warn: when the directory spans devices"),
        presence("readonly", "readonly", "whether the guest can't write to it"),
        text(
            "space_hard_limit",
            "space_hard_limit",
            "the most that the guest may store, in bytes",
            unit="b",
        ),
        text(
            "space_soft_limit",
            "space_soft_limit",
            "what the guest may store for long, in bytes",
            unit="b",
        ),
        text("fmode", "@fmode", "permissions of new files, such as '0644', in quotes"),
        text("dmode", "@dmode", "permissions of new directories, such as '0755', in quotes"),
        text(
            "source",
            "source/@dir",
            "what is shared, as the type has it: a directory, file, device, name or size",
            set=filesystem.set_source,
        ),
        text("target", "target/@dir", "mount tag or, in containers, absolute path in the guest"),
        text("source.file", "source/@file", "image of a filesystem"),
        text("source.dir", "source/@dir", "directory"),
        text("source.dev", "source/@dev", "block device"),
        text("source.name", "source/@name", "name of a template"),
        text("source.pool", "source/@pool", "storage pool"),
        text("source.volume", "source/@volume", "volume in the pool"),
        text("source.units", "source/@units", "unit of source.usage"),
        text(
            "source.usage",
            "source/@usage",
            "size of a filesystem in memory",
            unit_option="source.units",
        ),
        text("source.socket", "source/@socket", "socket of a virtiofsd that runs already"),
        text(
            "target.dir", "target/@dir", "mount tag or, in containers, absolute path in the guest"
        ),
        text("binary.path", "binary/@path", "path of virtiofsd"),
        on_off("binary.xattr", "binary/@xattr", "whether extended attributes are shared"),
        text("binary.cache.mode", "binary/cache/@mode", "none, auto or always"),
        on_off("binary.lock.posix", "binary/lock/@posix", "whether POSIX locks are shared"),
        on_off("binary.lock.flock", "binary/lock/@flock", "whether locks of flock are shared"),
        text("binary.sandbox.mode", "binary/sandbox/@mode", "namespace or chroot"),
        text("driver.format", "driver/@format", "format of the image"),
        text("driver.name", "driver/@name", "name of the driver"),
        text("driver.queue", "driver/@queue", "size of the queue of virtiofs"),
        text("driver.type", "driver/@type", "virtiofs, path, loop, nbd…"),
        text(
            "driver.wrpolicy", "driver/@wrpolicy", "immediate, to write through to the host's disk"
        ),
        virtio=True,
    ),
    flags=("--filesystem",),
    is_list=True,
    aliases=("filesystems",),
    first=("source", "target"),
    finish=filesystem.finish,
)

REDIRDEV = Group(
    "redirdev",
    "devices/redirdev",
    "ports for USB devices that a client hands on",
    device(
        text("bus", "@bus", "usb", skips_default=True),
        text("type", "@type", "spicevmc, tcp, unix…", skips_default=True),
        text("server", "source/@host", "server to connect to, as HOST:PORT"),
        *char_source(),
        boot_order=True,
    ),
    flags=("--redirdev",),
    is_list=True,
    aliases=("redirdevs",),
    first=("bus",),
    none=Nothing.UNWANTED,
    prepare=char.prepare_redirdev,
)

SMARTCARD = Group(
    "smartcard",
    "devices/smartcard",
    "smart card readers",
    device(
        text("mode", "@mode", "passthrough, host or host-certificates", skips_default=True),
        text("type", "@type", "spicevmc, tcp…", skips_default=True),
        *char_source(),
        commas("database", "database", "directory of the host's certificates"),
        commas("certificate[]", "certificate[{}]", "name of a certificate of the host"),
    ),
    flags=("--smartcard",),
    is_list=True,
    aliases=("smartcards",),
    first=("mode",),
    prepare=char.prepare_smartcard,
)
