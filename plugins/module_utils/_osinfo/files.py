# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the database, and the search for the file that has to be read."""

from __future__ import annotations

import os
import re
import typing as t

from .._xmltree.lxml_import import etree

#: The characters between words and numbers in short ids and in names of files.
_PUNCTUATION = {ord(character): None for character in "-._+~ "}
_SHORT_ID = b"<short-id>%s</short-id>"


def default_directories() -> tuple[str, ...]:
    """Where the database is: the system's, the host's, and the user's own part.

    The environment variables are libosinfo's.
    """
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return (
        os.environ.get("OSINFO_SYSTEM_DIR") or "/usr/share/osinfo",
        os.environ.get("OSINFO_LOCAL_DIR") or "/etc/osinfo",
        os.environ.get("OSINFO_USER_DIR") or os.path.join(home, "osinfo"),
    )


class Files:
    """The files of one kind, such as ``os`` or ``device``, in all parts of the database.

    A file ``VENDOR/NAME.xml`` in a later part replaces that of an earlier one.
    The files in ``VENDOR/NAME.d`` extend it, wherever they are.
    """

    def __init__(self, directories: t.Sequence[str], kind: str) -> None:
        self._main: dict[str, str] = {}
        self._extensions: dict[str, list[str]] = {}
        for directory in directories:
            top = os.path.join(directory, kind)
            for vendor in _listed(top):
                self._add(os.path.join(top, vendor), vendor)

    def _add(self, directory: str, vendor: str) -> None:
        for name in _listed(directory):
            stem, _dot, extension = name.rpartition(".")
            key, path = f"{vendor}/{stem}", f"{directory}/{name}"
            if extension == "xml":
                self._main[key] = path
            elif extension == "d":
                self._extensions.setdefault(key, []).extend(
                    os.path.join(path, entry) for entry in _listed(path) if entry.endswith(".xml")
                )

    @property
    def keys(self) -> list[str]:
        """``VENDOR/NAME`` of every file, sorted."""
        return sorted({*self._main, *self._extensions})

    def key_of(self, identifier: str) -> str | None:
        """The key of the file where an entry with this URL should be."""
        match = re.match(r"https?://([^/]+)/(.+)$", identifier)
        if match is None:
            return None
        key = f"{match[1]}/{match[2].replace('/', '-')}"
        return key if key in self._main or key in self._extensions else None

    def keys_by_short_id(self, short_id: str) -> t.Iterator[str]:
        """The keys of the files with this short id; files that are named like it come first."""
        plain = short_id.lower().translate(_PUNCTUATION)
        alike = [
            key
            for key in self._main
            # The last letter rules most of them out.
            if key[-1].lower() == plain[-1:] and _plain(key) == plain
        ]
        yield from self._having(short_id, sorted(alike))

        def unlike(key: str) -> tuple[bool, str]:
            return (_plain(key)[:3] != plain[:3], key)

        rest = self._main.keys() - set(alike)
        yield from self._having(short_id, sorted(rest, key=unlike))

    def _having(self, short_id: str, keys: t.Iterable[str]) -> t.Iterator[str]:
        element = _SHORT_ID % short_id.encode()
        for key in keys:
            with open(self._main[key], "rb") as file:
                if element in file.read():
                    yield key

    def read(self, key: str, with_comments: bool = False) -> list[etree._Element]:
        """The root elements of a file and of its extensions.

        ``with_comments``: a comment separates the texts beside it, which counts in a stylesheet.
        """
        paths = [self._main[key]] if key in self._main else []
        paths += self._extensions.get(key, [])
        roots = (_parsed(path, with_comments) for path in paths)
        return [root for root in roots if root is not None]


def _plain(key: str) -> str:
    """The name of a file without the characters between its words and numbers."""
    return key.rpartition("/")[2].lower().translate(_PUNCTUATION)


def _listed(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _parsed(path: str, with_comments: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=not with_comments,
        remove_pis=True,
    )
    try:
        return etree.parse(path, parser).getroot()
    except (OSError, etree.XMLSyntaxError):
        # One broken file of a user's own shouldn't hide all others.
        return None
