# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``wait``: waiting after a domain has reached its state."""

from __future__ import annotations

import typing as t

from .._hypervisor import waiting
from .._manage.domain.wait import INSTALL_TIMEOUT, INSTALLED, TIMEOUT, Wait
from .._manage.errors import TaskError
from .options import check_timeout


def wait_spec(kinds: t.Sequence[str], default: str | None = None) -> dict[str, t.Any]:
    """The option, with its choices."""
    what: dict[str, t.Any] = {"type": "str", "choices": list(kinds)}
    what.update({"required": True} if default is None else {"default": default})
    timeout: dict[str, t.Any] = {"type": "float"}
    if default is None:
        timeout["default"] = TIMEOUT
    sources = {
        "type": "list",
        "elements": "str",
        "choices": list(waiting.SOURCES),
        "default": list(waiting.SOURCES),
    }
    return {"type": "dict", "options": {"for": what, "timeout": timeout, "source": sources}}


def wait_of(option: t.Mapping[str, t.Any] | None) -> Wait | None:
    """The option as a value.

    :raises TaskError: the value is impossible.
    """
    if option is None:
        return None
    if not option["source"]:
        raise TaskError("wait.source is empty; name where addresses are looked for")
    timeout = option["timeout"]
    if timeout is None:
        timeout = INSTALL_TIMEOUT if option["for"] == INSTALLED else TIMEOUT
    timeout = check_timeout(timeout, "wait.timeout")
    return Wait(option["for"], timeout, tuple(option["source"]))
