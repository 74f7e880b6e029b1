# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that are the same but for what tells one from another.

Those of one kind differ by their names, what is named by these, the paths that a task says,
their UUIDs and MAC addresses. All of these are only ever compared with each other. What was
found out about one of the domains therefore holds for each one that is alike in all else.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re

_MAC = re.compile(r"(?<![0-9a-fA-F:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![0-9a-fA-F:])")
_MAC_LENGTH = 17
#: Before each of libvirt's own.
_MAC_ADDRESS = "<mac address='"
#: A path as the whole of a value.
_PATH = re.compile(r"(?<=['\">])/[^'\"<>]+(?=['\"<])")
#: What stands for the parts that differ; no document can have it.
_MARK = "\x00"


class Alike:
    """What was found out about domains, for those that are alike."""

    def __init__(self) -> None:
        self._known: set[tuple[str, bytes]] = set()

    def is_known(self, what: str, key: bytes) -> bool:
        """Whether it was found out before, of something with this key of a :class:`Kind`."""
        return (what, key) in self._known

    def note(self, what: str, key: bytes) -> None:
        """Remember that it holds."""
        self._known.add((what, key))


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a domain is, but for what tells it from others.

    ``key`` is the same for two domains exactly when exchanging the names, the ``paths``,
    UUIDs and MAC addresses of the one for those of the other makes their texts the same.
    """

    key: bytes
    name: str
    paths: tuple[str, ...]

    def path_in(self, other: Kind, path: str) -> str:
        """The path that another domain of this kind has where this one has ``path``."""
        if path in self.paths:
            return other.paths[self.paths.index(path)]
        return path.replace(f"/{self.name}", f"/{other.name}")


def kind_of(name: str, uuid: str | None, said: str, document: str = "") -> Kind:
    """The kind of a domain, by what a task says of it and by libvirt's document of it."""
    paths = tuple(dict.fromkeys(_PATH.findall(said)))
    numbers: dict[str, str] = {}

    def numbered(address: str) -> str:
        return numbers.setdefault(address.lower(), f"{_MARK}m{len(numbers)}")

    said = _MAC.sub(lambda found: numbered(found[0]), said)
    first, *rest = document.split(_MAC_ADDRESS)
    parts = [f"{numbered(part[:_MAC_LENGTH])}{part[_MAC_LENGTH:]}" for part in rest]
    text = f"{said}{_MARK}{first}{_MAC_ADDRESS.join(parts)}"
    # The longest first, or the beginning of one could be taken for another.
    for path in sorted(paths, key=len, reverse=True):
        text = text.replace(path, f"{_MARK}p{paths.index(path)}")
    text = text.replace(f"<name>{name}<", f"<name>{_MARK}<").replace(f"/{name}", f"/{_MARK}n")
    if uuid is not None:
        text = text.replace(uuid, f"{_MARK}u")
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Kind(digest, name, paths)
