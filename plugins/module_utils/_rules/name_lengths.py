# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the names of files and of libvirt's objects may be, in bytes."""

from __future__ import annotations

#: NAME_MAX of Linux.
LONGEST_FILE = 255
#: libvirt keeps an object in NAME.xml, which virFileRewrite writes as NAME.xml.new first. It notices
#: a longer name after it has taken a snapshot or made a checkpoint, of which nobody knows then. Tried
#: on 9.0 and 11.3.
LONGEST_NAME = LONGEST_FILE - len(".xml.new")


def bytes_of(name: str) -> int:
    """How many bytes a name has in a file system."""
    return len(name.encode("utf-8", "surrogatepass"))


def too_long(name: str, most: int = LONGEST_NAME) -> str | None:
    """Words about a name that has more bytes than ``most``; ``None`` where it hasn't."""
    length = bytes_of(name)
    if length <= most:
        return None
    return f"name: it has {length} bytes, and at most {most} can be kept; choose a shorter one"
