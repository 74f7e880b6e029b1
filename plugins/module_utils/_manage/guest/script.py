# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text that a guest's shell is given, for any POSIX shell."""

from __future__ import annotations

import shlex
import typing as t

#: systemd starts the agent without HOME, and others with that of the kernel's first process.
_ENVIRONMENT = (
    "case ${{HOME-}} in /?*) ;; *) HOME=~{user}; case $HOME in /*) ;; *) HOME=/ ;; esac; export HOME ;; esac\n"
    ': "${{USER:={user}}}" "${{LOGNAME:=$USER}}"'
    ' "${{PATH:=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}}"\n'
    "export USER LOGNAME PATH\n"
    "cd 2>/dev/null || cd /\n"
)
#: The files are there already. When they are open, nobody needs their names any more.
_INTO_FILES = "exec >>{out} 2>>{err}\nrm -f {names} </dev/null >/dev/null 2>&1 &\n"
#: Leaves out all lines up to a mark. The mark needs no quotes, wherever it stands.
_SKIP = "while read -r l ; do case $l in {mark}) break ;; esac ; done"


class Streams(t.NamedTuple):
    """The files of the guest that take what a command writes."""

    out: str
    err: str


def script(command: bytes, user: str, streams: Streams | None) -> str:
    """A script that runs a command as a login of ``user`` would; it may hold any bytes."""
    start = _ENVIRONMENT.format(user=user)
    if streams is not None:
        out, err = map(shlex.quote, streams)
        start += _INTO_FILES.format(names=f"{out} {err}", out=out, err=err)
    try:
        return start + command.decode("utf-8")
    except UnicodeDecodeError:
        return f'{start}{assigned("c", command)}\neval "$c"'


def assigned(name: str, value: bytes) -> str:
    """An assignment to a variable of the shell, in ASCII; the agent takes no other bytes than UTF-8."""
    octal = "".join(f"\\{byte:03o}" for byte in value)
    # The end of what a command prints is cut by its line feeds.
    return f"{name}=$(printf '{octal}x'); {name}=${{{name}%x}}"


def is_plain_path(path: bytes) -> bool:
    """Whether the agent can open a file by this path."""
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return path.startswith(b"/")


def with_password(command: str, success: str, mark: str) -> str:
    """The command of a become plugin that may or may not read a password from its input.

    The input is to begin with the password's line and the mark's. What ``sudo`` doesn't read of
    it, since it needs no password, would reach the module. ``success`` is what the plugin lets
    the other user's shell print first.
    """
    return command.replace(f"echo {success}", f"echo {success} ; {_SKIP.format(mark=mark)}", 1)
