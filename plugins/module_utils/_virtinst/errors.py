# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors in the options of a domain."""

from __future__ import annotations

from .._errors import ExpectedError


class HostNote(str):
    """A note about the host; it is the same for each domain."""


class OptionError(ExpectedError):
    """An option can't be honoured; the message is one line."""
