# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions of a pool's folder or of a volume, from options."""

from __future__ import annotations

import grp
import pwd
import typing as t

from .._xmltree.element import Element
from .errors import TaskError

#: virStorageDefParsePerms takes no more.
_MOST = 0o777


def permissions(options: t.Mapping[str, t.Any], where: str) -> Element:
    """The element of the options ``mode``, ``owner``, ``group`` and ``label``.

    libvirt takes numbers alone; names are looked up on this host. ``where`` is the option that
    they are part of.

    :raises TaskError: an option has an impossible value.
    """
    values = {**numbers(options, f"{where}."), "label": options["label"]}
    children = [Element(tag, text=value) for tag, value in values.items() if value is not None]
    return Element("permissions", children=children)


def numbers(options: t.Mapping[str, t.Any], prefix: str = "") -> dict[str, str | None]:
    """The options ``mode``, ``owner`` and ``group`` as numbers; ``prefix`` stands before their names.

    :raises TaskError: an option has an impossible value.
    """
    return {
        "mode": _mode(options["mode"], f"{prefix}mode"),
        "owner": _number(options["owner"], f"{prefix}owner", _user),
        "group": _number(options["group"], f"{prefix}group", _group),
    }


def _mode(mode: object, where: str) -> str | None:
    """As four octal digits; a number stands for itself, as it does in Ansible."""
    if mode is None:
        return None
    try:
        number = mode if isinstance(mode, int) else int(str(mode).strip(), 8)
    except ValueError:
        number = -1
    if isinstance(mode, bool) or not 0 <= number <= _MOST:
        raise TaskError(f"{where}: '{mode}' is no mode; write octal digits as text, as in '0711'")
    return f"{number:04o}"


def _number(value: object, where: str, look_up: t.Callable[[str], int]) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    if text.isdigit():
        return text
    try:
        return str(look_up(text))
    except KeyError:
        raise TaskError(
            f"{where}: this host knows no '{text}'; correct it, or set it to a number"
        ) from None


def _user(name: str) -> int:
    return pwd.getpwnam(name).pw_uid


def _group(name: str) -> int:
    return grp.getgrnam(name).gr_gid
