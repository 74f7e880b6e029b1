# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of a picture that can't be read."""

from __future__ import annotations

from .._errors import ExpectedError


class PictureError(ExpectedError):
    """A picture can't be read; the message is one line."""
