# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task at a time writes a domain's definition.

libvirt replaces a definition as a whole, and can't be asked to do so only if nobody
else did meanwhile. Tasks of one user on one host take turns by a lock on a file.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
import time

from .errors import HypervisorError
from .events import idle

#: How long another task may take to define a domain and read it back, in seconds, and
#: how often it is looked whether it has done so.
_LONGEST, _POLL = 60.0, 0.02


class Turn:
    """A task's turn to write a domain, which ends with the block that this is the context of.

    Where no file can be made, nothing keeps the others.
    """

    def __init__(self) -> None:
        self._file: int | None = None

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            # Which ends the lock. The file stays, or two could hold locks on different ones.
            os.close(self._file)
            self._file = None

    def take(self, domain: str) -> None:
        """Wait until no other task writes the domain with this name.

        :raises HypervisorError: another one doesn't come to an end.
        """
        if self._file is None:
            self._file = _opened(domain)
            if self._file is not None:
                _lock(self._file)


def _opened(domain: str) -> int | None:
    runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = os.path.join(runtime, f"declarative-libvirt-{os.getuid()}")
    name = f"{domain.encode().hex()[:200]}.lock"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        facts = os.lstat(folder)
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
            # Someone else put it where everybody may write.
            return None
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(os.path.join(folder, name), flags, 0o600)
    except OSError:
        return None


def _lock(file: int) -> None:
    end = time.monotonic() + _LONGEST
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise HypervisorError(
                    f"another task has been writing its definition for {_LONGEST:g} s; see whether "
                    "that one hangs, then run the task again"
                ) from None
            idle(_POLL)
        else:
            return
