# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text that a guest's shell is given, for any POSIX shell."""

from __future__ import annotations

import typing as t

#: systemd starts the agent without HOME, and others with that of the kernel's first process.
_ENVIRONMENT = (
    "case ${{HOME-}} in /?*) ;; *) HOME=~{user}; case $HOME in /*) ;; *) HOME=/ ;; esac; export HOME ;; esac\n"
    ': "${{USER:={user}}}" "${{LOGNAME:=$USER}}"'
    ' "${{PATH:=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}}"\n'
    "export USER LOGNAME PATH\n"
    "cd 2>/dev/null || cd /\n"
)
#: What the command writes goes into files, because a program that it leaves behind may hold a pipe
#: open for ever. Little of it comes back with the end; of much the mark alone does, and the files stay.
_KEPT = """\
o={base}.out e={base}.err
(umask 077; set -C; : >$o && : >$e) 2>/dev/null || exec "$0" -c "$1"
trap 'rm -f $o $e' 0
trap 'exit 143' 1 2 15
exec 3>&2 2>/dev/null
(exec "$0" -c "$1" >$o 2>$e 3>&-)
r=$?
set -- $(wc -c $o $e)
if [ "$1" -le {little} ] && [ "$3" -le {little} ]; then
[ $1 = 0 ] || cat $o
[ $3 = 0 ] || cat $e >&3
else
trap - 0
echo {mark}
fi
exit $r
"""
#: Leaves out all lines up to a mark. The mark needs no quotes, wherever it stands.
_SKIP = "while read -r l ; do case $l in {mark}) break ;; esac ; done"


class Kept(t.NamedTuple):
    """Where the output of a command is kept in the guest; neither name needs quotes.

    ``mark`` is the whole output when there is more than ``little`` bytes of it.
    """

    base: str
    mark: str
    little: int

    @property
    def paths(self) -> tuple[str, str]:
        """The files of its output and of its errors."""
        return f"{self.base}.out", f"{self.base}.err"


def arguments(shell: str, command: bytes, user: str, kept: Kept) -> list[str]:
    """What runs a command, of any bytes, as a login of ``user`` would."""
    start = _ENVIRONMENT.format(user=user)
    return [shell, "-c", start + _KEPT.format(**kept._asdict()), shell, _text(command)]


def _text(command: bytes) -> str:
    try:
        return command.decode("utf-8")
    except UnicodeDecodeError:
        return f'{assigned("c", command)}\neval "$c"'


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
