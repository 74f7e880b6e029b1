# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading XML from people and from libvirt, without trusting either."""

from __future__ import annotations

import re

from .._errors import ExpectedError
from .element import Element

#: libvirt's own limit for one string over its RPC protocol, in bytes:
#: REMOTE_STRING_MAX in src/remote/remote_protocol.x. A larger document can be
#: neither defined nor dumped.
LARGEST_DOCUMENT = 4 * 1024 * 1024


#: Documents of fewer bytes are read in a moment, whatever they are.
_LARGE = 20_000
_MOST_ATTRIBUTES = 1000
#: A start tag, and the values in it.
_TAG = re.compile(rb"<[^<>\"'!?/\s][^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*")
_VALUE = re.compile(rb"\"[^\"]*\"|'[^']*'")


class DocumentError(ExpectedError):
    """The document can't be used; the message is one line."""


def parse(document: str | bytes, root: str | None = None) -> Element:
    """Parse a document into an :class:`Element` tree.

    Comments, processing instructions and white space between elements are
    left out. ``root`` is the tag that the document must have.

    :raises DocumentError: it is too large, not well-formed, has a document
        type declaration (the way to entities), or another root element.
    """
    size = len(document)
    if size > LARGEST_DOCUMENT:
        raise DocumentError(
            f"the XML document has {size} bytes; libvirt takes at most {LARGEST_DOCUMENT}"
        )
    # A text is decoded already: the encoding of its declaration no longer holds.
    encoding = "utf-8" if isinstance(document, str) else None
    data = encoded(document)
    check_attribute_count(data)
    if not data.strip():
        raise DocumentError("the XML document is empty")
    # lxml takes longer to import than what a task without documents does.
    from .tree_reading import read_tree

    return read_tree(data, encoding, root)


def encoded(document: str | bytes) -> bytes:
    """The document in bytes.

    :raises DocumentError: it has a character that no document can have.
    """
    if isinstance(document, bytes):
        return document
    try:
        return document.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError(
            f"the XML has half of a surrogate pair at character {error.start + 1}, which is no "
            "character; correct the encoding of what it is made from"
        ) from None


def is_large(document: str | bytes) -> bool:
    """Whether a document is so large that work that isn't linear would take long."""
    return len(document) > _LARGE


def check_attribute_count(data: bytes) -> None:
    """Refuse an element with more attributes than can be read in time.

    libxml2 and lxml look each attribute up from the beginning.

    :raises DocumentError: there is such an element.
    """
    for tag in _TAG.finditer(data) if is_large(data) else ():
        number = len(_VALUE.findall(tag[0]))
        if number > _MOST_ATTRIBUTES:
            name = tag[0][1:].split()[0].decode("utf-8", "replace")
            raise DocumentError(
                f"<{name}> has {number} attributes, and at most {_MOST_ATTRIBUTES} are read"
            )
