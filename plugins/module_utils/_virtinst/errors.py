# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the options of a domain."""

from __future__ import annotations

from .._errors import ExpectedError


class HostNote(str):
    """What a person should know of a host, whichever domain it is noticed with."""


class OptionError(ExpectedError):
    """An option can't be honoured; the message is one line, for a person."""
