# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error about an image."""

from __future__ import annotations

from .._errors import ExpectedError


class ImageError(ExpectedError):
    """An image can't be had, or can't be used; the message is one line without the option's name."""
