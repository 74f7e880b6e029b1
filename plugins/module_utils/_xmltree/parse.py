# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading XML from people and from libvirt, without trusting either."""

from __future__ import annotations

import re
import typing as t

from .._errors import ExpectedError
from .._secrecy import shown
from .element import Element
from .lxml_import import etree

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
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if not data.strip():
        raise DocumentError("the XML document is empty")
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"the XML is not well-formed: {shown(_first_line(error))}") from None
    if tree.getroottree().docinfo.internalDTD is not None:
        raise DocumentError(
            "the XML has a document type declaration (<!DOCTYPE …>); remove it, "
            "because DTDs and entities are not read"
        )
    if root is not None and tree.tag != root:
        raise DocumentError(f"the XML's root element is <{_tag(tree)}>; it has to be <{root}>")
    return _convert(tree, dict(tree.nsmap))


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


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "no reason given"


#: Subtrees that have been converted, by their text. The documents of a host's
#: domains consist of the same few hundred parts; elements are immutable, and so
#: can be shared.
_known: dict[bytes, Element] = {}
_MOST_KNOWN = 8192
#: An element with more children than this is a list, which hardly recurs.
_LARGEST_PART = 8


def _convert(source: etree._Element, declared: dict[str | None, str]) -> Element:
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    element = _convert_list(source)
    if declared:
        element.namespaces = declared
    return element


def _convert_list(source: etree._Element) -> Element:
    children: list[Element] = []
    seen: set[int] = set()
    for child in source:
        element = _convert_list(child) if len(child) > _LARGEST_PART else _convert_part(child)
        if id(element) in seen:
            # Siblings are told apart by identity.
            element = element.replaced()
        seen.add(id(element))
        children.append(element)
    return _element(source, children)


def _convert_part(source: etree._Element) -> Element:
    key = etree.tostring(source, encoding="utf-8", with_tail=False)
    element = _known.get(key)
    if element is None:
        element = _known[key] = _convert_plain(source)
    return element


def _convert_plain(source: etree._Element) -> Element:
    return _element(source, [_convert_plain(child) for child in source])


def _element(source: etree._Element, children: list[Element]) -> Element:
    tag = _tag(source)
    if tag[0] == "{":
        return _convert_foreign(source, {})
    text = None if children else source.text
    if text is not None and not text.strip():
        text = None
    return Element(tag, dict(source.items()), text, children)


def _tag(source: etree._Element) -> str:
    """The tag, which lxml's types allow to be no text in trees that are built by hand."""
    return t.cast(str, source.tag)


def _convert_foreign(source: etree._Element, inherited: dict[str | None, str]) -> Element:
    """Markup of another namespace: its prefixes and mixed content matter."""
    known = dict(source.nsmap)
    text, tail = source.text, source.tail
    return Element(
        _tag(source),
        dict(source.items()),
        text if text is not None and text.strip() else None,
        [_convert_foreign(child, known) for child in source],
        {prefix: uri for prefix, uri in known.items() if inherited.get(prefix) != uri} or None,
        tail if tail is not None and tail.strip() else None,
    )
