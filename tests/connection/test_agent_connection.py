# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection through the guest agent, on real guests."""

from __future__ import annotations

import hashlib
import os
import pathlib
import threading
import time
import typing as t

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound

from ..integration.guests import Boot, Guest, disk, document, start
from ..integration.hypervisor import Hypervisor
from .agent_connection import connection, play

NAME = "guest"
ROOMY = "<memory unit='MiB'>512</memory>"
FILES = "guest-file-open,guest-file-close,guest-file-read,guest-file-write,guest-file-flush"
HOST = {NAME: {"ansible_python_interpreter": "/usr/bin/python3"}}


@pytest.fixture(scope="module")
def guest(boot: Boot) -> t.Iterator[Guest]:
    hypervisor = Hypervisor()
    hypervisor.clear()
    yield start(hypervisor, document(NAME, boot, memory=ROOMY))
    hypervisor.clear()


@pytest.fixture
def agent(guest: Guest) -> t.Iterator[t.Any]:
    found = connection(NAME)
    yield found
    found.close()
    # Neither files of output nor links are left there.
    guest.wait_until(lambda: ".ansible-" not in guest.run("ls", "-a", "/root"), 10)


@pytest.mark.parametrize(
    ("command", "ended"),
    [
        ("echo out; echo err >&2; exit 3", (3, b"out\n", b"err\n")),
        ("printf 'a\\000b'", (0, b"a\0b", b"")),
        ("kill -9 $$", (137, b"", b"")),
        ("echo $HOME $USER; pwd", (0, b"/root root\n/root\n", b"")),
        ("cat", (0, b"", b"")),
        ("echo 'it''s' # a comment", (0, b"its\n", b"")),
        ("nonsense 2>/dev/null", (127, b"", b"")),
        ("sleep 1; echo late", (0, b"late\n", b"")),
    ],
)
def test_a_command(agent: t.Any, command: str, ended: tuple[int, bytes, bytes]) -> None:
    assert agent.exec_command(command) == ended


def test_a_command_of_any_bytes(agent: t.Any) -> None:
    name = os.fsdecode(b"/root/\xff\xfe name")
    agent.exec_command(f"echo x >'{name}'; echo '\u00e4'")
    assert agent.exec_command("cd /root; echo *")[1] == b"\xff\xfe name\n"
    agent.exec_command("rm /root/*")


@pytest.mark.parametrize("megabytes", [2, 6])
def test_much_input(agent: t.Any, megabytes: int) -> None:
    data = os.urandom(megabytes << 20)
    _rc, stdout, _stderr = agent.exec_command("md5sum", in_data=data)
    assert stdout.split()[0].decode() == hashlib.md5(data).hexdigest()  # noqa: S324


def test_much_output(agent: t.Any) -> None:
    rc, stdout, stderr = agent.exec_command(
        "head -c 20000000 /dev/zero; head -c 12000000 /dev/zero >&2; exit 5"
    )
    assert (rc, len(stdout), len(stderr)) == (5, 20000000, 12000000)
    assert not stdout.strip(b"\0")
    assert agent.exec_command("echo on")[1] == b"on\n"


def test_fifty_megabytes_there_and_back(agent: t.Any, tmp_path: pathlib.Path) -> None:
    source, back = tmp_path / "source", tmp_path / "back"
    data = os.urandom(50_000_000)
    source.write_bytes(data)
    agent.put_file(str(source), "/root/file")
    _rc, stdout, _stderr = agent.exec_command("md5sum /root/file")
    assert stdout.split()[0].decode() == hashlib.md5(data).hexdigest()  # noqa: S324
    agent.fetch_file("/root/file", str(back))
    assert back.read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "source"]
    agent.exec_command("rm /root/file")


@pytest.mark.parametrize("name", [b"/root/\xff\x01 n", b"relative", b"/root/\xc3\xa4'\"", b"a\n"])
def test_a_file_of_any_name(agent: t.Any, tmp_path: pathlib.Path, name: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"content")
    agent.put_file(str(source), os.fsdecode(name))
    _rc, listed, _stderr = agent.exec_command("cd /root; echo *")
    assert listed == name.rpartition(b"/")[2] + b"\n"
    agent.fetch_file(os.fsdecode(name), str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"content"
    agent.exec_command("rm /root/*")


def test_files_that_are_not_there(agent: t.Any, tmp_path: pathlib.Path) -> None:
    back = tmp_path / "back"
    back.write_text("before")
    with pytest.raises(AnsibleError, match="/root/none"):
        agent.fetch_file("/root/none", str(back))
    with pytest.raises(AnsibleError, match="relative"):
        agent.fetch_file("relative", str(back))
    with pytest.raises(AnsibleError, match=r"/root: .*[Dd]irectory"):
        agent.fetch_file("/root", str(back))
    with pytest.raises(AnsibleError, match="/nowhere"):
        agent.fetch_file("/etc/passwd", "/nowhere/back")
    with pytest.raises(AnsibleFileNotFound, match="none"):
        agent.put_file(str(tmp_path / "none"), "/root/none")
    assert back.read_text() == "before"
    assert agent.exec_command("ls /root")[1] == b""


def test_a_file_system_that_is_full(agent: t.Any, tmp_path: pathlib.Path) -> None:
    agent.exec_command("mkdir /root/small; mount -t tmpfs -o size=64k tmpfs /root/small")
    source = tmp_path / "source"
    source.write_bytes(bytes(200_000))
    try:
        with pytest.raises(AnsibleError, match=r"/root/small/file.*No space left"):
            agent.put_file(str(source), "/root/small/file")
    finally:
        agent.exec_command("umount /root/small; rmdir /root/small")


def test_a_limit_of_time(guest: Guest) -> None:
    limited = connection(NAME, command_timeout=1)
    with pytest.raises(AnsibleError, match="still runs after 1 s, as process"):
        limited.exec_command("sleep 5")
    limited.close()


class Su:
    """The become plugin, as far as a connection looks at it."""

    name = "su"
    success = "BECOME-SUCCESS-abc"

    def expect_prompt(self) -> bool:
        return True


def test_a_password_that_is_asked_for_on_a_terminal(guest: Guest) -> None:
    agent = connection(NAME, remote_user="guest")
    agent.become = Su()
    with pytest.raises(AnsibleError, match="become_method su asks for its password on a terminal"):
        agent.exec_command("su root -c 'echo BECOME-SUCCESS-abc ; id'")
    assert agent.exec_command("echo of another command")[0] == 0
    agent.close()


def test_a_uuid(guest: Guest) -> None:
    named = connection(guest.domain.UUIDString().upper())
    assert named.exec_command("echo here")[1] == b"here\n"
    named.close()


@pytest.mark.parametrize(
    ("state", "words"),
    [("off", "is off"), ("paused", "is paused"), ("none", "no such domain")],
)
def test_what_can_not_answer_is_told_at_once(
    hypervisor: Hypervisor, boot: Boot, state: str, words: str
) -> None:
    if state != "none":
        domain = hypervisor.raw.defineXML(document("other", boot))
        if state == "paused":
            domain.create()
            domain.suspend()
    begun = time.monotonic()
    with pytest.raises(AnsibleConnectionFailure, match=words):
        connection("other", timeout=60).exec_command("true")
    assert time.monotonic() - begun < 10


def test_no_channel(hypervisor: Hypervisor, boot: Boot) -> None:
    text = document("other", boot).replace("org.qemu.guest_agent.0", "org.example.0")
    hypervisor.raw.defineXML(text).create()
    with pytest.raises(AnsibleConnectionFailure, match="no channel for a guest agent"):
        connection("other", timeout=60).exec_command("true")


def test_no_hypervisor() -> None:
    with pytest.raises(AnsibleConnectionFailure, match="connect to"):
        connection("other", uri="qemu+unix:///system?socket=/nonexistent").exec_command("true")


def test_the_agent_is_killed_and_comes_back(hypervisor: Hypervisor, boot: Boot) -> None:
    start(hypervisor, document(NAME, boot))
    agent = connection(NAME, timeout=2)
    with pytest.raises(AnsibleConnectionFailure, match=r"does not answer|was restarted"):
        agent.exec_command("killall qemu-ga; sleep 30")
    with pytest.raises(AnsibleConnectionFailure, match="does not answer"):
        agent.exec_command("true")
    hypervisor.clear()
    start(hypervisor, document(NAME, boot))
    patient = connection(NAME, timeout=60)
    restart = "(sleep 1; killall qemu-ga; sleep 2; start-agent) >/dev/null 2>&1 </dev/null &"
    assert patient.exec_command(restart)[0] == 0
    time.sleep(2)
    # It isn't there at this moment, and is waited for.
    assert patient.exec_command("echo back") == (0, b"back\n", b"")
    # What the agent ran before it was restarted is unknown to it.
    with pytest.raises(AnsibleConnectionFailure, match="was restarted while the command ran"):
        patient.exec_command("(killall qemu-ga; sleep 1; start-agent) & sleep 30")


def test_blocked_commands(hypervisor: Hypervisor, boot: Boot) -> None:
    start(hypervisor, document(NAME, boot, arguments="block-rpcs=guest-exec"))
    with pytest.raises(AnsibleError, match=r"does not allow guest-exec; .*block-rpcs") as refused:
        connection(NAME).exec_command("true")
    assert not isinstance(refused.value, AnsibleConnectionFailure)


def test_blocked_files(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    start(hypervisor, document(NAME, boot, arguments=f"block-rpcs={FILES}"))
    agent = connection(NAME)
    assert agent.exec_command("cat; echo e >&2; exit 2", in_data=b"in") == (2, b"in", b"e\n")
    assert len(agent.exec_command("head -c 5000000 /dev/zero")[1]) == 5000000
    (tmp_path / "source").write_bytes(b"x")
    with pytest.raises(AnsibleError, match="does not allow guest-file-close, guest-file-flush"):
        agent.put_file(str(tmp_path / "source"), "/root/file")


def test_frozen_file_systems(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    image = tmp_path / "data.img"
    image.write_bytes(bytes(8 << 20))
    guest = start(hypervisor, document(NAME, boot, devices=disk(image, "vda")))
    guest.run("sh", "-c", "mke2fs /dev/vda && mkdir /data && mount -t ext4 /dev/vda /data")
    agent = connection(NAME)
    assert agent.exec_command("true")[0] == 0
    assert guest.domain.fsFreeze() == 1
    for each in (agent, connection(NAME)):
        with pytest.raises(AnsibleError, match="are frozen"):
            each.exec_command("true")
    guest.domain.fsThaw()
    assert agent.exec_command("true")[0] == 0


def test_a_guest_with_python(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    """The modules and actions that everybody uses, from a guest that is off on."""
    devices = disk(boot.usr, "vda").replace("<target", "<readonly/><target")
    text = document(NAME, boot, devices=devices, memory=ROOMY, arguments="usr=/dev/vda")
    domain = hypervisor.raw.defineXML(text)
    (tmp_path / "script").write_text("#!/bin/sh\necho of a script $1\n")
    secret = "Gh7xQ-of-input"
    tasks: list[dict[str, t.Any]] = [
        {"wait_for_connection": {"timeout": 240, "sleep": 1}},
        {"ping": None},
        {"setup": {"gather_subset": "!all,min"}},
        {"assert": {"that": "ansible_facts.user_id == 'root'"}},
        {"copy": {"content": "text", "dest": "/root/copied", "mode": "0600"}, "register": "copied"},
        {"copy": {"content": "text", "dest": "/root/copied", "mode": "0600"}, "register": "again"},
        {"assert": {"that": ["copied is changed", "again is not changed"]}},
        {"command": {"cmd": "cat", "stdin": secret}, "register": "read", "no_log": True},
        {"script": f"{tmp_path / 'script'} word", "register": "scripted"},
        {"assert": {"that": ["scripted.stdout == 'of a script word\n'"]}},
        {"fetch": {"src": "/root/copied", "dest": f"{tmp_path}/fetched", "flat": True}},
        {"command": "id -un", "become": True, "become_method": "su", "become_user": "guest"},
        {"raw": "echo $0", "delegate_to": NAME},
        {
            "command": "id -un",
            "vars": {
                "ansible_become": True,
                "ansible_become_method": "su",
                "ansible_become_user": "guest",
                "ansible_become_password": secret,
            },
            "register": "asked",
        },
        {"assert": {"that": ["asked.stdout == 'guest'"]}},
        {"command": "sleep 3", "async": 120, "poll": 2, "register": "slept"},
        {"assert": {"that": ["slept is changed", "slept.rc == 0"]}},
    ]
    thread = threading.Timer(3, domain.create)
    thread.start()
    shown = play(tmp_path, HOST, tasks, "-vvvvv")
    thread.join()
    assert (tmp_path / "fetched").read_text() == "text"
    assert '"stdout": "guest"' in shown
    assert "guest-exec" not in shown
    assert secret not in shown.replace("\n", "")
    domain.destroy()
    shown = play(tmp_path, HOST, [{"ping": None}], rc=4)
    assert "UNREACHABLE" in shown
    assert "is off; start it" in shown


def test_ten_guests_at_once(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    names = [f"guest{number}" for number in range(10)]
    domains = [hypervisor.raw.defineXML(document(name, boot)) for name in names]
    for domain in domains:
        domain.create()
    for domain in domains:
        Guest(domain).wait_for_agent(400)
    hosts: dict[str, dict[str, str]] = {
        f"host{number}": {
            "ansible_libvirt_domain": domain.UUIDString() if number % 2 else domain.name()
        }
        for number, domain in enumerate(domains)
    }
    # Each guest says which it is.
    tasks: list[dict[str, t.Any]] = [
        {"raw": "cat /sys/class/dmi/id/product_uuid", "register": "told"},
        {"debug": {"msg": "{{ inventory_hostname }} is {{ told.stdout | trim | lower }}."}},
    ]
    shown = play(tmp_path, hosts, tasks, "--forks", "10")
    for number, domain in enumerate(domains):
        assert f"host{number} is {domain.UUIDString()}." in shown
