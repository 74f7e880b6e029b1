# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that are the same but for what tells one from another.

Those of one kind differ by their names, what is named by these, the paths that a task says,
their UUIDs and MAC addresses. All of these are only ever compared with each other. What was
found out about one of the domains therefore holds for each one that is alike in all else.
"""

from __future__ import annotations

import hashlib
import re
import typing as t

_MAC = re.compile(r"(?<![0-9a-fA-F:])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}(?![0-9a-fA-F:])")
_MAC_REST = re.compile(r":[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){4}")
_MAC_LENGTH = 17
#: Before each of libvirt's own.
_MAC_ADDRESS = "<mac address='"
#: A path as the whole of a value. It begins with the slash, which is what Python looks for then.
_PATH = re.compile(r"/(?<=['\">]/)[^'\"<>]+(?=['\"<])")
#: Where the data of a disk is. What other paths are decides about more than themselves.
_DISK_PATHS = (" file='{}'", " dev='{}'", " dir='{}'")
#: A name that is spelled the same in a task's options, in paths and in a document.
_PLAIN_NAME = re.compile(r"[\w.@+-]+")
#: What stands for the parts that differ; no document can have it.
_MARK = "\x00"


class Proven:
    """What was found out about domains, for those that are alike."""

    def __init__(self) -> None:
        self._known: set[tuple[str, bytes]] = set()

    def is_known(self, what: str, key: bytes) -> bool:
        """Whether it was found out before, of something with this key of a :class:`Fingerprint`."""
        return (what, key) in self._known

    def note(self, what: str, key: bytes) -> None:
        """Remember that it holds."""
        self._known.add((what, key))


class Fingerprint(t.NamedTuple):
    """What a domain is, but for what tells it from others.

    ``key`` is the same for two domains exactly when exchanging the names, the ``paths``,
    UUIDs and MAC addresses of the one for those of the other makes their texts the same, and
    each of these stands where it can only be compared with itself.
    """

    key: bytes
    name: str
    paths: tuple[str, ...]

    def path_in(self, target: Fingerprint, path: str) -> str:
        """The path that another domain of this kind has where this one has ``path``."""
        if path in self.paths:
            return target.paths[self.paths.index(path)]
        return path.replace(f"/{self.name}", f"/{target.name}")


def fingerprint_of(name: str, uuid: str | None, request: str, document: str = "") -> Fingerprint:
    """The kind of a domain, by what a task says of it and by libvirt's document of it.

    ``request`` is the representation of values, or a document.
    """
    paths = tuple(
        path
        for path in dict.fromkeys(_PATH.findall(request))
        if any(pattern.format(path) in (document or request) for pattern in _DISK_PATHS)
    )
    request, document = _without_addresses(request, document)
    request, document = (_without_paths(text, paths) for text in (request, document))
    is_apart = not _PLAIN_NAME.fullmatch(name)
    if not is_apart:
        request, document = (_without_name(text, name) for text in (request, document))
        # It may mean something in another place too, and a directory of this name be any.
        is_apart = name in request or "&#" in request or f"/{_MARK}n/" in document
    text = f"{request}{_MARK}{document}{_MARK}{name if is_apart else ''}"
    if uuid is not None:
        text = text.replace(uuid, f"{_MARK}u")
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Fingerprint(digest, name, paths)


def _without_paths(text: str, paths: t.Sequence[str]) -> str:
    if not paths:
        return text
    marks = {path: f"{_MARK}p{number}" for number, path in enumerate(paths)}
    return _PATH.sub(lambda found: marks.get(found[0], found[0]), text)


def _without_name(text: str, name: str) -> str:
    return text.replace(f"<name>{name}<", f"<name>{_MARK}<").replace(f"/{name}", f"/{_MARK}n")


def _without_addresses(request: str, document: str) -> tuple[str, str]:
    """Both with a number for each MAC address, the same where it is the same."""
    numbers: dict[str, int] = {}

    def numbered(address: str) -> str:
        lower = address.lower()
        if int(address[1], 16) & 1:
            # That of a group, which no interface can have.
            return address
        number = numbers.setdefault(lower, len(numbers))
        # Only of an interface it doesn't matter how it is spelled.
        spelled = "" if address == lower else "u" if address == address.upper() else address
        return f"{_MARK}m{number}{spelled}"

    return _with_numbers(request, numbered), _with_numbers(document, numbered)


def _with_numbers(text: str, numbered: t.Callable[[str], str]) -> str:
    first, *rest = text.split(_MAC_ADDRESS)
    if len(_MAC_REST.findall(text)) != len(rest) or not all(map(_MAC.match, rest)):
        return _MAC.sub(lambda found: numbered(found[0]), text)
    # Those of the interfaces are all that there are, and are found faster.
    parts = [f"{numbered(part[:_MAC_LENGTH])}{part[_MAC_LENGTH:]}" for part in rest]
    return _MAC_ADDRESS.join([first, *parts])
