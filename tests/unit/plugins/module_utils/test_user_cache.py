# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Only a folder and files that nobody else could have touched are used."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._user_cache import (
    read_private,
    replace_private,
    user_cache,
)

OTHER_USER = 4711
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """What holds the folder, which isn't there yet; its own parents are pytest's."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return cache


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_the_folder_is_made_with_mode_0700_and_found_again(cache):
    path = user_cache()
    assert path == str(cache / "declarative-libvirt")
    assert mode(cache / "declarative-libvirt") == 0o700
    assert user_cache() == path


def test_it_stands_in_the_home_of_the_user_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "not/absolute"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert user_cache() == str(tmp_path / ".cache" / "declarative-libvirt")
    assert mode(tmp_path / ".cache") == 0o700


def test_a_home_that_does_not_exist_is_not_made(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    assert user_cache() is None
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("unfit", [0o770, 0o707, 0o750, 0o701])
def test_a_folder_with_another_mode_is_not_used(cache, unfit):
    folder = cache / "declarative-libvirt"
    folder.mkdir()
    folder.chmod(unfit)
    assert user_cache() is None


def test_a_link_or_a_file_in_its_place_is_not_used(cache, tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    (cache / "declarative-libvirt").symlink_to(target)
    assert user_cache() is None
    (cache / "declarative-libvirt").unlink()
    (cache / "declarative-libvirt").write_text("")
    assert user_cache() is None


@AS_ROOT
@pytest.mark.parametrize("name", ["", "declarative-libvirt"])
def test_what_belongs_to_another_user_is_not_used(cache, name):
    (cache / "declarative-libvirt").mkdir(mode=0o700)
    assert user_cache() is not None
    os.chown(cache / name, OTHER_USER, -1)
    assert user_cache() is None


def test_where_others_can_rename_it_only_the_sticky_bit_makes_it_safe(cache):
    for unsafe in (0o777, 0o775, 0o757):
        cache.chmod(unsafe)
        assert user_cache() is None
    cache.chmod(0o1777)
    assert user_cache() is not None


def test_a_link_above_is_followed_once(cache, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(cache)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "link"))
    assert user_cache() == str(cache / "declarative-libvirt")


def test_where_it_cannot_be_made_there_is_none(cache, monkeypatch):
    def fail(*_arguments):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "mkdir", fail)
    assert user_cache() is None


def test_a_task_beside_that_makes_it_first_is_no_hindrance(cache, monkeypatch):
    mkdir = os.mkdir

    def made_twice(path, mode):
        if path.endswith("declarative-libvirt"):
            mkdir(path, mode)
        mkdir(path, mode)

    monkeypatch.setattr(os, "mkdir", made_twice)
    assert user_cache() is not None


def test_a_file_is_written_whole_with_mode_0600(tmp_path):
    path = tmp_path / "file"
    assert replace_private(str(path), b"one")
    assert replace_private(str(path), b"two")
    assert (read_private(str(path)), mode(path)) == (b"two", 0o600)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failing", ["open", "replace"])
def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch, failing):
    path = tmp_path / "file"
    replace_private(str(path), b"old")

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(os, failing, fail)
        assert not replace_private(str(path), b"new")
    assert read_private(str(path)) == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_others_can_write_is_not_read(tmp_path):
    path = tmp_path / "file"
    for unfit in (0o620, 0o602):
        path.write_text("x")
        path.chmod(unfit)
        assert read_private(str(path)) is None


@AS_ROOT
def test_a_file_of_another_user_is_not_read(tmp_path):
    path = tmp_path / "file"
    replace_private(str(path), b"x")
    os.chown(path, OTHER_USER, -1)
    assert read_private(str(path)) is None


def test_a_link_a_pipe_and_what_is_not_there_are_not_read(tmp_path):
    replace_private(str(tmp_path / "file"), b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("link", "pipe", "nothing", "."):
        assert read_private(str(tmp_path / name)) is None
