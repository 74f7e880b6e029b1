# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of this host.

A path that a task names may be a pipe, a terminal or an endless device.
"""

from __future__ import annotations

import errno
import os
import stat
import typing as t

#: The largest file that is read into memory, in bytes: for user data and files in an initrd, and
#: for a kernel or an initrd of an installation.
LARGEST_TEXT, LARGEST_KERNEL = 64 * 1024**2, 1024**3
#: The bytes that are read at a time.
_PART = 2**20
#: The bytes of a block of stat(2), which are the same on each file system.
_BLOCK = 512
#: The longest time until whoever listens at a socket answers, in seconds.
_PATIENCE = 5.0

_KINDS = (
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "character device"),
    (stat.S_ISBLK, "block device"),
)


def opened(path: str, devices: bool = False) -> t.BinaryIO:
    """Open a file, or with ``devices`` also a block device, for reading.

    :raises OSError: it is neither, or can't be read.
    """
    # Checked before it is opened: opening changes some devices, and waits for others.
    _check_is_file(os.stat(path), devices)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _check_is_file(os.fstat(descriptor), devices)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def content(path: str, largest: int = LARGEST_TEXT) -> bytes:
    """The content of a file.

    :raises OSError: it can't be read, is no file, or has more than ``largest`` bytes.
    """
    parts, left = [], largest + 1
    with opened(path) as file:
        # Python allocates as much memory as it is asked to read, so it reads in parts.
        while left and (part := file.read(min(left, _PART))):
            parts.append(part)
            left -= len(part)
    if not left:
        raise OSError(errno.EFBIG, f"it has more than {largest} bytes")
    return b"".join(parts)


def allocated_bytes(path: str) -> int | None:
    """The bytes that a file occupies; ``None`` where that is unknown, such as of none."""
    try:
        return os.stat(path).st_blocks * _BLOCK
    except OSError:
        return None


def free_bytes(folder: str) -> int | None:
    """The bytes that this user may still write in a folder; ``None`` where that is unknown."""
    try:
        status = os.statvfs(folder)
    except OSError:
        return None
    return status.f_bavail * status.f_frsize


def is_deserted(path: str) -> bool:
    """Whether a path is a Unix socket at which nobody listens any more, as a killed QEMU leaves one."""
    # Ansible compiles a module's code anew in each task, and few tasks need it.
    import socket

    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(_PATIENCE)
            caller.connect(path)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def _check_is_file(status: os.stat_result, devices: bool) -> None:
    mode = status.st_mode
    if stat.S_ISREG(mode) or (devices and stat.S_ISBLK(mode)):
        return
    kind = next((word for is_it, word in _KINDS if is_it(mode)), "special file")
    number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(number, f"it is a {kind}, not a file")
