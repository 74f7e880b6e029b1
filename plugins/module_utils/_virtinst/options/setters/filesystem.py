# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories of the host in the guest."""

from __future__ import annotations

import posixpath
import typing as t

from ...._xmltree.element import Element
from ... import writing
from ...errors import OptionError
from ..settings import Settings

if t.TYPE_CHECKING:
    from ...guest import Guest

_DEFAULT = "dir"
#: The attribute of a source, by type.
_SOURCES = {"template": "name", "file": "file", "block": "dev", "ram": "usage"}


def set_source(_guest: Guest, element: Element, value: str | None) -> None:
    """Set the source in the attribute for the type."""
    attribute = _SOURCES.get(element.get("type") or "", _DEFAULT)
    writing.write(element, f"source/@{attribute}", value)


def finish(guest: Guest, element: Element, _settings: Settings) -> None:
    """Check that the target is a path, except where it is only a tag for the guest."""
    is_tag = guest.host.is_qemu_or_test
    if is_tag and element.get("type") in (None, "mount"):
        return
    target = element.value("target/@dir")
    if target and not posixpath.isabs(target):
        raise OptionError(f"filesystem: target: {target} is not an absolute path")
