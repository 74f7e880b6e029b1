# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading documents that libvirt has written, which always have the same layout.

virBuffer puts each element on lines of its own, two spaces further in than its parent.
So the text can be cut into the domain's parts before it is parsed. Most parts of a host's
domains are equal, and each is parsed once.
"""

from __future__ import annotations

import re

from .element import Element
from .parse import DocumentError, parse

#: The line breaks before start tags that are two and four spaces in; end tags don't count.
_PARTS = re.compile(r"\n(?=  <[^/])")
_DEVICES = re.compile(r"\n(?=    <[^/])")
_FIRST, _LAST = "  <devices>", "  </devices>"
_ROOT = re.compile(r"<domain(?: [a-z]+='[^']*')*>")
_END = "</domain>"

_known: dict[str, Element] = {}
_MOST_KNOWN = 8192


def parse_dump(text: str) -> Element:
    """As :func:`.parse.parse`, for a domain's document that libvirt has written.

    :raises DocumentError: as there.
    """
    first, *parts = _PARTS.split(text.strip())
    if not parts or not _ROOT.fullmatch(first) or not parts[-1].endswith(f"\n{_END}"):
        return parse(text)
    parts[-1] = parts[-1][: -len(_END) - 1]
    try:
        root = parse(f"{first}{_END}")
        root.children = _apart([_part(part) for part in parts])
    except DocumentError:
        # Some part, such as an application's metadata, has another layout.
        return parse(text)
    return root


def _part(text: str) -> Element:
    if text.startswith(_FIRST) and text.endswith(f"\n{_LAST}"):
        _start, *devices = _DEVICES.split(text[: -len(_LAST) - 1])
        if _start != _FIRST:
            raise DocumentError("there is something before the devices")
        return Element("devices", children=_apart([_parsed(device) for device in devices]))
    return _parsed(text)


def _parsed(text: str) -> Element:
    found = _known.get(text)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[text] = parse(text)
    return found


def _apart(elements: list[Element]) -> list[Element]:
    """The elements with copies of those that occur twice: siblings are told apart by identity."""
    seen: set[int] = set()
    result = []
    for element in elements:
        if id(element) in seen:
            element = element.replaced()
        seen.add(id(element))
        result.append(element)
    return result
