# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of libvirt that its daemon hands on to the guest agent.

libvirt waits for their answers without a limit. So each is made by a thread that can be
abandoned.
"""

from __future__ import annotations

import threading
import typing as t

from .agent_channel import AgentChannel, Refused, Silent
from .flags import flag
from .libvirt_import import libvirt

_ResultT = t.TypeVar("_ResultT")


def ssh_keys(channel: AgentChannel, user: str) -> list[str]:
    """The lines of a user's ``authorized_keys``, without comments.

    :raises HypervisorError: the agent can't read them.
    """
    try:
        found = _limited(
            channel,
            "guest-ssh-get-authorized-keys",
            lambda: channel.raw.authorizedSSHKeysGet(user, 0),
            channel.timeout,
        )
    except Refused as error:
        # The user never had any.
        if "no such file" in error.words.lower():
            return []
        raise
    return [line.strip() for line in found or () if line.strip()]


def add_ssh_keys(channel: AgentChannel, user: str, keys: t.Sequence[str]) -> None:
    """Add lines to a user's ``authorized_keys``."""
    _set_keys(channel, user, keys, "VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND")


def remove_ssh_keys(channel: AgentChannel, user: str, keys: t.Sequence[str]) -> None:
    """Remove lines from a user's ``authorized_keys``."""
    _set_keys(channel, user, keys, "VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE")


def _set_keys(channel: AgentChannel, user: str, keys: t.Sequence[str], how: str) -> None:
    _limited(
        channel,
        "guest-ssh-add-authorized-keys",
        lambda: channel.raw.authorizedSSHKeysSet(user, list(keys), flag(how)),
        channel.timeout,
    )


def set_password(channel: AgentChannel, user: str, password: str, is_hash: bool) -> None:
    """Set a user's password, which may be the hash that ``/etc/shadow`` is to have."""
    how = flag("VIR_DOMAIN_PASSWORD_ENCRYPTED") if is_hash else 0
    _limited(
        channel,
        "guest-set-user-password",
        lambda: channel.raw.setUserPassword(user, password, how),
        channel.timeout,
    )


def trim(channel: AgentChannel, timeout: float) -> None:
    """Give blocks that file systems don't use back to the host."""
    _limited(channel, "guest-fstrim", lambda: channel.raw.fSTrim(None, 0, 0), timeout)


def freeze(channel: AgentChannel, timeout: float) -> int:
    """Freeze all file systems that can be; return how many."""
    count = _limited(
        channel, "guest-fsfreeze-freeze", lambda: channel.raw.fsFreeze(None, 0), timeout
    )
    return int(count)


def thaw(channel: AgentChannel, timeout: float) -> None:
    """Thaw all file systems."""
    _limited(channel, "guest-fsfreeze-thaw", lambda: channel.raw.fsThaw(None, 0), timeout)


def _limited(
    channel: AgentChannel, command: str, call: t.Callable[[], _ResultT], timeout: float
) -> _ResultT:
    """What a call returns within so many seconds; 0 stands for no limit.

    :raises Silent: the time is over.
    """
    results: list[_ResultT] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(timeout or None)
    if errors:
        with channel.connection.explained(f"let the guest agent do its part ({command})"):
            if isinstance(errors[0], libvirt.libvirtError):
                channel.explain(command, errors[0])
            raise errors[0]
    if not results:
        raise Silent(
            f"the guest agent has not answered {command} within {timeout:g} s; it may still do it"
        )
    return results[0]
