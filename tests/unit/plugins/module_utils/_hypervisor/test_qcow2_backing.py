# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backing file in the headers of images, judged by qemu-img."""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.qcow2_backing import (
    rebase,
    rebased,
)

needs_qemu_img = pytest.mark.skipif(shutil.which("qemu-img") is None, reason="no qemu-img")


def run(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    return done.stdout


@needs_qemu_img
@pytest.mark.parametrize(
    "options",
    ["compat=1.1", "compat=0.10", "cluster_size=512", "extended_l2=on", "cluster_size=2M"],
)
@pytest.mark.parametrize("name", ["base.qcow2", "x" * 200 + ".qcow2", "ü ö.qcow2"])
def test_qemu_img_reads_it(tmp_path: pathlib.Path, options: str, name: str) -> None:
    base, image = tmp_path / name, tmp_path / "image.qcow2"
    other = tmp_path / "other.raw"
    run("qemu-img", "create", "-q", "-f", "qcow2", base, "8M")
    run("qemu-img", "create", "-q", "-f", "raw", other, "8M")
    run("qemu-io", "-c", "write -P 5 0 64k", base)
    more = ["-F", "raw", "-b", other]
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, *more, image, "8M")
    run("qemu-io", "-c", "write -P 6 4M 64k", image)
    rebase(str(image), name, "qcow2")
    facts = json.loads(run("qemu-img", "info", "--output=json", image))
    assert facts["backing-filename"] == name
    assert facts["backing-filename-format"] == "qcow2"
    run("qemu-img", "check", "-q", image)
    run("qemu-io", "-c", "read -P 5 0 64k", "-c", "read -P 6 4M 64k", image)


@needs_qemu_img
def test_no_room(tmp_path: pathlib.Path) -> None:
    image = tmp_path / "image.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", "-o", "cluster_size=512", image, "8M")
    before = image.read_bytes()
    with pytest.raises(ValueError, match="no room"):
        rebase(str(image), "x" * 400, "qcow2")
    assert image.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"QFI\xfb", b"\0" * 512, b"QFI\xfb" + b"\xff" * 508])
def test_no_image(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"no qcow2 image|damaged"):
        rebased(content, "base", "qcow2")
