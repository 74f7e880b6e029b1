# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of an ambiguous request."""

from __future__ import annotations

from .._errors import ExpectedError


class AmbiguousDevice(ExpectedError):
    """A request fits several devices; the message lists them, on one line."""
