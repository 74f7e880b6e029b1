# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Elements that libvirt adds by itself, whatever the kind."""

from __future__ import annotations

import typing as t

from .._xmltree.element import Element
from .context import Context
from .rows import Implied


def lone(tag: str, text: str | None = None, **attributes: str) -> t.Callable[..., Implied]:
    """The element itself, without a condition."""

    def element(_site: Context, _extra: Element) -> Implied:
        return Element(tag, dict(attributes), text)

    return element
