# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of a file on this host that libvirt doesn't know.

QEMU's programs lock each image, such as ``qemu-nbd``, ``qemu-img``, or the guests of another
user: https://www.qemu.org/docs/master/system/images.html#disk-image-file-locking. And a file
system within an image may be mounted by a loop device.
"""

from __future__ import annotations

import fcntl
import glob
import os
import re
import struct
import typing as t

from .files import opened

#: struct flock of fcntl(2): type, whence, start, length, process; the whole file.
_LOCK = struct.Struct("hhqqi0q")
_WHOLE_FILE = (os.SEEK_SET, 0, 0, 0)
#: The backing files of loop devices.
_LOOPS, _LOOP_IMAGE = "/sys/block/loop*", "loop/backing_file"


#: Where QEMU's command line has the name of a guest.
_GUEST = re.compile(r"\0-name\0guest=([^,\0]+)")


#: The path of a loop device, and that of its image.
Loop = tuple[str, str]


def holder(path: str, loops: t.Sequence[Loop], going: t.Container[str] = ()) -> str | None:
    """Words for a process or device that has a file open; ``None`` if none is known.

    For example "the process 4711 (qemu-nbd)" or "the device /dev/loop0". The processes of a
    file that can't be read are unknown. QEMU's processes of the guests ``going`` don't count.
    """
    for device, image in loops:
        try:
            if os.path.samefile(image, path):
                return f"the device {device}"
        except (OSError, ValueError):
            # The image has no name here.
            continue
    return _process(path, going)


def loop_devices() -> list[Loop]:
    """The loop devices that are in use at this moment."""
    found = []
    for device in glob.glob(_LOOPS):
        try:
            name = os.path.join(device, _LOOP_IMAGE)
            with open(name, encoding="utf-8", errors="surrogateescape") as file:
                found.append((f"/dev/{os.path.basename(device)}", file.read().rstrip("\n")))
        except OSError:
            # The device has no image, or was removed.
            continue
    return found


def _process(path: str, going: t.Container[str]) -> str | None:
    try:
        with opened(path, devices=True) as file:
            # A lock for writing is refused by any other lock, a reader's too.
            asked = _LOCK.pack(fcntl.F_WRLCK, *_WHOLE_FILE)
            found = fcntl.fcntl(file, fcntl.F_OFD_GETLK, asked)
            if _LOCK.unpack(found)[0] == fcntl.F_UNLCK:
                return None
            status = os.fstat(file.fileno())
    except (OSError, ValueError):
        # Some file systems have no locks.
        return None
    processes = list(_processes_with((status.st_dev, status.st_ino)))
    left = [number for number in processes if not going or _guest_of(number) not in going]
    if processes and not left:
        return None
    return f"the process {left[0]} ({_name(left[0])})" if left else "another process"


def _processes_with(file: tuple[int, int]) -> t.Iterator[str]:
    """The numbers of the processes that have a lock on a file, as far as this user sees them."""
    for process in filter(str.isdecimal, os.listdir("/proc")):
        try:
            for number in os.listdir(f"/proc/{process}/fd"):
                status = os.stat(f"/proc/{process}/fd/{number}")
                if (status.st_dev, status.st_ino) != file:
                    continue
                with open(f"/proc/{process}/fdinfo/{number}", encoding="ascii") as lines:
                    if any(line.startswith("lock:") for line in lines):
                        yield process
        except OSError:
            # The process has ended, or belongs to another user.
            continue


def _name(process: str) -> str:
    try:
        with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return "which has just ended"


def _guest_of(process: str) -> str:
    """The name of the guest that a process of QEMU runs (qemuBuildNameCommandLine); else ""."""
    try:
        with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as file:
            found = _GUEST.search(file.read())
    except OSError:
        return ""
    return found[1] if found else ""
