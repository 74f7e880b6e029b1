# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of what no keyboard can do."""

from __future__ import annotations

from .._errors import ExpectedError


class KeyboardError(ExpectedError):
    """There is no such key, or a character can't be typed; the message is one line."""
