# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network's document from options, and the options from a document."""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT
from ..._rules.book import PREFIXES
from ..._rules.network.options import OPTIONS, Group, Value
from ..._xmltree.element import Element

#: The namespaces of libvirt's own extensions, by the prefixes of the tables.
_NAMESPACES = {prefix: uri for uri, prefix in PREFIXES.items()}
#: An entry of a list that is to go has this, until it is taken out of the document.
_STATE = "state"


def document_of(params: t.Mapping[str, t.Any]) -> Element:
    """The part of a document that the options describe, without entries that are to go."""
    return _without_absent(_written(OPTIONS, params, Element(OPTIONS.path)))


def absent_in(params: t.Mapping[str, t.Any]) -> Element | None:
    """The same with the entries that are to go, which :func:`is_absent` tells; ``None`` if none are."""
    whole = _written(OPTIONS, params, Element(OPTIONS.path))
    return whole if any(map(is_absent, whole.walk())) else None


def is_absent(element: Element) -> bool:
    """Whether an element of :func:`absent_in` is to go."""
    return element.get(_STATE) == ABSENT


def in_order(children: t.Iterable[Element]) -> list[Element]:
    """Children of a network's document, as libvirt orders them."""
    order = {
        _tag((part.path if isinstance(part, Group) else part.at).partition("/")[0]): number
        for number, part in enumerate(OPTIONS.parts)
    }
    return sorted(children, key=lambda child: order.get(child.tag, -1))


def given_in(params: t.Mapping[str, t.Any]) -> frozenset[str]:
    """The options that describe the network, beside its name, and are given."""
    names = (part.option for part in OPTIONS.parts)
    return frozenset(name for name in names if params.get(name) is not None)


def options_of(document: Element) -> dict[str, t.Any]:
    """The options that describe a network as its document does.

    What libvirt fills in by itself is among them, but for the UUID. Metadata of applications, and
    devices that are listed by their PCI addresses, have no option.
    """
    found = _read(OPTIONS, document)
    found.pop("uuid", None)
    return found


def _without_absent(element: Element) -> Element:
    children = [_without_absent(child) for child in element.children if not is_absent(child)]
    return element.replaced(children=children)


def _written(group: Group, options: t.Mapping[str, t.Any], element: Element) -> Element:
    """The element with what the options of its group say; ``None`` says nothing."""
    for part in group.parts:
        given = options.get(part.option)
        if given is None:
            continue
        if isinstance(part, Value):
            for text in given if part.type == "list" else [_text(part, given)]:
                _put(element, part.at, str(text), part.type == "list")
            continue
        for entry in given if part.is_many else [given]:
            path, _slash, tag = part.path.rpartition("/")
            child = Element(tag)
            if (part.is_removable and entry.get(_STATE) == ABSENT) or _is_nothing(part, entry):
                child.attributes[_STATE] = ABSENT
            child = _completed(_written(part, entry, child))
            _parent(element, path).children.append(child)
    return element


def _completed(element: Element) -> Element:
    """The element with the attributes that are one value with those that the options gave.

    An IPv6 address has its family: virNetworkIPDefParseXML guesses none. The time of a lease has
    a unit, which is minutes where none is given (virNetworkDHCPLeaseTimeDefParseXML).
    """
    if element.tag == "lease":
        element.attributes.setdefault("unit", "minutes")
    if element.tag in ("ip", "route") and ":" in (element.get("address") or ""):
        element.attributes.setdefault("family", "ipv6")
    return element


def _is_nothing(group: Group, entry: t.Mapping[str, t.Any]) -> bool:
    """Whether it says that the network doesn't forward, or has no domain.

    libvirt knows no word for these in a document: its schema has none, and virNetworkDefFormatBuf
    drops the elements.
    """
    if group.option == "domain":
        return all(value is None for value in entry.values())
    return group.option == "forward" and entry.get("mode") == "none"


def _text(value: Value, given: t.Any) -> str:
    return value.words[bool(given)] if value.type == "bool" else str(given)


def _put(element: Element, at: str, text: str, is_new: bool) -> None:
    """Write a value at a path; ``is_new``: into an element of its own."""
    path, about = _split(at)
    if path:
        above, _slash, last = path.rpartition("/")
        if is_new:
            parent, element = _parent(element, above), Element(_tag(last))
            parent.children.append(element)
        else:
            element = _parent(element, path)
    if about == "text()":
        element.text = text
    else:
        element.attributes[about] = text


def _split(at: str) -> tuple[str, str]:
    """The path to the element of a value, and its attribute or ``text()``."""
    path, _slash, last = at.rpartition("/")
    if last.startswith("@"):
        return path, last[1:]
    return (path, last) if last == "text()" else (at, "text()")


def _parent(element: Element, path: str) -> Element:
    """The element at a path, made where it isn't there."""
    for step in filter(None, path.split("/")):
        child = element.child(_tag(step))
        if child is None:
            child = Element(_tag(step))
            prefix = step.rpartition(":")[0]
            if prefix:
                child.namespaces = {prefix: _NAMESPACES[prefix]}
            element.children.append(child)
        element = child
    return element


def _tag(step: str) -> str:
    prefix, colon, local = step.rpartition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if colon else local


def _read(group: Group, element: Element) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for part in group.parts:
        if isinstance(part, Value):
            path, about = _split(part.at)
            texts = [
                each.text if about == "text()" else each.get(about)
                for each in _elements(element, path)
            ]
            values = [_value(part, text) for text in texts if text is not None]
            if values:
                found[part.option] = values if part.type == "list" else values[0]
            continue
        entries = [_read(part, each) for each in _elements(element, part.path)]
        if entries:
            found[part.option] = entries if part.is_many else entries[0]
    return found


def _elements(element: Element, path: str) -> list[Element]:
    found = [element]
    for step in filter(None, path.split("/")):
        found = [child for each in found for child in each.all(_tag(step))]
    return found


def _value(value: Value, text: str) -> t.Any:
    if value.type == "bool":
        return text == value.words[1]
    if value.type == "int":
        try:
            return int(text, 0)
        except ValueError:
            # 010, which is a number in libvirt's documents.
            return int(text) if text.strip().isdigit() else text
    return text
