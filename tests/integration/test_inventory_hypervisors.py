# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of several hypervisors: dead ones, silent ones, and what was read before."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import typing as t

import libvirt
import pytest

from .hypervisor import Hypervisor
from .inventories import inventory, listed, run, write

DOCUMENT = (
    "<domain type='{}'><name>{}</name>{}<memory>65536</memory>"
    "<os><type arch='x86_64'>hvm</type></os></domain>"
)
UUID = "5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11"
DEAD = "qemu+unix:///system?socket=/nonexistent"
TEST = "test:///default"


def text(name: str, uuid: str | None = None, kind: str = "qemu") -> str:
    return DOCUMENT.format(kind, name, f"<uuid>{uuid}</uuid>" if uuid else "")


@pytest.fixture
def silent(tmp_path: pathlib.Path) -> t.Iterator[str]:
    """The URI of a socket that takes connections and never answers."""
    path = tmp_path / "silent"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield f"qemu+unix:///system?socket={path}"


class Second(t.NamedTuple):
    """Another libvirtd, with files of its own."""

    uri: str
    process: subprocess.Popen[bytes]
    raw: t.Any


@pytest.fixture
def second() -> t.Iterator[Second]:
    process = subprocess.Popen(
        [
            *("unshare", "--mount", "--net", "--", "sh", "-c"),
            "mount --make-rprivate / && mount -t tmpfs tmpfs /run && "
            "mount -t tmpfs tmpfs /var/lib/libvirt && mount -t tmpfs tmpfs /etc/libvirt/qemu && "
            "mkdir -p /run/libvirt && exec libvirtd",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    path = f"/proc/{process.pid}/root/run/libvirt/libvirt-sock"
    uri = f"qemu+unix:///system?socket={path}"
    try:
        for _attempt in range(400):
            with contextlib.suppress(libvirt.libvirtError, OSError, AssertionError):
                # Before it has files of its own, that leads to the usual daemon.
                assert not os.path.samestat(os.stat("/run/libvirt/libvirt-sock"), os.stat(path))
                raw = libvirt.open(uri)
                break
            time.sleep(0.05)
        yield Second(uri, process, raw)
    finally:
        process.kill()
        process.wait()


def test_one_is_dead_and_one_is_silent(
    hypervisor: Hypervisor, second: Second, silent: str, tmp_path: pathlib.Path
) -> None:
    hypervisor.define(text("here"))
    second.raw.defineXML(text("there"))
    uris = [silent, DEAD, "qemu:///system", second.uri, TEST]
    begun = time.monotonic()
    found = inventory(tmp_path, uris=uris, timeout=3)
    assert time.monotonic() - begun < 3 + 20
    assert list(found.hosts) == ["here", "test", "there"]
    assert f"{DEAD}: libvirt failed to connect" in found.messages
    assert "the daemon has not answered within 3" in found.messages
    assert not found.failed
    strict = inventory(tmp_path, uris=uris, timeout=1, strict_uris=True)
    assert strict.failed
    assert "connect" in strict.messages


def test_a_daemon_that_stops_in_the_middle(
    hypervisor: Hypervisor, second: Second, tmp_path: pathlib.Path
) -> None:
    hypervisor.define(text("here"))
    second.raw.defineXML(text("there"))
    os.kill(second.process.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        found = inventory(tmp_path, uris=["qemu:///system", second.uri], timeout=2)
        assert time.monotonic() - begun < 30
    finally:
        os.kill(second.process.pid, signal.SIGCONT)
    assert list(found.hosts) == ["here"]


def test_nothing_is_known_of_any(tmp_path: pathlib.Path) -> None:
    found = inventory(tmp_path, uris=[DEAD])
    assert found.failed
    assert "start the hypervisor's daemon" in found.messages


def test_what_a_silent_command_has_started_ends(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    command, mark = tmp_path / "command", tmp_path / "number"
    command.write_text(f"#!/bin/sh\necho $$ >{mark}\nexec sleep 1000\n", encoding="ascii")
    command.chmod(0o755)
    hypervisor.define(text("here"))
    uris = [f"qemu+ext:///system?command={command}", "qemu:///system"]
    assert list(inventory(tmp_path, uris=uris, timeout=1).hosts) == ["here"]
    number = mark.read_text(encoding="ascii").strip()
    for _attempt in range(100):
        state = pathlib.Path(f"/proc/{number}/stat")
        if not state.exists() or state.read_text(encoding="ascii").split()[2] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the command goes on")


# Names


def test_names_of_hypervisors(
    hypervisor: Hypervisor, second: Second, tmp_path: pathlib.Path
) -> None:
    hypervisor.define(text("web"))
    second.raw.defineXML(text("web"))
    uris: list[t.Any] = [
        {"uri": "qemu:///system", "name": "kvm1"},
        {"uri": second.uri, "name": "kvm-2", "auth": {"username": "me", "password": "Oh6eiGh3"}},
    ]
    found = inventory(tmp_path, uris=uris, groups_by=["hypervisor"])
    assert (list(found.hosts), found.messages) == (["kvm-2_web", "kvm1_web"], "")
    assert found.groups["libvirt_hypervisor_kvm1"] == ["kvm1_web"]
    assert found.groups["libvirt_hypervisor_kvm_2"] == ["kvm-2_web"]
    assert found.hosts["kvm1_web"]["libvirt_hypervisor"] == "kvm1"

    plain = inventory(tmp_path, uris=uris, hostname="libvirt_name")
    called = sorted(f"web_{host['libvirt_uuid'][:8]}" for host in plain.hosts.values())
    assert list(plain.hosts) == called
    assert "several guests would be the host web" in plain.messages
    assert inventory(tmp_path, uris=uris, hostname="libvirt_name", strict=True).failed


def test_a_guest_that_has_moved(
    hypervisor: Hypervisor, second: Second, tmp_path: pathlib.Path
) -> None:
    hypervisor.raw.createXML(text("web", UUID))
    second.raw.defineXML(text("web", UUID))
    for uris in (["qemu:///system", second.uri], [second.uri, "qemu:///system"]):
        found = inventory(tmp_path, uris=uris, strict=True)
        assert (list(found.hosts), found.messages) == (["web"], "")
        assert found.hosts["web"]["libvirt_state"] == "running"


# What was read before


def test_the_cache(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    cache = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    options = {
        **cache,
        "uris": [{"uri": "qemu:///system", "auth": {"username": "me", "password": "Oh6eiGh3"}}],
    }
    hypervisor.define(text("one"))
    assert list(inventory(tmp_path, **options).hosts) == ["one"]
    hypervisor.define(text("two"))
    first = inventory(tmp_path, **options)
    assert list(first.hosts) == ["one"]
    # Another question has another answer.
    assert list(inventory(tmp_path, **options, state=["shutoff"]).hosts) == ["one", "two"]
    hypervisor.undefine("one")
    assert list(inventory(tmp_path, "--flush-cache", **options).hosts) == ["two"]
    again = inventory(tmp_path, **options)
    assert list(again.hosts) == ["two"]
    assert again.groups["libvirt_state_shutoff"] == ["two"]
    (file,) = (tmp_path / "cache").iterdir()
    assert "Oh6eiGh3" not in file.read_text(encoding="utf-8")
    assert list(inventory(tmp_path, **{**options, "cache_timeout": 1}).hosts) == ["two"]
    hypervisor.define(text("three"))
    time.sleep(1.1)
    found = inventory(tmp_path, **{**options, "cache_timeout": 1})
    assert list(found.hosts) == ["three", "two"]


def test_guests_of_a_hypervisor_that_died(
    hypervisor: Hypervisor, second: Second, tmp_path: pathlib.Path
) -> None:
    options = {
        "uris": ["qemu:///system", second.uri],
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
        "cache_timeout": 1,
    }
    hypervisor.define(text("here"))
    second.raw.defineXML(text("there"))
    both = inventory(tmp_path, **options)
    assert list(both.hosts) == ["here", "there"]
    second.process.kill()
    second.process.wait()
    hypervisor.define(text("new"))
    time.sleep(1.1)
    for _time in range(2):
        found = inventory(tmp_path, **options)
        assert list(found.hosts) == ["here", "new", "there"]
        assert "its 1 guests are those of" in found.messages
        assert found.hosts["there"] == both.hosts["there"]
    assert inventory(tmp_path, **options, strict_uris=True).failed


# The controller


def test_a_controller_without_the_libraries(tmp_path: pathlib.Path) -> None:
    stand_in = tmp_path / "without"
    stand_in.mkdir()
    (stand_in / "libvirt.py").write_text("raise ImportError('not here')\n", encoding="ascii")
    path = f"{stand_in}:{os.environ['PYTHONPATH']}"
    found = listed(write(tmp_path), environment={"PYTHONPATH": path})
    assert found.failed
    assert "lacks libvirt-python, and no other Python of the system can do it" in found.messages
    assert "Traceback" not in found.messages


def test_nothing_is_imported_from_the_current_folder(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    hypervisor.define(text("web"))
    for name in ("json", "types", "libvirt", "threading", "ansible_collections"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n", encoding="ascii")
    assert list(inventory(tmp_path).hosts) == ["web"]


def test_other_files_are_left_to_other_plugins(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path)
    for name, is_ours in (
        ("kvm.libvirt.yaml", True),
        ("libvirt.yaml", True),
        ("kvm.yml", False),
        ("notlibvirt.yml", False),
    ):
        copy = tmp_path / name
        shutil.copyfile(path, copy)
        done = run(
            "ansible-inventory",
            copy,
            "--graph",
            environment={"ANSIBLE_INVENTORY_ENABLED": "declarative.libvirt.libvirt"},
        )
        assert (done.returncode == 0) == is_ours, done.stderr
