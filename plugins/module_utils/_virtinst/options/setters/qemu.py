# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments and environment variables that are passed to QEMU as they are."""

from __future__ import annotations

import shlex
import typing as t

from ...._secrecy import shown
from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError
from ..rows import Pair
from ..values import needed_truth

if t.TYPE_CHECKING:
    from ...guest import Guest

URI = "http://libvirt.org/schemas/domain/qemu/1.0"
_NAMESPACES: dict[str | None, str] = {"qemu": URI}
_COMMAND_LINE = f"{{{URI}}}commandline"
_NAMES = ("env", "args", "clearxml")


def split(text: str) -> list[Pair]:
    """Split a string, which is one value as a whole; its name may come first."""
    name, equals, value = text.partition("=")
    if equals and name in _NAMES:
        return [(name, value)]
    return [("args", text)]


def add_arguments(_guest: Guest, root: Element, value: str | None) -> None:
    """Add arguments; they are split as in a shell."""
    try:
        arguments = shlex.split(value or "")
    except ValueError as error:
        raise OptionError(f"{shown(value)}: {str(error).lower()}") from None
    _add(root, [Element(f"{{{URI}}}arg", {"value": argument}) for argument in arguments])


def add_variable(_guest: Guest, root: Element, value: str | None) -> None:
    """Add an environment variable."""
    name, equals, text = (value or "").partition("=")
    if not equals:
        raise OptionError(f"{shown(value)} needs the form NAME=VALUE")
    _add(root, [Element(f"{{{URI}}}env", {"name": name, "value": text})])


def clear(_guest: Guest, root: Element, value: str | None) -> None:
    """Remove the arguments and variables of earlier values."""
    found = root.child(_COMMAND_LINE)
    if value is not None and needed_truth(value) and found is not None:
        writing.discard(root, found)


def _add(root: Element, elements: list[Element]) -> None:
    found = root.child(_COMMAND_LINE)
    if found is None:
        found = Element(_COMMAND_LINE, namespaces=dict(_NAMESPACES))
        root.children.append(found)
    # libvirt writes arguments before variables, whatever their order was.
    found.children.extend(elements)
    found.children.sort(key=lambda child: child.tag.endswith("env"))
