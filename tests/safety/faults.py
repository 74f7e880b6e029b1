# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task in a process of its own, in which something dies at one of its calls of libvirt."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import socket
import sys
import threading
import time
import traceback
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain

from ..integration.hypervisor import _SOCKET as SOCKET
from ..integration.hypervisor import Result, task_of

#: Calls that change something. All others only read.
WRITES = (
    "AbortJob",
    "BackupBegin",
    "Build",
    "Create",
    "Define",
    "Delete",
    "Destroy",
    "Finish",
    "Refresh",
    "Resize",
    "Send",
    "SetAutostart",
    "SetMetadata",
    "Undefine",
    "Update",
    "Upload",
    "link",
    "rename",
    "unlink",
    "write",
)
#: What Python calls when it throws an object away, and what only registers something.
_APART = ("Free", "Event", "Register", "Error", "Initialize")
#: What writes without libvirt.
_OF_SYSTEM = ("link", "rename", "unlink", "write")
_PID = pathlib.Path("/run/libvirtd.pid")
_GUESTS = pathlib.Path("/run/libvirt/qemu")
_INHERITED: set[str] = set()
#: Who dies; of the connection both ends live on. The guests are all that run.
MODULE, DAEMON, CONNECTION, GUESTS = "module", "daemon", "connection", "guests"


@dataclasses.dataclass(frozen=True)
class Kill:
    """Who dies: at which call (from 1), before it or after it, or in the middle of it.

    ``delay``: how long after the beginning of the call the middle is, in seconds.
    """

    who: str
    call: int
    when: str = "before"
    delay: float = 0.1

    def __str__(self) -> str:
        return f"{self.who} dies {self.when} call {self.call}"


@dataclasses.dataclass(frozen=True)
class Run:
    """What a task returned, ``None`` where it was killed, and the calls that it made."""

    result: Result | None
    calls: tuple[str, ...]

    def of(self, *words: str) -> list[int]:
        """The numbers of the calls whose names have one of these words."""
        return [
            number
            for number, call in enumerate(self.calls, 1)
            if any(word in call for word in words)
        ]


class _Counted:
    """libvirt's functions; each is written down, and something may happen at it."""

    def __init__(self, raw: t.Any, kill: Kill | None, calls: int) -> None:
        self._raw = raw
        self._kill = kill
        self._calls = calls
        self._count = 0
        self._timers: list[threading.Timer] = []

    def settle(self) -> None:
        """Let nobody die any more; who is dying has died when this returns."""
        for timer in self._timers:
            timer.cancel()
            timer.join()

    def __getattr__(self, name: str) -> t.Any:
        found = getattr(self._raw, name)
        if not callable(found) or any(word in name for word in _APART):
            return found
        return self.counted(name, found)

    def counted(self, name: str, found: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        """The function with what happens at its call."""

        def called(*arguments: t.Any, **named: t.Any) -> t.Any:
            self._count += 1
            os.write(self._calls, f"{name}\n".encode())
            kill = self._kill
            if kill is None or kill.call != self._count:
                return found(*arguments, **named)
            if kill.when == "before":
                _die(kill.who)
            elif kill.when == "in":
                timer = threading.Timer(kill.delay, _die, [kill.who])
                self._timers.append(timer)
                timer.start()
            try:
                return found(*arguments, **named)
            finally:
                if kill.when == "after":
                    _die(kill.who)

        return called


def _die(who: str) -> None:
    if who == MODULE:
        os._exit(9)
    if who == GUESTS:
        for path in _GUESTS.glob("*.pid"):
            if path.stem == "driver":
                # The daemon's own.
                continue
            os.kill(int(path.read_text(encoding="ascii")), signal.SIGKILL)
        return
    if who == CONNECTION:
        for number, name in _sockets().items():
            # Those of the process that started this one are the test's own.
            if name not in _INHERITED:
                with socket.socket(fileno=os.dup(number)) as one:
                    one.shutdown(socket.SHUT_RDWR)
        return
    os.kill(int(_PID.read_text(encoding="ascii")), signal.SIGKILL)
    while is_daemon_alive():
        time.sleep(0.02)


def _sockets() -> dict[int, str]:
    """The sockets of this process, by their numbers."""
    found = {}
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            name = os.readlink(f"/proc/self/fd/{number}")
            if name.startswith("socket:"):
                found[int(number)] = name
    return found


def is_daemon_alive() -> bool:
    """Whether it listens."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(SOCKET)
        except OSError:
            return False
    return True


def run(
    kill: Kill | None = None, check: bool = False, module: t.Any = domain, **options: t.Any
) -> Run:
    """A module in a process of its own, which may not survive it."""
    calls, calls_end = os.pipe()
    answer, answer_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(calls)
            os.close(answer)
            _INHERITED.update(_sockets().values())
            counted = _Counted(libvirt.libvirtmod, kill, calls_end)
            libvirt.libvirtmod = counted
            for name in _OF_SYSTEM:
                if name != "write":
                    setattr(os, name, counted.counted(name, getattr(os, name)))
            result = task_of(module, check, **options)
            counted.settle()
            with os.fdopen(answer_end, "w") as file:
                json.dump(result, file)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(3)
        os._exit(0)
    os.close(calls_end)
    os.close(answer_end)
    names = os.fdopen(calls).read().splitlines()
    told = os.fdopen(answer).read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in ((0, 9) if kill is not None and kill.who == MODULE else (0,)), code
    return Run(Result(*json.loads(told)) if told else None, tuple(names))
