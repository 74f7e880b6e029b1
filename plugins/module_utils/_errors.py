# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each layer raises where something can't be done."""

from __future__ import annotations


class ExpectedError(Exception):
    """A task can't have what it asks for; the message is one line, for a person.

    Every other exception is a bug.
    """
