# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt keeps instead of what a document says, whatever the kind."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .context import Context


def dropped(_site: Context, _written: t.Any) -> None:
    """Nothing is kept."""


def unwritten(usual: str) -> t.Callable[[Context, str], str | None]:
    """Every value but the usual one."""

    def value(_site: Context, written: str) -> str | None:
        return None if written == usual else written

    return value


def unless_nothing(attribute: str, *nothing: str) -> t.Callable[[Context, Element], Element | None]:
    """For an element whose attribute may say that there is none: it is empty, or one of ``nothing``.

    libvirt writes no such element. So it is a change only where there is one, which it takes away.
    """

    def value(context: Context, written: Element) -> Element | None:
        is_nothing = (written.get(attribute) or "") in ("", *nothing)
        return None if is_nothing and context.actual.child(written.tag) is None else written

    return value


def container(context: Context, element: Element) -> Element | None:
    """An element of which libvirt keeps nothing is not written."""
    place = context.place.child(element.tag)
    inner = Context(element, element, place, context)
    written: list[tuple[str, t.Any]] = [(child.tag, child) for child in element.children]
    written += [(f"@{name}", value) for name, value in element.attributes.items()]
    for about, what in written:
        row = place.stored.get(about)
        if row is None or row.value(inner, what) is not None:
            return element
    return element if element.text else None
