# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier tasks have found out, as hashes in the user's cache on the managed host.

Two things are remembered. What libvirt made of a document: the differences between the two
that stay, which a later task neither asks for again nor calls a change. And what needed no
change: the same request, of an object that is still the same, needs no plan. Each is one hash of
all that it depends on, so that whatever differs is a thing not known. Nothing of it can be read
back, and its loss costs a plan, or a warning that a task has to find out again.

``DECLARATIVE_LIBVIRT_MEMORY=off`` turns it off. It is off too where the code has no identity,
because it doesn't come from a zip that Ansible has sent: what one version of the code has found
out need not hold for the next.
"""

from __future__ import annotations

import hashlib
import os
import typing as t

from .._compiled import content_key
from .._user_cache import read_private, replace_private, user_cache

#: What turns it off.
VARIABLE = "DECLARATIVE_LIBVIRT_MEMORY"
_FILE = "memory"
#: The length of a hash, in bytes, and how many are kept: two thousand domains take 64 KiB.
_LENGTH, _MOST = 16, 65536
#: What libvirt has made of a document, and what needed no change.
KEPT, UNCHANGED = "kept", "unchanged"


class Memory:
    """The hashes in the file at ``path``; without a path nothing is known and nothing kept.

    ``code`` is the identity of the code. In check mode nothing is written.
    """

    def __init__(self, path: str | None, code: str, check_mode: bool) -> None:
        self._path = path
        self._code = code
        self._check_mode = check_mode
        self._known: set[bytes] | None = None
        self._new: dict[bytes, None] = {}

    @property
    def is_on(self) -> bool:
        """Whether anything can be known."""
        return self._path is not None

    def knows(self, what: str, *parts: str) -> bool:
        """Whether a thing, :data:`KEPT` or :data:`UNCHANGED`, was noted with these parts."""
        if self._path is None:
            return False
        if self._known is None:
            self._known = set(_hashes(self._path))
        key = self._hash(what, parts)
        return key in self._known or key in self._new

    def note(self, what: str, *parts: str) -> None:
        """Remember a thing for later tasks."""
        if self._path is not None and not self._check_mode:
            self._new[self._hash(what, parts)] = None

    def save(self) -> None:
        """Write what is new, beside what other tasks have written meanwhile."""
        if self._path is None or not self._new:
            return
        known = [key for key in _hashes(self._path) if key not in self._new]
        kept = [*known, *self._new][-_MOST:]
        replace_private(self._path, b"".join(kept))
        self._new.clear()

    def _hash(self, what: str, parts: t.Sequence[str]) -> bytes:
        # With their lengths, no two lists of parts come to the same bytes.
        lengths = ",".join([str(len(part)) for part in parts])
        whole = "".join((f"{len(self._code)},{len(what)},{lengths};", self._code, what, *parts))
        encoded = whole.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(encoded, digest_size=_LENGTH).digest()


#: For who remembers nothing.
NOTHING = Memory(None, "", True)


def opened(is_on: bool, check_mode: bool) -> Memory:
    """The memory of this user; ``is_on`` is what the task's option says."""
    code = content_key() if is_on and os.environ.get(VARIABLE, "").lower() != "off" else None
    folder = user_cache() if code is not None else None
    if code is None or folder is None:
        return NOTHING
    return Memory(os.path.join(folder, _FILE), code, check_mode)


def _hashes(path: str) -> list[bytes]:
    content = read_private(path) or b""
    # A file of another length has been damaged.
    whole = len(content) if len(content) % _LENGTH == 0 else 0
    return [content[start : start + _LENGTH] for start in range(0, whole, _LENGTH)]
