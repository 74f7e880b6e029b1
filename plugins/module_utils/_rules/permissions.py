# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners of files, as pools and volumes name them."""

from __future__ import annotations

from .._xmltree.element import Element
from .context import Context

#: -1 as an identifier of a user, which has no sign.
_NOBODY = ("-1", str(2**32 - 1))


def somebody(_context: Context, written: Element) -> Element | None:
    """virStorageDefParsePerms: -1 is nobody in particular."""
    return None if (written.text or "").strip() in _NOBODY else written
