# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place where errors become the module's failure."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ..errors import ExpectedError
from ..reconcile.hidden import HIDDEN


class TaskError(ExpectedError):
    """What the task asks for can't be done; the message is one line.

    ``changed`` says whether something had been done before.
    """

    def __init__(self, message: str, changed: bool = False) -> None:
        super().__init__(message)
        self.changed = changed


@contextlib.contextmanager
def failures_reported(
    module: AnsibleModule, subject: str, secrets: t.Iterable[str] = ()
) -> t.Iterator[None]:
    """Let the module fail where the block raises one of the collection's errors.

    ``subject`` names what the task is about, ``secrets`` what a message of
    libvirt may quote but nobody may see. Other exceptions are bugs, and pass.
    """
    try:
        yield
    except ExpectedError as error:
        message = one_line(f"{subject}: {error}", secrets)
        module.fail_json(msg=message, changed=getattr(error, "changed", False))


def one_line(message: str, secrets: t.Iterable[str] = ()) -> str:
    """A message on one line, without the secrets that it quotes."""
    message = " ".join(message.split())
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, HIDDEN)
    return message
