# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""XPaths that a person recognises a device by."""

from __future__ import annotations

from .._rules.book import PREFIXES, PathRules
from .._rules.context import Context
from .._rules.rows import KeyWhere
from .._xmltree.element import Element
from .redact import hidden_value

_ALIAS = "alias/@name"


def site_path(context: Context) -> str:
    """The XPath of the element at ``context``."""
    if context.parent is None:
        return f"/{local_name(context.desired.tag)}"
    parent = context.parent
    step = child_step(
        context.actual, context.place, parent.actual.all(context.actual.tag) or [context.actual]
    )
    return f"{site_path(parent)}/{step}"


def child_step(element: Element, place: PathRules, siblings: list[Element]) -> str:
    """One step of an XPath, by what identifies the element among its siblings."""
    name = local_name(element.tag)
    identity = place.identity
    keys = identity.keys if identity is not None else ()
    # libvirt's own alias tells a person less than any other key does.
    for key in sorted(keys, key=lambda key_path: key_path == _ALIAS):
        shown = key.path if isinstance(key, KeyWhere) and key.holds(element) else key
        if isinstance(shown, str):
            values = [
                (path, element.text if path == "text()" else element.value(path))
                for path in shown.split()
            ]
            if all(_may_be_shown(place, path, value) for path, value in values):
                return name + "".join(f"[{path}='{value}']" for path, value in values)
    if len(siblings) > 1:
        for number, sibling in enumerate(siblings, 1):
            if sibling is element:
                return f"{name}[{number}]"
    return name


def _may_be_shown(place: PathRules, path: str, value: str | None) -> bool:
    """Whether there is such a value, and no part of it is secret."""
    for tag in path.split("/")[:-1]:
        place = place.child(tag)
    return value is not None and hidden_value(place, path.rpartition("/")[2], value) == value


def local_name(tag: str) -> str:
    """The tag with the prefix that libvirt's own namespaces have, and without any other."""
    uri, brace, name = tag.rpartition("}")
    prefix = PREFIXES.get(uri[1:]) if brace else None
    return name if prefix is None else f"{prefix}:{name}"
