# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_agent on a real guest."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_agent

from .guests import Boot, Guest, disk, document, start
from .hypervisor import Hypervisor, Result, task_of
from .three_ways import three_ways

NAME = "guest"
KEYS = "/root/.ssh/authorized_keys"
ONE, TWO = "ssh-ed25519 AAAAC3Nz one", "ssh-ed25519 AAAAC3Nx two"


@pytest.fixture(scope="module")
def guest(boot: Boot, tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Guest]:
    hypervisor = Hypervisor()
    hypervisor.clear()
    image = tmp_path_factory.mktemp("disk") / "data.img"
    image.write_bytes(bytes(8 << 20))
    # What discard frees is freed in the image.
    devices = disk(image, "vda").replace("type='raw'", "type='raw' discard='unmap'")
    found = start(hypervisor, document(NAME, boot, devices=devices))
    found.run("sh", "-c", "mke2fs /dev/vda && mkdir /data && mount -t ext4 /dev/vda /data")
    yield found
    hypervisor.clear()


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain_agent, check, **{"name": NAME, "agent_timeout": 30, **options})


def keys_of(guest: Guest) -> t.Callable[[], str]:
    return lambda: guest.run("sh", "-c", f"cat {KEYS} 2>/dev/null || :")


def same_three_ways(guest: Guest, **option: t.Any) -> Result:
    options = {"name": NAME, "agent_timeout": 30, "ssh_keys": {"user": "root", **option}}
    return three_ways(domain_agent, keys_of(guest), **options)


def test_keys(guest: Guest) -> None:
    done = same_three_ways(guest, keys=[ONE, TWO])
    assert [change["after"] for change in done.values["changes"]] == [ONE, TWO]
    assert done.values["changes"][0]["path"] == "ssh_keys root"
    assert keys_of(guest)().split("\n")[:2] == [ONE, TWO]
    done = same_three_ways(guest, keys=[ONE], state="absent")
    assert done.values["changes"][0]["op"] == "remove"
    done = same_three_ways(guest, keys=[ONE], exclusive=True)
    assert [(change["op"], change["before"]) for change in done.values["changes"]] == [
        ("add", None),
        ("remove", TWO),
    ]
    assert keys_of(guest)().split() == ONE.split()
    same_three_ways(guest, keys=[], exclusive=True)
    assert keys_of(guest)().strip() == ""


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"user": "nobody-here", "keys": [ONE]}, "nobody-here"),
        ({"user": "root", "keys": ["a\nb"]}, "ssh_keys.keys"),
        ({"user": "root", "keys": []}, "ssh_keys.keys"),
        ({"user": "root", "keys": [ONE], "state": "absent", "exclusive": True}, "exclusive"),
    ],
)
def test_keys_that_can_not_be(guest: Guest, option: dict[str, t.Any], words: str) -> None:
    failed = task(ssh_keys=option)
    assert failed.failed
    assert words in failed.msg


def test_a_password_is_a_change_each_time_and_never_shown(guest: Guest) -> None:
    secret = "Gh7xQab,12"

    def hashed() -> str:
        return guest.run("sed", "-n", "s/^root:\\([^:]*\\).*/\\1/p", "/etc/shadow").strip()

    before = hashed()
    predicted = task(check=True, password={"user": "root", "value": secret})
    assert (predicted.changed, hashed()) == (True, before)
    for _time in range(2):
        done = task(password={"user": "root", "value": secret})
        assert done.changed, done.msg
        assert done.values["changes"] == predicted.values["changes"]
        assert secret not in str(done.values)
    assert hashed() != before
    done = task(password={"user": "root", "value": "$6$salt$hash", "encrypted": True})
    assert (done.changed, hashed()) == (True, "$6$salt$hash")


def test_a_command(guest: Guest) -> None:
    command = {"argv": ["sh", "-c", "cat; echo err >&2; touch /root/made"], "creates": "/root/made"}
    options: dict[str, t.Any] = {"command": {**command, "stdin": "Gh7xQ of input"}}
    predicted = task(check=True, **options)
    assert predicted.changed
    assert "rc" not in predicted.values
    done = task(**options)
    assert (done.changed, done.values["rc"]) == (True, 0), done.msg
    assert (done.values["stdout"], done.values["stderr"]) == ("Gh7xQ of input", "err")
    assert "Gh7xQ" not in str(done.values["invocation"])
    assert done.values["changes"] == predicted.values["changes"]
    assert done.values["domain"]["name"] == NAME
    for check in (True, False):
        again = task(check, **options)
        assert not again.changed
        assert again.values["changes"] == []


def test_a_command_that_fails(guest: Guest) -> None:
    failed = task(command={"argv": ["sh", "-c", "echo why >&2; exit 7"]}, fstrim=True)
    assert (failed.failed, failed.values["rc"], failed.values["stderr"]) == (True, 7, "why")
    assert [change["path"] for change in failed.values["changes"]] == ["command"]
    assert "No such file" in task(command={"argv": ["/nonexistent"]}).msg


def test_trimming(guest: Guest) -> None:
    assert task(check=True, fstrim=True).changed
    done = task(fstrim=True)
    assert done.changed, done.msg


def test_freezing_and_thawing(guest: Guest) -> None:
    def state() -> str:
        found = guest._agent("guest-fsfreeze-status")
        return str(found)

    for wanted in ("frozen", "thawed"):
        done = three_ways(domain_agent, state, name=NAME, filesystems=wanted, agent_timeout=30)
        assert state() == wanted
        assert [change["after"] for change in done.values["changes"]] == [wanted]
    # Keys are set between thawing and freezing.
    assert task(filesystems="frozen").changed
    refused = task(command={"argv": ["true"]})
    assert "are frozen" in refused.msg
    both: dict[str, t.Any] = {"filesystems": "thawed", "command": {"argv": ["true"]}}
    predicted = task(check=True, **both)
    done = task(**both)
    assert not done.failed, done.msg
    assert done.values["changes"] == predicted.values["changes"]
    assert len(done.values["changes"]) == 2


def test_a_guest_that_is_off(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    hypervisor.raw.defineXML(document("off", boot))
    for check in (True, False):
        failed = task(check, name="off", fstrim=True)
        assert "is off; start it" in failed.msg
    assert "no such domain" in task(name="none", fstrim=True).msg
