# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps the engine from telling what is meant."""

from __future__ import annotations

from .._errors import ExpectedError


class AmbiguousDevice(ExpectedError):
    """More than one device may be meant; the message lists them, on one line."""
