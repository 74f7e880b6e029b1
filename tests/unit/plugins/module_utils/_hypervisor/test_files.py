# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is occupied and free on this host."""

from __future__ import annotations

import os
import pathlib
import socket
import types

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.files import (
    allocated_bytes,
    free_bytes,
    is_deserted,
)


def test_a_sparse_file_occupies_less_than_its_size(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "image"
    with path.open("wb") as file:
        file.write(b"x" * 4096)
        file.truncate(2**24)
        file.flush()
        os.fsync(file.fileno())
    allocated = allocated_bytes(str(path))
    assert allocated is not None
    assert 4096 <= allocated < 2**24


def test_what_is_not_there_is_unknown(tmp_path: pathlib.Path) -> None:
    assert allocated_bytes(str(tmp_path / "none")) is None
    assert free_bytes(str(tmp_path / "none")) is None


def test_what_is_free_is_what_this_user_may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what is reserved for root, and in fragments, which may be smaller than blocks."""
    status = types.SimpleNamespace(f_bavail=3, f_bfree=9, f_frsize=512, f_bsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _folder: status)
    assert free_bytes("/images") == 3 * 512


def test_a_socket_is_deserted_when_its_owner_has_ended(tmp_path: pathlib.Path) -> None:
    path, file = str(tmp_path / "socket"), tmp_path / "file"
    file.touch()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        assert not is_deserted(path)
    assert is_deserted(path)
    assert not is_deserted(str(file))
    assert not is_deserted(str(tmp_path / "none"))
