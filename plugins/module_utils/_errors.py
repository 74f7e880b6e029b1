# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error that each layer raises where something can't be done."""

from __future__ import annotations


class ExpectedError(Exception):
    """The task can't be done; the message is one line.

    Every other exception is a bug.
    """
