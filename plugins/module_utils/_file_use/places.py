# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The places where a domain's document names files of its host.

The first row that fits holds. An absolute path at any other place counts as a file too:
libvirt gets new places for files, and an unknown file must not be deleted.

A path begins below ``domain``. ``*`` is any one tag, ``**`` any number of them; it ends with
the attribute, or with the tag whose text it is.
"""

from __future__ import annotations

import functools
import typing as t

#: The use of a path: the file, the folder with all that is below it, or no file.
FILE, FOLDER, NONE = "file", "folder", "none"


class Place(t.NamedTuple):
    """``what`` completes "… of the domain x"; a disk is called by its target instead."""

    path: str
    what: str
    reason: str
    use: str = FILE


def _no_file(path: str, reason: str) -> Place:
    return Place(path, "", reason, NONE)


PLACES: tuple[Place, ...] = (
    # Disks, their backing files, the targets of their copies, and their data files.
    Place("devices/disk/**/source/@dir", "a disk", "a guest reads all files below it", FOLDER),
    Place("devices/disk/**/source/@file", "a disk", "the image, or one of its chain"),
    Place("devices/disk/**/source/@dev", "a disk", "the block device, or one of the chain"),
    Place("devices/disk/**/source/@path", "a disk", "a vhost-user server's socket, or a device"),
    Place("devices/disk/mirror/@file", "a disk", "what the disk is copied to"),
    Place("devices/disk/**/config/@file", "a disk", "Ceph's settings"),
    Place("devices/disk/**", "a disk", "whatever else a disk names"),
    # What a guest boots from.
    Place("os/kernel", "the kernel", "read at each start"),
    Place("os/initrd", "the initrd", "read at each start"),
    Place("os/dtb", "the device tree", "read at each start"),
    Place("os/loader", "the firmware", "read at each start"),
    Place("os/nvram/@template", "the template of the NVRAM", "copied where the NVRAM is missing"),
    Place("os/nvram/**", "the NVRAM", "the firmware's variables"),
    Place("os/nvram", "the NVRAM", "the firmware's variables"),
    Place("os/acpi/table", "an ACPI table", "read at each start"),
    _no_file("os/root", "the root device as the guest's kernel calls it"),
    _no_file("os/init", "a program within a container"),
    _no_file("os/initarg", "an argument of that program"),
    _no_file("os/initdir", "a directory within a container"),
    _no_file("os/initenv", "an environment variable within a container"),
    _no_file("os/cmdline", "the guest's kernel reads it"),
    _no_file("bootloader", "a program of the host"),
    _no_file("bootloader_args", "the arguments of that program"),
    Place("sysinfo/entry/@file", "a file of fw_cfg", "read at each start"),
    # What a guest shares with the host.
    Place("devices/filesystem/source/@dir", "a filesystem", "all below it is shared", FOLDER),
    Place("devices/filesystem/source/@file", "a filesystem", "the image that is mounted"),
    Place("devices/filesystem/source/@dev", "a filesystem", "the device that is mounted"),
    Place("devices/filesystem/source/@socket", "a filesystem", "the socket of its server"),
    _no_file("devices/filesystem/target/@dir", "a directory within a container, or a tag"),
    _no_file("devices/filesystem/binary/@path", "a program of the host"),
    Place("devices/memory/source/path", "a memory device", "the content of an NVDIMM"),
    Place("devices/memory/**", "a memory device", "another source of memory"),
    Place("devices/pstore/path", "the pstore", "what is left of a crash"),
    Place("devices/shmem/server/@path", "shared memory", "the socket of its server"),
    Place("devices/tpm/**", "the TPM", "its device, or the state of an emulated one"),
    Place("devices/rng/**", "the random number generator", "what it reads"),
    Place("devices/hostdev/**", "a device of the host", "the device"),
    Place("devices/input/source/@*", "an input device", "the device"),
    Place("devices/graphics/**", "a graphical console", "its socket, or the device it draws with"),
    Place("devices/video/**", "a video device", "the device it draws with"),
    Place("devices/audio/**", "an audio device", "the device or the file"),
    Place("devices/sound/**", "a sound device", "the device"),
    Place("devices/smartcard/**", "a smart card", "the database of its certificates", FOLDER),
    Place("devices/vsock/**", "a vsock", "the device"),
    Place("devices/panic/**", "a panic device", "a file"),
    Place("devices/crypto/**", "a crypto device", "a socket"),
    # Serial ports and similar devices: the guest writes the file.
    Place("devices/*/source/@path", "a character device", "what the guest writes"),
    Place("devices/*/log/@file", "the log of a character device", "what the guest has written"),
    Place("devices/*/@tty", "a character device", "the terminal of a running guest"),
    Place("devices/*/source/@tty", "a character device", "the terminal of a running guest"),
    # Interfaces have no data in files.
    _no_file("devices/interface/script/@path", "a program of the host"),
    _no_file("devices/interface/downscript/@path", "a program of the host"),
    Place("devices/interface/backend/@logFile", "the log of an interface", "written by passt"),
    Place("devices/interface/**", "an interface", "a device or a socket"),
    _no_file("devices/emulator", "the program that runs the guest"),
    Place("memory/@file", "the memory of the guest", "where a snapshot has it"),
    # Paths that name no file, or a file that is named elsewhere.
    _no_file("blkiotune/device/path", "a limit for a block device, which a disk names"),
    _no_file("resource/partition", "a control group"),
    _no_file("launchSecurity/**", "data of the firmware, not its file"),
    _no_file("seclabel/**", "a label"),
    _no_file("metadata/**", "an application's own notes"),
    _no_file("name", "a name"),
    _no_file("title", "a text for people"),
    _no_file("description", "a text for people"),
)


@functools.cache
def place_of(path: tuple[str, ...]) -> Place | None:
    """The first row for a place; its last step is a tag, or ``@`` and an attribute."""
    for place in PLACES:
        if fits(tuple(place.path.split("/")), path):
            return place
    return None


def fits(pattern: t.Sequence[str], path: t.Sequence[str]) -> bool:
    """Whether a path, step by step, is at the place that a pattern names."""
    if not pattern or not path:
        return not path and set(pattern) <= {"**"}
    first = pattern[0]
    if first == "**":
        return fits(pattern[1:], path) or fits(pattern, path[1:])
    is_same = first == path[0] or (first == "*" and not path[0].startswith("@"))
    is_same = is_same or (first == "@*" and path[0].startswith("@"))
    return is_same and fits(pattern[1:], path[1:])
