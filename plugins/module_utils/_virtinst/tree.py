# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree that an operating system is installed from: a directory, or an image.

Its file ``.treeinfo`` names kernel and initrd. Distributions without that file
put them into well-known places.
"""

from __future__ import annotations

import configparser
import typing as t

from .errors import OptionError

#: Kernel and initrd of the distributions.
_PLACES = (
    # Fedora and its relatives
    ("images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"),
    # Debian
    ("install.amd/vmlinuz", "install.amd/initrd.gz"),
    ("install.386/vmlinuz", "install.386/initrd.gz"),
    ("install.a64/vmlinuz", "install.a64/initrd.gz"),
    ("install/vmlinux", "install/initrd.gz"),
    ("install/vmlinuz", "install/initrd.gz"),
    # Ubuntu
    ("casper/vmlinuz", "casper/initrd"),
    # SUSE
    ("boot/x86_64/loader/linux", "boot/x86_64/loader/initrd"),
    ("boot/aarch64/linux", "boot/aarch64/initrd"),
    ("boot/ppc64le/linux", "boot/ppc64le/initrd"),
    ("boot/s390x/linux", "boot/s390x/initrd"),
    # Mageia
    ("isolinux/x86_64/vmlinuz", "isolinux/x86_64/all.rdz"),
    ("isolinux/vmlinuz", "isolinux/initrd.img"),
)
_INFO = (".treeinfo", "treeinfo")


class Tree(t.Protocol):
    """The files of a tree, by their paths in it."""

    #: The path of the image or of the directory.
    path: str
    is_image: bool

    def has(self, name: str) -> bool:
        """Whether the file exists."""

    def read(self, name: str) -> bytes:
        """The content of a file, which has to exist."""


def general(tree: Tree) -> dict[str, str]:
    """The tree's description of itself, such as ``family`` and ``version``."""
    info = _info(tree)
    return dict(info["general"]) if info.has_section("general") else {}


def boot_files(tree: Tree, arch: str) -> tuple[str, str]:
    """The paths of its kernel and its initrd.

    :raises OptionError: it has none.
    """
    info, places = _info(tree), list(_PLACES)
    section = f"images-{arch}"
    if info.has_option(section, "kernel") and info.has_option(section, "initrd"):
        places.insert(0, (info[section]["kernel"], info[section]["initrd"]))
    for kernel, initrd in places:
        if tree.has(kernel) and tree.has(initrd):
            return kernel, initrd
    raise OptionError(
        f"location: no kernel for {arch} was found in {tree.path}; if it has one, give its path, as in "
        f"{tree.path},kernel=vmlinuz,initrd=initrd.img"
    )


def _info(tree: Tree) -> configparser.ConfigParser:
    info = configparser.ConfigParser(interpolation=None, strict=False)
    name = next((name for name in _INFO if tree.has(name)), None)
    if name is not None:
        try:
            info.read_string(tree.read(name).decode("utf-8", "replace"))
        except configparser.Error as error:
            raise OptionError(f"location: {name} of {tree.path} can't be read: {error}") from None
    return info
