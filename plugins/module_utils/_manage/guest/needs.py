# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an agent has to allow."""

from __future__ import annotations

import typing as t

from ..._hypervisor.agent_channel import AgentChannel, Refused
from ..errors import TaskError

#: Without them there is no command.
EXEC = frozenset(["guest-exec", "guest-exec-status"])


def check(channel: AgentChannel, allowed: frozenset[str], needed: t.Collection[str] = EXEC) -> None:
    """Check that the agent carries out these commands.

    :raises TaskError: it doesn't, because of its settings or because file systems are frozen.
    """
    missing = sorted(set(needed) - allowed)
    if not missing:
        return
    if _is_frozen(channel, allowed):
        raise TaskError(
            "file systems of the guest are frozen, and what writes there would hang; thaw them first, with "
            "domain_agent and filesystems=thawed or with virsh domfsthaw"
        )
    raise TaskError(
        f"the guest agent does not allow {', '.join(missing)}; take them out of block-rpcs (blacklist, "
        "BLOCK_RPCS, BLACKLIST_RPC) or add them to allow-rpcs (ALLOW_RPCS), in /etc/qemu/qemu-ga.conf, "
        "/etc/sysconfig/qemu-ga or /etc/default/qemu-guest-agent of the guest, then restart "
        "qemu-guest-agent there"
    )


def _is_frozen(channel: AgentChannel, allowed: frozenset[str]) -> bool:
    try:
        return "guest-fsfreeze-status" in allowed and channel.is_frozen()
    except Refused:
        return False
