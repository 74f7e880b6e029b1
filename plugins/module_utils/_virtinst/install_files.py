# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kernel and the initrd that are copied for the installation of one domain.

Their names are all that ties them to it: a kernel can't have a mark.
"""

from __future__ import annotations

import posixpath
import re

KERNEL, INITRD = "kernel", "initrd"
#: So many bytes at the beginning tell what a file is; s390x has its word last.
BEGINNING = 0x10010
#: Where kernels have which bytes: Documentation/arch/x86/boot.rst, arch/arm64/booting.rst and
#: so on of the Linux kernel; programs for EFI, ELF for ppc64, and what is compressed by gzip.
_KERNELS = (
    (0x202, b"HdrS"),
    (0x38, b"ARM\x64"),
    (0x24, b"\x18\x28\x6f\x01"),
    (0x10008, b"S390EP"),
    (0, b"MZ"),
    (0, b"\x7fELF"),
    (0, b"\x1f\x8b"),
)
#: The beginnings of an initrd: cpio, and what it may be compressed by (lib/decompress.c).
_INITRDS = (
    *(b"070701", b"070702", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"]\0\0"),
    *(b"\x89LZO", b"\x02\x21L\x18", b"\x28\xb5\x2f\xfd"),
)


def kind_of(path: str, domain: str) -> str | None:
    """``kernel`` or ``initrd``, if a path has the name of a file for the domain's installation."""
    ending = f"({KERNEL}|{INITRD})(-[0-9a-f]{{12}})?"
    found = re.fullmatch(f"{re.escape(domain)}-{ending}", posixpath.basename(path))
    if found is None or (found[1] == KERNEL and found[2] is not None):
        return None
    return found[1]


def is_of_kind(beginning: bytes, kind: str) -> bool:
    """Whether a file that begins so is a kernel or an initrd."""
    if kind == KERNEL:
        return any(beginning[at : at + len(word)] == word for at, word in _KERNELS)
    return beginning.startswith(_INITRDS)
