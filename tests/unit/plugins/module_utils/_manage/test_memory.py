# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hashes of what earlier tasks have found out."""

from __future__ import annotations

import os
import stat
import threading

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage import memory
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.memory import (
    KEPT,
    NOTHING,
    UNCHANGED,
    Memory,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(memory.VARIABLE, raising=False)
    monkeypatch.setattr(memory, "content_key", lambda: "code-1")
    tmp_path.chmod(0o700)
    return tmp_path


def noted(*parts):
    found = memory.opened(True, False)
    found.note(KEPT, *parts)
    found.save()


def test_a_later_task_knows_what_was_noted(home):
    noted("document", "dump")
    later = memory.opened(True, True)
    assert later.knows(KEPT, "document", "dump")
    for parts in (
        ("document", "other"),
        ("documentd", "ump"),
        ("document",),
        ("", "document", "dump"),
    ):
        assert not later.knows(KEPT, *parts)
    assert not later.knows(UNCHANGED, "document", "dump")


def test_other_code_knows_nothing_of_it(home, monkeypatch):
    noted("document")
    monkeypatch.setattr(memory, "content_key", lambda: "code-2")
    assert not memory.opened(True, True).knows(KEPT, "document")


def test_check_mode_writes_nothing(home):
    found = memory.opened(True, True)
    found.note(KEPT, "document")
    found.save()
    assert not (home / "declarative-libvirt" / "memory").exists()


@pytest.mark.parametrize("case", ["option", "variable", "no identity"])
def test_it_can_be_off(home, monkeypatch, case):
    if case == "variable":
        monkeypatch.setenv(memory.VARIABLE, "off")
    if case == "no identity":
        monkeypatch.setattr(memory, "content_key", lambda: None)
    found = memory.opened(case != "option", False)
    assert found is NOTHING
    assert not found.is_on
    found.note(KEPT, "document")
    found.save()
    assert not found.knows(KEPT, "document")
    assert not list(home.iterdir())


def test_nothing_readable_is_kept_and_nobody_else_can_read_it(home):
    noted("<name>web</name>", "geheim")
    path = home / "declarative-libvirt" / "memory"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_size == 16
    assert b"geheim" not in path.read_bytes()


def test_it_is_bounded_and_the_oldest_go_first(home, monkeypatch):
    monkeypatch.setattr(memory, "_MOST", 4)
    for number in range(6):
        noted(str(number))
    found = memory.opened(True, True)
    assert [number for number in range(6) if found.knows(KEPT, str(number))] == [2, 3, 4, 5]


def test_what_others_wrote_meanwhile_stays(home):
    first, second = memory.opened(True, False), memory.opened(True, False)
    assert not first.knows(KEPT, "b")
    first.note(KEPT, "a")
    second.note(KEPT, "b")
    first.save()
    second.save()
    found = memory.opened(True, True)
    assert found.knows(KEPT, "a")
    assert found.knows(KEPT, "b")


def test_many_at_once_leave_a_whole_file(home):
    threads = [threading.Thread(target=noted, args=(str(number),)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [path] = (home / "declarative-libvirt").iterdir()
    assert path.stat().st_size % 16 == 0
    assert path.stat().st_size >= 16


@pytest.mark.parametrize("content", [b"", b"x", b"y" * 33])
def test_a_damaged_file_costs_nothing(home, content):
    noted("a")
    path = home / "declarative-libvirt" / "memory"
    path.write_bytes(content)
    assert not memory.opened(True, True).knows(KEPT, "a")
    noted("a")
    assert memory.opened(True, True).knows(KEPT, "a")


def test_without_room_it_does_without(home, monkeypatch):
    def fail(*_paths):
        raise OSError(28, "full")

    monkeypatch.setattr(os, "replace", fail)
    found = Memory(str(home / "declarative-libvirt"), "code", False)
    found.note(KEPT, "a")
    found.save()
    assert not list(home.iterdir())
