# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of a task that can't be done."""

from __future__ import annotations

from .._errors import ExpectedError
from .._secrecy import hidden_in


class TaskError(ExpectedError):
    """The task can't be done; the message is one line.

    ``changed``: something was changed before.
    """

    def __init__(self, message: str, changed: bool = False) -> None:
        super().__init__(message)
        self.changed = changed


def on_one_line(message: str) -> str:
    """A message on one line, without the secrets that it quotes."""
    return hidden_in(" ".join(message.split()))
