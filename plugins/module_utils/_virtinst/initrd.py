# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are put into an initrd.

The kernel unpacks several archives in a row:
https://www.kernel.org/doc/html/latest/driver-api/early-userspace/buffer-format.html
"""

from __future__ import annotations

import gzip
import posixpath
import typing as t

_MAGIC = b"070701"
_FILE = 0o100644
_END = "TRAILER!!!"


def injected(initrd: bytes, files: t.Mapping[str, bytes]) -> bytes:
    """The initrd with these files at its root, by their names."""
    archive = b"".join(
        _entry(number, name, content) for number, (name, content) in enumerate(files.items(), 1)
    )
    # A fixed time, so that the same files give the same initrd.
    return initrd + gzip.compress(archive + _entry(0, _END, b"", links=1, mode=0), mtime=0)


def _entry(number: int, name: str, content: bytes, links: int = 1, mode: int = _FILE) -> bytes:
    encoded = posixpath.basename(name).encode() + b"\0"
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
    header = _MAGIC + b"".join(b"%08X" % field for field in fields)
    return _padded(header + encoded) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
