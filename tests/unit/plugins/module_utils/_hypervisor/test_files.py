# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import pathlib

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.files import (
    allocated_bytes,
    free_bytes,
)


def test_a_sparse_file_occupies_less_than_its_size(tmp_path: pathlib.Path):
    path = tmp_path / "image"
    with path.open("wb") as file:
        file.write(b"x" * 4096)
        file.truncate(2**24)
        file.flush()
        os.fsync(file.fileno())
    allocated = allocated_bytes(str(path))
    assert allocated is not None
    assert 4096 <= allocated < 2**24


def test_what_is_not_there_is_unknown(tmp_path: pathlib.Path):
    assert allocated_bytes(str(tmp_path / "none")) is None
    assert free_bytes(str(tmp_path / "none")) is None


def test_room_of_a_folder(tmp_path: pathlib.Path):
    free = free_bytes(str(tmp_path))
    assert free is not None
    assert free % os.statvfs(tmp_path).f_frsize == 0
