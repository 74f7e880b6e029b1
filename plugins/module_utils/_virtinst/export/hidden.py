# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking the secrets out of a definition."""

from __future__ import annotations

import typing as t

from ..._reconcile.redact import redacted_child
from ..._rules.book import PathRules
from ..._rules.domain.book import DOMAIN
from ..._xmltree.element import Element

#: Elements that go as a whole where a part of them is secret: what is left would say something else.
_WHOLE = frozenset(["qemu:commandline", "sysinfo", "os/initenv", "launchSecurity"])
#: The same, wherever it stands.
_WHOLE_TAGS = frozenset(["cookies"])
_CONSOLE = "devices/graphics/@passwd"


class Hidden(t.NamedTuple):
    """A secret that was left out.

    ``place`` is where it stands in the document, ``number`` the place of its device among those of
    its tag, from 0.
    """

    place: str
    number: int = 0

    @property
    def is_console(self) -> bool:
        """Whether it is the password of a console."""
        return self.place == _CONSOLE


def without_secrets(document: Element) -> tuple[Element, tuple[Hidden, ...]]:
    """The document without its secrets, and what they were."""
    hidden: list[Hidden] = []
    left = _without(document, DOMAIN.top, hidden, 0)
    return left, tuple(hidden)


def _without(element: Element, place: PathRules, hidden: list[Hidden], number: int) -> Element:
    children = []
    counts: dict[str, int] = {}
    for child in element.children:
        below = place.child(child.tag)
        count = counts[child.tag] = counts.get(child.tag, -1) + 1
        device = count if place.path == "devices" else number
        shown = redacted_child(child, place)
        if shown is child:
            children.append(child)
            continue
        if below.path in _WHOLE or child.tag in _WHOLE_TAGS or shown.text != child.text:
            hidden.append(Hidden(below.path, device))
            continue
        secret = [name for name in child.attributes if shown.get(name) != child.get(name)]
        hidden += [Hidden(f"{below.path}/@{name}", device) for name in secret]
        copy = child.replaced({n: v for n, v in child.attributes.items() if n not in secret})
        children.append(_without(copy, below, hidden, device))
    if len(children) == len(element.children) and all(
        new is old for new, old in zip(children, element.children)
    ):
        return element
    return element.replaced(children=children)
