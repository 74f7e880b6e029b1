# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has a file open."""

from __future__ import annotations

import fcntl
import os
import pathlib
import struct
import subprocess
import sys

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import open_files

#: Takes a lock as QEMU does, on one byte, and holds it.
_HOLD = """
import fcntl, struct, sys
file = open(sys.argv[1], "r+b")
lock = struct.pack("hhqqi0q", fcntl.F_RDLCK, 0, 100, 1, 0)
fcntl.fcntl(file, fcntl.F_OFD_SETLK, lock)
print("held", flush=True)
sys.stdin.read()
"""


def _holder(path: object) -> str | None:
    return open_files.holder(str(path), open_files.loop_devices())


@pytest.fixture
def image(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "image"
    path.write_bytes(bytes(512))
    return path


def test_a_lock_is_found(image: pathlib.Path) -> None:
    assert _holder(image) is None
    command = [sys.executable, "-c", _HOLD, str(image)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        name = pathlib.Path(f"/proc/{process.pid}/comm").read_text(encoding="ascii").strip()
        assert _holder(image) == f"the process {process.pid} ({name})"
        process.stdin.close()
    assert _holder(image) is None


def test_a_lock_of_this_process_is_found(image: pathlib.Path) -> None:
    with image.open("r+b") as file:
        lock = struct.pack("hhqqi0q", fcntl.F_WRLCK, 0, 0, 0, 0)
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, lock)
        assert str(os.getpid()) in str(_holder(image))


def test_a_loop_device_is_found(
    image: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(image)
    for name, backing in (("loop0", "/gone (deleted)"), ("loop1", str(link))):
        (tmp_path / name / "loop").mkdir(parents=True)
        (tmp_path / name / "loop/backing_file").write_text(f"{backing}\n", encoding="ascii")
    (tmp_path / "loop2").mkdir()
    monkeypatch.setattr(open_files, "_LOOPS", f"{tmp_path}/loop*")
    assert _holder(image) == "the device /dev/loop1"
    assert _holder(tmp_path / "other") is None


@pytest.mark.parametrize("path", ["/dev/null", "/nowhere", "/", "a\0b"])
def test_what_is_no_file_has_no_holder(path: str) -> None:
    assert _holder(path) is None
