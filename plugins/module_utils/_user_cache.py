# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder on the managed host in which the collection keeps what it can do without.

It is ``declarative-libvirt`` in ``$XDG_CACHE_HOME``, else in ``~/.cache``, of the
user that the task runs as. What stands in it decides what a later task does or
runs, so nobody but that user, and root, may be able to put anything there:

* the folder is a directory, not a link, of this user, with mode 0700;
* every directory above it belongs to this user or to root, and lets nobody else
  rename what is in it. With that, a task of root that has kept the ``HOME`` of
  another user trusts nothing there, not even what is exchanged after the check;
* a file is opened without following a link, and looked at once it is open.

Where any of this isn't so, or the folder can't be made, there is no folder, and
the task does without. No function here raises an error of the system.
"""

from __future__ import annotations

import os
import stat

NAME = "declarative-libvirt"
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def user_cache() -> str | None:
    """The path of the folder, which is made where it is missing; None where there is none to trust."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(base):
        return None
    # No link is left on the way: what is checked is what is used.
    base = os.path.realpath(base)
    path = os.path.join(base, NAME)
    try:
        if not _is_private(path):
            return None
    except OSError:
        if not _made(base, path):
            return None
    return path if _is_safe_above(path) else None


def read_private(path: str) -> bytes | None:
    """What a file in the folder holds; None if it isn't there, or others could have written it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0) as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                return None
            return None if found.st_mode & _WRITABLE_BY_OTHERS else file.read()
    except OSError:
        return None


def replace_private(path: str, content: bytes) -> bool:
    """Write a file in the folder, with mode 0600; whether that could be done.

    It is written aside and renamed, so that who reads finds the old content or the
    new one, and of several who write at once the last one counts.
    """
    aside = f"{path}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            os.replace(aside, path)
        except BaseException:
            os.unlink(aside)
            raise
    except OSError:
        return False
    return True


def _made(base: str, path: str) -> bool:
    """Whether the folder is there now. A home that there isn't is not made."""
    for folder in (base, path):
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            # Made meanwhile by a task beside this one.
            pass
        except OSError:
            return False
    try:
        return _is_private(path)
    except OSError:
        return False


def _is_private(path: str) -> bool:
    found = os.lstat(path)
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )


def _is_safe_above(path: str) -> bool:
    """Whether nobody else can put another directory in the place of this one."""
    trusted = (0, os.geteuid())
    while path != os.path.dirname(path):
        path = os.path.dirname(path)
        try:
            found = os.lstat(path)
        except OSError:
            return False
        if found.st_uid not in trusted:
            return False
        # With the sticky bit only its owner renames an entry, as in /tmp.
        if found.st_mode & _WRITABLE_BY_OTHERS and not found.st_mode & stat.S_ISVTX:
            return False
    return True
