# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guest as a host: commands, and files there and back."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import os
import re
import secrets
import tempfile
import typing as t

from ..._hypervisor.agent_channel import PIECE, AgentChannel, Refused, SwitchedOff, until
from ..._hypervisor.agent_exec import Ended, run
from ..._hypervisor.agent_files import LARGEST_CHUNK, GuestFile, opened
from ..errors import TaskError
from .needs import check
from .script import Kept, arguments, assigned, is_plain_path

_FILES = frozenset(f"guest-file-{each}" for each in ("open", "close", "read", "write", "flush"))
#: It becomes a part of scripts.
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
#: The bytes of a call.
_SMALLEST_CHUNK = 4096
#: The bytes of each stream that come with the end of a command, and of a piece of more. libvirt
#: passes on texts of at most 4 MiB, and Base64 adds a third.
_LITTLE, _PIECE = 1 << 20, 2 << 20


class Login(t.NamedTuple):
    """How commands are run in a guest.

    ``shell`` is a POSIX shell there, ``user`` the one that the agent runs as, ``timeout`` the time
    within which the agent has to be there, ``command_timeout`` that of a command, 0 for no limit,
    and ``chunk`` the bytes of one call for a file.
    """

    shell: str
    user: str
    timeout: float
    command_timeout: float
    chunk: int


class Session:
    """A guest with an agent, which is asked as seldom as possible: each answer takes its time."""

    def __init__(self, channel: AgentChannel, login: Login) -> None:
        """:raises TaskError: the login can't be used."""
        if not _SMALLEST_CHUNK <= login.chunk <= LARGEST_CHUNK:
            raise TaskError(
                f"chunk_size is {login.chunk}; set it to {_SMALLEST_CHUNK} to {LARGEST_CHUNK} bytes"
            )
        if not _USER.fullmatch(login.user):
            raise TaskError(f"remote_user: '{login.user}' is no name of a user; correct it")
        self._channel = channel
        self._login = login

    def run(self, command: bytes, stdin: bytes | None = None) -> Ended:
        """Run a command of the shell; ``stdin`` may be of any size."""
        if stdin is not None and len(stdin) > PIECE:
            path = self._written(stdin)
            command = f"exec <{path}\nrm -f {path}\n".encode() + command
            stdin = None
        return self._shell(command, stdin)

    def put(self, source: t.BinaryIO, path: bytes) -> None:
        """Write a file of the guest."""
        with self._named(path, "w") as name, opened(self._channel, name, "w") as file:
            self._copy(source, file)

    def fetch(self, path: bytes, target: str) -> None:
        """Read a file of the guest into one of this host, which is whole or as it was.

        :raises OSError: this host can't keep it.
        """
        with contextlib.ExitStack() as stack:
            name = stack.enter_context(self._named(path, "r"))
            file = stack.enter_context(opened(self._channel, name, "r"))
            kept = stack.enter_context(_replacing(target))
            for chunk in file.chunks(self._login.chunk):
                kept.write(chunk)

    def _shell(self, command: bytes, stdin: bytes | None = None) -> Ended:
        login = self._login
        kept = Kept(self._hidden_name(), secrets.token_hex(16), _LITTLE)
        # Whether an agent that is away was asked to start something is known of pings only.
        until(self._channel.call, "guest-ping", login.timeout)
        argv = arguments(login.shell, command, login.user, kept)
        try:
            ended = run(self._channel, argv, stdin, timeout=login.command_timeout)
        except SwitchedOff:
            check(self._channel, self._channel.commands(login.timeout))
            raise
        except Refused as error:
            raise TaskError(
                f"the guest can't run {login.shell}: {error.words}; set executable to a shell that it has, or "
                "make the command shorter"
            ) from error
        if ended.stdout.strip() != kept.mark.encode():
            return ended
        try:
            stdout, stderr = (b"".join(self._pieces(path)) for path in kept.paths)
        finally:
            run(self._channel, [login.shell, "-c", 'rm -f "$@"', login.shell, *kept.paths])
        return Ended(ended.rc, stdout, stderr)

    def _pieces(self, path: str) -> t.Iterator[bytes]:
        """The content of a file that a command has written."""
        for number in itertools.count():
            read = f"dd if={path} bs={_PIECE} skip={number} count=1 2>/dev/null"
            piece = run(self._channel, [self._login.shell, "-c", read]).stdout
            yield piece
            if len(piece) < _PIECE:
                return

    def _hidden_name(self) -> str:
        """A name that nobody else knows, where nobody else looks: agents have umasks of all kinds."""
        user = self._login.user
        home = "/root" if user == "root" else f"/home/{user}"
        return f"{home}/.ansible-{secrets.token_hex(16)}"

    def _written(self, stdin: bytes) -> str:
        """A file of the guest with what doesn't fit into a call."""
        self._check_files()
        path = f"{self._hidden_name()}.in"
        with opened(self._channel, path, "w") as file:
            self._copy(io.BytesIO(stdin), file)
        return path

    def _copy(self, source: t.BinaryIO, file: GuestFile) -> None:
        while True:
            data = source.read(self._login.chunk)
            if not data:
                break
            file.write(data)
        file.flush()

    @contextlib.contextmanager
    def _named(self, path: bytes, mode: str) -> t.Iterator[str]:
        """A path by which the agent can open a file: a link, if it can't by its own."""
        self._check_files()
        if is_plain_path(path):
            yield path.decode("utf-8")
            return
        link = f"{self._hidden_name()}.link"
        # The agent makes no file behind a link.
        make = ': >>"$p" && ' if mode == "w" else ""
        done = self._shell(
            f"{assigned('p', path)}\ncase $p in /*) ;; *) p=$PWD/$p ;; esac\n"
            f'{make}[ -e "$p" ] && ln -s -- "$p" {link}'.encode(),
        )
        if done.rc:
            why = done.stderr.decode("utf-8", "replace") or "no such file"
            raise TaskError(f"the guest can't open {os.fsdecode(path)!r}: {why}")
        try:
            yield link
        finally:
            self._shell(f"rm -f {link}".encode())

    def _check_files(self) -> None:
        """:raises HypervisorError: the agent may not read and write files."""
        check(self._channel, self._commands, _FILES)

    @functools.cached_property
    def _commands(self) -> frozenset[str]:
        return self._channel.commands(self._login.timeout)


@contextlib.contextmanager
def _replacing(target: str) -> t.Iterator[t.IO[bytes]]:
    """A file that takes the place of another when the block ends well."""
    folder = os.path.dirname(os.path.abspath(target))
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".ansible-", delete=False) as kept:
        try:
            yield kept
            kept.flush()
            os.chmod(kept.name, 0o666 & ~_umask())
            os.replace(kept.name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(kept.name)
            raise


def _umask() -> int:
    # There is no other way to read it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
