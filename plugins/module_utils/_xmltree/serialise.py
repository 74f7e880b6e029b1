# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing a tree the way libvirt's virBuffer does: two spaces, single quotes."""

from __future__ import annotations

import types
import typing as t

from .element import Element

#: virBufferEscapeString escapes the same five in text and in attributes.
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;"}
_ATTRIBUTE = {**_TEXT, "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def serialise(element: Element, indent: str | None = "") -> str:
    """The element as text, without a final newline.

    ``indent`` is put before each line; ``None`` gives everything on one line.
    """
    lines: list[str] = []
    _write(element, indent, {}, lines)
    return ("" if indent is None else "\n").join(lines)


class Written(t.NamedTuple):
    """A document as text: as libvirt lays it out, and on one line."""

    text: str
    line: str


#: The lines of elements, by identity and indentation.
Known = t.Mapping[tuple[int, str], t.Sequence[str]]
_NOTHING_KNOWN: Known = types.MappingProxyType({})


def written(document: Element, known: Known = _NOTHING_KNOWN) -> Written:
    """Both forms of :func:`serialise`, at the cost of one.

    ``known`` are the lines of elements that no namespace is declared around; see :func:`lines_of`.
    """
    lines: list[str] = []
    _write(document, "", {}, lines, {} if document.namespaces else known)
    # Each begins with its indentation, and then with an element.
    return Written("\n".join(lines), "".join([line.lstrip(" ") for line in lines]))


def lines_of(element: Element, indent: str) -> list[str]:
    """The lines of an element that no namespace is declared around."""
    lines: list[str] = []
    _write(element, indent, {}, lines)
    return lines


def _write(
    element: Element,
    indent: str | None,
    prefixes: dict[str, str | None],
    lines: list[str],
    ready: Known = _NOTHING_KNOWN,
) -> None:
    if ready and indent is not None:
        found = ready.get((id(element), indent))
        if found is not None:
            lines += found
            return
    known, name, attributes = _start(element, prefixes)
    start = f"{indent or ''}<{name}{attributes}"
    text = "" if element.text is None else _escape(element.text, _TEXT)
    if not element.children:
        end = f">{text}</{name}>" if text else "/>"
        lines.append(start + end + _tail(element))
        return
    if text or any(child.tail for child in element.children):
        # Mixed content: added white space would change it.
        inner: list[str] = []
        for child in element.children:
            _write(child, None, known, inner)
        lines.append(f"{start}>{text}{''.join(inner)}</{name}>{_tail(element)}")
        return
    lines.append(start + ">")
    deeper = None if indent is None else indent + "  "
    for child in element.children:
        _write(child, deeper, known, lines, ready)
    lines.append(f"{indent or ''}</{name}>{_tail(element)}")


def _start(
    element: Element, prefixes: dict[str, str | None]
) -> tuple[dict[str, str | None], str, str]:
    """The prefixes from here on down, the name and the attributes."""
    if element.namespaces is None and element.tag[0] != "{":
        attributes = ""
        for name, value in element.attributes.items():
            if name[0] == "{":
                break
            attributes += f" {name}='{_escape(value, _ATTRIBUTE)}'"
        else:
            return prefixes, element.tag, attributes
    known = _declare(element, prefixes)
    return known, _name(element.tag, known), _attributes(element, prefixes, known)


def _tail(element: Element) -> str:
    return "" if element.tail is None else _escape(element.tail, _TEXT)


def _escape(text: str, table: dict[str, str]) -> str:
    # Most values are words or numbers.
    if text.isalnum():
        return text
    for character, entity in table.items():
        if character in text:
            text = text.replace(character, entity)
    return text


def _declare(element: Element, prefixes: dict[str, str | None]) -> dict[str, str | None]:
    """The prefix of each namespace at this element: those it declares added."""
    missing: list[str] = []
    for name in (element.tag, *element.attributes):
        if name[0] == "{":
            missing.append(name[1:].partition("}")[0])
    known = prefixes
    if element.namespaces:
        known = {**known, **{uri: prefix for prefix, uri in element.namespaces.items()}}
    for uri in missing:
        if uri not in known and uri != "http://www.w3.org/XML/1998/namespace":
            known = {**known, uri: f"ns{len(known)}"}
    return known


def _name(name: str, prefixes: dict[str, str | None]) -> str:
    if name[0] != "{":
        return name
    uri, _brace, local = name[1:].partition("}")
    if uri == "http://www.w3.org/XML/1998/namespace":
        return f"xml:{local}"
    prefix = prefixes[uri]
    return local if prefix is None else f"{prefix}:{local}"


def _attributes(
    element: Element, outer: dict[str, str | None], known: dict[str, str | None]
) -> str:
    parts = [
        f" {_name(name, known) if name[0] == '{' else name}='{_escape(value, _ATTRIBUTE)}'"
        for name, value in element.attributes.items()
    ]
    for uri, prefix in known.items():
        if known is not outer and outer.get(uri, "") != prefix:
            declaration = "xmlns" if prefix is None else f"xmlns:{prefix}"
            parts.append(f" {declaration}='{_escape(uri, _ATTRIBUTE)}'")
    return "".join(parts)
