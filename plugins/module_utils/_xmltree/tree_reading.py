# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lxml reads, as a tree of ours."""

from __future__ import annotations

import typing as t

from .._secrecy import shown
from .element import Element
from .lxml_import import etree
from .parse import DocumentError


def read_tree(data: bytes, encoding: str | None, root: str | None) -> Element:
    """A document as :func:`.parse.parse` returns it; ``encoding`` replaces that of its declaration.

    :raises DocumentError: as there.
    """
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
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
