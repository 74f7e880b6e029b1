# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest's shell is given, tried with the shells of this machine."""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import time

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.guest.script import (
    Kept,
    arguments,
    assigned,
    is_plain_path,
    with_password,
)

SHELLS = [path for path in map(shutil.which, ("sh", "dash", "bash")) if path]
MARK = "0123456789abcdef"


LITTLE = 1000


def run(argv: list[str], stdin: bytes = b"", **environment: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        argv,
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def kept_in(folder: pathlib.Path) -> Kept:
    return Kept(f"{folder}/.kept", MARK, LITTLE)


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_environment_lacks_is_added(shell, tmp_path: pathlib.Path):
    argv = arguments(shell, b'echo "$HOME $USER $PATH"; pwd', "root", kept_in(tmp_path))
    shown = run(argv)[1].decode().split()
    assert shown[:2] == ["/root", "root"]
    assert "/usr/bin" in shown[2]
    kept = run(argv, HOME="/usr", USER="x", PATH="/bin")[1]
    assert kept == b"/usr x /bin\n/usr\n"
    assert run(argv, HOME="/")[1].startswith(b"/root root ")


@pytest.mark.parametrize("folder", ["", "none"], ids=["kept", "nowhere to keep it"])
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "command",
    [
        b"printf '\xff\xfe\\n'",
        "echo '\u00e4'".encode(),
        b"exit 3 # \xff",
        b"echo 1\n\n",
        b"echo out; echo err >&2; exit 4",
        b"kill -9 $$",
        b"cat; echo )",
        b"cat <<E\nhere",
        b"trap 'echo end' 0; echo \"$0 $# $-\"",
        b"printf 'a\\000b'",
        b"cat",
    ],
)
def test_a_command_runs_as_the_shell_runs_it(
    shell, command, folder: str, tmp_path: pathlib.Path
) -> None:
    argv = arguments(shell, command, "root", kept_in(tmp_path / folder))
    for word in argv:
        word.encode("utf-8")
    plain = subprocess.run(
        [shell.encode(), b"-c", command], input=b"\0in", capture_output=True, check=False
    )
    rc = 128 - plain.returncode if plain.returncode < 0 else plain.returncode
    if plain.returncode < 0 and folder:
        # Nothing stands between it and who waits for it.
        rc = plain.returncode
    assert run(argv, b"\0in", PATH="/usr/bin:/bin") == (rc, plain.stdout, plain.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("stream", ["", ">&2"])
def test_much_output_stays_in_its_files(shell, stream: str, tmp_path: pathlib.Path):
    kept = kept_in(tmp_path)
    text = "x" * (LITTLE + 1)
    argv = arguments(shell, f"echo {text}{stream}; exit 6".encode(), "root", kept)
    assert run(argv) == (6, MARK.encode() + b"\n", b"")
    contents = [pathlib.Path(path).read_text() for path in kept.paths]
    assert sorted(contents) == ["", f"{text}\n"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("shell", SHELLS)
def test_nobody_waits_for_what_a_command_leaves_behind(shell, tmp_path: pathlib.Path):
    argv = arguments(shell, b"sleep 30 & echo $!", "root", kept_in(tmp_path))
    begun = time.monotonic()
    rc, stdout, _stderr = run(argv)
    os.kill(int(stdout), signal.SIGKILL)
    assert rc == 0
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("shell", SHELLS)
def test_files_of_another_are_left_alone(shell, tmp_path: pathlib.Path):
    kept = kept_in(tmp_path)
    pathlib.Path(kept.paths[0]).write_text("before")
    assert run(arguments(shell, b"echo out", "root", kept))[:2] == (0, b"out\n")
    assert pathlib.Path(kept.paths[0]).read_text() == "before"


@pytest.mark.parametrize("shell", SHELLS)
def test_any_byte_of_a_value(shell):
    value = bytes(range(1, 256)) + b"\n\n"
    argv = [shell, "-c", f'{assigned("v", value)}\nprintf %s "$v"']
    assert run(argv)[1] == value


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
    assert run(["/bin/sh", "-c", prepared], stdin) == (
        0,
        b"BECOME-SUCCESS-abc\nof the module\nand $more\n",
        b"",
    )
    if reads:
        assert (tmp_path / "sudo.given").read_text() == password


def test_a_command_without_another_user_stays():
    assert with_password("echo x", "BECOME-SUCCESS-abc", MARK) == "echo x"
