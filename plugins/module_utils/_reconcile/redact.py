# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hiding secrets before anything is shown."""

from __future__ import annotations

import functools
import typing as t

from .._rules.book import PathRules
from .._rules.rows import Secret
from .._secrecy import HIDDEN, cut, hidden_parts, is_secret_name, secret_parts, secret_spans
from .._xmltree.element import Element

#: An element that refers to a secret of libvirt's, and an attribute that does so.
_REFERENCES = frozenset(["secret"])
#: The word for a secret that differs from the old one.
CHANGED = f"{HIDDEN} (changed)"


def redacted(
    element: Element, place: PathRules, known: t.Container[tuple[int, str]] = ()
) -> Element:
    """The element with every secret value replaced by ``VALUE_HIDDEN``.

    ``place`` has the rules for it. The element itself is returned where it holds no secret.
    ``known`` are the identities and paths of elements that hold none.
    """
    if known and (id(element), place.path) in known:
        return element
    attributes, text = element.attributes, element.text
    for name, value in element.attributes.items():
        hidden = _hidden(place, f"@{name}", name, value)
        if hidden is not value:
            attributes = {**attributes, name: hidden}
    if text is not None:
        text = _hidden(place, "text()", element.tag, text)
    children = [redacted_child(child, place, known) for child in element.children]
    return element.rewritten(attributes, text, children)


def redacted_child(
    child: Element, parent: PathRules, known: t.Container[tuple[int, str]] = ()
) -> Element:
    """As :func:`redacted`, for an element whose parent's place is known."""
    shown = redacted(child, parent.child(child.tag), known)
    if child.tag in parent.secrets and shown.text not in (None, HIDDEN):
        shown = shown.replaced()
        shown.text = HIDDEN
    return shown


def hidden_value(place: PathRules, about: str, value: str | None) -> str | None:
    """``value`` without its secret parts, as it may be shown.

    ``about`` is ``@name`` for an attribute, ``text()``, or the tag of a child.
    """
    if value is None:
        return None
    name = place.path.rpartition("/")[2] if about == "text()" else about.lstrip("@")
    return _hidden(place, about, name, value)


def marked_as_changed(before: Element, after: Element, place: PathRules) -> Element:
    """The element after, redacted, with a word for each secret that differs from the old one."""
    attributes, text = {}, None
    for name, value in after.attributes.items():
        hidden = _hidden(place, f"@{name}", name, value)
        attributes[name] = _marked(before.attributes.get(name), value, hidden)
    if after.text is not None:
        hidden = _hidden(place, "text()", after.tag, after.text)
        text = _marked(before.text, after.text, hidden)
    children = [
        marked_as_changed(before_child, after_child, place.child(after_child.tag))
        for before_child, after_child in zip(before.children, after.children)
    ]
    copy = after.replaced(attributes, [*children, *after.children[len(children) :]])
    copy.text = text
    return copy


def secret_values(document: Element, place: PathRules) -> t.Iterator[str]:
    """All secrets in a document; ``place`` has the rules for its root."""
    for name, value in document.attributes.items():
        yield from _secrets(place, f"@{name}", name, value)
    if document.text is not None:
        yield from _secrets(place, "text()", document.tag, document.text)
    for child in document.children:
        yield from secret_values(child, place.child(child.tag))


def secrets_of_value(row: Secret, value: str) -> list[str]:
    """The secret parts of a value at the place of a row."""
    if not row.parts:
        return [value]
    return [value[start:end] for start, end in secret_spans(value, *row.parts)]


def _secrets(place: PathRules, about: str, name: str, value: str) -> list[str]:
    row = place.secrets.get(about)
    if row is not None:
        return [*secrets_of_value(row, value), *secret_parts(value)]
    return [value] if _is_named_so(name) else secret_parts(value)


def _hidden(place: PathRules, about: str, name: str, value: str) -> str:
    row = place.secrets.get(about)
    if row is None:
        return HIDDEN if _is_named_so(name) and value.strip() else hidden_parts(value)
    if not row.parts:
        return HIDDEN
    return hidden_parts(cut(value, *row.parts))


@functools.lru_cache(maxsize=4096)
def _is_named_so(name: str) -> bool:
    local = name.rpartition("}")[2]
    return local not in _REFERENCES and is_secret_name(local)


def _marked(before: str | None, after: str, hidden: str) -> str:
    if HIDDEN in hidden and before is not None and before != after:
        return hidden.replace(HIDDEN, CHANGED)
    return hidden
