# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the hypervisor at the other end of a connection has the files of this host.

A URI doesn't show it: it may be an alias, and a socket may be forwarded. The proof is that the
process which listens on the socket is one of libvirt's daemons, and that it sees the same files
as this process. Without proof the hypervisor counts as another host's.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import stat
import struct
import typing as t

from .uri import host_of, scheme_of

_DESCRIPTORS = "/proc/self/fd"
_CREDENTIALS = struct.Struct("iII")
#: libvirtd, and the daemons that it was divided into; the kernel cuts names at 15 characters.
_DAEMON = re.compile(r"libvirtd|virt[a-z]+d")
#: systemd listens for daemons that start when they are needed.
_INIT = ("systemd", "init")
#: The folders of libvirt's images and sockets.
_SEEN = ("/var/lib/libvirt", "/run")
#: Folders that a hardened service has for itself, and that contain no images.
_OWN = re.compile(r"/(?:tmp|var/tmp|dev|proc|sys|run/(?:user|credentials|lock))(?:/|$)")


def sockets() -> frozenset[int]:
    """The descriptors of this process that are sockets."""
    found = set()
    with contextlib.suppress(OSError):
        for name in os.listdir(_DESCRIPTORS):
            with contextlib.suppress(OSError):
                if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                    found.add(int(name))
    return frozenset(found)


def peers(descriptors: t.Iterable[int]) -> frozenset[int]:
    """The processes that listen at the other ends of these sockets; 0 for an unknown process."""
    found = set()
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            with socket.socket(fileno=os.dup(descriptor)) as peer:
                # A pair of sockets to a program, such as ssh, has no name.
                if peer.family != socket.AF_UNIX or not peer.getpeername():
                    found.add(0)
                    continue
                option = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            found.add(_CREDENTIALS.unpack(option)[0])
    return frozenset(found)


def is_proven(uri: str, processes: t.Collection[int]) -> bool:
    """Whether a hypervisor has the files of this host.

    ``uri`` is without aliases, as libvirt resolved it; ``processes`` are those of :func:`peers`.
    """
    _driver, _plus, transport = scheme_of(uri).partition("+")
    if host_of(uri) or transport not in ("", "unix"):
        return False
    if "/embed" in uri:
        return not processes
    return bool(processes) and all(map(_is_daemon_of_this_host, processes))


def _is_daemon_of_this_host(process: int) -> bool:
    if process <= 0:
        return False
    try:
        with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as file:
            name = file.read().strip()
    except OSError:
        return False
    if not (_DAEMON.fullmatch(name) or (process == 1 and name in _INIT)):
        return False
    root = f"/proc/{process}/root"
    try:
        os.stat(f"{root}/")
    except PermissionError:
        # The mounts of another user's process may be visible while its files are not.
        mounts = _mounts("self")
        return mounts is not None and mounts == _mounts(process)
    except OSError:
        return False
    return all(_is_same(f"{root}{path}", path) for path in _SEEN)


def _is_same(path: str, own_path: str) -> bool:
    """Whether both are the same directory, or neither exists."""
    try:
        status = os.stat(own_path)
    except FileNotFoundError:
        return not os.path.lexists(path)
    except OSError:
        return False
    try:
        return os.path.samestat(os.stat(path), status)
    except OSError:
        return False


def _mounts(process: int | str) -> frozenset[tuple[str, ...]] | None:
    """The mounts of a process: device, directory on the device, and mount point."""
    try:
        with open(f"/proc/{process}/mountinfo", encoding="utf-8", errors="replace") as file:
            lines = [line.split()[2:5] for line in file]
    except OSError:
        return None
    return frozenset(tuple(line) for line in lines if not _OWN.match(line[-1]))
