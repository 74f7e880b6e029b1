# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work within a guest that is no host of an inventory, through its agent."""

from __future__ import annotations

import typing as t

from ..._choices import ABSENT
from ..._hypervisor import agent_calls
from ..._hypervisor.agent_channel import AgentChannel
from ..._hypervisor.agent_exec import Ended, run
from ..._hypervisor.agent_files import NoSuchFile, opened
from ..._hypervisor.domains import Domains
from ..._hypervisor.errors import HypervisorError
from ..._secrecy import HIDDEN
from ..errors import TaskError
from ..guest.needs import EXEC, check
from ..outcome import LIVE, Action, Outcome

FROZEN, THAWED = "frozen", "thawed"
_KEYS = ("guest-ssh-get-authorized-keys", "guest-ssh-add-authorized-keys")
_KEYS_REMOVED = (_KEYS[0], "guest-ssh-remove-authorized-keys")


class Command(t.NamedTuple):
    """A program to run, unless the file ``creates`` is there; no ``timeout`` is 0."""

    argv: tuple[str, ...]
    stdin: bytes | None
    creates: str | None
    timeout: float


class AgentWork:
    """The work of one task in one guest; ``timeout`` is how long its agent may take to answer."""

    def __init__(self, domains: Domains, name: str, check_mode: bool, timeout: float) -> None:
        domain = domains.existing(name)
        self._check_mode = check_mode
        self._facts = domain.facts()
        self._timeout = timeout
        self._channel = AgentChannel(domains.connection, domain.raw, timeout)
        self._allowed = self._channel.commands(timeout)
        self._actions: list[Action] = []
        self._frozen: bool | None = None

    def have_ssh_keys(self, user: str, keys: t.Sequence[str], state: str, exclusive: bool) -> None:
        """Let a user have these keys, or not have them."""
        self._need(_KEYS_REMOVED if state == ABSENT else _KEYS)
        with self._what_was_done():
            found = agent_calls.ssh_keys(self._channel, user)
            if state == ABSENT:
                added, removed = [], [key for key in found if key in keys]
            else:
                added = [key for key in dict.fromkeys(keys) if key not in found]
                removed = [key for key in found if exclusive and key not in keys]
            if removed:
                self._need(_KEYS_REMOVED)
            # There is never a moment without any key.
            for change, some in (
                (agent_calls.add_ssh_keys, added),
                (agent_calls.remove_ssh_keys, removed),
            ):
                if some and not self._check_mode:
                    change(self._channel, user, some)
        path = f"ssh_keys {user}"
        self._actions += [Action(path, None, key, LIVE) for key in added]
        self._actions += [Action(path, key, None, LIVE) for key in dict.fromkeys(removed)]

    def set_password(self, user: str, password: str, is_hash: bool) -> None:
        """Set a user's password; what it was can't be asked for."""
        self._need(["guest-set-user-password"])
        if not self._check_mode:
            with self._what_was_done():
                agent_calls.set_password(self._channel, user, password, is_hash)
        self._actions.append(Action(f"password {user}", HIDDEN, HIDDEN, LIVE))

    def run(self, command: Command) -> Ended | None:
        """Run a program; ``None`` where none runs."""
        self._need(EXEC)
        with self._what_was_done():
            if command.creates is not None and self._is_there(command.creates):
                return None
            self._actions.append(Action("command", None, command.argv[0], LIVE))
            if self._check_mode:
                return None
            return run(self._channel, command.argv, command.stdin, timeout=command.timeout)

    def trim(self) -> None:
        """Give what file systems don't use back to the host."""
        self._need(["guest-fstrim"])
        if not self._check_mode:
            with self._what_was_done():
                agent_calls.trim(self._channel, 0)
        self._actions.append(Action("fstrim", None, "done", LIVE))

    def have_filesystems(self, state: str) -> None:
        """Freeze the file systems, or thaw them."""
        with self._what_was_done():
            is_frozen = self._channel.is_frozen()
            if is_frozen == (state == FROZEN):
                return
            if not self._check_mode:
                if state == FROZEN:
                    self._freeze()
                else:
                    agent_calls.thaw(self._channel, 0)
                    self._allowed = self._channel.commands(self._timeout)
        self._actions.append(Action("filesystems", FROZEN if is_frozen else THAWED, state, LIVE))
        # What is thawed in check mode would be allowed then.
        self._frozen = state == FROZEN

    def outcome(self) -> Outcome:
        """The outcome of the task."""
        return Outcome(self._facts, actions=tuple(self._actions), beside="guest")

    def _freeze(self) -> None:
        if not agent_calls.freeze(self._channel, 0):
            raise TaskError(
                "the guest has no file system that can be frozen; see what it has mounted"
            )

    def _is_there(self, path: str) -> bool:
        self._need(["guest-file-open", "guest-file-close"])
        try:
            with opened(self._channel, path, "r"):
                return True
        except NoSuchFile:
            return False

    def _need(self, commands: t.Collection[str]) -> None:
        if self._check_mode and self._frozen is False:
            return
        check(self._channel, self._allowed, commands)

    def _what_was_done(self) -> _WhatWasDone:
        return _WhatWasDone(self._actions, self._check_mode)


class _WhatWasDone:
    """Mark errors within the block: something had been changed before."""

    def __init__(self, actions: t.Sequence[Action], check_mode: bool) -> None:
        self._actions = () if check_mode else tuple(actions)

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: t.Any, error: t.Any, _trace: t.Any) -> None:
        if self._actions and isinstance(error, (HypervisorError, TaskError)):
            done = ", ".join(dict.fromkeys(action.path for action in self._actions))
            raise TaskError(f"{done} is done, but {error}", changed=True) from error
