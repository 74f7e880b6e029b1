# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Graphics servers: their ports and addresses."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError
from ..rows import Setter
from ..values import number

if t.TYPE_CHECKING:
    from ...guest import Guest

_LOWEST_PORT = 5900
_AUTOMATIC = -1
#: Values that stand for no keymap.
_NO_KEYMAP = ("local", "none")


def port(attribute: str) -> Setter:
    """A setter of a port."""

    def set_port(_guest: Guest, element: Element, value: str | None) -> None:
        if value is None:
            if element.attributes.pop(attribute, None) not in (None, str(_AUTOMATIC)):
                # Then libvirt chooses a port.
                element.attributes.pop("autoport", None)
            return
        given = number(value)
        if given < _LOWEST_PORT and given != _AUTOMATIC:
            raise OptionError(
                f"{given} is too low; ports start at {_LOWEST_PORT}, and {_AUTOMATIC} lets "
                "libvirt choose one"
            )
        writing.write(element, f"@{attribute}", str(given))

    return set_port


def set_listen(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the address; the words ``socket`` and ``none`` stand for no address."""
    element.children = [child for child in element.children if child.tag != "listen"]
    if value == "none":
        for attribute in ("listen", "port", "tlsPort", "autoport", "socket"):
            element.attributes.pop(attribute, None)
    if value in ("none", "socket"):
        element.children.append(Element("listen", {"type": value}))
    else:
        writing.write(element, "@listen", value)


def set_keymap(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the keyboard's layout; without one it is the viewer's."""
    if value is not None and value.lower() in _NO_KEYMAP:
        value = None
    writing.write(element, "@keymap", value)
