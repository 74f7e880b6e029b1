# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Molecule, as those run it who test roles of their own."""

from __future__ import annotations

import hashlib
import pathlib
import subprocess
import typing as t

import pytest

from ..integration.conftest import _private_libvirtd, boot, hypervisor
from ..integration.hypervisor import Hypervisor

__all__ = ["_private_libvirtd", "boot", "hypervisor"]
_IMAGES = pathlib.Path("/var/lib/libvirt/images")


@pytest.fixture
def image(hypervisor: Hypervisor) -> t.Iterator[pathlib.Path]:
    """The image that the guide names; it is afterwards what it was, and the only one."""
    path = _IMAGES / "debian-12.qcow2"
    _IMAGES.mkdir(parents=True, exist_ok=True)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "64M"], check=True)
    before = hashlib.sha256(path.read_bytes()).digest()
    yield path
    same = hashlib.sha256(path.read_bytes()).digest() == before
    hypervisor.clear()
    hypervisor.clear_pools()
    for left in _IMAGES.iterdir():
        left.unlink()
    assert same, "the image was changed"
