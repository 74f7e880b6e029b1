# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree that an operating system is installed from: a directory, an image, or a URL.

Its file ``.treeinfo`` names the system, kernel and initrd:
https://release-engineering.github.io/productmd/treeinfo-1.0.html
"""

from __future__ import annotations

import configparser
import posixpath
import typing as t

from .._images.checksum import Checksum, read_checksum
from .._images.errors import ImageError
from .._images.request import ImageRequest
from .errors import OptionError

_INFO = (".treeinfo", "treeinfo")
#: The section of ``.treeinfo`` about the system, and that with the checksums of files.
_GENERAL, _CHECKSUMS = "general", "checksums"
#: How much of what a server sent, which may be anything, stands in a message.
_LONGEST = 200


class Tree(t.Protocol):
    """The files of a tree, by their paths in it."""

    #: The path of the image or of the directory, or the URL without what may be secret.
    path: str
    is_image: bool
    is_url: bool

    def has(self, name: str) -> bool:
        """Whether the file exists."""

    def text(self, name: str) -> str | None:
        """The content of a small file; ``None`` if there is none."""

    def read(self, name: str) -> bytes:
        """The content of a file, which has to exist."""


class WebTree(Tree, t.Protocol):
    """The same at a URL."""

    def beginning(self, name: str) -> bytes | None:
        """The first bytes of an image, which describe it; ``None`` if there is none."""

    def request(self, name: str, checksum: Checksum | None, owner: str) -> ImageRequest:
        """The request for a file as it is; see :class:`._images.web_tree.WebTree`."""

    def read(self, name: str, checksum: Checksum | None = None) -> bytes:
        """The content of a file with this checksum."""


class TreeInfo:
    """What a tree says of itself, as far as it does.

    :raises OptionError: its description can't be read.
    """

    def __init__(self, tree: Tree) -> None:
        self._info = configparser.ConfigParser(interpolation=None, strict=False)
        for name in _INFO:
            text = tree.text(name)
            if text is None:
                continue
            try:
                self._info.read_string(text)
            except configparser.Error as error:
                reason = _beginning(str(error))
                raise OptionError(
                    f"location: {name} of {tree.path} can't be read: {reason}; correct it, or give "
                    "kernel and initrd"
                ) from None
            break

    @property
    def general(self) -> dict[str, str]:
        """Its section of that name: ``family``, ``version``, ``arch`` and so on."""
        return dict(self._info[_GENERAL]) if self._info.has_section(_GENERAL) else {}

    def kernels(self, arch: str) -> list[tuple[str, str]]:
        """Kernel and initrd that it names for an architecture, or for ``xen``."""
        section = f"images-{arch}"
        if not all(self._info.has_option(section, name) for name in ("kernel", "initrd")):
            return []
        return [(self._info[section]["kernel"], self._info[section]["initrd"])]

    def checksum(self, name: str) -> Checksum | None:
        """The checksum that it has of a file."""
        # Names are written in small letters by the parser.
        text = self._info.get(_CHECKSUMS, posixpath.normpath(name).lower(), fallback=None)
        if text is None:
            return None
        try:
            found = read_checksum(text)
        except ImageError:
            return None
        return None if found.digest is None else found


def _beginning(text: str) -> str:
    """The beginning of a text on one line, without what can't be printed."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
