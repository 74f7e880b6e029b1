# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that have most of their elements in common, which are written and searched once."""

from __future__ import annotations

from ..._rules.book import PathRules
from ..._rules.domain.book import DOMAIN
from ..._xmltree.element import Element
from ..._xmltree.serialise import Written, lines_of, written
from ..redact import redacted

#: How deep the parts are that are known: sections such as ``<devices>``, and the devices.
_DEPTH = 2


class SharedParts:
    """What is known of the parts of some documents, for others that share these elements.

    Elements are told by their identity, as they don't change once they are shared.
    """

    def __init__(self) -> None:
        #: They are kept, so that no other element gets the identity of one of theirs.
        self._documents: list[Element] = []
        self._lines: dict[tuple[int, str], list[str]] = {}
        self._without_secret: set[tuple[int, str]] = set()

    def add(self, document: Element) -> None:
        """Make the parts of a document known."""
        self._documents.append(document)
        if document.namespaces is None:
            self._add(document, DOMAIN.top, "  ")

    def _add(self, parent: Element, place: PathRules, indent: str) -> None:
        for child in parent.children:
            there = place.child(child.tag)
            self._lines[id(child), indent] = lines_of(child, indent)
            if child.tag not in place.secrets and redacted(child, there) is child:
                self._without_secret.add((id(child), there.path))
            if len(indent) < len("  ") * _DEPTH:
                self._add(child, there, indent + "  ")

    def written(self, document: Element) -> Written:
        """As :func:`.written`."""
        return written(document, self._lines)

    def redacted(self, document: Element) -> Element:
        """As :func:`.redacted`, of a whole document."""
        return redacted(document, DOMAIN.top, self._without_secret)
