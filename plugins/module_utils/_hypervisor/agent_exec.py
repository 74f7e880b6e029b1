# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that the agent runs within a guest."""

from __future__ import annotations

import base64
import time
import typing as t

from .agent_channel import AgentChannel, Refused, Silent, TooLarge, Unreachable, until
from .agent_files import encoded
from .errors import HypervisorError

#: The time between two questions for the end, in seconds: the first, the factor, the longest.
_POLL, _GROWTH, _LONGEST_POLL = 0.01, 1.25, 0.5
#: As shells number the end by a signal.
_SIGNALLED = 128


class Ended(t.NamedTuple):
    """The end of a program, and what it wrote."""

    rc: int
    stdout: bytes = b""
    stderr: bytes = b""


def run(
    channel: AgentChannel,
    argv: t.Sequence[str],
    stdin: bytes | None = None,
    timeout: float = 0,
) -> Ended:
    """Run a program and wait for its end, at most ``timeout`` seconds; 0 stands for no limit.

    It is started once at most: when it is unknown whether it was, the error says so.

    :raises Unreachable: the guest or its agent is lost meanwhile.
    :raises HypervisorError: the program can't be run, goes on after the time, or has written more
        than the agent keeps.
    """
    question: dict[str, t.Any] = {"path": argv[0], "arg": list(argv[1:]), "capture_output": True}
    if stdin is not None:
        question["input_data"] = encoded(stdin)
    try:
        number = channel.call("guest-exec", **question)["pid"]
    except Silent as error:
        raise Unreachable(f"{error}; the command may have been started") from error.__cause__
    status = _status(channel, number, timeout)
    for stream in ("out", "err"):
        if status.get(f"{stream}-truncated"):
            raise HypervisorError(
                "the command has written more than the guest agent keeps; let it write into a file, and "
                "fetch that"
            )
    rc = _SIGNALLED + status["signal"] if "signal" in status else status.get("exitcode", 0)
    return Ended(int(rc), _bytes(status, "out-data"), _bytes(status, "err-data"))


def _status(channel: AgentChannel, number: int, timeout: float) -> dict[str, t.Any]:
    """What the agent says of a program that has ended."""
    end, pause = time.monotonic() + timeout, _POLL
    while True:
        left = end - time.monotonic() if timeout else pause
        if left <= 0:
            raise HypervisorError(
                f"the command still runs after {timeout:g} s, as process {number} of the guest; give it more "
                "time with command_timeout, or end it there"
            )
        time.sleep(min(pause, left))
        pause = min(pause * _GROWTH, _LONGEST_POLL)
        try:
            # The agent forgets the program only when it has answered.
            status: dict[str, t.Any] = until(
                channel.call, "guest-exec-status", channel.timeout, pid=number
            )
        except TooLarge as error:
            raise HypervisorError(
                "the command has written more than libvirt passes on at once, and that is lost; let it write "
                "into a file, and fetch that"
            ) from error.__cause__
        except Refused as error:
            raise Unreachable(
                f"the guest agent was restarted while the command ran, and how that ended is unknown "
                f"({error.words})"
            ) from error.__cause__
        if status["exited"]:
            return status


def _bytes(status: t.Mapping[str, t.Any], name: str) -> bytes:
    return base64.b64decode(status.get(name, ""))
