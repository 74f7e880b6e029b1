# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Peers that say nothing, and hypervisors that only look as if they were this host's."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import definition_lock
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage import present
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_info

from .hypervisor import Hypervisor, Result, task, task_of

SOCKET = "/run/libvirt/libvirt-sock"
TOP = pathlib.Path(__file__).parents[2]
DOCUMENT = (
    "<domain type='qemu'><name>guest</name><memory>65536</memory>"
    "<os><type arch='x86_64'>hvm</type></os></domain>"
)


def looked(uri: str, timeout: float = 2) -> tuple[Result, float]:
    begun = time.monotonic()
    result = task_of(domain_info, uri=uri, timeout=timeout)
    return result, time.monotonic() - begun


def assert_silent(found: tuple[Result, float], *words: str) -> None:
    result, seconds = found
    assert result.failed
    assert seconds < 8
    for word in (*words, "set timeout"):
        assert word in result.msg
    assert "\n" not in result.msg


@pytest.fixture
def silent(tmp_path: pathlib.Path) -> t.Iterator[tuple[int, str]]:
    """A port and a socket that take connections and never answer."""
    path = str(tmp_path / "silent")
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
        tcp.bind(("127.0.0.1", 0))
        unix.bind(path)
        tcp.listen()
        unix.listen()
        yield tcp.getsockname()[1], path


def test_a_silent_port(hypervisor: Hypervisor, silent: tuple[int, str]) -> None:
    assert_silent(looked(f"qemu+tcp://127.0.0.1:{silent[0]}/system"), f"127.0.0.1:{silent[0]}")


def test_a_silent_socket(hypervisor: Hypervisor, silent: tuple[int, str]) -> None:
    assert_silent(looked(f"qemu+unix:///system?socket={silent[1]}"), "max_clients")


def test_a_silent_command_is_ended(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    command, mark = tmp_path / "command", tmp_path / "number"
    command.write_text(f"#!/bin/sh\necho $$ >{mark}\nexec sleep 1000\n", encoding="ascii")
    command.chmod(0o755)
    assert_silent(looked(f"qemu+ext:///system?command={command}"), "command")
    number = mark.read_text(encoding="ascii").strip()
    for _attempt in range(100):
        state = pathlib.Path(f"/proc/{number}/stat")
        if not state.exists() or state.read_text(encoding="ascii").split()[2] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the command goes on")


def test_the_process_of_a_module_ends(hypervisor: Hypervisor, silent: tuple[int, str]) -> None:
    program = (
        "import json, sys\n"
        "from ansible_collections.declarative.libvirt.plugins.module_utils._module "
        "import domain_info\n"
        "from tests.integration.hypervisor import task_of\n"
        "print(json.dumps(task_of(domain_info, **json.load(sys.stdin))))\n"
    )
    uri = f"qemu+unix:///system?socket={silent[1]}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps({"uri": uri, "timeout": 1}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{TOP}"},
    )
    assert "set timeout" in done.stdout


@contextlib.contextmanager
def stopped_daemon() -> t.Iterator[None]:
    pid = int(pathlib.Path("/run/libvirtd.pid").read_text(encoding="ascii"))
    # What earlier tests have left of connections is closed when it is collected.
    gc.collect()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_daemon_that_is_stopped(hypervisor: Hypervisor) -> None:
    with stopped_daemon():
        found = looked("qemu:///system")
    assert_silent(found, "libvirtd", "stopped")
    assert not looked("qemu:///system", 30)[0].failed


def test_a_daemon_that_is_stopped_in_the_middle(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, planned = contextlib.ExitStack(), present._Task._plan

    def plan(*arguments: t.Any) -> t.Any:
        step = planned(*arguments)
        stop.enter_context(stopped_daemon())
        return step

    monkeypatch.setattr(present._Task, "_plan", plan)
    begun = time.monotonic()
    with stop:
        result = task(xml=DOCUMENT, timeout=3)
    assert result.failed
    assert time.monotonic() - begun < 25
    assert "connection to libvirt was lost" in result.msg


def test_a_daemon_with_as_many_clients_as_it_takes(hypervisor: Hypervisor) -> None:
    path = pathlib.Path("/etc/libvirt/libvirtd.conf")
    usual = path.read_text(encoding="utf-8")
    hypervisor._restart_daemon(
        f"{usual}\nmax_clients = 1\nmax_anonymous_clients = 1\nmax_queued_clients = 1\n"
    )
    try:
        # The one that there may be is the test's own.
        assert_silent(looked("qemu:///system"), "max_clients")
    finally:
        hypervisor._restart_daemon(usual)


# Whose files they are


def is_local(uri: str | None) -> bool:
    with connected(uri) as connection:
        return connection.is_local


def relay(client: socket.socket) -> None:
    """Everything that comes goes to libvirtd, and back."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(SOCKET)

        def pass_on(one: socket.socket, other: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while data := one.recv(65536):
                    other.sendall(data)
                other.shutdown(socket.SHUT_RDWR)

        back = threading.Thread(target=pass_on, args=(server, client), daemon=True)
        back.start()
        pass_on(client, server)
        back.join(5)


@pytest.fixture
def forwarded(tmp_path: pathlib.Path) -> t.Iterator[str]:
    """A socket that leads to libvirtd, which may as well be another host's."""
    path = str(tmp_path / "forwarded")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=relay, args=(listener.accept()[0],), daemon=True).start()

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        threading.Thread(target=accept, daemon=True).start()
        yield path


def test_the_daemon_of_this_host(hypervisor: Hypervisor) -> None:
    assert is_local("qemu:///system")
    assert is_local(f"qemu+unix:///system?socket={SOCKET}")
    # Its images are in memory alone, and no files of this host.
    assert not is_local("test:///default")


def test_a_socket_that_is_forwarded(hypervisor: Hypervisor, forwarded: str) -> None:
    assert not is_local(f"qemu+unix:///system?socket={forwarded}")


def test_a_command_that_leads_to_the_socket(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    command = tmp_path / "command"
    command.write_text(
        f"#!{sys.executable}\nimport os, select, socket\ns = socket.socket(socket.AF_UNIX)\n"
        f"s.connect({SOCKET!r})\nways = {{0: s.fileno(), s.fileno(): 1}}\nwhile True:\n"
        "    for one in select.select(list(ways), [], [])[0]:\n"
        "        data = os.read(one, 65536)\n        if not data:\n            raise SystemExit\n"
        "        while data:\n            data = data[os.write(ways[one], data):]\n",
        encoding="ascii",
    )
    command.chmod(0o755)
    assert not is_local(f"qemu+ext:///system?command={command}")


def test_an_alias_is_what_it_stands_for(
    hypervisor: Hypervisor, forwarded: str, tmp_path: pathlib.Path
) -> None:
    configuration = pathlib.Path("/etc/libvirt/libvirt.conf")
    usual = configuration.read_text(encoding="utf-8")
    configuration.write_text(
        f'{usual}\nuri_aliases = ["here=qemu:///system", '
        f'"there=qemu+unix:///system?socket={forwarded}"]\n',
        encoding="utf-8",
    )
    program = (
        "import sys\nfrom tests.integration.test_connection import is_local\n"
        "print([is_local(one) for one in sys.argv[1:]])\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, "here", "there"],
            capture_output=True,
            text=True,
            check=True,
            cwd=TOP,
            env={**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{TOP}"},
        )
    finally:
        configuration.write_text(usual, encoding="utf-8")
    assert done.stdout.strip() == "[True, False]"


def test_a_daemon_that_sees_other_files(hypervisor: Hypervisor) -> None:
    other = subprocess.Popen(
        [
            *("unshare", "--mount", "--net", "--", "sh", "-c"),
            "mount --make-rprivate / && mount -t tmpfs tmpfs /run && "
            "mount -t tmpfs tmpfs /var/lib/libvirt && mkdir -p /run/libvirt && exec libvirtd",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    path = f"/proc/{other.pid}/root/run/libvirt/libvirt-sock"
    try:
        for _attempt in range(200):
            with contextlib.suppress(libvirt.libvirtError, OSError, AssertionError):
                # Before it has files of its own, that leads to the usual daemon.
                assert not os.path.samestat(os.stat(SOCKET), os.stat(path))
                libvirt.open(f"qemu+unix:///system?socket={path}").close()
                break
            time.sleep(0.05)
        assert not is_local(f"qemu+unix:///system?socket={path}")
    finally:
        other.kill()
        other.wait()


# Turns


def test_tasks_take_turns_whatever_their_environment_is(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    order: list[str] = []

    def other() -> None:
        with definition_lock.DefinitionLock("domain") as lock:
            lock.acquire("guest")
            order.append("second")

    with definition_lock.DefinitionLock("domain") as lock:
        lock.acquire("guest")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert not list(pathlib.Path(f"/run/declarative-libvirt-{os.getuid()}").iterdir())


def test_nobody_has_a_lock_on_a_file_that_is_gone() -> None:
    inside, most, turns = [0], [0], [0]

    def work() -> None:
        for _round in range(40):
            with definition_lock.DefinitionLock("domain") as lock:
                lock.acquire("many")
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                turns[0] += 1
                time.sleep(0.0005)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], turns[0]) == (1, 240)
