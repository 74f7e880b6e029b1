# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lock, so that only one task at a time writes an object's definition.

libvirt replaces a definition as a whole, and can't check whether another client has replaced it
meanwhile. So the tasks of one user on one host take turns by a lock on a file.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time

from .errors import HypervisorError
from .events import idle

#: The time that another task may take to define a domain and read it back, and the time between
#: two looks, in seconds.
_LONGEST, _POLL = 60.0, 0.02
#: The folders of the files. The environment doesn't count: two tasks of one user may have
#: different ones. Only root can write to the first folder.
_FOLDERS = ("/run", "/tmp")  # noqa: S108


class DefinitionLock:
    """Keeps other tasks from writing the definition of an object until the block ends.

    ``kind`` is the noun of its kind: a network and a domain may have the same name. Where no
    file can be made, there is no lock. ``longest`` is the time in seconds that another task may
    take, and ``doing`` what it does meanwhile.
    """

    def __init__(
        self, kind: str, longest: float = _LONGEST, doing: str = "writing its definition"
    ) -> None:
        self._kind = kind
        self._longest = longest
        self._doing = doing
        self._file: int | None = None
        self._path = ""

    def __enter__(self) -> DefinitionLock:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is None:
            return
        # While it is locked: who waits for it sees that it is gone, and makes a new one.
        with contextlib.suppress(OSError):
            os.unlink(self._path)
        os.close(self._file)
        self._file = None

    def acquire(self, name: str) -> None:
        """Wait until no other task writes the object with this name.

        :raises HypervisorError: another task doesn't end in time.
        """
        if self._file is not None:
            return
        folder = _folder()
        if folder is None:
            return
        self._path = os.path.join(
            folder, f"{self._kind}-{name.encode(errors='replace').hex()[:200]}.lock"
        )
        end = time.monotonic() + self._longest
        while self._file is None:
            file = _opened(self._path)
            if file is None:
                return
            try:
                _lock(file, end, f"{self._doing} for {self._longest:g} s")
            except BaseException:
                os.close(file)
                raise
            if _is_at(file, self._path):
                self._file = file
            else:
                # The task that had the lock before has removed the file.
                os.close(file)


def _folder() -> str | None:
    user = os.getuid()
    folder = os.path.join(_FOLDERS[bool(user)], f"declarative-libvirt-{user}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        facts = os.lstat(folder)
    except OSError:
        return None
    # Someone else may have put it where everybody may write.
    return folder if stat.S_ISDIR(facts.st_mode) and facts.st_uid == user else None


def _opened(path: str) -> int | None:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except OSError:
        return None


def _is_at(file: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path, follow_symlinks=False))
    except OSError:
        return False


def _lock(file: int, end: float, doing: str) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise HypervisorError(
                    f"another task has been {doing}; see whether that one hangs, then run the task again"
                ) from None
            idle(_POLL)
        else:
            return
