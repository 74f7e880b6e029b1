# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""domain_screenshot and domain_send_keys on a real guest."""

from __future__ import annotations

import functools
import hashlib
import os
import pathlib
import stat
import struct
import subprocess
import time
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_screenshot,
    domain_send_keys,
)

from .guests import Boot, Guest, document, start
from .hypervisor import Hypervisor, Result, task_of
from .three_ways import assert_fails, three_ways

NAME = "guest"
SCREEN = "<video><model type='vga'/></video><graphics type='vnc' autoport='yes'/>"
#: What the guest reads of its first console.
TYPED = "/root/typed"
#: A simulated hypervisor, whose screens show a picture of libvirt's own.
SIMULATED: dict[str, t.Any] = {"uri": "test:///default", "name": "test"}


@pytest.fixture(scope="module")
def hypervisor() -> t.Iterator[Hypervisor]:
    found = Hypervisor()
    found.clear()
    yield found
    found.clear()


@pytest.fixture(scope="module")
def guest(hypervisor: Hypervisor, boot: Boot) -> Guest:
    """One with a screen and a keyboard, on whose first console a program reads what is typed."""
    found = start(hypervisor, document(NAME, boot, devices=SCREEN))
    # A cursor that blinks makes each screenshot another one.
    quiet = "echo 0 >/sys/class/graphics/fbcon/cursor_blink; printf '\\033[?25l' >/dev/tty1"
    found.run("sh", "-c", f"{quiet}; setsid cat </dev/tty1 >{TYPED} 2>/dev/null &")
    return found


def look(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain_screenshot, check, **{"name": NAME, **options})


def type_(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain_send_keys, check, **{"name": NAME, **options})


def state_of(path: pathlib.Path) -> t.Callable[[], object]:
    def read() -> object:
        if not path.exists():
            return sorted(path.parent.iterdir())
        status = path.stat()
        return path.read_bytes(), stat.S_IMODE(status.st_mode), status.st_uid, status.st_ino

    return read


def typed(guest: Guest) -> str:
    return guest.run("cat", TYPED)


def size_of(png: bytes) -> tuple[int, ...]:
    return struct.unpack(">II", png[16:24])


def test_a_screenshot_is_kept_until_the_screen_shows_something_else(
    guest: Guest, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "screen.png"
    options = {"name": NAME, "path": str(path)}
    done = three_ways(domain_screenshot, state_of(path), **options)
    png = path.read_bytes()
    values = done.values
    assert (values["width"], values["height"]) == size_of(png)
    assert values["sha256"] == hashlib.sha256(png).hexdigest()
    assert (values["size"], values["blank"], values["mime"]) == (len(png), False, "image/png")
    assert values["changes"] == [
        {
            "path": f"file {path}",
            "op": "add",
            "before": None,
            "after": values["sha256"],
            "when": "config",
        }
    ]
    # It may show what not everybody is to see, and nothing else is left in its folder.
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    guest.run("sh", "-c", "echo something else >/dev/tty1")
    done = three_ways(domain_screenshot, state_of(path), **options)
    assert done.values["changes"][0]["before"] == values["sha256"]
    assert path.read_bytes() != png
    # Its permissions stay, and are a change of their own.
    done = three_ways(domain_screenshot, state_of(path), **options, mode="0640", owner="nobody")
    assert {change["path"] for change in done.values["changes"]} == {
        f"mode {path}",
        f"owner {path}",
    }
    guest.run("sh", "-c", "echo and else >/dev/tty1")
    done = three_ways(domain_screenshot, state_of(path), **options)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_uid != 0


def test_a_link_is_followed(guest: Guest, tmp_path: pathlib.Path) -> None:
    target, link = tmp_path / "real.png", tmp_path / "link.png"
    target.write_bytes(b"old")
    link.symlink_to(target)
    assert look(path=str(link)).values["path"] == str(target)
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"\x89PNG")


def test_paths_that_can_not_be(guest: Guest, tmp_path: pathlib.Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, words in {
        "screen.png": "no absolute path",
        str(tmp_path): "is a folder",
        str(tmp_path / "no" / "screen.png"): "there is no folder",
        str(fifo): "no regular file",
    }.items():
        assert_fails(
            domain_screenshot, lambda: sorted(tmp_path.iterdir()), words, name=NAME, path=path
        )


@pytest.mark.parametrize(
    ("option", "words"),
    [({"mode": "rw"}, "mode: 'rw' is no mode"), ({"owner": "x-y-z"}, "owner: ")],
)
def test_permissions_that_can_not_be(
    guest: Guest, tmp_path: pathlib.Path, option: dict[str, t.Any], words: str
) -> None:
    path = tmp_path / "screen.png"
    assert_fails(domain_screenshot, state_of(path), words, name=NAME, path=str(path), **option)


def test_no_such_screen(guest: Guest, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "screen.png"
    path.write_bytes(b"old")
    for screen, words in ((7, "; set screen to"), (-1, "screen is none of 0")):
        options = {"name": NAME, "path": str(path), "screen": screen}
        assert_fails(domain_screenshot, state_of(path), words, **options)


def test_what_is_typed_arrives_and_is_on_the_screen(guest: Guest, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "screen.png"
    look(path=str(path))
    predicted = type_(check=True, text="x", keys=["enter"])
    assert predicted.changed
    before = typed(guest)
    text = "Aa0 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ zZ"
    done = type_(text=text, keys=["h", "shift-i", "KEY_DOT", "return"])
    assert not done.failed, done.msg
    guest.wait_until(lambda: typed(guest) != before)
    # Check mode has typed nothing.
    assert typed(guest) == f"{before}{text}hI.\n"
    assert [change["after"] for change in done.values["changes"]] == [
        "VALUE_HIDDEN",
        "h",
        "shift-i",
        "KEY_DOT",
        "return",
    ]
    assert text not in str(done.values)
    assert text not in str(predicted.values)
    # It is a change each time.
    assert type_(text=text).changed
    shown = look(check=True, path=str(path))
    assert shown.changed


def test_keys_that_are_pressed_together(guest: Guest) -> None:
    """The kernel changes to another console, and back."""

    def is_active(number: int) -> bool:
        return guest.run("cat", "/sys/class/tty/tty0/active").strip() == f"tty{number}"

    # There is none until a program opens it.
    guest.run("sh", "-c", "setsid sleep 1000 </dev/tty2 >/dev/null 2>&1 &")
    assert is_active(1)
    for number in (2, 1):
        assert type_(keys=[f"ctrl-alt-F{number}"]).changed
        guest.wait_until(functools.partial(is_active, number))


def test_what_can_not_be_typed(guest: Guest) -> None:
    def read() -> str:
        return typed(guest)

    secret = "Gh7xQ\u20acab"
    for options, words in (
        ({"text": secret}, "text: character 6 has no key"),
        ({"keys": ["ctrl-nokey"]}, "keys: 'nokey' of 'ctrl-nokey' is no key"),
        ({"keys": ["-"]}, "is no key"),
        ({"keys": ["-".join("abcdefghijklmnopq")]}, "17 keys"),
        ({"keys": []}, "empty"),
        ({"text": "a" * 4097}, "4097 keys"),
        ({"keys": ["a"], "delay": -1}, "delay is negative"),
        ({"keys": ["a"], "hold_time": 100}, "hold_time is more than"),
    ):
        assert_fails(domain_send_keys, read, words, name=NAME, **options)
    assert secret not in str(type_(text=secret).values)


def test_a_guest_that_is_paused(
    hypervisor: Hypervisor, guest: Guest, tmp_path: pathlib.Path
) -> None:
    guest.domain.suspend()
    try:
        assert not look(path=str(tmp_path / "screen.png")).failed
        failed = type_(keys=["a"])
    finally:
        guest.domain.resume()
    assert failed.failed
    assert "is paused and notices no keys" in failed.msg


def test_guests_without_a_screen_or_a_keyboard(
    hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "screen.png"
    hypervisor.define(document("off", boot))
    domain = hypervisor.raw.lookupByName("off")
    read = state_of(path)
    options: dict[str, t.Any] = {"name": "off", "path": str(path)}
    keys: dict[str, t.Any] = {"name": "off", "keys": ["a"]}
    words = "is off, and only a guest that runs"
    assert_fails(domain_screenshot, read, words, **options)
    assert_fails(domain_send_keys, read, words, **keys)
    domain.createWithFlags(1)
    assert_fails(domain_screenshot, read, "has no graphics card", **options)
    domain.destroy()
    for module in (domain_screenshot, domain_send_keys):
        wanted = {**(options if module is domain_screenshot else keys), "name": "nobody"}
        assert_fails(module, read, "there is no such domain", **wanted)


def test_a_screen_is_waited_for(hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path) -> None:
    """A guest whose CPUs stand still shows nothing but QEMU's message."""
    path = tmp_path / "screen.png"
    hypervisor.define(document("slow", boot, devices=SCREEN))
    domain = hypervisor.raw.lookupByName("slow")
    domain.createWithFlags(1)
    options: dict[str, t.Any] = {"name": "slow", "path": str(path)}
    assert look(check=True, **options).values["blank"]
    words = "the screen is blank after 1 s"
    failed = look(**options, wait={"timeout": 1})
    assert failed.failed
    assert words in failed.msg
    assert not path.exists()
    # Check mode doesn't wait.
    assert look(check=True, **options, wait={"timeout": 300}).values["blank"]
    subprocess.Popen(["sh", "-c", "sleep 1; exec virsh -q resume slow"]).poll()
    begin = time.monotonic()
    done = look(**options, wait={"timeout": 60})
    assert not done.failed, done.msg
    assert not done.values["blank"]
    assert time.monotonic() - begin > 1


def test_a_simulated_hypervisor(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "screen.png"
    three_ways(domain_screenshot, state_of(path), **SIMULATED, path=str(path))
    assert size_of(path.read_bytes()) == (1120, 832)
    assert task_of(domain_send_keys, **SIMULATED, text="a", delay=0).changed
