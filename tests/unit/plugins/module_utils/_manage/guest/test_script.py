# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest's shell is given, tried with the shells of this machine."""

from __future__ import annotations

import pathlib
import shlex
import shutil
import subprocess

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.guest.script import (
    Streams,
    assigned,
    is_plain_path,
    script,
    with_password,
)

SHELLS = [path for path in map(shutil.which, ("sh", "dash", "bash")) if path]
MARK = "0123456789abcdef"


def run(shell: str, text: str, stdin: bytes = b"", **environment: str) -> tuple[int, bytes]:
    done = subprocess.run(
        [shell, "-c", text],
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_environment_lacks_is_added(shell):
    text = script(b'echo "$HOME $USER $PATH"; pwd', "root", None)
    shown = run(shell, text)[1].decode().split()
    assert shown[:2] == ["/root", "root"]
    assert "/usr/bin" in shown[2]
    kept = run(shell, text, HOME="/usr", USER="x", PATH="/bin")[1]
    assert kept == b"/usr x /bin\n/usr\n"
    assert run(shell, text, HOME="/")[1].startswith(b"/root root ")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "command", [b"printf '\xff\xfe\\n'", "echo '\u00e4'".encode(), b"exit 3 # \xff", b"echo 1\n\n"]
)
def test_a_command_of_any_bytes(shell, command):
    text = script(command, "root", None)
    text.encode("utf-8")
    plain = subprocess.run([b"/bin/sh", b"-c", command], capture_output=True, check=False)
    assert run(shell, text) == (plain.returncode, plain.stdout)


@pytest.mark.parametrize("shell", SHELLS)
def test_any_byte_of_a_value(shell):
    value = bytes(range(1, 256)) + b"\n\n"
    assert run(shell, f'{assigned("v", value)}\nprintf %s "$v"')[1] == value


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_written_goes_into_files_that_are_gone(shell, tmp_path: pathlib.Path):
    streams = Streams(str(tmp_path / "the out"), str(tmp_path / "err"))
    text = script(b"echo out; echo err >&2; sleep 0.5; exit 4", "root", streams)
    with open(streams.out, "w+b") as out, open(streams.err, "w+b") as err:
        assert run(shell, text) == (4, b"")
        assert (out.read(), err.read()) == (b"out\n", b"err\n")
    assert list(tmp_path.iterdir()) == []


def test_plain_paths():
    assert is_plain_path("/a/\u00e4 'b'".encode())
    assert not is_plain_path(b"/\xff")
    assert not is_plain_path(b"relative")


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("password", ["secret", "* $(exit) \\n '\"", ""])
def test_a_password_that_sudo_reads_or_not(tmp_path: pathlib.Path, reads: bool, password: str):
    """sudo reads it from its input if it needs one; else it must not reach the module."""
    sudo = tmp_path / "sudo"
    asks = 'IFS= read -r given; printf %s "$given" >$0.given\n' if reads else ""
    sudo.write_text(f'#!/bin/sh\n{asks}while [ "$1" != sh ]; do shift; done\nexec "$@"\n')
    sudo.chmod(0o755)
    inner = shlex.quote("echo BECOME-SUCCESS-abc ; cat")
    command = f"/bin/sh -c {shlex.quote(f'{sudo} -H -S -p prompt sh -c {inner} && sleep 0')}"
    prepared = with_password(command, "BECOME-SUCCESS-abc", MARK)
    stdin = f"{password}\n{MARK}\nof the module\nand $more\n".encode()
    assert run("/bin/sh", prepared, stdin) == (0, b"BECOME-SUCCESS-abc\nof the module\nand $more\n")
    if reads:
        assert (tmp_path / "sudo.given").read_text() == password


def test_a_command_without_another_user_stays():
    assert with_password("echo x", "BECOME-SUCCESS-abc", MARK) == "echo x"
