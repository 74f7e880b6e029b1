# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands to the QEMU guest agent of one guest, and what its refusals mean.

https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html has the commands.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import time
import typing as t
import uuid

from .connection import Connection
from .errors import HypervisorError, is_code, reason
from .libvirt_import import libvirt

#: What libvirt puts before the agent's own words.
_PREFIX = re.compile(r"^(internal error: )?unable to execute QEMU agent command '[^']*': ")
#: The agent's words for a command that is switched off, or that it doesn't have.
_SWITCHED_OFF = re.compile(r"has been disabled|has not been found|CommandNotFound|CommandDisabled")
#: The time between two looks for the agent, in seconds: the first, and the longest.
_LOOK, _LONGEST_LOOK = 0.05, 0.5
#: virDomainState, in words; in all others the guest runs.
_NOT_RUNNING = {
    3: "is paused; resume it",
    4: "is shutting down; wait until it is off, then start it",
    5: "is off; start it",
    6: "has crashed; start it again",
    7: "is suspended; wake it up",
}
#: The longest question, in bytes. libvirt writes it to a socket that doesn't block, and what doesn't
#: fit into its buffer (net.core.wmem_default, 208 KiB) is written again from the start: the agent
#: gets garbage, and answers no more.
_LONGEST_QUESTION = 180_000
#: What fits in as Base64, with room for a command.
PIECE = 96 << 10
_CHANNEL = (
    "the domain has no channel for a guest agent; give it one with the target name "
    "org.qemu.guest_agent.0, and install qemu-guest-agent in the guest"
)
_ABSENT = "see that qemu-guest-agent is installed in the guest and runs there"


class Unreachable(HypervisorError):
    """No command reaches the guest."""


class Silent(Unreachable):
    """The agent doesn't answer now; it may later."""


class Refused(HypervisorError):
    """The agent answers that it can't; ``words`` are its own."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words


class SwitchedOff(Refused):
    """The agent doesn't carry out this command."""


class TooLarge(HypervisorError):
    """The answer, or the question, is larger than libvirt passes on."""


class AgentChannel:
    """The way to the agent of one domain. ``raw`` is libvirt's own ``virDomain``.

    ``timeout`` is the longest time for an answer, in seconds.
    """

    def __init__(self, connection: Connection, raw: t.Any, timeout: float) -> None:
        self.connection = connection
        self.raw = raw
        self.timeout = timeout

    def call(self, command: str, **arguments: t.Any) -> t.Any:
        """What the agent returns; arguments have ``_`` for ``-``.

        :raises Unreachable: the guest is off, or its agent doesn't answer.
        :raises Refused: the agent can't do it.
        :raises TooLarge: the answer is too long.
        """
        given = {name.replace("_", "-"): value for name, value in arguments.items()}
        whole = {"execute": command, "arguments": given} if given else {"execute": command}
        question = json.dumps(whole, ensure_ascii=False)
        if len(question.encode()) > _LONGEST_QUESTION:
            raise TooLarge(
                f"what {command} is asked for is longer than libvirt passes on; make it shorter"
            )
        # Only this needs it.
        import libvirt_qemu

        with self.connection.explained(f"ask the guest agent ({command})"):
            try:
                answer = libvirt_qemu.qemuAgentCommand(
                    self.raw, question, max(1, math.ceil(self.timeout)), 0
                )
            except libvirt.libvirtError as error:
                self.explain(command, error)
                raise
        return json.loads(answer)["return"]

    def explain(self, command: str, error: t.Any) -> None:
        """Raise what a libvirtError stands for, where it is known; ``command`` is the agent's."""
        why = reason(error)
        if is_code(
            error,
            "VIR_ERR_AGENT_UNRESPONSIVE",
            "VIR_ERR_AGENT_UNSYNCED",
            "VIR_ERR_AGENT_COMMAND_TIMEOUT",
        ):
            self._check_state()
            raise Silent(f"the guest agent does not answer ({why}); {_ABSENT}") from error
        if is_code(error, "VIR_ERR_ARGUMENT_UNSUPPORTED", "VIR_ERR_NO_SUPPORT"):
            raise Unreachable(f"{_CHANNEL} ({why})") from error
        if is_code(error, "VIR_ERR_OPERATION_INVALID", "VIR_ERR_NO_DOMAIN"):
            self._check_state()
        elif is_code(error, "VIR_ERR_RPC"):
            raise TooLarge(f"libvirt does not pass on what {command} needs: {why}") from error
        elif _SWITCHED_OFF.search(why):
            words = _PREFIX.sub("", why)
            raise SwitchedOff(f"the guest agent refuses {command}: {words}", words) from error
        elif _PREFIX.match(why):
            words = _PREFIX.sub("", why)
            raise Refused(
                f"the guest agent could not carry out {command}: {words}", words
            ) from error

    def _check_state(self) -> None:
        """:raises Unreachable: the guest does not run."""
        try:
            number = self.raw.state()[0]
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise Unreachable("there is no such domain any more") from error
            raise
        if number in _NOT_RUNNING:
            raise Unreachable(f"the guest {_NOT_RUNNING[number]}")

    def commands(self, timeout: float) -> frozenset[str]:
        """The commands that the agent carries out, as soon as it answers.

        :raises Unreachable: the time is over, or there is nothing to wait for.
        """
        info = until(self.call, "guest-info", timeout)
        return frozenset(each["name"] for each in info["supported_commands"] if each["enabled"])

    def is_frozen(self) -> bool:
        """Whether the agent has frozen file systems of the guest."""
        return bool(self.call("guest-fsfreeze-status") == "frozen")


def until(call: t.Callable[..., t.Any], command: str, timeout: float, **arguments: t.Any) -> t.Any:
    """What a command returns that may be given again and again, as soon as the agent answers.

    :raises Unreachable: the time is over, or there is nothing to wait for.
    """
    end, pause = time.monotonic() + timeout, _LOOK
    while True:
        try:
            return call(command, **arguments)
        except Silent:
            left = end - time.monotonic()
            if left <= 0:
                raise
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_LOOK)


def channel_to(connection: Connection, domain: str, timeout: float) -> AgentChannel:
    """The way to the agent of a domain, by its name or UUID; nothing is asked yet.

    :raises Unreachable: there is no such domain.
    """
    raw = _looked_up(connection, connection.raw.lookupByName, domain)
    if raw is None:
        with contextlib.suppress(ValueError):
            identifier = str(uuid.UUID(domain))
            raw = _looked_up(connection, connection.raw.lookupByUUIDString, identifier)
    if raw is None:
        raise Unreachable("there is no such domain on this hypervisor; check its name, and the uri")
    return AgentChannel(connection, raw, timeout)


def _looked_up(connection: Connection, look: t.Callable[[str], t.Any], key: str) -> t.Any:
    with connection.explained(f"look for the domain {key}"):
        try:
            return look(key)
        except libvirt.libvirtError as error:
            if is_code(error, "VIR_ERR_NO_DOMAIN"):
                return None
            raise
