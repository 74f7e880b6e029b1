# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones on real volumes, whose contents are compared by qemu-img and by checksums."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pathlib
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_clone,
    domain_xml,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hypervisor import Hypervisor, Result, task_of
from .images import make_overlay
from .three_ways import assert_fails, three_ways

NAME, CLONE = "origin", "copy"
IMAGES = pathlib.Path("/var/lib/libvirt/images")
OTHERS = pathlib.Path("/var/lib/libvirt/others")
NVRAM = pathlib.Path("/var/lib/libvirt/qemu/nvram")
MIB = 1024**2

pytestmark = pytest.mark.usefixtures("no_images", "folders")

clone = functools.partial(task_of, domain_clone, name=NAME, clone=CLONE)


@pytest.fixture
def folders(hypervisor: Hypervisor) -> t.Iterator[None]:
    """The pool ``default`` and a folder without a pool."""
    IMAGES.mkdir(exist_ok=True)
    OTHERS.mkdir(exist_ok=True)
    make_pool(hypervisor, "default", IMAGES)
    yield
    hypervisor.clear()
    hypervisor.clear_pools()
    for folder in (IMAGES, OTHERS, NVRAM):
        for path in folder.glob("*") if folder.exists() else ():
            path.unlink()
    OTHERS.rmdir()


def make_pool(hypervisor: Hypervisor, name: str, folder: pathlib.Path) -> t.Any:
    pool = hypervisor.raw.storagePoolDefineXML(
        f"<pool type='dir'><name>{name}</name><target><path>{folder}</path></target></pool>"
    )
    pool.create()
    return pool


def make_image(path: pathlib.Path, form: str = "qcow2", size: int = 8) -> bytes:
    """An image of so many MiB with a random content, which is returned."""
    content = os.urandom(MIB) + bytes((size - 2) * MIB) + os.urandom(MIB)
    if form == "raw":
        path.write_bytes(content)
    else:
        command = ["qemu-img", "convert", "-f", "raw", "-O", form, "/dev/stdin", str(path)]
        raw = path.with_suffix(".tmp")
        raw.write_bytes(content)
        command[-2] = str(raw)
        subprocess.run(command, check=True)
        raw.unlink()
    return content


def content(path: pathlib.Path, form: str) -> bytes:
    """What a guest reads from an image."""
    copy = path.with_suffix(".read")
    command = ["qemu-img", "convert", "-U", "-f", form, "-O", "raw", str(path), str(copy)]
    subprocess.run(command, check=True)
    found = copy.read_bytes()
    copy.unlink()
    return found


def info(path: pathlib.Path) -> dict[str, t.Any]:
    command = ["qemu-img", "info", "-U", "--output", "json", str(path)]
    done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, t.Any] = json.loads(done.stdout)
    return found


def disk(path: pathlib.Path, target: str = "vda", form: str = "qcow2", extra: str = "") -> str:
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
        f"<source file='{path}'/><target dev='{target}' bus='virtio'/>{extra}</disk>"
    )


def document(devices: str, more: str = "", name: str = NAME, system: str = "") -> str:
    return f"""
<domain type='qemu'>
  <name>{name}</name>
  {more}
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type>{system}</os>
  <devices>{devices}</devices>
</domain>
"""


def defined(hypervisor: Hypervisor, name: str = CLONE) -> Element:
    return parse(hypervisor.definition(name))


class Untouched:
    """Files and definitions, which are the same after each look."""

    def __init__(self, hypervisor: Hypervisor, *paths: pathlib.Path) -> None:
        self._hypervisor = hypervisor
        self._paths = paths
        self._before = self._now()

    def _now(self) -> tuple[str, list[tuple[str, int]]]:
        sums = [
            (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for path in self._paths
        ]
        return self._hypervisor.definition(NAME), sums

    def check(self) -> None:
        assert self._now() == self._before


def everything(hypervisor: Hypervisor) -> object:
    """All that a task may change: domains, files, pools."""
    files = sorted(
        (str(path), path.stat().st_size) for folder in (IMAGES, OTHERS) for path in folder.glob("*")
    )
    pools = sorted(pool.name() for pool in hypervisor.raw.listAllStoragePools())
    domains = {name: hypervisor.definition(name) for name in sorted(hypervisor.names())}
    return files, pools, domains


def thrice(hypervisor: Hypervisor, **options: t.Any) -> Result:
    return three_ways(
        domain_clone,
        functools.partial(everything, hypervisor),
        **{"name": NAME, "clone": CLONE, **options},
    )


def fails(hypervisor: Hypervisor, words: str, **options: t.Any) -> None:
    assert_fails(
        domain_clone,
        functools.partial(everything, hypervisor),
        words,
        **{"name": NAME, "clone": CLONE, **options},
    )


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_a_disk_is_copied(hypervisor: Hypervisor, form: str) -> None:
    image = IMAGES / f"{NAME}.{form}"
    written = make_image(image, form)
    hypervisor.define(document(disk(image, form=form)))
    untouched = Untouched(hypervisor, image)
    done = thrice(hypervisor)
    copy = IMAGES / f"{CLONE}.{form}"
    assert content(copy, form) == written
    assert info(copy)["format"] == form
    assert info(copy)["actual-size"] < 4 * MIB
    untouched.check()
    made = defined(hypervisor)
    assert made.value("devices/disk/source/@file") == str(copy)
    assert made.value("uuid") != defined(hypervisor, NAME).value("uuid")
    assert [change["path"] for change in done.values["changes"]] == [
        "/domain",
        f"volume {copy}",
    ]
    assert sorted(path.name for path in IMAGES.iterdir()) == [copy.name, image.name]


def test_a_chain_is_flattened(hypervisor: Hypervisor) -> None:
    base, top = IMAGES / "base.qcow2", IMAGES / "top.qcow2"
    written = make_image(base)
    make_overlay(top, base)
    subprocess.run(
        ["qemu-io", "-f", "qcow2", "-c", "write -P 7 2M 64k", str(top)],
        check=True,
        capture_output=True,
    )
    written = written[: 2 * MIB] + bytes([7]) * 65536 + written[2 * MIB + 65536 :]
    hypervisor.define(document(disk(top)))
    untouched = Untouched(hypervisor, base, top)
    thrice(hypervisor)
    copy = IMAGES / f"top-{CLONE}.qcow2"
    assert content(copy, "qcow2") == written
    assert "backing-filename" not in info(copy)
    untouched.check()


@pytest.mark.parametrize("form", ["qcow2", "raw"])
def test_a_disk_is_linked(hypervisor: Hypervisor, form: str) -> None:
    image = IMAGES / f"{NAME}.{form}"
    written = make_image(image, form)
    hypervisor.define(document(disk(image, form=form)))
    untouched = Untouched(hypervisor, image)
    done = thrice(hypervisor, disk_mode="linked")
    copy = IMAGES / f"{CLONE}.qcow2"
    assert info(copy)["backing-filename"] == str(image)
    assert info(copy)["backing-filename-format"] == form
    assert content(copy, "qcow2") == written
    assert defined(hypervisor).value("devices/disk/driver/@type") == "qcow2"
    assert f"{copy} is based on {image}, which is vda of {NAME}" in str(done.values["warnings"])
    untouched.check()
    refused = task_of(domain_xml, name=NAME, state="absent", remove_volumes=["vda"])
    assert refused.failed
    assert (
        f"is the backing file of {copy}, which is used by vda of the domain {CLONE}" in refused.msg
    )
    untouched.check()
